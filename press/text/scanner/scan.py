"""A text taken apart, with offsets and without guessing: its lines, the signs in its sentences, and what is wrong.

The one home of what an author's dialect of Markdown is. Pure; `markdown.py` makes HTML of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from press.text.labels import Label
from press.text.places import Mistake, Place
from press.text.scanner.inline import DEEPEST, LABEL, PAIRED, Token, tokens, too_deep
from press.text.scanner.lines import Edit, Fence, Slip, Span, layout


@dataclass(frozen=True)
class Scan:
    """What was found in a text: signs and fences by their offsets, and the edits that Python-Markdown needs."""

    source: str
    tokens: tuple[Token, ...]
    fences: tuple[Fence, ...]
    edits: tuple[Edit, ...]
    slips: tuple[Slip, ...]
    headings: tuple[int, ...]

    def line(self, offset: int) -> int:
        """How many lines stand above an offset."""
        return _line(self.source, offset)

    def inner(self, token: Token) -> str:
        """What a sign encloses."""
        return self.source[token.inner_start : token.inner_end]

    def cited(self, token: Token, words: str) -> tuple[str, str]:
        """What stands before a label's link and in it: `@cite:a,b` is `[1,` and, after a space, `2]`."""
        before, inside = "", words
        if self.source.startswith(",", token.start):
            before, inside = " ", inside.removeprefix("[")
        if any(other.start == token.end and self.source.startswith(",", token.end) for other in self.tokens):
            inside = f"{inside.removesuffix(']')},"
        return before, inside

    def mistakes(self, place: Place) -> list[Mistake]:
        """What is wrong with a text that begins at a place."""
        return [Mistake(place.below(self.line(at)), what, hint) for at, what, hint in self.slips]


def _line(source: str, offset: int) -> int:
    return source.count("\n", 0, offset)


@lru_cache(maxsize=8192)
def scan(source: str) -> Scan:
    """Takes a text apart."""
    found = layout(source)
    signs: list[Token] = []
    slips = list(found.slips)
    told = {_line(source, at) for at, _, _ in slips}  # a line that is no sentence needs no word on its signs
    bars: dict[Span, list[int]] = {}
    for span in found.spans:
        more, wrong, bars[span] = tokens(source, span)
        signs += more
        slips += [slip for slip in wrong if _line(source, slip[0]) not in told]
    for deep in too_deep(signs):
        slips.append((deep.start, "signs too deep in each other", f"at most {DEEPEST}"))
        signs.remove(deep)
    for table in found.tables:
        rows = [row for row in table if row in bars and source.startswith("|", row.start)]
        slips += _ragged([(row.start, len(bars[row])) for row in rows])
    signs.sort(key=lambda token: (token.start, -token.end))
    parts = (tuple(signs), tuple(found.fences), tuple(found.edits), tuple(slips), tuple(found.headings))
    return Scan(source, *parts)


def _ragged(rows: list[tuple[int, int]]) -> Iterator[Slip]:
    """Markdown would drop surplus cells and pad missing ones without a word."""
    for at, bars in rows:
        if bars != rows[0][1]:
            yield at, f"this row has {bars - 1} cells, the head of the table {rows[0][1] - 1}", ""


def labels(source: str) -> list[Label]:
    """Every label that a text refers to, by itself or with words, in reading order."""
    if "@" not in source:
        return []
    found = (token.target.partition("?")[0].removeprefix("@") for token in scan(source).tokens if is_label(token))
    return [Label(*each.split(":", 1)) for each in found]


def is_label(token: Token) -> bool:
    """Whether a sign leads to a label."""
    return token.sort == "label" or (token.sort == "link" and bool(LEADS.fullmatch(token.target)))


LEADS = re.compile(rf"{LABEL.pattern}(?:\?(?P<settings>.*))?")
"""The target of a link that leads to a label, and the settings of an instrument."""


def formulas(source: str) -> Iterator[tuple[str, bool]]:
    """Every formula in a text, and whether it stands on a line of its own; none that has a value to compute."""
    found = scan(source)
    for token in found.tokens:
        if token.sort in ("formula", "display") and not COMPUTED.search(found.inner(token)):
            yield found.inner(token), token.sort == "display"


COMPUTED = re.compile(r"\{\{(?=\s)([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\}")
"""A value in a formula; without a space behind them two braces are TeX."""


def count_words(source: str) -> int:
    """How many words a reader meets: a formula, a computed number or a label counts as one."""
    found = scan(source)
    one = ("formula", "display", "value", "label")
    cuts = [Edit(token.start, token.end, "word") for token in found.tokens if token.sort in one]
    return len(re.findall(r"\S*\w\S*", edited(source, cuts)))


def blanked(source: str) -> str:
    """The text with spaces for all that is no prose: code, formulas, values, labels and addresses; lines stay."""
    found = scan(source)
    cuts = [(fence.start, fence.end) for fence in found.fences]
    for token in found.tokens:
        if token.sort == "link" or token.sort == "picture":
            cuts.append((token.inner_end, token.end))
        elif token.sort not in PAIRED:
            cuts.append((token.start, token.end))
    return edited(source, [Edit(start, end, re.sub(r"[^\n]", " ", source[start:end])) for start, end in sorted(cuts)])


def edited(source: str, edits: list[Edit]) -> str:
    """The text with all edits made; one inside another is left out."""
    parts, at = [], 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        if edit.start >= at:
            parts += [source[at : edit.start], edit.new]
            at = edit.end
    return "".join((*parts, source[at:]))
