"""Term: a word of the field, or a symbol, and the one sentence that explains it; listed near the chapter's end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from press.blocks.block import NotebookContext, Titled
from press.text.options import BlockSource, Options, check_plain, require
from press.text.places import Mistake, Text


@dataclass(frozen=True)
class Term(Titled):
    """The symbol is Markdown, usually a formula."""

    symbol: Text
    definition: Text

    kind = "term"
    label = "term"
    options = Options(required=("title",), optional=("symbol",))
    must_be_referred_to = True
    in_text = False

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """Its title is what links show."""
        title = source.option("title")
        check_plain(title, "a term", "write its symbol below it: symbol: $k$", mistakes)
        definition = require(source.body, "this term is not explained", source.place, mistakes)
        return cls(source.place, source.name, title.source, source.option("symbol"), definition)

    def sentences(self) -> tuple[Text, ...]:
        """The symbol and the sentence."""
        return (self.symbol, self.definition)

    def notebook(self, head: str, notebook: NotebookContext) -> str:
        """A line of the list."""
        name = " ".join(part for part in (f"**{self.title}**", notebook.text(self.symbol)) if part)
        return f'- <a id="term-{self.name}"></a>{name}: {notebook.text(self.definition)}'
