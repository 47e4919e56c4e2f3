"""Python's side of the heap image: what it forgets before its memory is copied, and learns when it wakes elsewhere.

Of no use to a Python that started in the ordinary way. Imports nothing that is not in the image.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import importlib.util
import linecache
import locale
import os
import random
import sys
import tempfile
import time
import zipimport
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from importlib.machinery import BuiltinImporter, ModuleSpec, PathFinder
from types import ModuleType

PACK = "/pack"
"""Folder of the project's own Python in the browser; the worker puts it on the path."""
LIBRARY = "/lib/python3"
"""How the names of all files of the standard library and of packages begin."""
PYPARSING = "/pyparsing/"
"""It asks for lines of its own, for every formula in a figure, and shows them to nobody."""


def forget() -> None:
    """Drop what belongs to the build or would not fit the files of the browser. Called last before the copy."""
    linecache.clearcache()
    tempfile._name_sequence = None  # type: ignore[attr-defined]  # it was seeded by the build
    sys.path[:] = [folder for folder in sys.path if folder not in ("", PACK)]
    os.environ.pop("LD_LIBRARY_PATH", None)
    importlib.invalidate_caches()
    sys.path_importer_cache.clear()
    zipimport._zip_directory_cache.clear()  # type: ignore[attr-defined]
    gc.collect()


def wake(browser: str, language: str, fetch: Callable[[], object]) -> None:
    """Take on the reader's browser, language, time zone and randomness; `fetch` brings the rest of Python's files."""
    random.seed()
    if numbers := sys.modules.get("numpy.random"):
        numbers.seed()
    os.environ["LANG"] = language
    locale.setlocale(locale.LC_CTYPE, "")
    _set_zone()
    _set_browser(browser)
    sys.meta_path.append(Remainder(fetch))
    linecache.updatecache = _with_all_files(linecache.updatecache)


def _set_zone() -> None:
    """Give `time` the constants that a `time` imported here has."""
    fresh = importlib.util.module_from_spec(time.__spec__)
    BuiltinImporter.exec_module(fresh)
    for name in ("timezone", "altzone", "daylight", "tzname"):
        setattr(time, name, getattr(fresh, name))


def _set_browser(browser: str) -> None:
    """Set `sys._emscripten_info.runtime`, which was filled when Python started, at the build."""
    python, name = ctypes.pythonapi, ctypes.py_object(browser)
    python.Py_IncRef(name)  # the call takes a reference
    python.PyStructSequence_SetItem(ctypes.py_object(sys._emscripten_info), 1, name)  # type: ignore[attr-defined]


class Remainder:
    """Last on `sys.meta_path`: fetches the files that are not in the image when an import found nothing."""

    def __init__(self, fetch: Callable[[], object]) -> None:
        self.fetch = fetch

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Look again with all files there. Raises ImportError when they cannot be had."""
        try:
            self.fetch()
        except Exception as error:
            raise ImportError(f"{name} could not be fetched: {error}", name=name) from None
        return PathFinder.find_spec(name, path, target)


def fetch_rest() -> bool:
    """Fetch the rest of Python's files if it is not here yet and can be had; whether it came just now."""
    for finder in sys.meta_path:
        if isinstance(finder, Remainder):
            with suppress(Exception):  # whoever needs a file will miss it
                finder.fetch()
                return True
    return False


def _with_all_files(read: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """Wrap what reads the lines of a file, so that it finds those of the library: for a traceback, or for `inspect`."""

    @wraps(read)
    def updatecache(filename: str, module_globals: dict[str, object] | None = None) -> list[str]:
        if filename.startswith(LIBRARY) and PYPARSING not in filename:
            fetch_rest()
        return read(filename, module_globals)

    return updatecache


def complete() -> None:
    """All files have arrived: look for modules as ever."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, Remainder)]
    sys.path_importer_cache.clear()
    importlib.invalidate_caches()
