"""Author's text -> model. Strict: whatever is not understood becomes a mistake with its place and a suggestion.

`section(source, file)` is the entry: it splits the file into pieces and builds one block from each. Labels, TeX and
Markdown stay as typed; they are looked at further down the line.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field

from press.hint import meant
from press.model import (
    Block,
    Callout,
    Cell,
    Equation,
    Exercise,
    Instrument,
    Lab,
    Mistake,
    Place,
    Prose,
    Section,
    Table,
    Text,
)
from press.split import Piece, split

NAME = re.compile(r"^[a-z][a-z0-9-]*$")
TITLE = re.compile(r"^#\s+(?P<title>.+?)\s*\{#(?P<name>[^}]*)\}\s*$")
OPTION = re.compile(r"^(?P<key>[a-z]+):\s*(?P<value>.*?)\s*$")
RULE = re.compile(r"^---+\s*$")


def section(source: str, file: str) -> tuple[Section, list[Mistake]]:
    """One markdown file as a section, with every mistake in it."""
    lines = source.splitlines()
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    place = Place(file, first + 1)
    heading = TITLE.match(lines[first]) if lines else None
    mistakes: list[Mistake] = []
    if heading is None:
        mistakes.append(Mistake(place, "a section begins with its title", "write # Title {#name}"))
    title, name = (heading["title"], heading["name"]) if heading else ("", "")
    if heading:
        _check_name(name, place, mistakes)
    pieces, split_mistakes = split(
        lines[first + 1 :] if heading else lines, place.below(1) if heading else Place(file, 1)
    )
    blocks = tuple(block for piece in pieces if (block := _block(piece, mistakes)) is not None)
    return Section(place, name, title, blocks), mistakes + split_mistakes


def _block(piece: Piece, mistakes: list[Mistake]) -> Block | None:
    if piece.sort == "prose":
        return Prose(Text(piece.place, "\n".join(piece.lines)))
    if piece.sort == "cell":
        return _cell(piece, mistakes)
    kind, _, name = (part.strip() for part in piece.head.partition("|"))
    if kind not in KINDS:
        mistakes.append(Mistake(piece.place, f"unknown block “{kind}”", meant(kind, KINDS)))
        return None
    _check_name(name, piece.place, mistakes)
    return KINDS[kind].build(_opened(piece, name, KINDS[kind], mistakes), mistakes)


@dataclass(frozen=True)
class _Opened:
    """A block with its options taken off: what the builders below work on."""

    place: Place
    name: str
    options: dict[str, Text]
    body: Text

    def option(self, key: str) -> Text:
        return self.options.get(key, Text(self.place, ""))


@dataclass(frozen=True)
class _Kind:
    """What a kind of block must and may say, and the function that builds it."""

    build: Callable[[_Opened, list[Mistake]], Block]
    required: tuple[str, ...] = ("title",)
    optional: tuple[str, ...] = field(default=())


def _opened(piece: Piece, name: str, kind: _Kind, mistakes: list[Mistake]) -> _Opened:
    """Reads `key: value` lines up to the first blank line; the rest is the body."""
    options: dict[str, Text] = {}
    known = kind.required + kind.optional
    count = next((n for n, line in enumerate(piece.lines) if not OPTION.match(line)), len(piece.lines))
    for number, line in enumerate(piece.lines[:count], start=1):
        match = OPTION.match(line)
        assert match
        place, key = piece.place.below(number), match["key"]
        if key not in known:
            mistakes.append(Mistake(place, f"unknown option “{key}”", meant(key, known)))
        elif key in options:
            mistakes.append(Mistake(place, f"option “{key}” is given twice"))
        options[key] = Text(place, match["value"])
    sort = piece.head.partition("|")[0].strip()
    for key in kind.required:
        if not options.get(key):
            what = "this exercise has no answer" if key == "answer" else f"this {sort} has no {key}"
            mistakes.append(Mistake(piece.place, what, f"add a line {key}: … below the opening"))
    if count < len(piece.lines) and piece.lines[count].strip():
        hint = "leave a blank line between the options and the text"
        mistakes.append(Mistake(piece.place.below(count + 1), "expected an option or a blank line", hint))
    return _Opened(piece.place, name, options, _text(piece.lines[count:], piece.place.below(count + 1)))


def _text(lines: tuple[str, ...], place: Place) -> Text:
    """Lines without the blank ones around them, placed at the first that is left."""
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    return Text(place.below(first), "\n".join(lines[first:]).rstrip())


def _halves(text: Text, divider: Callable[[str], bool]) -> tuple[Text, Text]:
    """The text before and after the first line that divides; the second is empty where none does."""
    lines = tuple(text.source.split("\n"))
    at = next((n for n, line in enumerate(lines) if divider(line)), len(lines))
    return _text(lines[:at], text.place), _text(lines[at + 1 :], text.place.below(at + 1))


def _is_blank(line: str) -> bool:
    return not line.strip()


def _check_name(name: str, place: Place, mistakes: list[Mistake]) -> None:
    if not NAME.match(name):
        what = f"“{name}” is not a name" if name else "this has no name to refer to it by"
        mistakes.append(Mistake(place, what, "use small letters, digits and hyphens, as in max-pooling"))


def _require(text: Text, what: str, place: Place, mistakes: list[Mistake]) -> Text:
    if not text:
        mistakes.append(Mistake(place, what))
    return text


def _equation(block: _Opened, mistakes: list[Mistake]) -> Equation:
    tex, caption = _halves(block.body, _is_blank)
    _require(tex, "this equation is empty", block.place, mistakes)
    _require(caption, "this equation has no caption to explain its symbols", block.place, mistakes)
    return Equation(block.place, block.name, block.option("title").source, tex, caption)


def _exercise(block: _Opened, mistakes: list[Mistake]) -> Exercise:
    question, explanation = _halves(block.body, lambda line: bool(RULE.match(line)))
    _require(question, "this exercise asks nothing", block.place, mistakes)
    _require(explanation, "this exercise has no explanation; write it below a line ---", block.place, mistakes)
    answer, unit = block.option("answer"), block.option("unit").source
    return Exercise(block.place, block.name, question, answer, explanation, unit)


def _instrument(block: _Opened, _: list[Mistake]) -> Instrument:
    chips = block.option("chips")
    parts = tuple(Text(chips.place, chip.strip()) for chip in chips.source.split("·") if chip.strip())
    return Instrument(block.place, block.name, block.option("title").source, parts, block.body)


def _lab(block: _Opened, mistakes: list[Mistake]) -> Lab:
    return Lab(**vars(_instrument(block, mistakes)))


def _callout(block: _Opened, mistakes: list[Mistake]) -> Callout:
    body = _require(block.body, "this callout is empty", block.place, mistakes)
    return Callout(block.place, block.name, block.option("title").source, body)


def _table(block: _Opened, mistakes: list[Mistake]) -> Table:
    rows, note = _halves(block.body, _is_blank)
    _require(rows, "this table is empty", block.place, mistakes)
    _check_columns(rows, mistakes)
    return Table(block.place, block.name, block.option("title").source, rows, note)


def _check_columns(rows: Text, mistakes: list[Mistake]) -> None:
    """Markdown would drop surplus cells and pad missing ones without a word."""
    widths = [len(re.findall(r"(?<!\\)\|", re.sub(r"`[^`]*`|\$[^$]*\$", "", row))) for row in rows.source.split("\n")]
    for n, width in enumerate(widths):
        if width != widths[0]:
            what = f"this row has {width - 1} cells, the head of the table {widths[0] - 1}"
            mistakes.append(Mistake(rows.place.below(n), what))


KINDS = {
    "equation": _Kind(_equation),
    "exercise": _Kind(_exercise, required=("answer",), optional=("unit",)),
    "instrument": _Kind(_instrument, optional=("chips",)),
    "lab": _Kind(_lab, optional=("chips",)),
    "callout": _Kind(_callout),
    "table": _Kind(_table),
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
    _check_name(name, piece.place, mistakes)
    if not options.get("title"):
        mistakes.append(Mistake(piece.place, "this cell has no title", 'write {#name title="…"}'))
    code = "\n".join(piece.lines).rstrip("\n") + "\n"
    return Cell(piece.place, name, options.get("title", ""), code, tuple(options.get("needs", "").split()))
