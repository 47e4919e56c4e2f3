"""A chapter -> what search looks through: each place's address, name, title, and text without markup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from press.blocks.prose import Prose
from press.book.model import Chapter, Reference
from press.text.labels import Label, Links
from press.text.portable_markdown import plain
from press.text.values import Evaluate

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
                if block.label:
                    yield entry(block.label, block.name, getattr(block, "title", ""), *block.searched(evaluate))
        for work in chapter.references:
            yield entry("cite", work.key, work.title, _about(work))

    return tuple(found())


def index(chapters: Iterable[tuple[Entry, ...]]) -> bytes:
    """The entries of all chapters as the file that the page's search fetches."""
    return json.dumps([entry for each in chapters for entry in each], ensure_ascii=False).encode()


def _about(work: Reference) -> str:
    return f"{', '.join(work.authors)} {work.year} {work.venue} {work.note.source}"
