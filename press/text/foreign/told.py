"""How a table of other dialects' signs is looked up: the first row that matches is told."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Told = tuple[re.Pattern[str], str, str]
"""How it looks, what is wrong, what to write.

`%(name)s` in the last two is what the pattern's group of that name found, so that a per cent sign is typed twice.
"""


class Found(NamedTuple):
    """Where it ends, what is wrong with it, and what to write."""

    end: int
    what: str
    hint: str


def told(rows: Iterable[tuple[str, str, str]]) -> tuple[Told, ...]:
    """A table of patterns as typed, in which a point is any character but the end of a line."""
    return tuple((re.compile(pattern), what, hint) for pattern, what, hint in rows)


def first(rows: Sequence[Told], source: str, at: int = 0, end: int = sys.maxsize) -> Found | None:
    """What the first row says that matches at an offset, looking no further than `end`."""
    for pattern, what, hint in rows:
        if match := pattern.match(source, at, end):
            return Found(match.end(), what % match.groupdict(""), hint % match.groupdict(""))
    return None
