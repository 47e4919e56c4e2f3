"""Sliding windows: reading their sizes, framing an image, viewing every window without copying.

Does no arithmetic on values; that is `ops`.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import index
from typing import Any, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

Pair: TypeAlias = int | Sequence[int]
"""A size: one whole number for both axes, or (vertical, horizontal)."""

Array: TypeAlias = NDArray[Any]


def whole(name: str, value: Any, least: int) -> int:
    """Return `value` as an int; TypeError if it is no whole number, ValueError if it is below `least`."""
    try:
        number = index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {value!r}") from None
    if number < least:
        raise ValueError(f"{name} must be at least {least}, not {number}")
    return number


def pair(name: str, value: Pair, least: int) -> tuple[int, int]:
    """Read a size as (vertical, horizontal)."""
    if not isinstance(value, Sequence | np.ndarray):
        return (whole(name, value, least),) * 2
    if len(value) != 2:
        raise ValueError(f"{name} is one whole number or (vertical, horizontal), not {tuple(value)}")
    return whole(name, value[0], least), whole(name, value[1], least)


def framed_with(x: Array, frame: tuple[int, int], value: Any) -> Array:
    """Put `value` around the last two axes."""
    if frame == (0, 0):
        return x
    top, left = frame
    height, width = x.shape[-2:]
    framed = np.full((*x.shape[:-2], height + 2 * top, width + 2 * left), value, dtype=x.dtype)
    framed[..., top : top + height, left : left + width] = x
    return framed


def windows_of(
    x: Array, size: tuple[int, int], out: tuple[int, int], step: tuple[int, int], gap: tuple[int, int] = (1, 1)
) -> Array:
    """View every window: (..., H, W) -> (..., H_out, W_out, k_h, k_w)."""
    *outer, down, right = x.strides
    shape = (*x.shape[:-2], *out, *size)
    strides = (*outer, down * step[0], right * step[1], down * gap[0], right * gap[1])
    return as_strided(x, shape, strides, writeable=False)


def least_of(kind: np.dtype[Any]) -> Any:
    """Return what no value of the type lies below."""
    return -np.inf if kind.kind == "f" else False if kind.kind == "b" else np.iinfo(kind).min


def read_by_tap(
    tap: tuple[int, int], out: tuple[int, int], step: tuple[int, int], gap: tuple[int, int]
) -> tuple[Any, slice, slice]:
    """Select what one tap of every window reads in the framed input."""
    rows, columns = (slice(tap[a] * gap[a], tap[a] * gap[a] + (out[a] - 1) * step[a] + 1, step[a]) for a in (0, 1))
    return ..., rows, columns
