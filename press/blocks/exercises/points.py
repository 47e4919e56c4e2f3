"""What an exercise is worth when its answers are graded."""

from __future__ import annotations

import re

from press.text.languages.words import Words
from press.text.places import Mistake, Text

POINTS = re.compile(r"\d+(\.\d+)?")


def points(text: Text, mistakes: list[Mistake]) -> float | None:
    """A number of points; None where the author gives none, which counts as one."""
    if not text:
        return None
    if not POINTS.fullmatch(text.source):
        mistakes.append(Mistake(text.place, f"“{text.source}” is no number of points", "write 2 or 0.5"))
        return None
    return float(text.source)


def in_words(worth: float | None, words: Words) -> str:
    """`2 points`; empty where nothing is said."""
    return "" if worth is None else words("exercise.points", worth)
