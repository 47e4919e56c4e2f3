"""The one cache: results that cost time, found again by everything they were made from.

A result of some kind lies in `.cache/<kind>/` under a name that changes with any byte of its inputs. It is written
beside and renamed, so that several builds may work at once, and its own digest is checked whenever it is used: what was
damaged is made again. What has not been used for longest goes first.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

MOST = 4096
"""Results of a kind that are kept, where nothing else is said."""
SUMS = "sha256"
"""The file in a folder of files that holds their digests."""

Inputs = Mapping[str, str | bytes]
"""What a result is made from, by names."""


class Cache:
    """Results of one kind below a folder, at most so many."""

    def __init__(self, folder: Path, kind: str, most: int = MOST) -> None:
        self._folder, self._most = folder / kind, most
        self._pruned = False

    def get(self, inputs: Inputs, compute: Callable[[], bytes]) -> bytes:
        """The result for these inputs, computed if it is not there."""
        found = self.find(inputs)
        if found is None:
            found = compute()
            self.store(inputs, found)
        return found

    def find(self, inputs: Inputs) -> bytes | None:
        """The result for these inputs, or None where there is none, or none that is whole."""
        path = self._folder / key(inputs)
        try:
            digest, _, content = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        if digest.decode(errors="replace") != _sha256(content):
            _tell(path)
            path.unlink(missing_ok=True)
            return None
        _touch(path)
        return content

    def store(self, inputs: Inputs, content: bytes) -> None:
        """Keep a result."""
        write(self._folder / key(inputs), _sha256(content).encode() + b"\n" + content)
        self._prune()

    def files(self, inputs: Inputs, make: Callable[[Path], None] | None) -> Path | None:
        """The folder of files for these inputs, filled by `make` if it is not there; None where nothing can make it."""
        path = self._folder / key(inputs)
        if path.is_dir() and not _whole(path):
            _tell(path)
            shutil.rmtree(path, ignore_errors=True)
        if path.is_dir():
            _touch(path)
            return path
        if make is None:
            return None
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=".new-") as work:
            fresh = Path(work) / "files"
            fresh.mkdir()
            make(fresh)
            (fresh / SUMS).write_text(_sums(fresh), encoding="utf-8", newline="\n")
            with suppress(OSError):  # another build has made the same meanwhile
                fresh.rename(path)
        self._prune()
        return path

    def _prune(self) -> None:
        """Once for each `Cache`, that is once in a build: looking at thousands of files takes a while."""
        if self._pruned:
            return
        self._pruned = True
        found = [path for path in self._folder.iterdir() if not path.name.startswith(".")]
        for path in sorted(found, key=_used)[: -self._most]:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def key(inputs: Inputs) -> str:
    """A name that differs when any name or byte of the inputs does."""
    digest = hashlib.sha256()
    for name, value in sorted(inputs.items()):
        content = value.encode(errors="surrogatepass") if isinstance(value, str) else value
        digest.update(f"{len(name)} {name} {type(value).__name__} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:32]


def contents(paths: Iterable[Path], root: Path) -> dict[str, str | bytes]:
    """Files as inputs, by their names below `root`."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def write(path: Path, content: bytes) -> Path:
    """Write beside and rename, so that nobody ever reads half a file; make the folder if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, part = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        Path(part).chmod(0o644)  # a web server of another user reads what is copied into a site
        return Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def _sums(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / SUMS)
    return "".join(f"{_sha256(path.read_bytes())} {path.relative_to(folder).as_posix()}\n" for path in files)


def _whole(folder: Path) -> bool:
    try:
        return (folder / SUMS).read_text(encoding="utf-8") == _sums(folder)
    except (OSError, ValueError):
        return False


def _tell(path: Path) -> None:
    print(f"> {path.parent.name}/{path.name} in the cache was damaged; making it again", flush=True)


def _touch(path: Path) -> None:
    with suppress(OSError):
        os.utime(path)


def _used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
