"""Whole numbers of 64 bits in a numpy whose own have 32, the browser's: what a cell counts there, it counts everywhere.

numpy decides the width in C. What can be had is this: functions and methods that make whole numbers out of Python's, or
add them up, are reached through others that ask for 64 bits, as numpy does by itself on a reader's computer. Whoever
names a type gets that type. Not reached: `dtype == int`, and ufuncs that are given numbers or lists instead of arrays.
A chapter's own packages go on with numpy's own width, because their C, compiled for the browser, takes no other.
"""

from __future__ import annotations

import ctypes
import functools
import gc
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy._core import arrayprint

MAKERS = (
    *("array", "asarray", "asanyarray", "ascontiguousarray", "arange", "zeros", "ones", "empty", "full", "eye"),
    *("zeros_like", "ones_like", "empty_like", "full_like", "identity", "tri", "linspace", "fromiter", "frombuffer"),
    *("where", "concatenate", "stack", "vstack", "hstack", "tile", "diag", "append", "pad", "indices"),
    *("unique", "unravel_index", "tril_indices", "triu_indices", "outer", "dot", "inner", "cross", "diff", "kron"),
    *("take", "insert", "delete", "partition", "convolve", "ravel_multi_index", "compress", "nan_to_num"),
)
"""Functions of numpy that make whole numbers out of Python's or out of none."""
FINDERS = (
    "argmax",
    "argmin",
    "argsort",
    "argwhere",
    "nonzero",
    "flatnonzero",
    "searchsorted",
    "digitize",
    "bincount",
    "histogram",
    "lexsort",
)
"""Functions that give places or counts, whatever numbers they are given."""
ADDERS = ("sum", "prod", "cumsum", "cumprod", "trace", "nansum", "nanprod", "nancumsum", "nancumprod")
"""Functions that add or multiply numbers up, in the default width at least."""
FINDING_METHODS = ("argmax", "argmin", "argsort", "nonzero", "searchsorted")
ADDING_METHODS = ("sum", "prod", "cumsum", "cumprod", "trace")
PLACED = {"repeat": (1, "repeats"), "choose": (0, "a"), "put": (1, "ind"), "searchsorted": (3, "sorter")}
"""The argument, by position and name, in which a function takes places or counts and would refuse those of 64 bits."""
PRODUCTS = frozenset({"outer", "dot", "inner", "cross", "diff", "kron", "convolve"})
"""Those that calculate: lists are widened before."""

NARROW, WIDE = np.dtype("l"), np.dtype("int64")
TYPES = {"int_": np.int64, "uint": np.uint64}
NAMES = frozenset({"int32", "i4", "<i4", "=i4", "l", "long"})
"""What `NARROW` is called where it has 32 bits."""
SHORT = {"b": WIDE, "i": WIDE, "u": np.dtype("uint64")}
"""In what whole numbers of fewer than 64 bits are added up, by `dtype.kind`."""


def widen(except_below: str = "") -> None:
    """Give numpy whole numbers of 64 bits by default, for good; where it has them, do nothing.

    Code in files below `except_below`, if a folder is named, goes on with those that numpy has.
    """
    if np.dtype(int) == WIDE:
        return
    (methods,) = gc.get_referents(vars(np.ndarray))  # behind the view: nobody can set attributes of a class in C
    places = (vars(np), methods)
    before = [dict(place) for place in places]
    _widen(methods)
    if except_below:
        for place, own in zip(places, before, strict=True):
            changed = [name for name in own if place[name] is not own[name] and name not in TYPES]
            place |= {name: _apart(except_below, own[name], place[name]) for name in changed}
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(np.ndarray))


def _apart(folder: str, function: Callable[..., Any], wide: Callable[..., Any]) -> Callable[..., Any]:
    """`function` for code in files below a folder, `wide` for all other."""

    @functools.wraps(function)
    def either(*arguments: Any, **named: Any) -> Any:
        narrow = sys._getframe(1).f_code.co_filename.startswith(folder)
        return function(*arguments, **named) if narrow else wide(*arguments, **named)

    return either


