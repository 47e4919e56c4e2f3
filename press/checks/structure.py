"""How a chapter hangs together: what is named and never referred to, headings, links out of the book, slow cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from press.blocks import KINDS
from press.blocks.prose import Prose
from press.book.model import Book, Chapter
from press.book.reading import labels
from press.checks.plain import mistake, texts
from press.execution.cells import Outcome, cells
from press.text.labels import Label, Target
from press.text.places import Mistake, Place
from press.text.scanner.inline import Token
from press.text.scanner.scan import blanked, scan

REFERRED = {kind.label for kind in KINDS.values() if kind.must_be_referred_to} | {"cite"}
"""Kinds of label that a text must refer to; the others are met where they stand."""
SLOW = 1.0
SITE = re.compile(r"https://[\w-]+(\.[\w-]+)+(:\d+)?(/|$|[?#])")
BARE = re.compile(r"\b(?:https?://|www\.)\S+")
VAGUE = ("here", "click here", "link", "this", "this link")


def unused(
    book: Book, chapters: Iterable[Chapter], table: Mapping[tuple[str, Label], Target], places: Mapping[Label, Place]
) -> Iterator[Mistake]:
    """Names that nothing refers to. `places` are those of all labels, named from outside their chapter."""
    used: set[Label] = set()
    for chapter in chapters:
        for label in labels(chapter):
            used.add(label if "/" in label.name or label.kind == "pending" else _seen(chapter.folder, label))
    for folder, label in table:
        if label.kind in REFERRED and _seen(folder, label) not in used:
            what = f"“{label}” is never cited" if label.kind == "cite" else f"“{label}” is never referred to"
            yield Mistake(places[_seen(folder, label)], what, f"write @{label} where it belongs, or leave it out")
    for name in book.pending:
        if Label("pending", name) not in used:
            yield Mistake(Place("content/book.toml", 1), f"“pending:{name}” is never referred to")


def _seen(folder: str, label: Label) -> Label:
    return Label(label.kind, f"{folder}/{label.name}")


def places(chapters: Iterable[Chapter]) -> dict[Label, Place]:
    """Where each label that must be used is given, named from outside its chapter."""
    found = {}
    for chapter in chapters:
        for block in chapter.blocks:
            if block.label:
                label = Label(block.label, block.name)
                found[_seen(chapter.folder, label)] = block.place
        for work in chapter.references:
            found[_seen(chapter.folder, Label("cite", work.key))] = work.place
    return found


def headings(chapter: Chapter) -> Iterator[Mistake]:
    """Sub-headings that leave out a level."""
    for section in chapter.sections:
        above = 1
        for text in (block.text for block in section.blocks if isinstance(block, Prose)):
            for at in scan(text.source).headings:
                level = len(text.source[at:]) - len(text.source[at:].lstrip("#"))
                if level > above + 1:
                    yield mistake(text, at, "this sub-heading leaves out a level", f"write {'#' * (above + 1)}")
                above = level


def links(chapter: Chapter) -> Iterator[Mistake]:
    """Addresses of other sites that are bare, unsafe or say nothing, and works whose identifiers cannot be right."""
    for text in texts(chapter):
        found = scan(text.source)
        for token in (each for each in found.tokens if each.sort in ("link", "address")):
            yield from (mistake(text, token.inner_end, *what) for what in _wrong(token, found.inner(token)))
        for bare in BARE.finditer(blanked(text.source)):
            yield mistake(text, bare.start(), f"{bare[0]} is not a link", "write [words](https://…)")
    for work in chapter.references:
        if work.doi and not re.fullmatch(r"10\.\d{4,9}/\S+", work.doi):
            yield Mistake(work.place, f"“{work.doi}” is no DOI", "write what follows https://doi.org/")
        if work.arxiv and not re.fullmatch(r"\d{4}\.\d{4,5}(v\d+)?|[a-z-]+(\.[A-Z]{2})?/\d{7}(v\d+)?", work.arxiv):
            yield Mistake(work.place, f"“{work.arxiv}” is no number of arXiv", "as in 1512.03385")


def works(chapter: Chapter) -> Iterator[Mistake]:
    """Works of which a reader would want to know more than the bibliography says; all without a note in one line."""
    for work in chapter.references:
        for value, name, hint in (
            (work.authors, "author", ""),
            (work.year, "year", ""),
            (work.address, "doi, eprint or url", "readers need a link to the work"),
        ):
            if not value:
                yield Mistake(work.place, f"“{work.key}” has no {name}", hint)
    if bare := [work for work in chapter.references if not work.note]:
        keys = ", ".join(work.key for work in bare)
        hint = "say in a line why each is worth reading; what a tool wrote there is left out"
        yield Mistake(bare[0].place, f"no note of yours: {keys}", hint)


def _wrong(link: Token, words: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a link out of the book, and a hint."""
    if link.target.startswith("http://"):
        yield f"{link.target} is not encrypted", "write https://"
    elif link.target.startswith("https://") and not SITE.match(link.target):
        yield f"“{link.target}” is no address of a site", ""
    if words.strip().lower() in VAGUE and not link.target.startswith("@"):
        yield f"a link called “{words}”", "say where it leads"


def doubles(chapter: Chapter) -> Iterator[Mistake]:
    """Terms with the title or the symbol of another: a word, and a symbol, has one meaning in a chapter."""
    for part in ("title", "symbol"):
        seen: dict[str, Place] = {}
        for term in sorted((term for term, _ in chapter.terms), key=lambda term: term.place):
            shown = term.title.casefold() if part == "title" else term.symbol.source
            first = seen.setdefault(shown, term.place)
            if shown and first != term.place:
                yield Mistake(term.place, f"the {part} {shown} is explained at {first.file}:{first.line} already")


def slow(chapter: Chapter, outcomes: Mapping[str, Outcome]) -> Iterator[Mistake]:
    """Cells that take longer than a second here; in a browser they take several times as long."""
    for cell in cells(chapter):
        if outcomes[cell.name].seconds > SLOW:
            yield Mistake(cell.place, f"this cell takes {outcomes[cell.name].seconds:.1f} s", "make it smaller")


def changing(chapter: Chapter, once: Mapping[str, Outcome], again: Mapping[str, Outcome]) -> Iterator[Mistake]:
    """Cells that put out something else in a second run: readers would not see what the page shows."""
    for cell in cells(chapter):
        if once[cell.name].parts != again[cell.name].parts:
            hint = "seed what is random, as in rng = np.random.default_rng(0), and print no time"
            yield Mistake(cell.place, "this cell puts out something else each time", hint)
