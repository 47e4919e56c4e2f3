"""Values as plain JSON, so that they can cross from a Python that ran a reader's code into one that did not.

Numbers, texts, truth values, None, lists, tuples, dictionaries and numpy's arrays of numbers are data; of anything else
only the name of its type crosses. What comes in is believed to be nothing but data, and checked.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from itertools import accumulate
from math import prod
from typing import Any

import numpy as np

DEEPEST = 20
"""Lists within lists."""
LARGEST = 1_000_000
"""Characters of data as text: arrays of about ninety thousand numbers."""
NUMBERS = re.compile(r"[<|](b1|[iu][1248]|f[248]|c(8|16))")
"""Types of numpy's numbers, as `dtype.str` writes them."""
STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}


class NotData(Exception):
    """A value, or a text, is not data; says why."""


@dataclass(frozen=True)
class Other:
    """Stands for a value that is no data; `kind` is the name of its type."""

    kind: str

    def __repr__(self) -> str:
        return f"<{self.kind}>"


def encoded(value: Any, depth: int = DEEPEST) -> Any:
    """`value` as JSON. What is not data, and what lies too deep, becomes an `Other`."""
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if kind is np.ndarray or isinstance(value, np.generic):
        array = np.asarray(value, order="C")
        if NUMBERS.fullmatch(array.dtype.str):
            form = list(array.shape) if kind is np.ndarray else None
            return ["numbers", array.dtype.str, form, base64.b64encode(array.tobytes()).decode()]
    elif depth and kind in (list, tuple):
        return [kind.__name__, *(encoded(item, depth - 1) for item in value)]
    elif depth and kind is dict:
        return ["dict", *([encoded(key, depth - 1), encoded(item, depth - 1)] for key, item in value.items())]
    elif kind is Other:
        return ["other", value.kind]
    return ["other", kind.__name__]


def decoded(data: Any) -> Any:
    """The value again. Raises NotData for anything that `encoded` does not write."""
    if data is None or type(data) in (bool, int, float, str):
        return data
    try:
        return _composed(*data)
    except (TypeError, ValueError, KeyError) as error:
        raise NotData(str(error)) from None


def _composed(kind: str, *parts: Any) -> Any:
    if kind == "list":
        return [decoded(part) for part in parts]
    if kind == "tuple":
        return tuple(decoded(part) for part in parts)
    if kind == "dict":
        return {decoded(key): decoded(item) for key, item in parts}
    if kind == "numbers":
        return _numbers(*parts)
    if kind == "other" and len(parts) == 1 and type(parts[0]) is str:
        return Other(parts[0])
    raise NotData(f"no such kind of data: {kind!r}")


def _numbers(kind: str, form: list[int] | None, content: str) -> Any:
    if not NUMBERS.fullmatch(kind):
        raise NotData(f"no type of numbers: {kind!r}")
    array = np.frombuffer(base64.b64decode(content, validate=True), np.dtype(kind))
    shape = tuple(form or ())
    if any(type(side) is not int or side < 0 for side in shape) or array.size != prod(shape):
        raise NotData("an array has another shape than its numbers")
    array = array.reshape(shape).copy()
    return array[()] if form is None else array


def parsed(text: str) -> Any:
    """Encoded data from a text that anybody may have written. Raises NotData where it is long, deep or no JSON."""
    brackets = re.sub(r"[^][{}]+", "", text[: LARGEST + 1])
    if len(text) > LARGEST:
        raise NotData("it is too much")
    if max(accumulate(map(STEPS.__getitem__, brackets)), default=0) > 3 * DEEPEST:
        raise NotData("it is nested too deeply")
    try:
        return json.loads(text)
    except ValueError as error:
        raise NotData(str(error)) from None
