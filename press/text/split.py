"""Cuts an author's file into pieces: prose, fences of runnable code, and `///` blocks.

Knows where a piece starts and ends and nothing of what it means; that is `parse.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from press.text.foreign.fences import CELLS
from press.text.foreign.told import first
from press.text.places import Mistake, Place

FENCE = re.compile(r"^(?P<ticks>`{3,}|~{3,})\s*(?P<info>[^`]*)$")
BLOCK = re.compile(r"^///(?!/)\s*(?P<head>.*?)\s*$")
CELL = re.compile(r"^(`{3,}|~{3,})[^`{]*\{")
NOT_THREE = re.compile(r"^(?://|/{4,})(?:\s|$)")
INDENTED = re.compile(r"^(?: {1,3}|\t)///")
RUNNABLE = re.compile(r"^(?:[`~]{3,}\s*)?python\s*\{")


@dataclass(frozen=True)
class Piece:
    """Consecutive lines of one sort; `head` is what follows the opening mark, `place` that of the first line of all."""

    sort: Literal["prose", "cell", "block"]
    place: Place
    head: str
    lines: tuple[str, ...]


def split(lines: Sequence[str], start: Place) -> tuple[list[Piece], list[Mistake]]:
    """All pieces in reading order. An unclosed block ends where the next one opens, so that later mistakes show too."""
    pieces: list[Piece] = []
    mistakes: list[Mistake] = []
    prose_from = at = 0

    def end_prose(end: int) -> None:
        if any(line.strip() for line in lines[prose_from:end]):
            pieces.append(Piece("prose", start.below(prose_from), "", tuple(lines[prose_from:end])))

    while at < len(lines):
        fence, block = FENCE.match(lines[at]), BLOCK.match(lines[at])
        mistakes += [Mistake(start.below(at), *slip) for slip in _slips(lines[at])]
        if not (fence or block):
            at += 1
            continue
        place = start.below(at)
        end, closed = fence_end(lines, at) if fence else _block_end(lines, at)
        if fence and not closed:
            mistakes.append(Mistake(place, "this code fence is never closed", f"end it with {fence['ticks']}"))
        if fence and not RUNNABLE.match(fence["info"]):
            at = end + 1
            continue
        end_prose(at)
        if fence:
            pieces.append(Piece("cell", place, fence["info"], tuple(lines[at + 1 : end])))
        elif block and block["head"]:
            if not closed:
                mistakes.append(Mistake(place, f"the block “{block['head']}” is never closed", "end it with ///"))
            pieces.append(Piece("block", place, block["head"], tuple(lines[at + 1 : end])))
            inside = (n for n in range(at + 1, end) if CELL.match(lines[n]))
            mistakes += [Mistake(start.below(n), "a cell stands by itself, not in a block") for n in inside]
        else:
            mistakes.append(Mistake(place, "/// closes a block, but none is open here"))
            end, closed = at, True
        at = prose_from = end + 1 if closed else end
    end_prose(len(lines))
    return pieces, mistakes


def _slips(line: str) -> Iterator[tuple[str, str]]:
    """What is wrong, and a hint, with a line that was meant as a mark and would be taken for text."""
    if INDENTED.match(line):
        yield "/// stands at the beginning of a line", "take out the space before it"
    if NOT_THREE.match(line):
        yield "a block is opened and closed by three slashes", "write ///"
    if CELL.match(line) and not RUNNABLE.search(line):
        found = first(CELLS, line)
        assert found
        yield found.what, found.hint


def lines_of_fences(lines: Sequence[str]) -> set[int]:
    """The numbers of all lines that belong to a fence."""
    found: set[int] = set()
    for n, line in enumerate(lines):
        if n not in found and FENCE.match(line):
            found.update(range(n, fence_end(lines, n)[0] + 1))
    return found


def closing_fence(ticks: str) -> re.Pattern[str]:
    """What closes a fence that was opened with these ticks: as many, or more."""
    return re.compile(rf"^{re.escape(ticks[0])}{{{len(ticks)},}}\s*$")


def fence_end(lines: Sequence[str], at: int) -> tuple[int, bool]:
    """The line that closes the fence opened at `at`, or the end of the file."""
    opening = FENCE.match(lines[at])
    assert opening
    closing = closing_fence(opening["ticks"])
    ends = (n for n in range(at + 1, len(lines)) if closing.match(lines[n]))
    end = next(ends, None)
    return (len(lines), False) if end is None else (end, True)


def _block_end(lines: Sequence[str], at: int) -> tuple[int, bool]:
    """The `///` that closes the block opened at `at`; fences inside are stepped over."""
    n = at + 1
    while n < len(lines):
        if FENCE.match(lines[n]):
            n = fence_end(lines, n)[0]
        elif (mark := BLOCK.match(lines[n])) is not None:
            return n, not mark["head"]
        n += 1
    return len(lines), False
