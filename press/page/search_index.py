"""A chapter -> what search looks through: each place's address, name, title, and text without markup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from press.book.model import (
    Block,
    Callout,
    Cell,
    Chapter,
    Equation,
    Exercise,
    Instrument,
    Label,
    Prose,
    Reference,
    Table,
    Task,
    Term,
)
from press.book.numbering import LABEL_OF, Links
from press.execution.exercise_variants import version
from press.source.portable_markdown import plain
from press.source.values import Evaluate

Entry = tuple[str, str, str, str]
MARKS = re.compile(r"\[((?:\\.|[^\]\\])*)\]\([^)]*\)|^[>#|-]+ |[*`$]", re.MULTILINE)


def entries(chapter: Chapter, links: Links, evaluate: Evaluate) -> tuple[Entry, ...]:
    """The sections, blocks and works of a chapter in reading order; solutions stay out."""

    def bare(*sources: str) -> str:
        text = plain("\n".join(sources), links, evaluate)
        return " ".join(re.sub(r"\\([\[\]$])", r"\1", MARKS.sub(r"\1", text)).split())

    def entry(kind: str, name: str, title: str, *sources: str) -> Entry:
        target = links.find(Label(kind, name))
        assert target
        own = "" if title == target.words else bare(title)
        return f"{chapter.folder}/index.html#{target.anchor}", target.words, own, bare(*sources)

    def found() -> Iterator[Entry]:
        for section in chapter.sections:
            prose = [block.text.source for block in section.blocks if isinstance(block, Prose)]
            yield entry("sec", section.name, section.title, *prose)
            for block in section.blocks:
                if not isinstance(block, Prose):
                    kind, shown = LABEL_OF[type(block).__name__], _texts(block, evaluate)
                    yield entry(kind, block.name, getattr(block, "title", ""), *shown)
        for work in chapter.references:
            yield entry("cite", work.key, work.title, _about(work))

    return tuple(found())


def index(chapters: Iterable[tuple[Entry, ...]]) -> bytes:
    """The entries of all chapters as the file that the page's search fetches."""
    return json.dumps([entry for each in chapters for entry in each], ensure_ascii=False).encode()


def _texts(block: Block, evaluate: Evaluate) -> tuple[str, ...]:
    match block:
        case Equation():
            return (block.tex.source, block.caption.source)
        case Cell():
            return (f"```\n{block.code}```",)
        case Exercise():
            return (version(block, evaluate).question.source,)
        case Task():
            return (block.question.source, f"```\n{block.start.source}```")
        case Instrument():
            return (block.caption.source,)
        case Callout():
            return (block.body.source,)
        case Table():
            return (block.body.source, block.note.source)
        case Term():
            return (block.symbol.source, block.definition.source)
        case Prose():
            return ()


def _about(work: Reference) -> str:
    return f"{', '.join(work.authors)} {work.year} {work.venue} {work.note.source}"
