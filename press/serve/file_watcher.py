"""Notices which files changed, by looking at their dates and sizes a few times a second."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

PAUSE = 0.05
"""Seconds between two looks; longer where a look takes long, so that watching costs a twentieth of a processor."""
SETTLED = 0.01
"""Seconds without a change after which an editor has finished saving."""

State = dict[str, tuple[int, int]]


class Watch:
    """The files below some folders as they were last seen."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = tuple(folders)
        self._seen = self._look()

    def changes(self) -> set[Path]:
        """Waits until something has changed and settled; the files that are new, gone or different."""
        before = self._seen
        while (now := self._look()) == before:
            time.sleep(self._pause)
        while (settled := self._later()) != now:
            now = settled
        self._seen = now
        return {Path(path) for path in before.keys() | now.keys() if before.get(path) != now.get(path)}

    def _later(self) -> State:
        time.sleep(SETTLED)
        return self._look()

    def _look(self) -> State:
        start = time.perf_counter()
        state = {path: seen for folder in self._folders for path, seen in _files(str(folder))}
        self._pause = max(PAUSE, 20 * (time.perf_counter() - start))
        return state


def _files(folder: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Every file with its date and size; hidden ones, editors' copies and Python's own are left out."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith((".", "__pycache__", "#")) or entry.name.endswith("~"):
                    continue
                if entry.is_dir():
                    yield from _files(entry.path)
                else:
                    state = entry.stat()
                    yield entry.path, (state.st_mtime_ns, state.st_size)
    except FileNotFoundError:
        return
