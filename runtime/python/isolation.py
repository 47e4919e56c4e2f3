"""What a run may change only for itself: modules' names, paths, environment, streams, folder, limits, random state.

Much is put back as soon as the run ends, by everyone who runs cells. Where runs follow each other in one Python, as in
a page, `Fresh` compares all the rest with what it remembers, once the reader has the answer. Runs nothing itself.
"""

from __future__ import annotations

import abc
import builtins
import codecs
import contextlib
import gc
import io
import locale
import os
import random
import signal
import sys
import tempfile
import threading
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from importlib import _bootstrap
from typing import Any

from runtime.python.baseline import Baseline
from runtime.python.library_settings import LIBRARY_SETTINGS
from runtime.python.pictures import display
from runtime.python.side_effects import BELOW, Deeds

GUARDED = (
    *("builtins", "sys", "os", "os.path", "math", "random", "time", "json", "itertools", "functools", "collections"),
    *("numpy", "numpy.linalg", "numpy.random", "numpy.lib.stride_tricks"),
)
"""Modules whose names are put back. A name added to one of them stays: it can shadow nothing."""

ERRORS = ("strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace", "namereplace", "surrogateescape")
"""What Python can do with a letter that an encoding lacks."""

SETTINGS: tuple[tuple[Callable[[], Any], Callable[[Any], object]], ...] = (
    (sys.gettrace, sys.settrace),
    (sys.getprofile, sys.setprofile),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (sys.getswitchinterval, sys.setswitchinterval),
    (sys.get_int_max_str_digits, sys.set_int_max_str_digits),
    (sys.get_coroutine_origin_tracking_depth, sys.set_coroutine_origin_tracking_depth),
    (sys.get_asyncgen_hooks, lambda hooks: sys.set_asyncgen_hooks(*hooks)),
    (gc.isenabled, lambda on: gc.enable() if on else gc.disable()),
    (gc.get_threshold, lambda threshold: gc.set_threshold(*threshold)),
    (gc.get_debug, gc.set_debug),
    (gc.get_freeze_count, lambda _: gc.unfreeze()),
    (lambda: list(gc.callbacks), lambda callbacks: gc.callbacks.__setitem__(slice(None), callbacks)),
    (lambda: locale.setlocale(locale.LC_ALL), lambda name: locale.setlocale(locale.LC_ALL, name)),
    (lambda: signal.getsignal(signal.SIGINT), lambda handler: signal.signal(signal.SIGINT, handler)),
    (lambda: [codecs.lookup_error(name) for name in ERRORS], lambda all: list(map(codecs.register_error, ERRORS, all))),
)
"""What can be asked for and set, and is no name of a module."""
FONTS = "/site-packages/matplotlib/mpl-data/fonts/"
"""Files below this folder stay open once matplotlib has read them."""
STDLIB = f"/python{sys.version_info.major}{sys.version_info.minor}.zip"
"""A browser's standard library stays open once `importlib.metadata` has looked into it, which scipy has it do."""
DEPTH = 400
"""Deepest recursion in a browser; calls through C overflow the engine's stack at about twice that, which is fatal."""


@contextlib.contextmanager
def fresh_start(main: types.ModuleType) -> Iterator[None]:
    """Make `main` the program, in an empty folder; on leaving, Python is as it was."""
    with _settings(), _modules(), _environment(), _folder(), warnings.catch_warnings():
        sys.modules["__main__"] = main
        sys.stdin = io.StringIO()
        builtins.input = _no_input
        setattr(builtins, "display", display)  # noqa: B010 - which type checkers do not know
        if sys.platform == "emscripten":
            sys.setrecursionlimit(DEPTH)
        _reseed()
        for name in BELOW:
            sys.modules.pop(name, None)
        yield


@contextlib.contextmanager
def _settings() -> Iterator[None]:
    before = [(setting(), put) for setting, put in SETTINGS]
    try:
        yield
    finally:
        for (value, put), (setting, _) in zip(before, SETTINGS, strict=True):
            if setting() != value:
                put(value)


@contextlib.contextmanager
def _modules() -> Iterator[None]:
    main = sys.modules["__main__"]
    before = [(vars(module), dict(vars(module))) for module in map(sys.modules.get, GUARDED) if module]
    try:
        yield
    finally:
        for names, values in before:
            names.update(values)
        sys.modules["__main__"] = main


@contextlib.contextmanager
def _environment() -> Iterator[None]:
    path, environment = list(sys.path), dict(os.environ)
    try:
        yield
    finally:
        sys.path[:] = path
        if dict(os.environ) != environment:
            os.environ.clear()
            os.environ.update(environment)


