"""What numpy cannot say in a browser: WebAssembly has no flags for division by zero, overflow or invalid operations."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

import numpy as np

ODD = re.compile(r"(?<![\w.])(inf|nan)(?![\w.])")
WANTED = re.compile(r"\b(inf|nan|NaN|Infinity)\b")
SETTING = re.compile(r"\b(seterr|seterrcall|errstate)\b")

ODD_NUMBERS = "Here numpy cannot warn of a division by zero or an overflow; an inf or nan may come from one."
NO_SETTING = "Here np.seterr and np.errstate change nothing: numpy cannot notice a division by zero or an overflow."


def note(sources: Sequence[str], output: str) -> str:
    """A sentence for whoever may wait for numpy's warning in vain, or an empty text."""
    code = "\n".join(sources)
    if "numpy" not in code or not _silent():
        return ""
    if SETTING.search(code):
        return NO_SETTING
    return ODD_NUMBERS if ODD.search(output) and not WANTED.search(code) else ""


@functools.cache
def _silent() -> bool:
    try:
        with np.errstate(divide="raise"):
            np.divide(1.0, 0.0)
    except FloatingPointError:
        return False
    return True
