"""Builds whenever asked, in a process that has every library loaded and is replaced when the project's Python changes.

So an edit of text costs no start, and an edit of an instrument is really seen. Whatever goes wrong comes back as
something to show, never as an exception.
"""

from __future__ import annotations

import errno
import importlib.util
import multiprocessing
import signal
import sys
import time
import traceback
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from press.site import Press
    from press.text.places import Mistake


@dataclass(frozen=True)
class Diagnostic:
    """A mistake as an author is told of it: file and line (may be empty), the text of the line, what, and a hint."""

    place: str
    line: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, self.what) if part) + (f"; {self.hint}" if self.hint else "")


@dataclass(frozen=True)
class Report:
    """What came of a build: how long it took, and what kept it from making a new site."""

    seconds: float
    mistakes: tuple[Diagnostic, ...] = ()


class BuildProcess:
    """Builds the project at `root` into `out`, for a course if one is named.

    The first build, and one after a change of Python, takes longer.
    """

    def __init__(self, root: Path, out: Path, course: str = "") -> None:
        self._root, self._out, self._course = root, out, course
        self._ask: Connection | None = None
        self._process: BaseProcess | None = None

    def build(self, changed: Iterable[Path] = ()) -> Report:
        """Build now; `changed` are the files that differ from the last time."""
        start = time.perf_counter()
        python = [path for path in changed if path.suffix == ".py"]
        for path in python:  # Python takes a file of the same second and size for the one it has compiled
            Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
        if python:
            self.close()
        ask = self._ask or self._open()
        try:
            ask.send("build")
            mistakes: tuple[Diagnostic, ...] = ask.recv()
        except (EOFError, OSError):
            self.close()
            mistakes = (Diagnostic("", "", "the builder ended", "the terminal says why"),)
        return Report(time.perf_counter() - start, mistakes)

    def close(self) -> None:
        """End the process; the next build starts another."""
        if self._process is not None:
            self._process.terminate()
            self._process.join()
        self._ask = self._process = None

    def _open(self) -> Connection:
        ask, answer = multiprocessing.Pipe()
        self._process = _process((self._root, self._out, self._course, answer))
        self._process.start()
        answer.close()
        self._ask = ask
        return ask


def _process(arguments: tuple[Path, Path, str, Connection]) -> BaseProcess:
    """A process forked from one that has the libraries loaded; where there is no forking, it loads them itself."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn").Process(target=_work, args=arguments, daemon=True)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["press.serve.preload"])
    return context.Process(target=_work, args=arguments, daemon=True)


def _work(root: Path, out: Path, course: str, asked: Connection) -> None:
    """The process: a build for each message, until nobody can ask any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server hears Ctrl+C and closes the connection
    press: Press | None = None
    while _waits(asked):
        try:
            from press.site import Press

            press = press or Press(root, image=_image(root), course=course)
            report = _attempt(press, root, out)
        except Exception as error:
            report = _unexpected(error, root)
        with suppress(OSError):  # nobody waits for it any more
            asked.send(report)


def _image(root: Path) -> Literal["made", "kept"]:
    """The start-up image takes seconds to make: once, for whoever comes to read; an author's edits do without."""
    return "kept" if any((root / ".cache" / "heap_snapshots").glob("[!.]*")) else "made"


def _waits(asked: Connection) -> bool:
    try:
        asked.recv()
    except (EOFError, ConnectionError):
        return False
    return True


def _attempt(press: Press, root: Path, out: Path) -> tuple[Diagnostic, ...]:
    from press.browser.bundles import BuildError
    from press.browser.wheels import RuntimeMissing
    from press.text.places import AuthorErrors

    try:
        press.build(out)
    except AuthorErrors as error:
        return tuple(_told(mistake, root) for mistake in error.mistakes)
    except (BuildError, RuntimeMissing) as error:
        return (Diagnostic("", "", str(error)),)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return (Diagnostic("", "", "the disk is full", "make room and save again"),)
    return ()


def _unexpected(error: Exception, root: Path) -> tuple[Diagnostic, ...]:
    """A mistake in the project's Python."""
    from press.text.exception_place import mistake
    from press.text.places import Place

    traceback.print_exception(error)
    return (_told(mistake(error, root, Place("", 0)), root),)


def _told(mistake: Mistake, root: Path) -> Diagnostic:
    place = mistake.place
    try:
        line = (root / place.file).read_text(encoding="utf-8").splitlines()[place.line - 1].strip()
    except (OSError, ValueError, IndexError):
        line = ""
    return Diagnostic(f"{place.file}:{place.line}" if place.file else "", line, mistake.what, mistake.hint)
