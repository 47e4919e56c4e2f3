"""An author's text with everything blanked that is not prose: code, formulas, computed numbers, labels, addresses.

Blanks keep their length and line ends, so that what is found in the rest still has its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from press.book.model import Chapter
from press.book.reading import sentences
from press.text.markdown import DISPLAY, LABEL, MATH, VALUE
from press.text.places import Mistake, Text

NOT_PROSE = re.compile(
    "|".join((r"(?s:^```.*?^```)", "`[^`\n]*`", DISPLAY, MATH, VALUE, r"\]\([^)\s]*\)", rf"{LABEL}(?:\?\S*)?")),
    re.MULTILINE,
)


def texts(chapter: Chapter) -> Iterator[Text]:
    """Every text of a chapter that a reader reads as sentences."""
    return sentences(chapter)


def blanked(source: str) -> str:
    """The text with what is not prose as spaces."""
    return NOT_PROSE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), source)


def mistake(text: Text, offset: int, what: str, hint: str = "") -> Mistake:
    """A mistake at the line of a text where the character at `offset` stands."""
    return Mistake(text.place.below(text.source.count("\n", 0, offset)), what, hint)
