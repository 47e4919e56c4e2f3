"""What a fresh Python holds: remembered by identity, compared after a run, put back.

Remembered are the names of all modules, the attributes of the classes, functions and instances that these name, and the
items of lists, dictionaries and sets among those. Nothing is asked whether it is equal: an object of the reader's could
lie. Caches of libraries are put back as well; they fill again.
"""

from __future__ import annotations

import sys
import zipimport
from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import accumulate, chain, compress, count
from operator import attrgetter, is_, is_not, methodcaller, ne
from types import (
    BuiltinFunctionType,
    CellType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any

SIMPLE = frozenset(
    {str, bytes, int, float, bool, tuple, frozenset, type(None), ModuleType, MethodType, BuiltinFunctionType}
    | {WrapperDescriptorType, MethodDescriptorType, GetSetDescriptorType, MemberDescriptorType}
)
"""Kinds of value in which nothing can be changed; most values are of these."""
IMMUTABLE = 1 << 8
"""CPython's Py_TPFLAGS_IMMUTABLETYPE: nobody can set an attribute of such a class."""
LAZY = frozenset({"__annotations_cache__", "__annotate_func__"})
"""Attributes of a class that Python adds when they are first asked for."""


class Baseline:
    """Modules as they were when `add` saw them. Has no `__dict__`, so that it does not remember itself."""

    __slots__ = (
        *("_cells", "_classes", "_contents", "_empty", "_kept", "_lists", "_live"),
        *("_modules", "_odd", "_seen", "_sets"),
    )

    def __init__(self) -> None:
        self._modules: dict[str, ModuleType] = {}
        own_rules = (sys.modules, zipimport._zip_directory_cache)  # type: ignore[attr-defined]
        self._seen: set[int] = set(map(id, own_rules))  # modules are put back otherwise; the other holds files' names
        self._live: list[Mapping[Any, Any]] = []
        """Dictionaries, and views of classes' attributes; `_classes` has the class or None for each, `_kept` a copy."""
        self._classes: list[type | None] = []
        self._kept: list[dict[Any, Any]] = []
        self._lists: list[tuple[list[Any], list[Any]]] = []
        self._sets: list[tuple[set[Any], set[Any]]] = []
        self._odd: list[tuple[dict[Any, Any], dict[Any, Any]]] = []
        """Dictionaries that may answer in a way of their own."""
        self._cells: list[CellType] = []
        """What functions have from the functions around them, and in `_contents` what it was."""
        self._contents: list[Any] = []
        self._empty: list[dict[Any, Any]] = []
        """Most functions have no attributes, and most dictionaries are those of functions."""

    def __contains__(self, name: str) -> bool:
        return name in self._modules

    def add(self, modules: Mapping[str, ModuleType]) -> None:
        """Remember these modules, and that they are attributes of the packages they are part of."""
        places = {id(live): kept for live, kept in zip(self._live, self._kept, strict=True)}
        for name, module in modules.items():
            package, _, part = name.rpartition(".")
            if package in self._modules:
                places[id(vars(self._modules[package]))][part] = module
        self._modules.update(modules)
        for name, module in modules.items():
            if name == "__main__" or not isinstance(module, ModuleType):  # the host's own program, or JavaScript's
                continue
            self._mapping(vars(module))
            self._look_at(vars(module), deep=True)

    def _look_at(self, names: Mapping[str, Any], deep: bool) -> None:
        """Remember the values that can be changed; what classes and instances among them hold, too, if `deep`."""
        values = list(names.values())
        for value, kind in zip(values, map(type, values), strict=True):
            if kind is FunctionType:
                if id(value) not in self._seen:
                    self._function(value)
            elif kind not in SIMPLE and id(value) not in self._seen:
                self._look(value, kind, deep)

    def _look(self, value: Any, kind: type, deep: bool) -> None:
        if kind is staticmethod or kind is classmethod:
            self._look_at({"": value.__func__}, deep=False)
        elif kind is property:
            self._look_at({"get": value.fget, "set": value.fset, "delete": value.fdel}, deep=False)
        elif kind in CONTAINERS:
            CONTAINERS[kind](self, value)
        elif issubclass(kind, dict) and not issubclass(kind, OrderedDict):  # which has an order besides
            if self._new(value):
                self._odd.append((value, dict.copy(value)))
        elif issubclass(kind, type):
            if deep and not value.__flags__ & IMMUTABLE:
                self._class(value)
        elif kind.__dictoffset__ and not issubclass(kind, ModuleType):
            self._instance(value)

    def _new(self, value: object) -> bool:
        new = id(value) not in self._seen
        self._seen.add(id(value))
        return new

    def _mapping(self, live: dict[Any, Any]) -> None:
        if not self._new(live):
            return
        if live:
            self._keep(live, None)
        else:
            self._empty.append(live)

    def _keep(self, live: Mapping[Any, Any], kind: type | None) -> None:
        self._live.append(live)
        self._classes.append(kind)
        self._kept.append(dict(live))

    def _list(self, live: list[Any]) -> None:
        if self._new(live):
            self._lists.append((live, list(live)))

    def _set(self, live: set[Any]) -> None:
        if self._new(live):
            self._sets.append((live, set(live)))

    def _function(self, function: FunctionType) -> None:
        self._seen.add(id(function))
        for cell in function.__closure__ or ():
            with suppress(ValueError):  # nothing is in it yet
                self._contents.append(cell.cell_contents)
                self._cells.append(cell)
        for names in (function.__dict__, function.__kwdefaults__):
            if names:
                self._mapping(names)
            elif names is not None:
                self._empty.append(names)

    def _class(self, kind: type) -> None:
        if self._new(kind):
            self._keep(vars(kind), kind)
            self._look_at(vars(kind), deep=False)

    def _instance(self, value: object) -> None:
        try:
            names = object.__getattribute__(value, "__dict__")
        except (AttributeError, TypeError):
            return
        if type(names) is dict and id(names) not in self._seen:
            self._mapping(names)
            for part in list(names.values()):
                if type(part) in CONTAINERS:
                    CONTAINERS[type(part)](self, part)

    def accept(self) -> None:
        """Remember as they are now the names and items that have changed since."""
        for live in filter(None, self._empty):
            self._keep(live, None)
        self._empty[:] = [live for live in self._empty if not live]
        self._mend(self._keep_again)
        for items, saved in self._lists:
            saved[:] = items
        for own, entries in self._odd:
            entries.clear()
            entries.update(dict.items(own))
        self._contents[:] = map(CONTENT, self._cells)

    def put_back(self) -> bool:
        """Make everything as it was; False where that cannot be done."""
        try:
            self._put_back_modules()
            for live in filter(None, self._empty):
                live.clear()
            self._mend(self._put_back_mapping)
            for items, saved in self._lists:
                if len(items) != len(saved) or not all(map(is_, items, saved)):
                    items[:] = saved
            for own, entries in self._odd:
                same = dict.__len__(own) == len(entries) and all(map(is_, dict.values(own), entries.values()))
                if not same or not all(map(is_, dict.keys(own), entries)):
                    dict.clear(own)
                    dict.update(own, entries)
            for at in compress(count(), map(is_not, map(CONTENT, self._cells), self._contents)):
                self._cells[at].cell_contents = self._contents[at]
            for members, known in self._sets:
                if len(members) != len(known) or not set(map(id, known)).issuperset(map(id, members)):
                    members.clear()
                    members.update(known)
        except Exception:
            return False
        return True

    def _put_back_modules(self) -> None:
        """Forget the modules that a run made itself, and bring back those it removed or replaced."""
        for name in [name for name in sys.modules if name not in self._modules]:
            del sys.modules[name]
        sys.modules.update(self._modules)

    def _mend(self, mend: Callable[[int], None]) -> None:
        """Call `mend`, which makes them equal, for the mappings that are not as they were.

        Those of another length come first; for the others one sweep looks at all values, without a step of Python's.
        """
        for at in list(compress(count(), map(ne, map(len, self._live), map(len, self._kept)))):
            mend(at)
        now, before = (chain.from_iterable(map(VALUES, maps)) for maps in (self._live, self._kept))
        if strange := list(compress(count(), map(is_not, now, before))):
            ends = list(accumulate(map(len, self._kept)))
            for at in {bisect_right(ends, place) for place in strange}:
                mend(at)

    def _keep_again(self, at: int) -> None:
        self._kept[at] = dict(self._live[at])

    def _put_back_mapping(self, at: int) -> None:
        live, kept, kind = self._live[at], self._kept[at], self._classes[at]
        if kind is not None:
            _put_back_class(kind, kept)
        elif isinstance(live, dict):
            for name in [name for name in live if name not in kept]:
                del live[name]
            live.update(kept)


CONTENT = attrgetter("cell_contents")
VALUES: Callable[[Mapping[Any, Any]], Any] = methodcaller("values")


def _put_back_class(kind: type, kept: Mapping[str, Any]) -> None:
    now = dict(vars(kind))
    for name in now.keys() - kept.keys() - LAZY:
        type.__delattr__(kind, name)
    for name, value in kept.items():
        if now.get(name, kept) is not value and name not in LAZY:
            type.__setattr__(kind, name, value)


CONTAINERS: dict[type, Callable[[Baseline, Any], None]] = {
    dict: Baseline._mapping,
    defaultdict: Baseline._mapping,
    list: Baseline._list,
    set: Baseline._set,
}
