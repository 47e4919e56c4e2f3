"""Gives everything with a name its number, and finds what a label points at.

Numbers come from order alone: authors name things and never count them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from press.book.model import Book, Chapter, Label, Mistake, Place, Prose, Target
from press.book.suggestion import meant

KINDS = ("eq", "cell", "ex", "inst", "lab", "sec", "tab", "note", "term", "cite", "pending")
LABEL_OF = {
    "Equation": "eq",
    "Cell": "cell",
    "Exercise": "ex",
    "Task": "ex",
    "Instrument": "inst",
    "Lab": "lab",
    "Table": "tab",
    "Callout": "note",
    "Term": "term",
}
TERMS = "terms"
REFERENCES = "references"


@dataclass(frozen=True)
class Links:
    """All labels of the book as one chapter sees them: its own by name, others' as `kind:folder/name`."""

    folder: str
    table: Mapping[tuple[str, Label], Target]
    pending: Mapping[str, str]

    def find(self, label: Label) -> Target | None:
        """The target of a label typed in this chapter, or None."""
        folder, slash, name = label.name.rpartition("/")
        return self.table.get((folder if slash else self.folder, Label(label.kind, name)))

    def href(self, target: Target) -> str:
        """The address of a target as seen from this chapter's page."""
        page = "" if target.folder == self.folder else f"../{target.folder}/"
        return f"{page}#{target.anchor}"

    def suggest(self, label: Label) -> str:
        """What was probably meant by a label that points nowhere."""
        if label.kind not in KINDS:
            return meant(label.kind, KINDS)
        if label.kind == "pending":
            return meant(label.name, self.pending)
        names = (
            str(known) if folder == self.folder else f"{known.kind}:{folder}/{known.name}"
            for folder, known in self.table
            if known.kind == label.kind
        )
        return meant(str(label), names)


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
    return Links(chapter.folder, found, book.pending)


def _targets(chapter: Chapter) -> Iterator[tuple[Place, Label, Target]]:
    """Every named thing of a chapter in reading order, numbered."""
    counts: dict[str, int] = {}
    whole = int(chapter.number) if chapter.number.isdigit() else chapter.number
    for n, section in enumerate(chapter.sections, start=1):
        number = f"{whole}.{n}"
        label = Label("sec", section.name)
        yield section.place, label, Target(f"§ {number}", number, section.title, chapter.folder, section.name)
        for block in section.blocks:
            if isinstance(block, Prose):
                continue
            kind = LABEL_OF[type(block).__name__]
            counts[kind] = counts.get(kind, 0) + 1
            title = getattr(block, "title", "")
            words, number_ = _words(kind, counts[kind], whole, chapter.prefix, title)
            target = _target(chapter, kind, block.name, words, number_, title)
            shown = target if chapter.edition.shows(block) else replace(target, anchor="")
            yield block.place, Label(kind, block.name), shown
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


def _target(chapter: Chapter, kind: str, name: str, words: str, number: str, title: str) -> Target:
    return Target(words, number, title, chapter.folder, f"{kind}-{name}")


def _words(kind: str, count: int, whole: object, prefix: str, title: str) -> tuple[str, str]:
    """The words that stand for the thing in a sentence, and its number."""
    if kind == "eq":
        return f"EQ {prefix}.{count}", f"{prefix}.{count}"
    if kind == "inst":
        return f"INSTRUMENT {prefix}.{count}", f"{prefix}.{count}"
    if kind in ("note", "term"):
        return title, ""
    name = {"cell": "CELL", "lab": "LAB", "ex": "EXERCISE", "tab": "TABLE"}[kind]
    return f"{name} {whole}.{count}", f"{whole}.{count}"
