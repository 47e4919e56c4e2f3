"""One set-up at a time: a file that the operating system locks, and frees by itself when its holder ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from devtools.terminal import step


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Wait until no other process is inside a block on the same file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as held:
        if not _take(held, wait=False):
            step("Waiting for another dev.py to finish its set-up")
            _take(held, wait=True)
        yield


if sys.platform == "win32":
    import msvcrt

    def _take(held: IO[str], *, wait: bool) -> bool:
        while True:
            try:
                msvcrt.locking(held.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
                return True
            except OSError:
                if not wait:
                    return False

else:
    import fcntl

    def _take(held: IO[str], *, wait: bool) -> bool:
        try:
            fcntl.flock(held, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
