"""The vocabulary of the builder: what a book consists of, as frozen values.

Every other part of the press may use these types; they use none of it. Nothing here reads, checks or prints.
A `Text` is what an author typed, with its place, not yet rendered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands in the author's files: a path below the project's root and a line, counted from 1."""

    file: str
    line: int

    def below(self, lines: int) -> Place:
        """The place so many lines further down."""
        return Place(self.file, self.line + lines)


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing an author has to mend: where, what is wrong, and what was probably meant."""

    place: Place
    what: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.place.file}:{self.place.line}: {self.what}" + (f"; {self.hint}" if self.hint else "")


class AuthorErrors(Exception):
    """The build cannot go on: every mistake found in one run, in the order of the files."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass(frozen=True)
class Text:
    """Markdown or TeX as typed, first line at `place`; empty where the author wrote none."""

    place: Place
    source: str

    def __bool__(self) -> bool:
        return bool(self.source.strip())


@dataclass(frozen=True)
class Prose:
    """Paragraphs, lists and sub-headings between two blocks."""

    text: Text


@dataclass(frozen=True)
class Equation:
    """A displayed, numbered equation; the caption explains its symbols."""

    place: Place
    name: str
    title: str
    tex: Text
    caption: Text


@dataclass(frozen=True)
class Cell:
    """A runnable piece of Python; the cells it `needs` run first in the same namespace."""

    place: Place
    name: str
    title: str
    code: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slip:
    """A usual wrong answer to an exercise, and what to say to whoever gives it."""

    answer: Text
    words: Text


Numbers = tuple[tuple[str, tuple[float, ...]], ...]
"""Names and the values each may take."""


@dataclass(frozen=True)
class Exercise:
    """A question with an answer the page can check: a number, or `true` / `false`.

    With `numbers` the page offers it again with other ones; the first of each stand in the first version. Hints are
    given one after another.
    """

    place: Place
    name: str
    question: Text
    answer: Text
    explanation: Text
    unit: str = ""
    numbers: Numbers = ()
    slips: tuple[Slip, ...] = ()
    hints: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Task:
    """An exercise in Python: solved by code after which `check`, which readers do not see, runs to its end.

    The build proves that `solution` does so and `start`, what the reader begins with, does not.
    """

    place: Place
    name: str
    title: str
    question: Text
    start: Text
    check: Text
    solution: Text
    explanation: Text
    hints: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Instrument:
    """A picture to be moved; `module` is the Python file in `instruments/` that draws it."""

    place: Place
    name: str
    title: str
    chips: tuple[Text, ...]
    caption: Text

    @property
    def module(self) -> str:
        """The name as Python spells it."""
        return self.name.replace("-", "_")


@dataclass(frozen=True)
class Lab(Instrument):
    """An instrument that trains networks; counted by itself."""


@dataclass(frozen=True)
class Callout:
    """A titled aside."""

    place: Place
    name: str
    title: str
    body: Text


@dataclass(frozen=True)
class Table:
    """A titled, numbered table with an optional note below it."""

    place: Place
    name: str
    title: str
    body: Text
    note: Text


@dataclass(frozen=True)
class Term:
    """A word of the field, or a symbol, with the one sentence that explains it; listed near the end of its chapter."""

    place: Place
    name: str
    title: str
    symbol: Text
    definition: Text


Block = Prose | Equation | Cell | Exercise | Task | Instrument | Lab | Callout | Table | Term


@dataclass(frozen=True)
class Section:
    """One file of the author's: a title and blocks in reading order."""

    place: Place
    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Reference:
    """One cited work; `note` says in a line why it matters here."""

    place: Place
    key: str
    authors: tuple[str, ...]
    title: str
    year: str
    venue: str
    doi: str
    arxiv: str
    note: Text


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
    """A written chapter: the values of its chapter.toml, its sections and its bibliography."""

    folder: str
    number: str
    prefix: str
    title: str
    short: str
    lead: Text
    level: str
    builds_on: str
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]
    edition: Edition

    @property
    def blocks(self) -> Iterator[Block]:
        """All blocks in reading order."""
        return (block for section in self.sections for block in section.blocks)

    @property
    def terms(self) -> list[tuple[Term, Section]]:
        """All terms by alphabet, each with the section that introduces it."""
        terms = [(block, section) for section in self.sections for block in section.blocks if isinstance(block, Term)]
        return sorted(terms, key=lambda each: each[0].title.casefold())


@dataclass(frozen=True)
class Entry:
    """A line of the book's contents; without a folder the chapter is not yet published."""

    number: str
    title: str
    folder: str = ""


@dataclass(frozen=True)
class Book:
    """The values of book.toml: names, the chapters in order, what other volumes will hold, who wrote it and when."""

    brand: str
    title: str
    lead: Text
    language: str
    base_url: str
    entries: tuple[Entry, ...]
    pending: dict[str, str] = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    published: str = ""


@dataclass(frozen=True)
class Label:
    """The name of something that can be referred to: `eq:conv` is kind `eq`, name `conv`."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True)
class Target:
    """What a label points at: the words that stand for it, its number alone, its title, its page and its anchor.

    Without an anchor it is not part of the page: see `Edition`.
    """

    words: str
    number: str
    title: str
    folder: str
    anchor: str
