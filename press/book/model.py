"""The document: a book, its chapters, their sections and works, as frozen values. Reads, checks and prints nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from press.blocks.block import Block
from press.blocks.instrument import Instrument
from press.blocks.lab import Lab
from press.blocks.term import Term
from press.text.languages.words import Words
from press.text.places import Place, Text


@dataclass(frozen=True)
class Section:
    """One file of the author's: a title and blocks in reading order."""

    place: Place
    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Reference:
    """One cited work; `note` says in a line why it matters here. What is not known of it is empty.

    `title` is in words, `marked_title` the same in Markdown, for the sake of its formulas.
    """

    place: Place
    key: str
    authors: tuple[str, ...]
    title: str
    marked_title: Text
    year: str
    venue: str
    doi: str
    arxiv: str
    url: str
    note: Text

    @property
    def address(self) -> str:
        """Where the work can be found; empty if nothing says so."""
        if self.doi:
            return f"https://doi.org/{quote(self.doi)}"
        return f"https://arxiv.org/abs/{quote(self.arxiv)}" if self.arxiv else self.url


@dataclass(frozen=True)
class Edition:
    """How an instructor wants a chapter: with solutions or without, its labs' seed fixed, all labs or only some."""

    place: Place
    solutions: bool = True
    seed: int | None = None
    labs: tuple[Text, ...] | None = None

    def shows(self, block: Block) -> bool:
        """Whether the block is part of the page."""
        return self.labs is None or not isinstance(block, Lab) or block.name in {lab.source for lab in self.labs}


@dataclass(frozen=True)
class Chapter:
    """A written chapter: the values of its chapter.toml, its sections and its bibliography.

    `opening` is the instrument beside its title; it has no number. `packages` are what its cells import
    besides, `words` those of the page itself in the chapter's language.
    """

    folder: str
    number: str
    prefix: str
    title: str
    short: str
    lead: Text
    level: str
    builds_on: str
    opening: Instrument | None
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]
    packages: tuple[Text, ...]
    edition: Edition
    words: Words

    @property
    def blocks(self) -> Iterator[Block]:
        """All blocks in reading order."""
        return (block for section in self.sections for block in section.blocks)

    @property
    def instruments(self) -> Iterator[Instrument]:
        """All that a reader moves: the opening's, and those of the text."""
        yield from (self.opening,) if self.opening else ()
        yield from (block for block in self.blocks if isinstance(block, Instrument))

    @property
    def terms(self) -> list[tuple[Term, Section]]:
        """All terms by alphabet, each with the section that introduces it."""
        terms = [(block, section) for section in self.sections for block in section.blocks if isinstance(block, Term)]
        return sorted(terms, key=lambda each: (_letters(each[0].title), each[0].title))


def _letters(title: str) -> str:
    """A title as dictionaries sort it: accents and capitals tell only equal words apart."""
    return "".join(sign for sign in unicodedata.normalize("NFD", title.casefold()) if not unicodedata.combining(sign))


@dataclass(frozen=True)
class Entry:
    """A line of the book's contents; without a folder the chapter is not yet published."""

    number: str
    title: str
    folder: str = ""


@dataclass(frozen=True)
class Book:
    """The values of book.toml: names, the chapters in order, what other volumes will hold, who wrote it and when.

    `words` are those of pages that are no chapter's, and of chapters that name no language of their own.
    """

    brand: str
    title: str
    lead: Text
    words: Words
    base_url: str
    entries: tuple[Entry, ...]
    pending: dict[str, str] = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    published: str = ""
