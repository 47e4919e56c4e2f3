"""What every kind of block declares: how it is typed and called, what page, search, notebook and checks take of it.

A kind is one class in `press/blocks/`, one template, one style and one case in `tests/pages/`, all of its name. The
methods below are the defaults; a kind overrides those in which it differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol, Self

from markupsafe import Markup

from instruments.kit import Instrument
from press.text.labels import Links
from press.text.languages.words import Words
from press.text.markdown import Writer
from press.text.options import BlockSource, Options
from press.text.pictures import Frames
from press.text.places import Mistake, Place, Text
from press.text.values import Evaluate

Typed = Literal["slashes", "fence", "prose"]
"""How a block stands in an author's file."""


@dataclass(frozen=True)
class PageContext:
    """What was computed for a chapter before its page is rendered.

    `outputs` are by the names of runs, `needs` by the names of cells, `instruments` and `views` by module, `drawn` are
    the states of figures by name, `words` those of the page itself. Blocks put into `kept_back` what the page fetches
    only when a reader turns to them, by their name.
    """

    writer: Writer
    outputs: Mapping[str, Markup]
    needs: Mapping[str, tuple[str, ...]]
    instruments: Mapping[str, Instrument[Any]]
    views: Mapping[str, Mapping[str, Any]]
    drawn: Mapping[str, Frames]
    words: Words
    solutions: bool = True
    seed: int | None = None
    kept_back: dict[str, object] = field(default_factory=dict)


class NotebookContext(Protocol):
    """What a block may use to say itself in a notebook."""

    @property
    def links(self) -> Links:
        """The labels of the book."""

    @property
    def evaluate(self) -> Evaluate:
        """Computes what stands between braces."""

    @property
    def drawn(self) -> Mapping[str, Frames]:
        """The states of figures that Python drew, by name."""

    @property
    def words(self) -> Words:
        """The page's own words."""

    @property
    def solutions(self) -> bool:
        """Whether answers are shown."""

    def text(self, text: Text | str) -> str:
        """An author's text as plain Markdown."""


class Render(Protocol):
    """The template of a block, with everything that all blocks give it."""

    def __call__(self, **values: object) -> Markup:
        """The markup; `values` are further ones that the template uses."""


@dataclass(frozen=True)
class Block:
    """A piece of a section; `name` is empty where nothing can refer to it."""

    place: Place
    name: str

    kind: ClassVar[str]
    """What an author types behind ///; the name of the template, the style and the case."""
    typed: ClassVar[Typed] = "slashes"
    """How it stands in the author's file."""
    label: ClassVar[str] = ""
    """Kind of the labels that lead to it, as in @eq:name."""
    numbered: ClassVar[bool] = False
    """Whether it has a number, and is called as the catalogue says under `label`; otherwise its title stands for it."""
    book_wide: ClassVar[bool] = False
    """Whether its number begins with the chapter's prefix (EQ N2.1) instead of the chapter's number (TABLE 2.1)."""
    options: ClassVar[Options] = Options(required=("title",))
    must_be_referred_to: ClassVar[bool] = False
    """Whether `check` minds when no text refers to it."""
    in_text: ClassVar[bool] = True
    """Whether it is shown where it stands."""
    minutes: ClassVar[float] = 0.0
    """Time that it adds to reading."""

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """The block that an author typed."""
        raise NotImplementedError

    def sentences(self) -> tuple[Text, ...]:
        """What is read as sentences, in reading order."""
        return ()

    def headings(self) -> tuple[Text, ...]:
        """What is read as a heading or beside one."""
        return ()

    def formulas(self) -> tuple[Text, ...]:
        """TeX on lines of its own, besides what stands in the sentences."""
        return ()

    def code(self) -> str:
        """The Python that it lets readers run."""
        return ""

    def run(self) -> str:
        """The name of the run whose output stands below that code."""
        return ""

    def is_covered(self) -> bool:
        """Whether that output is folded until the reader has answered a question."""
        return False

    def searched(self, evaluate: Evaluate) -> tuple[str, ...]:
        """What search looks through besides the title: Markdown."""
        return tuple(text.source for text in self.sentences())

    def html(self, page: PageContext, render: Render) -> Markup:
        """The block on the page."""
        return render()

    def notebook(self, head: str, notebook: NotebookContext) -> str:
        """The block as plain Markdown, beginning with `head`, which names it."""
        return "\n\n".join((head, *map(notebook.text, self.sentences())))


@dataclass(frozen=True)
class Titled(Block):
    """A block with a title."""

    title: str

    def headings(self) -> tuple[Text, ...]:
        """The title."""
        return (Text(self.place, self.title),)
