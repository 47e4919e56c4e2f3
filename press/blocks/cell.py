"""Cell: Python to run and to change, with what it printed when the page was built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from markupsafe import Markup

from press.blocks.block import NotebookContext, PageContext, Render, Titled
from press.blocks.question import asked
from press.text.options import BlockSource, Options
from press.text.places import Mistake, Text
from press.text.values import Evaluate


@dataclass(frozen=True)
class Cell(Titled):
    """The cells it `needs` run first in the same namespace.

    `alt` says in words what its picture shows; what it put out is folded `after` a question.
    """

    source: str
    needs: tuple[str, ...] = ()
    alt: str = ""
    after: Text | None = None

    kind = "cell"
    typed = "fence"
    label = "cell"
    numbered = True
    options = Options(required=("title",), optional=("needs", "alt", "after"))
    minutes = 1.5

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """The code of a fence."""
        needs = tuple(source.option("needs").source.split())
        title, alt = (source.option(name).source for name in ("title", "alt"))
        after = source.option("after") or None
        return cls(source.place, source.name, title, source.body.source, needs, alt, after)

    def code(self) -> str:
        """All of it."""
        return self.source

    def run(self) -> str:
        """A cell's run has its name."""
        return self.name

    def is_covered(self) -> bool:
        """Where a question comes first."""
        return self.after is not None

    def searched(self, evaluate: Evaluate) -> tuple[str, ...]:
        """The code."""
        return (f"```\n{self.source}```",)

    def html(self, page: PageContext, render: Render) -> Markup:
        """The code and what it printed."""
        question = asked(self.after, page.writer.links, page.writer.mistakes) if self.after else ""
        return render(output=page.outputs[self.name], needs=page.needs[self.name], question=question)

    def notebook(self, head: str, notebook: NotebookContext) -> str:
        """Its head; the code follows in a cell of the notebook."""
        return head
