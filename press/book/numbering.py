"""Gives everything with a name its number, and finds what a label points at.

Numbers come from order alone: authors name things and never count them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from press import blocks
from press.blocks.block import Block
from press.blocks.equation import Equation
from press.book.model import Book, Chapter
from press.text.labels import Label, Links, Target
from press.text.places import Mistake, Place
from press.text.suggestion import meant

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
        mistakes += _beside_nothing(chapter)
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
    numbers = _numbers(chapter)
    whole = int(chapter.number) if chapter.number.isdigit() else chapter.number
    for n, section in enumerate(chapter.sections, start=1):
        number = f"{whole}.{n}"
        label, title = Label("sec", section.name), _with_apostrophes(section.title)
        yield section.place, label, Target(f"§ {number}", number, title, chapter.folder, section.name)
        for block in section.blocks:
            if not block.label:
                continue
            target = _target(chapter, block, f"{chapter.prefix if block.book_wide else whole}.{next(numbers)}")
            shown = target if chapter.edition.shows(block) else replace(target, anchor="")
            yield block.place, Label(block.label, block.name), shown
    for n, reference in enumerate(chapter.references, start=1):
        target = Target(f"[{n}]", str(n), reference.title, chapter.folder, f"ref-{reference.key}")
        yield reference.place, Label("cite", reference.key), target
    yield from _ends(chapter, whole)


def _numbers(chapter: Chapter) -> Iterator[str]:
    """The place of every named block among those of its kind, in reading order: 1, 2, 3, and 3b for one beside 3."""
    counts: dict[str, int] = {}
    beside: dict[str, list[str]] = {}
    for block in _labelled(chapter):
        if isinstance(block, Equation) and (group := beside.get(block.beside.source)):
            group.append(f"{group[0]}{'abcdefghijklmnopqrstuvwxyz'[len(group)]}")
            yield group[-1]
            continue
        counts[block.label] = counts.get(block.label, 0) + 1
        yield str(counts[block.label])
        if isinstance(block, Equation):
            beside[block.name] = [str(counts[block.label])]


def _beside_nothing(chapter: Chapter) -> Iterator[Mistake]:
    """Equations beside something that is no earlier equation with a number of its own."""
    before: list[str] = []
    for block in _labelled(chapter):
        if isinstance(block, Equation) and not block.beside:
            before.append(block.name)
        elif isinstance(block, Equation) and block.beside.source not in before:
            what = f"no earlier equation with a number of its own is called “{block.beside.source}”"
            yield Mistake(block.beside.place, what, meant(block.beside.source, before))


def _labelled(chapter: Chapter) -> Iterator[Block]:
    return (block for section in chapter.sections for block in section.blocks if block.label)


def _ends(chapter: Chapter, whole: object) -> Iterator[tuple[Place, Label, Target]]:
    """The sections that the build writes."""
    place = chapter.sections[0].place if chapter.sections else Place("", 0)
    ends = [(TERMS, "T", chapter.words("chapter.terms"))] if chapter.terms else []
    for name, letter, title in (*ends, (REFERENCES, "R", chapter.words("chapter.references"))):
        number = f"{whole}.{letter}"
        yield place, Label("sec", name), Target(f"§ {number}", number, title, chapter.folder, name)


def _with_apostrophes(title: str) -> str:
    """A title as it is set: the straight apostrophe of a keyboard is a raised comma, as in the text."""
    return re.sub(r"(?<=\w)'(?=\w)", "’", title)


def _target(chapter: Chapter, block: Block, number: str) -> Target:
    """A block without a number is called by its title."""
    title, anchor = _with_apostrophes(getattr(block, "title", "")), f"{block.label}-{block.name}"
    if not block.numbered:
        return Target(title, "", title, chapter.folder, anchor)
    return Target(chapter.words(f"label.{block.label}", number=number), number, title, chapter.folder, anchor)
