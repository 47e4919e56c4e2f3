"""Equation: a formula on a line of its own, numbered; the caption explains its symbols.

One that stands `beside` an earlier equation takes its number with a letter, so that no later number changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from press.blocks.block import NotebookContext, Titled
from press.text.options import BlockSource, Options, halves, is_blank, require
from press.text.places import Mistake, Text
from press.text.portable_markdown import filled
from press.text.values import Evaluate

TEX = re.compile(r"[=+&^_)}]|\\[A-Za-z\\]|-\s*\S+\s*[-+=]")
"""How no caption begins."""


@dataclass(frozen=True)
class Equation(Titled):
    """TeX, and the Markdown below it; `beside` names an earlier equation, or nothing."""

    tex: Text
    caption: Text
    beside: Text

    kind = "equation"
    label = "eq"
    numbered = True
    book_wide = True
    options = Options(required=("title",), optional=("beside",))
    must_be_referred_to = True

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """TeX up to the first blank line, then the caption."""
        tex, caption = halves(source.body, is_blank)
        if TEX.match(caption.source):
            hint = "leave no line of it blank; the caption follows"
            place = caption.place.below(-1)
            mistakes.append(Mistake(place, "the TeX of an equation ends at its first blank line", hint))
        require(tex, "this equation is empty", source.place, mistakes)
        if not caption:
            hint = "leave a blank line between the TeX and the caption" if "\n" in tex.source else ""
            what = "this equation has no caption to explain its symbols"
            mistakes.append(Mistake(source.place, what, hint))
        return cls(source.place, source.name, source.option("title").source, tex, caption, source.option("beside"))

    def sentences(self) -> tuple[Text, ...]:
        """The caption."""
        return (self.caption,)

    def formulas(self) -> tuple[Text, ...]:
        """The formula."""
        return (self.tex,)

    def searched(self, evaluate: Evaluate) -> tuple[str, ...]:
        """The TeX as well."""
        return (filled(self.tex.source, evaluate), self.caption.source)

    def notebook(self, head: str, notebook: NotebookContext) -> str:
        """The formula between dollars, then the caption."""
        tex = filled(self.tex.source, notebook.evaluate)
        return f"{head}\n\n$$\n{tex}\n$$\n\n{notebook.text(self.caption)}"
