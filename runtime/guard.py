"""What a run may change only for itself: modules' names, paths, environment, streams, folder, limits, random state.

Everything is put back afterwards, so that the next run starts from the same Python. Runs nothing itself.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import random
import sys
import tempfile
import types
import warnings
from collections.abc import Iterator

GUARDED = (
    *("builtins", "sys", "os", "os.path", "math", "random", "time", "json", "itertools", "functools", "collections"),
    *("numpy", "numpy.linalg", "numpy.random", "numpy.lib.stride_tricks"),
)
"""Modules whose names are put back. A name added to one of them stays: it can shadow nothing."""

JAVASCRIPT = ("js", "pyodide_js")
"""Modules through which a run reaches what no `__main__` holds: the worker's own globals."""

DEPTH = 400
"""Deepest recursion in a browser; calls through C overflow the engine's stack at about twice that, which is fatal."""


@contextlib.contextmanager
def fresh_start(main: types.ModuleType) -> Iterator[None]:
    """Make `main` the program, in an empty folder; on leaving, Python is as it was."""
    with _modules(), _environment(), _folder(), warnings.catch_warnings():
        sys.modules["__main__"] = main
        sys.stdin = io.StringIO()
        builtins.input = _no_input
        if sys.platform == "emscripten":
            sys.setrecursionlimit(DEPTH)
        _reseed()
        for name in JAVASCRIPT:
            sys.modules.pop(name, None)
        yield


@contextlib.contextmanager
def _modules() -> Iterator[None]:
    main, depth = sys.modules["__main__"], sys.getrecursionlimit()
    before = [(vars(module), dict(vars(module))) for module in map(sys.modules.get, GUARDED) if module]
    try:
        yield
    finally:
        for names, values in before:
            names.update(values)
        sys.modules["__main__"] = main
        sys.setrecursionlimit(depth)


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
            with contextlib.suppress(OSError):  # the run deleted it: `worn` tells
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


def standing() -> list[str]:
    """List the folders and files that Python imports from."""
    numpy = getattr(sys.modules.get("numpy"), "__file__", None)
    return [place for place in (os.getcwd(), *sys.path, numpy) if place and os.path.exists(place)]


def worn(places: list[str]) -> bool:
    """Whether the run deleted one of `places` (see `standing`), or could change the worker itself."""
    return not all(map(os.path.exists, places)) or any(name in sys.modules for name in JAVASCRIPT)
