"""Cell: Python to run and to change, with what it printed when the page was built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from markupsafe import Markup

from press.blocks.block import NotebookContext, PageContext, Render, Titled
from press.text.options import BlockSource, Options
from press.text.places import Mistake
from press.text.values import Evaluate


@dataclass(frozen=True)
class Cell(Titled):
    """The cells it `needs` run first in the same namespace; `alt` says in words what its picture shows."""

    source: str
    needs: tuple[str, ...] = ()
    alt: str = ""

    kind = "cell"
    typed = "fence"
    label = "cell"
    words = "CELL"
    options = Options(required=("title",), optional=("needs", "alt"))
    minutes = 1.5

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """The code of a fence."""
        needs = tuple(source.option("needs").source.split())
        words = (source.option(name).source for name in ("title", "alt"))
        title, alt = words
        return cls(source.place, source.name, title, source.body.source, needs, alt)

    def code(self) -> str:
        """All of it."""
        return self.source

    def run(self) -> str:
        """A cell's run has its name."""
        return self.name

    def searched(self, evaluate: Evaluate) -> tuple[str, ...]:
        """The code."""
        return (f"```\n{self.source}```",)

    def html(self, page: PageContext, render: Render) -> Markup:
        """The code and what it printed."""
        return render(output=page.outputs[self.name], needs=page.needs[self.name])

    def notebook(self, head: str, notebook: NotebookContext) -> str:
        """Its head; the code follows in a cell of the notebook."""
        return head
