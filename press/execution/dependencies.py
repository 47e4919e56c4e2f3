"""Which of the project's Python a piece of code rests on: a digest that changes when any of it, or a lock, does.

Reads import statements and follows them; runs nothing. Imports made while running are not seen.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OWN = ("instruments", "press", "runtime")
LOCKS = ("requirements.txt", "package-lock.json")
FROM = re.compile(r"^\s*from\s+(\.*)([\w.]*)\s+import\s+(\([^)]*\)|[^\n#]+)", re.MULTILINE)
IMPORT = re.compile(r"^\s*import\s+([\w., ]+)", re.MULTILINE)


@dataclass(frozen=True)
class _Read:
    """A file's digest and the names it imports."""

    digest: bytes
    imports: tuple[str, ...]


class Sources:
    """The project's Python as it lies on the disk, and the versions it uses; each file is read once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        locks = (root / name for name in LOCKS)
        self._locks = b"".join(lock.read_bytes() for lock in locks if lock.is_file())
        self._read = cache(self._file)
        self._files = cache(lambda name: tuple(self._below(name)))
        self.digest = cache(self._digest)

    def _digest(self, code: str) -> str:
        """A name for the code and for every file of the project it rests on, data beside packages included."""
        found = hashlib.sha256(self._locks + code.encode())
        for path in sorted(self.reached(code)):
            found.update(f"{path.relative_to(self._root).as_posix()} ".encode() + self._read(path).digest)
        return found.hexdigest()

    def reached(self, code: str) -> set[Path]:
        """The project's files that the code rests on."""
        reached: set[Path] = set()
        ahead = [path for name in _imported(code) for path in self._files(name)]
        while ahead:
            path = ahead.pop()
            if path not in reached:
                reached.add(path)
                ahead += [next_ for name in self._read(path).imports for next_ in self._files(name)]
        return reached

    def _below(self, name: str) -> Iterator[Path]:
        """The files that importing `a.b.c` may load: the module, its packages, and data beside them."""
        folder = self._root
        for part in name.split("."):
            if (module := folder / f"{part}.py").is_file():
                yield module
                return
            folder /= part
            if not (folder / "__init__.py").is_file():
                return
            yield folder / "__init__.py"
            if folder.parent != self._root:
                yield from (path for path in folder.iterdir() if path.is_file() and path.suffix != ".py")

    def _file(self, path: Path) -> _Read:
        content = path.read_bytes()
        package = path.relative_to(self._root).parent.parts
        imports = tuple(_imported(content.decode(errors="replace"), package)) if path.suffix == ".py" else ()
        return _Read(hashlib.sha256(content).digest(), imports)


def _imported(code: str, package: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of our own modules that the code, a file of `package`, imports; `from a import b` may mean a.b."""
    for dots, module, names in FROM.findall(code):
        above = package[: len(package) + 1 - len(dots)] if dots else ()
        source = ".".join([*above, *module.split(".")] if module else above)
        if source.partition(".")[0] in OWN:
            yield from (f"{source}.{name}" for name in re.findall(r"(\w+)(?:\s+as\s+\w+)?", names))
    for names in IMPORT.findall(code):
        words = (name.split(" as ")[0].strip() for name in names.split(","))
        yield from (name for name in words if name.partition(".")[0] in OWN)
