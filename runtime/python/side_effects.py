"""What a run does that no comparison of names would show: files, JavaScript, memory by way of C.

Python's own audit events tell. Files that a run makes outside its folder are deleted afterwards; whoever changes other
files, or reaches what lies below Python, has left a Python that is not to be used again.
"""

from __future__ import annotations

import os
import shutil
import sys
from typing import Any

BELOW = ("js", "pyodide_js")
"""Modules through which a run reaches the worker's own globals."""
CHANGES = frozenset(
    {"os.remove", "os.rmdir", "os.rename", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.utime"}
    | {"shutil.rmtree", "os.mkdir"}
)
PEEKS = frozenset({"gc.get_objects", "gc.get_referents", "gc.get_referrers"})
"""Who is handed what others hold can change what no name leads to."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Deeds:
    """Heard from Python's audit hook, which stays for good, while `folder`, the run's own, is set."""

    __slots__ = ("_made", "_parts", "_spoilt", "folder", "importing")

    def __init__(self) -> None:
        self.folder = ""
        self.importing = False
        """Whether a library is being imported: it gets itself ready by what would be strange in a reader's code."""
        self._made: set[str] = set()
        self._parts: dict[tuple[int, str], tuple[object, str, object]] = {}
        self._spoilt = False
        sys.addaudithook(self._hear)

    def spoil(self) -> None:
        """The run did what cannot be undone."""
        self._spoilt = self._spoilt or bool(self.folder)

    def undo(self) -> bool:
        """Delete files that were made, mend functions that were changed; False where something was done that stays."""
        for function, name, part in self._parts.values():
            setattr(function, name, part)
        self._parts.clear()
        for path in self._made:
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path, ignore_errors=True)
            elif os.path.lexists(path):
                os.remove(path)
        good = not self._spoilt and not any(map(os.path.lexists, self._made))
        self._made.clear()
        self._spoilt = False
        return good

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.folder:
            return
        if event == "open":
            path, _, flags = arguments
            if flags & WRITING:
                self._change(event, path)
        elif event in CHANGES:
            for path in arguments[: 2 if event in ("os.rename", "os.link", "os.symlink") else 1]:
                self._change(event, path)
        elif event == "import" and arguments[0] in BELOW:
            self._spoilt = True
        elif self.importing:
            return
        elif event == "object.__setattr__":  # a function's code, defaults and the like are about to be exchanged
            function, name, _ = arguments
            self._parts.setdefault((id(function), name), (function, name, getattr(function, name)))
        elif event.startswith("ctypes.") or event in PEEKS:
            self._spoilt = True

    def _change(self, event: str, path: object) -> None:
        """A file or folder at `path` is about to be made or changed."""
        try:
            place = os.path.abspath(os.fsdecode(path))  # type: ignore[arg-type]
        except Exception:  # a number or anything else that names no place
            return
        if place.startswith(self.folder) or "__pycache__" in place or place in self._made:
            return
        if any(place.startswith(made + os.sep) for made in self._made):
            return
        if event == "open" and os.path.isdir(place):  # no file: `tempfile` names the folder and has the file opened
            return
        if os.path.lexists(place) and not place.startswith("/dev/"):
            self._spoilt = True
        elif event in ("open", "os.mkdir", "os.rename", "os.link", "os.symlink"):
            self._made.add(place)
