"""What of a chapter is read as sentences, its formulas, and how long reading takes."""

from __future__ import annotations

from collections.abc import Iterator

from press.book.model import Chapter
from press.text.labels import Label
from press.text.places import Text
from press.text.scanner.scan import count_words
from press.text.scanner.scan import formulas as formulas_in
from press.text.scanner.scan import labels as labels_in

WORDS_PER_MINUTE = 200


def minutes(chapter: Chapter) -> tuple[int, int]:
    """Minutes of reading, at 200 words each, and of doing: so many for each thing to run, answer or move.

    Terms are looked up, and what stands in an exercise or below an instrument is read while it is done.
    """
    aside = {text for term, _ in chapter.terms for text in term.sentences()}
    aside |= {text for block in chapter.blocks if block.minutes for text in block.sentences()}
    words = sum(count_words(text.source) for text in sentences(chapter) if text not in aside)
    return round(words / WORDS_PER_MINUTE), round(sum(block.minutes for block in chapter.blocks))


def sentences(chapter: Chapter) -> Iterator[Text]:
    """Every text of a chapter that is read as sentences, in reading order."""
    yield chapter.lead
    for block in chapter.blocks:
        yield from block.sentences()


def formulas(chapter: Chapter) -> Iterator[tuple[str, bool]]:
    """The formulas of a chapter's blocks and sentences, and whether each is displayed."""
    for block in chapter.blocks:
        yield from ((text.source, True) for text in block.formulas())
    for text in (*sentences(chapter), *(work.marked_title for work in chapter.references)):
        yield from formulas_in(text.source)


def labels(chapter: Chapter) -> Iterator[Label]:
    """Every label that a chapter refers to."""
    for block in chapter.blocks:
        for text in block.headings():
            yield from labels_in(text.source)
    for text in (*sentences(chapter), *(work.note for work in chapter.references)):
        yield from labels_in(text.source)
