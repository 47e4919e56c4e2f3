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


def minutes(chapter: Chapter) -> int:
    """Reading time: 200 words a minute, and so much for each thing to run, answer or move. Terms are looked up."""
    looked_up = {text for term, _ in chapter.terms for text in term.sentences()}
    words = sum(count_words(text.source) for text in sentences(chapter) if text not in looked_up)
    return round(words / WORDS_PER_MINUTE + sum(block.minutes for block in chapter.blocks))


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
