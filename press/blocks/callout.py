"""Callout: a titled aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from press.blocks.block import NotebookContext, Titled
from press.text.options import BlockSource, check_plain, require
from press.text.places import Mistake, Text


@dataclass(frozen=True)
class Callout(Titled):
    """Markdown."""

    body: Text

    kind = "callout"
    label = "note"

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """Its title is what links show."""
        body = require(source.body, "this callout is empty", source.place, mistakes)
        check_plain(source.option("title"), "a callout", "", mistakes)
        return cls(source.place, source.name, source.option("title").source, body)

    def sentences(self) -> tuple[Text, ...]:
        """The body."""
        return (self.body,)

    def notebook(self, head: str, notebook: NotebookContext) -> str:
        """A quotation."""
        return "> " + f"{head}\n\n{notebook.text(self.body)}".replace("\n", "\n> ")
