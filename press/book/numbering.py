"""Gives everything with a name its number, and finds what a label points at.

Numbers come from order alone: authors name things and never count them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from press import blocks
from press.blocks.block import Block
from press.book.model import Book, Chapter
from press.text.labels import Label, Links, Target
from press.text.places import Mistake, Place

KINDS = (*dict.fromkeys(kind.label for kind in blocks.KINDS.values() if kind.label), "sec", "cite", "pending")
"""The kinds of label."""
TERMS = "terms"
REFERENCES = "references"


def table(book: Book, chapters: Iterable[Chapter]) -> tuple[dict[tuple[str, Label], Target], list[Mistake]]:
    """The label table of the whole book; a name used twice for one kind in one chapter is a mistake."""
    found: dict[tuple[str, Label], Target] = {}
    places: dict[tuple[str, Label], Place] = {}
    mistakes: list[Mistake] = []
    for chapter in chapters:
        for place, label, target in _targets(chapter):
            key = (chapter.folder, label)
            if label.name and key in found:
                first = places[key]
                mistakes.append(Mistake(place, f"“{label}” is already the name of {first.file}:{first.line}"))
            else:
                found[key], places[key] = target, place
    return found, mistakes


def shown(chapter: Chapter) -> Chapter:
    """The chapter without what its edition leaves out; what stays keeps its number."""
    sections = (
        replace(section, blocks=tuple(block for block in section.blocks if chapter.edition.shows(block)))
        for section in chapter.sections
    )
    return replace(chapter, sections=tuple(sections))


def links(book: Book, chapter: Chapter, found: Mapping[tuple[str, Label], Target]) -> Links:
    """The label table as one chapter sees it."""
    return Links(chapter.folder, found, book.pending, KINDS)


def _targets(chapter: Chapter) -> Iterator[tuple[Place, Label, Target]]:
    """Every named thing of a chapter in reading order, numbered."""
    counts: dict[str, int] = {}
    whole = int(chapter.number) if chapter.number.isdigit() else chapter.number
    for n, section in enumerate(chapter.sections, start=1):
        number = f"{whole}.{n}"
        label = Label("sec", section.name)
        yield section.place, label, Target(f"§ {number}", number, section.title, chapter.folder, section.name)
        for block in section.blocks:
            if not block.label:
                continue
            counts[block.label] = counts.get(block.label, 0) + 1
            target = _target(chapter, block, f"{chapter.prefix if block.book_wide else whole}.{counts[block.label]}")
            shown = target if chapter.edition.shows(block) else replace(target, anchor="")
            yield block.place, Label(block.label, block.name), shown
    for n, reference in enumerate(chapter.references, start=1):
        target = Target(f"[{n}]", str(n), reference.title, chapter.folder, f"ref-{reference.key}")
        yield reference.place, Label("cite", reference.key), target
    yield from _ends(chapter, whole)


def _ends(chapter: Chapter, whole: object) -> Iterator[tuple[Place, Label, Target]]:
    """The sections that the build writes."""
    place = chapter.sections[0].place if chapter.sections else Place("", 0)
    ends = [(TERMS, "T", "Terms and symbols")] if chapter.terms else []
    for name, letter, title in (*ends, (REFERENCES, "R", "References")):
        number = f"{whole}.{letter}"
        yield place, Label("sec", name), Target(f"§ {number}", number, title, chapter.folder, name)


def _target(chapter: Chapter, block: Block, number: str) -> Target:
    """A block without words before its number is called by its title."""
    title, anchor = getattr(block, "title", ""), f"{block.label}-{block.name}"
    if not block.words:
        return Target(title, "", title, chapter.folder, anchor)
    return Target(f"{block.words} {number}", number, title, chapter.folder, anchor)
