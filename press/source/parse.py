"""Author's text -> model. Strict: whatever is not understood becomes a mistake with its place and a suggestion.

`section(source, file)` is the entry: it splits the file into pieces and builds one block from each. Labels, TeX and
Markdown stay as typed; they are looked at further down the line.
"""

from __future__ import annotations

import re
import shlex

from press.book.model import (
    Block,
    Callout,
    Cell,
    Equation,
    Instrument,
    Lab,
    Mistake,
    Place,
    Prose,
    Section,
    Table,
    Term,
    Text,
)
from press.book.suggestion import meant
from press.source.exercises import exercise, task
from press.source.options import BlockSource, Kind, check_name, halves, is_blank, read_options, require
from press.source.split import Piece, split

DASHES = re.compile(r"\|?\s*:?-+:?\s*(\|[\s:|-]*)?$", re.MULTILINE)
CODE_OR_ROWS = re.compile(r"^(?P<ticks>`{3,}|~{3,})(?s:.*?)^(?P=ticks)|(?P<rows>(?:^\|.*\n?)+)", re.MULTILINE)
MARKUP = re.compile(r"[$*`@\\\[{<]")
TITLE = re.compile(r"^#\s+(?P<title>.+?)\s*\{#(?P<name>[^}]*)\}\s*$")


def section(source: str, file: str) -> tuple[Section, list[Mistake]]:
    """One markdown file as a section, with every mistake in it."""
    lines = source.split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    place = Place(file, first + 1)
    heading = TITLE.match(lines[first]) if lines else None
    mistakes: list[Mistake] = []
    if heading is None:
        mistakes.append(Mistake(place, "a section begins with its title", "write # Title {#name}"))
    title, name = (heading["title"], heading["name"]) if heading else ("", "")
    if heading:
        check_name(name, place, mistakes)
        _plain(Text(place, title), "a section", "", mistakes)
    pieces, split_mistakes = split(
        lines[first + 1 :] if heading else lines, place.below(1) if heading else Place(file, 1)
    )
    blocks = tuple(block for piece in pieces if (block := _block(piece, mistakes)) is not None)
    return Section(place, name, title, blocks), mistakes + split_mistakes


def _block(piece: Piece, mistakes: list[Mistake]) -> Block | None:
    if piece.sort == "prose":
        return _prose(Text(piece.place, "\n".join(piece.lines)), mistakes)
    if piece.sort == "cell":
        return _cell(piece, mistakes)
    kind, _, name = (part.strip() for part in piece.head.partition("|"))
    if kind not in KINDS:
        mistakes.append(Mistake(piece.place, f"unknown block “{kind}”", meant(kind, KINDS)))
        return None
    check_name(name, piece.place, mistakes)
    return KINDS[kind].build(read_options(piece, name, KINDS[kind], mistakes), mistakes)


def _prose(text: Text, mistakes: list[Mistake]) -> Prose:
    for found in CODE_OR_ROWS.finditer(text.source):
        rows = Text(text.place.below(text.source.count("\n", 0, found.start())), (found["rows"] or "").rstrip("\n"))
        if DASHES.match(rows.source.partition("\n")[2]):
            _check_columns(rows, mistakes)
    return Prose(text)


def _equation(block: BlockSource, mistakes: list[Mistake]) -> Equation:
    tex, caption = halves(block.body, is_blank)
    require(tex, "this equation is empty", block.place, mistakes)
    require(caption, "this equation has no caption to explain its symbols", block.place, mistakes)
    return Equation(block.place, block.name, block.option("title").source, tex, caption)


def _instrument(block: BlockSource, _: list[Mistake]) -> Instrument:
    chips = block.option("chips")
    parts = tuple(Text(chips.place, chip.strip()) for chip in chips.source.split("·") if chip.strip())
    return Instrument(block.place, block.name, block.option("title").source, parts, block.body)


def _lab(block: BlockSource, mistakes: list[Mistake]) -> Lab:
    return Lab(**vars(_instrument(block, mistakes)))


def _callout(block: BlockSource, mistakes: list[Mistake]) -> Callout:
    body = require(block.body, "this callout is empty", block.place, mistakes)
    _plain(block.option("title"), "a callout", "", mistakes)
    return Callout(block.place, block.name, block.option("title").source, body)


def _plain(title: Text, of: str, hint: str, mistakes: list[Mistake]) -> None:
    """What links show as it is typed, and the contents, can hold no markup."""
    if MARKUP.search(title.source):
        mistakes.append(Mistake(title.place, f"the title of {of} is plain words", hint))


def _table(block: BlockSource, mistakes: list[Mistake]) -> Table:
    rows, note = halves(block.body, is_blank)
    require(rows, "this table is empty", block.place, mistakes)
    _check_columns(rows, mistakes)
    if rows and not DASHES.match(rows.source.partition("\n")[2]):
        mistakes.append(Mistake(rows.place, "this table has no line of dashes below its head", "write |---|---|"))
    return Table(block.place, block.name, block.option("title").source, rows, note)


def _term(block: BlockSource, mistakes: list[Mistake]) -> Term:
    title = block.option("title")
    _plain(title, "a term", "write its symbol below it: symbol: $k$", mistakes)
    definition = require(block.body, "this term is not explained", block.place, mistakes)
    return Term(block.place, block.name, title.source, block.option("symbol"), definition)


def _check_columns(rows: Text, mistakes: list[Mistake]) -> None:
    """Markdown would drop surplus cells and pad missing ones without a word."""
    widths = [len(re.findall(r"(?<!\\)\|", re.sub(r"`[^`]*`|\$[^$]*\$", "", row))) for row in rows.source.split("\n")]
    for n, width in enumerate(widths):
        if width != widths[0]:
            what = f"this row has {width - 1} cells, the head of the table {widths[0] - 1}"
            mistakes.append(Mistake(rows.place.below(n), what))


KINDS = {
    "equation": Kind(_equation),
    "exercise": Kind(exercise, required=("answer",), optional=("unit", "numbers"), several=("slip", "hint")),
    "task": Kind(task, several=("hint",)),
    "instrument": Kind(_instrument, optional=("chips",)),
    "lab": Kind(_lab, optional=("chips",)),
    "callout": Kind(_callout),
    "table": Kind(_table),
    "term": Kind(_term, optional=("symbol",)),
}


def _cell(piece: Piece, mistakes: list[Mistake]) -> Cell:
    """A fenced block whose info reads `python {#name title="…" needs="other another"}`."""
    name, options = "", {}
    try:
        words = shlex.split(piece.head[piece.head.index("{") + 1 : piece.head.rindex("}")])
    except ValueError:
        mistakes.append(Mistake(piece.place, "cannot read the braces of this cell", 'write {#name title="…"}'))
        words = ["#unreadable", "title=unreadable"]
    for word in words:
        key, equals, value = word.partition("=")
        if word.startswith("#"):
            name = word[1:]
        elif equals and key in ("title", "needs"):
            options[key] = value
        else:
            mistakes.append(Mistake(piece.place, f"unknown option “{key}”", meant(key, ("title", "needs"))))
    check_name(name, piece.place, mistakes)
    if not options.get("title"):
        mistakes.append(Mistake(piece.place, "this cell has no title", 'write {#name title="…"}'))
    code = "\n".join(piece.lines).rstrip("\n") + "\n"
    return Cell(piece.place, name, options.get("title", ""), code, tuple(options.get("needs", "").split()))
