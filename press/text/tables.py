"""Tables as Markdown writes them: rows whose cells agree in number. Renders nothing."""

from __future__ import annotations

import re

from press.text.places import Mistake, Text

DASHES = re.compile(r"\|?\s*:?-+:?\s*(\|[\s:|-]*)?$", re.MULTILINE)
CODE_OR_ROWS = re.compile(r"^(?P<ticks>`{3,}|~{3,})(?s:.*?)^(?P=ticks)|(?P<rows>(?:^\|.*\n?)+)", re.MULTILINE)


def has_head(rows: Text) -> bool:
    """Whether the second line is one of dashes."""
    return bool(DASHES.match(rows.source.partition("\n")[2]))


def check_columns(rows: Text, mistakes: list[Mistake]) -> None:
    """Markdown would drop surplus cells and pad missing ones without a word."""
    widths = [len(re.findall(r"(?<!\\)\|", re.sub(r"`[^`]*`|\$[^$]*\$", "", row))) for row in rows.source.split("\n")]
    for n, width in enumerate(widths):
        if width != widths[0]:
            what = f"this row has {width - 1} cells, the head of the table {widths[0] - 1}"
            mistakes.append(Mistake(rows.place.below(n), what))


def check_tables(text: Text, mistakes: list[Mistake]) -> None:
    """The same for every table in a text, code left out."""
    for found in CODE_OR_ROWS.finditer(text.source):
        rows = Text(text.place.below(text.source.count("\n", 0, found.start())), (found["rows"] or "").rstrip("\n"))
        if has_head(rows):
            check_columns(rows, mistakes)
