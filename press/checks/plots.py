"""What cells plot in a colour that readers cannot see."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from press.book.model import Chapter
from press.execution.cells import cells
from press.text.places import Mistake

DRAW = {
    "axhline",
    "axvline",
    "bar",
    "barh",
    "errorbar",
    "fill_between",
    "hist",
    "hlines",
    "plot",
    "scatter",
    "step",
    "vlines",
}
COLOURS = ("c", "color", "facecolor")
WHITE = ("#fff", "#ffffff", "w", "white")
PICTURES = ("imshow", "matshow", "pcolormesh")
"""What lies below white that can be seen."""


def white(chapter: Chapter) -> Iterator[Mistake]:
    """Calls that draw white on the page, by day."""
    for cell in cells(chapter):
        calls = [node for node in ast.walk(_parsed(cell.source)) if isinstance(node, ast.Call)]
        if any(_name(call) in PICTURES for call in calls):
            continue
        for call in calls:
            if _name(call) in DRAW and any(map(_is_white, call.keywords)):
                place = cell.place.below(call.lineno)
                yield Mistake(place, "this draws in white, which nobody sees by day", "leave the colour to the page")


def _parsed(source: str) -> ast.AST:
    """The code; nothing where it is none, which fails elsewhere or is meant to."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _is_white(given: ast.keyword) -> bool:
    return given.arg in COLOURS and isinstance(given.value, ast.Constant) and str(given.value.value).lower() in WHITE
