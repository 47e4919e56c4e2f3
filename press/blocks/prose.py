"""Prose: paragraphs, lists and sub-headings between two other blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from press.blocks.block import Block, NotebookContext, Typed
from press.text.options import BlockSource, Options
from press.text.places import Mistake, Text
from press.text.values import Evaluate


@dataclass(frozen=True)
class Prose(Block):
    """Markdown as typed."""

    text: Text

    kind = "prose"
    typed: ClassVar[Typed] = "prose"
    options = Options()

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """All of it."""
        return cls(source.place, "", source.body)

    def sentences(self) -> tuple[Text, ...]:
        """All of it."""
        return (self.text,)

    def searched(self, evaluate: Evaluate) -> tuple[str, ...]:
        """Nothing: prose is found as its section's."""
        return ()

    def notebook(self, head: str, notebook: NotebookContext) -> str:
        """The text alone."""
        return notebook.text(self.text)