@contextlib.contextmanager
def _folder() -> Iterator[None]:
    """An empty working folder, so that a file written by one run is not found by another."""
    home = os.getcwd()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):  # the run deleted it, which `Deeds` has heard
                os.chdir(home)


def _reseed() -> None:
    """Forget a seed set by an earlier run: it must not decide the numbers of the next."""
    random.seed()
    if numbers := sys.modules.get("numpy.random"):
        numbers.seed()


def _no_input(prompt: object = "") -> str:
    raise RuntimeError(
        "input() cannot ask here: a cell has no keyboard. Write the value into the code, for example name = 'Ada'."
    )


class Fresh:
    """The Python that every run finds, where runs follow each other. Has no `__dict__`: it does not remember itself."""

    __slots__ = ("_baseline", "_classes", "_deeds", "_depth", "_files", "_library", "_settings")

    def __init__(self) -> None:
        self._baseline: Baseline | None = None
        self._depth = 0
        self._settings: dict[str, Any] = {}
        """Of libraries, as they were when each had just been imported."""
        self._classes: object = None
        """Changes when a class is registered with an abstract one, which nobody can take back."""

    def remember(self) -> None:
        """This is the Python that later runs shall find. From the second time on only what has changed is looked at."""
        self._files = _open_files()
        if self._baseline:
            self._note(sys.modules)
            self._baseline.accept()
            return
        self._library = tuple(path for path in sys.path if path)
        self._baseline, self._deeds = Baseline(), Deeds()
        self._hear_imports()
        self._hear_loops()
        self._note(sys.modules)

    def _hear_imports(self) -> None:
        """What an import brings from the library is remembered before anybody can change it."""
        load = _bootstrap._load_unlocked  # type: ignore[attr-defined]

        def noted(spec: object) -> types.ModuleType:
            self._depth += 1
            outer, self._deeds.importing = self._deeds.importing, self._is_of_library(spec)
            try:
                module: types.ModuleType = load(spec)
                return module
            finally:
                self._depth -= 1
                self._deeds.importing = outer
                if not self._depth and self._deeds.folder:
                    self._note({name: module for name, module in sys.modules.items() if self._is_library(module)})

        _bootstrap._load_unlocked = noted  # type: ignore[attr-defined]

    def _hear_loops(self) -> None:
        """Whoever hands something to an event loop may be called after the run."""
        if events := sys.modules.get("asyncio.events"):
            start = events.Handle.__init__

            def heard(*arguments: Any, **named: Any) -> None:
                self._deeds.spoil()
                start(*arguments, **named)

            events.Handle.__init__ = heard

    def _is_library(self, module: types.ModuleType) -> bool:
        return self._is_of_library(getattr(module, "__spec__", None))

    def _is_of_library(self, spec: object) -> bool:
        origin = getattr(spec, "origin", None)
        return origin in ("built-in", "frozen") or str(origin).startswith(self._library)

    def _note(self, modules: Mapping[str, types.ModuleType]) -> None:
        if known := self._baseline:
            new = {name: modules[name] for name in list(modules) if name not in known and name not in BELOW}
            known.add(new)
            for name in LIBRARY_SETTINGS.keys() & new.keys():
                self._settings[name] = LIBRARY_SETTINGS[name].get(new[name])
            self._classes = abc.get_cache_token()

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Note what a run does outside its folder, which is the present one."""
        if not self._baseline:
            yield
            return
        self._deeds.folder = os.getcwd()
        try:
            yield
        finally:
            self._deeds.folder = ""

    def put_back(self) -> bool:
        """Make Python as it was before the run; False where it must be replaced. Takes some 10 ms in a browser."""
        if not self._baseline:
            return False
        good = all([threading.active_count() == 1, self._deeds.undo(), self._baseline.put_back()])
        for name, kept in self._settings.items():
            if LIBRARY_SETTINGS[name].get(sys.modules[name]) != kept:
                LIBRARY_SETTINGS[name].put(sys.modules[name], kept)
        good = good and abc.get_cache_token() == self._classes
        if _open_files() - self._files:
            gc.collect()  # who holds them may be garbage by now
        return good and not _open_files() - self._files


def _open_files() -> set[int]:
    """The numbers of open files, as far as a run of the reader's would open any: not those of libraries."""
    found = set()
    for number in range(64):
        with contextlib.suppress(OSError):
            os.fstat(number)
            if not _is_library_s(number):
                found.add(number)
    return found


def _is_library_s(number: int) -> bool:
    try:
        path = os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        return False
    return FONTS in path or path.endswith(STDLIB)
