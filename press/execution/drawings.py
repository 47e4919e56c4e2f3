"""Figures that the chapter's own Python draws when the chapter is built, each in a process of its own.

One that fails, hangs or returns no picture is a mistake at the line of its function. What was drawn is kept as long as
the file, and the project's Python that it imports, stay the same; data it reads besides are not looked at.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from press.blocks.figure import Figure
from press.book.model import Chapter
from press.cache import Cache
from press.execution.dependencies import Sources
from press.text.drawn_svg import NARROW, WIDE, DrawnSvg, drawn_svg
from press.text.pictures import NoPicture
from press.text.places import Mistake, Place
from press.text.suggestion import meant

SECONDS = 60
"""How long a function may draw all frames of a figure."""
WIDTHS = (WIDE, NARROW)

Drawing = tuple[DrawnSvg, DrawnSvg]
"""A frame for a page, and for a phone."""


class CannotDraw(Exception):
    """Carries the mistakes."""

    def __init__(self, *mistakes: Mistake) -> None:
        self.mistakes = mistakes


@dataclass(frozen=True)
class Studio:
    """Where figures are drawn: the project, the book's folder, the chapter's, and what was drawn before."""

    root: Path
    content: Path
    folder: Path
    sources: Sources
    cache: Cache

    def place(self, file: str, line: int) -> Place:
        """A line of a file of the chapter's."""
        return Place(f"{self.content.name}/{self.folder.name}/{file}", line)


def drawings(chapter: Chapter, studio: Studio) -> tuple[dict[str, tuple[Drawing, ...]], list[Mistake]]:
    """The frames of every figure that is drawn, by the figure's name, and what went wrong."""
    figures = [block for block in chapter.blocks if isinstance(block, Figure) and block.draw]
    found: dict[str, tuple[Drawing, ...]] = {}
    mistakes: list[Mistake] = []
    begun: list[tuple[Figure, Future[tuple[Drawing, ...]]]] = []
    with ThreadPoolExecutor(os.cpu_count()) as helpers:
        for figure in figures:
            try:
                source, line = _function(figure, studio)  # not in a thread: CPython 3.11 parses in one at a time
            except CannotDraw as error:
                mistakes += error.mistakes
            else:
                begun.append((figure, helpers.submit(_drawing, figure, source, line, studio)))
        for figure, future in begun:
            try:
                found[figure.name] = future.result()
            except CannotDraw as error:
                mistakes += error.mistakes
    return found, mistakes


def _drawing(figure: Figure, source: str, line: int, studio: Studio) -> tuple[Drawing, ...]:
    """Raises CannotDraw."""
    inputs = {
        "file": figure.module,
        "function": figure.function,
        "frames": str(figure.frames),
        "python": studio.sources.digest(f"from press.execution import draw\n{source}"),
    }
    kept = studio.cache.find(inputs)
    pictures = json.loads(kept) if kept else _drawn(figure, line, studio)
    frames = tuple(_checked(each, studio.place(figure.module, line)) for each in pictures)
    if not kept:
        studio.cache.store(inputs, json.dumps(pictures).encode())
    return frames


def _function(figure: Figure, studio: Studio) -> tuple[str, int]:
    """The file in which the function stands, and the function's line. Raises CannotDraw."""
    path = studio.folder / figure.module
    if not path.resolve().is_relative_to(studio.content.resolve()) or not path.is_file():
        near = [f"{each.stem}.{figure.function}" for each in path.parent.glob("*.py")]
        what = f"there is no file {studio.place(figure.module, 1).file}"
        raise CannotDraw(Mistake(figure.draw.place, what, meant(figure.draw.source, near)))
    source = path.read_text(encoding="utf-8")
    try:
        lines = dict(_functions(source))
    except SyntaxError as error:
        raise CannotDraw(
            Mistake(studio.place(figure.module, error.lineno or 1), f"SyntaxError: {error.msg}")
        ) from error
    if figure.function not in lines:
        what = f"{figure.module} has no function “{figure.function}”"
        raise CannotDraw(Mistake(figure.draw.place, what, meant(figure.function, lines)))
    return source, lines[figure.function]


def _functions(source: str) -> Iterator[tuple[str, int]]:
    """The functions that a file defines at its top, with their lines."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, node.lineno


def _drawn(figure: Figure, line: int, studio: Studio) -> list[list[str]]:
    """What the function returned for each frame and width. Raises CannotDraw."""
    asked = {
        "folder": str(studio.folder),
        "file": figure.module,
        "function": figure.function,
        "line": line,
        "frames": figure.frames,
        "widths": WIDTHS,
    }
    command = [sys.executable, "-m", "press.execution.draw"]
    place = studio.place(figure.module, line)
    try:
        done = subprocess.run(
            command, cwd=studio.root, input=json.dumps(asked).encode(), capture_output=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise CannotDraw(Mistake(place, f"“{figure.function}” did not end within {SECONDS} s")) from error
    if done.returncode:
        raise CannotDraw(Mistake(place, f"“{figure.function}” ended Python with status {done.returncode}"))
    answer = json.loads(done.stdout)
    if "what" in answer:
        raise CannotDraw(Mistake(studio.place(answer["file"], answer["line"]), answer["what"]))
    pictures: list[list[str]] = answer["pictures"]
    return pictures


def _checked(pictures: list[str], place: Place) -> Drawing:
    """Raises CannotDraw at the place."""
    try:
        wide, narrow = (drawn_svg(markup, width) for markup, width in zip(pictures, WIDTHS, strict=True))
    except NoPicture as error:
        raise CannotDraw(Mistake(place, str(error), error.hint)) from error
    return wide, narrow
