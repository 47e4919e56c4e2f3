"""Table: rows with a title and a number; a note may stand below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from press.blocks.block import Titled
from press.text.options import BlockSource, halves, is_blank, require
from press.text.places import Mistake, Text
from press.text.scanner.lines import is_table


@dataclass(frozen=True)
class Table(Titled):
    """Rows as Markdown writes them."""

    body: Text
    note: Text

    kind = "table"
    label = "tab"
    numbered = True
    must_be_referred_to = True

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """Rows up to the first blank line, then the note."""
        rows, note = halves(source.body, is_blank)
        require(rows, "this table is empty", source.place, mistakes)
        if rows and not is_table(rows.source):
            mistakes.append(Mistake(rows.place, "this table has no line of dashes below its head", "write |---|---|"))
        return cls(source.place, source.name, source.option("title").source, rows, note)

    def sentences(self) -> tuple[Text, ...]:
        """The rows and the note."""
        return (self.body, self.note)