def _widen(methods: dict[str, Any]) -> None:
    """Exchange functions of numpy, and of an array's methods."""
    for name in MAKERS:
        setattr(np, name, _making(getattr(np, name), name in PRODUCTS))
    for name, place in PLACED.items():
        setattr(np, name, _making(_placing(getattr(np, name), *place)))
    for name in FINDERS:
        setattr(np, name, _finding(getattr(np, name)))
    for name in ADDERS:
        setattr(np, name, _adding(getattr(np, name)))
    vars(np).update(TYPES)
    arrayprint._typelessdata[0] = np.int64  # type: ignore[attr-defined]  # the type of whole numbers that goes unsaid
    methods |= {"astype": _making(methods["astype"])}
    methods |= {name: _making(_placing(methods[name], *place)) for name, place in PLACED.items()}
    methods |= {name: _finding(methods[name]) for name in FINDING_METHODS}
    methods |= {name: _adding(methods[name]) for name in ADDING_METHODS}


def _making(function: Callable[..., Any], product: bool = False) -> Callable[..., Any]:
    """`function` with `int` meaning 64 bits, and its result in 64 bits unless 32 were asked for or given."""

    @functools.wraps(function)
    def wide(*arguments: Any, **named: Any) -> Any:
        if "dtype" in named:
            if named["dtype"] is int:
                named["dtype"] = WIDE
            return function(*arguments, **named)
        if product:
            arguments = tuple(np.asarray(each) if type(each) in (list, tuple) else each for each in arguments)
        if len(arguments) > 1:
            arguments = tuple([WIDE if each is int else each for each in arguments])
        made = function(*arguments, **named)
        wider = _widened(made)
        return made if wider is not made and any(map(_narrow, arguments)) else wider

    return wide


def _finding(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` with its results in 64 bits."""

    @functools.wraps(function)
    def wide(*arguments: Any, **named: Any) -> Any:
        return _widened(function(*arguments, **named))

    return wide


def _placing(function: Callable[..., Any], at: int, name: str) -> Callable[..., Any]:
    """`function` with one argument, places or counts, in the width of an address."""

    @functools.wraps(function)
    def narrow(*arguments: Any, **named: Any) -> Any:
        if name in named:
            return function(*arguments, **{**named, name: _short(named[name])})
        return function(*arguments[:at], *map(_short, arguments[at : at + 1]), *arguments[at + 1 :], **named)

    return narrow


def _short(places: Any) -> Any:
    return places.astype(NARROW) if getattr(places, "dtype", None) is WIDE else places


def _widened(made: Any) -> Any:
    kind = type(made)
    if kind is np.ndarray:
        return made.astype(WIDE) if made.dtype is NARROW else made
    if kind is NARROW.type:
        return np.int64(made)
    return tuple(map(_widened, made)) if kind is tuple else made


def _narrow(given: Any) -> bool:
    """Whether an argument has 32 bits or asks for them."""
    if type(given) is str:
        return given in NAMES
    return given is np.int32 or given is NARROW or getattr(given, "dtype", None) is NARROW


def _adding(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` with a `dtype` of 64 bits where whole numbers of fewer are added up and none is named."""

    @functools.wraps(function)
    def wide(numbers: Any, *arguments: Any, **named: Any) -> Any:
        if type(numbers) in (list, tuple):
            numbers = np.asarray(numbers)
        if named.get("dtype", int) is int and len(arguments) < 2 and named.get("out") is None:
            kind = getattr(numbers, "dtype", WIDE)
            if "dtype" in named:
                named["dtype"] = WIDE
            elif kind.itemsize < 8 and kind.kind in SHORT:
                named["dtype"] = SHORT[kind.kind]
        return function(numbers, *arguments, **named)

    return wide
