"""After: text that stays folded until the reader has committed to an answer to a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from markupsafe import Markup

from press.blocks.block import NotebookContext, PageContext, Render
from press.blocks.prose import Prose
from press.blocks.question import asked
from press.text.options import BlockSource, Options, require
from press.text.places import Mistake, Text


@dataclass(frozen=True)
class After(Prose):
    """Prose behind a question of this chapter."""

    question: Text

    kind = "after"
    typed = "slashes"
    options = Options()

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """Its name is that of the question."""
        body = require(source.body, "nothing stands in this block", source.place, mistakes)
        return cls(source.place, "", body, Text(source.place, source.name))

    def html(self, page: PageContext, render: Render) -> Markup:
        """The text, folded."""
        return render(asked=asked(self.question, page.writer.links, page.writer.mistakes))

    def notebook(self, head: str, notebook: NotebookContext) -> str:
        """The text, folded."""
        return f"<details><summary>The answer</summary>\n\n{notebook.text(self.text)}\n\n</details>"
