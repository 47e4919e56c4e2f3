"""What the checks read: the texts of a chapter, and where in them something stands."""

from __future__ import annotations

from collections.abc import Iterator

from press.book.model import Chapter
from press.book.reading import sentences
from press.text.places import Mistake, Text


def texts(chapter: Chapter) -> Iterator[Text]:
    """Every text of a chapter that a reader reads as sentences."""
    return sentences(chapter)


def mistake(text: Text, offset: int, what: str, hint: str = "") -> Mistake:
    """A mistake at the line of a text where the character at `offset` stands."""
    return Mistake(text.place.below(text.source.count("\n", 0, offset)), what, hint)
