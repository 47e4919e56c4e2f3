"""The process of its own in which a chapter's function draws: a request on standard input, an answer on the output.

The function may run anything, print anything and never come back; whoever starts `python -m press.execution.draw`
waits only so long.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from press.text import exception_place
from press.text.own_module import load
from press.text.places import Place


def main() -> None:
    """Answer a request, {folder, file, function, line, frames, widths}, with {pictures} or with {file, line, what}."""
    asked = json.load(sys.stdin)
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as answers:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what the function prints is no answer
        json.dump(_answer(asked), answers)


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    folder, place = Path(asked["folder"]), Place(asked["file"], asked["line"])
    try:
        function = getattr(load(folder / asked["file"]), asked["function"])
        return {"pictures": _pictures(function, asked["frames"], asked["widths"])}
    except (Exception, SystemExit) as error:
        found = exception_place.mistake(error, folder, place)
        return {"file": found.place.file, "line": found.place.line, "what": found.what}


def _pictures(function: Callable[..., object], frames: int, widths: list[int]) -> list[list[str]]:
    """What the function returns for each frame and each width. Raises TypeError where it is no text."""
    if frames == 1:
        return [[_text(function(width)) for width in widths]]
    return [[_text(function(frame, width)) for width in widths] for frame in range(frames)]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError(f"the figure is {type(value).__name__}, not the text of an SVG")


if __name__ == "__main__":
    main()
