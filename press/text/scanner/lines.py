"""The lines of a text: which are code, headings, items of a list, rows of a table, and which are sentences.

Also how each would have to be typed for Python-Markdown, which wants four spaces for every level of a list and a blank
line before lists, tables and code. Knows nothing of what stands inside a sentence; that is `inline.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from press.text.foreign.lines import GRID, LINES, QUOTED
from press.text.foreign.told import first
from press.text.split import FENCE, closing_fence

QUOTE = re.compile(r" {0,3}>[ \t]?")
MARKS = re.compile(rf"(?:{QUOTE.pattern})*")
ITEM = re.compile(r"(?P<mark>[-*+]|(?P<number>\d{1,9})\.)[ \t]+(?=\S)")
RULE = re.compile(r"(?:(?:-[ ]*){3,}|(?:_[ ]*){3,}|(?:\*[ ]*){3,})$")
UNDERLINE = re.compile(r"(?:=+|-+)[ ]*$")
DASHES = re.compile(r"\|?\s*:?-+:?\s*(?:\|[\s:|-]*)?$")
HASHES = re.compile(r"(?P<level>#+)(?P<space>[ \t]*)")
WORD_OF_LANGUAGE = re.compile(r"[\w+#.-]*\s*$")
CODE_OR_ESCAPE, DOUBLE = re.compile(r"`[^`]*`|\\."), re.compile(r"\$\$")
DEEPEST, MOST_QUOTES = 6, 6
STEP = 4
"""Spaces that Python-Markdown wants for a level of a list."""

Slip = tuple[int, str, str]
"""Where in the text something is wrong, what, and a hint."""


@dataclass(frozen=True)
class Span:
    """Consecutive sentences, from one offset to another; the row of a table is one, its cells parted by |."""

    start: int
    end: int
    row: bool = False
    quoted: bool = False


@dataclass(frozen=True)
class Fence:
    """Code that is only shown, from one offset to another, and the name of its language."""

    start: int
    end: int
    language: str


@dataclass(frozen=True)
class Edit:
    """What would have to be typed instead of the characters from one offset to another."""

    start: int
    end: int
    new: str


@dataclass
class Layout:
    """What the lines of a text are."""

    spans: list[Span] = field(default_factory=list)
    tables: list[list[Span]] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class _Level:
    indent: int
    ordered: bool


@dataclass(frozen=True)
class _Line:
    """A line by its offset: its quotation marks, its indentation, and the rest."""

    at: int
    source: str
    quote: str
    indent: int
    words: str

    @property
    def depth(self) -> int:
        return self.quote.count(">")

    @property
    def words_at(self) -> int:
        return self.at + len(self.source) - len(self.words)

    @property
    def end(self) -> int:
        return self.at + len(self.source)


def layout(source: str) -> Layout:
    """Every line of a text in its place."""
    return _Walk(source).all()


def is_table(rows: str) -> bool:
    """Whether the second line is one of dashes."""
    return bool(DASHES.match(rows.partition("\n")[2].partition("\n")[0]))


def _line(source: str, at: int, most: int = 1000) -> _Line:
    """The line at an offset; of its marks of quotation only so many count."""
    marks = MARKS.match(source)
    quote = "".join(QUOTE.findall(marks[0] if marks else "")[:most])
    rest = source[len(quote) :]
    words = rest.lstrip(" \t")
    indent = len(rest[: len(rest) - len(words)].expandtabs(STEP))
    return _Line(at, source, quote, indent, words)


def _opens_display(words: str) -> bool:
    """Whether a formula between $$ begins in a line and goes on in the next, or the other way round."""
    return len(DOUBLE.findall(CODE_OR_ESCAPE.sub("", words))) % 2 == 1


class _Walk:
    def __init__(self, source: str) -> None:
        self.found = Layout()
        self.lines: list[_Line] = []
        at = 0
        for each in source.split("\n"):
            self.lines.append(_line(each, at))
            at += len(each) + 1
        self.levels: list[_Level] = []
        self.start: int | None = None  # of the sentences that are not yet at their end
        self.depth = 0
        self.in_display = False  # whether a formula between $$ goes on
        self.blank, self.apart = True, False  # whether a blank line stands before, or has to be put there

    def all(self) -> Layout:
        n = 0
        while n < len(self.lines):
            n = self.step(n)
        self.close(len(self.lines))
        return self.found

    def slip(self, at: int, what: str, hint: str) -> None:
        self.found.slips.append((at, what, hint))

    def step(self, n: int) -> int:
        """Takes one line, or all those of a table or a fence; the number of the next."""
        line = self.lines[n]
        if not line.words.strip():
            self.close(n)
            self.blank, self.apart = True, False
            return n + 1
        self.quote(n)
        if self.start is not None and self.in_display:
            self.in_display ^= _opens_display(line.words)
            return n + 1
        fence = FENCE.match(line.words)
        if fence:
            return self.fence(n, fence)
        if line.words.startswith("|"):
            return self.table(n)
        if self.start is not None and UNDERLINE.match(line.words):
            self.slip(line.at, "a heading is not underlined here", "write ## before its words")
        elif RULE.match(line.words):
            self.close(n)
            self.put(line, self.prefix(line, 0))
        elif line.words.startswith("#"):
            self.heading(n)
        elif self.is_item(line):
            self.item(n)
        else:
            self.text(n)
        self.blank = False
        return n + 1

    def quote(self, n: int) -> None:
        """Goes into a quotation or out of it; plain words without marks go on with the one above."""
        line = self.lines[n]
        lazy = self.start is not None and line.depth < self.depth
        if line.depth == self.depth or (lazy and self.is_text(n)):
            return
        self.close(n)
        self.levels = []
        self.apart = self.apart or (line.depth < self.depth and not self.blank)
        self.depth = line.depth
        if line.depth > MOST_QUOTES:
            self.slip(line.at, "quotations too deep in each other", f"at most {MOST_QUOTES}")

    def is_text(self, n: int) -> bool:
        line = self.lines[n]
        begins = FENCE.match(line.words) or RULE.match(line.words) or line.words.startswith(("#", "|"))
        return not begins and not self.is_item(line)

    def close(self, n: int) -> None:
        """The sentences end before line n."""
        if self.start is not None:
            self.found.spans.append(Span(self.start, self.lines[n - 1].end, quoted=self.depth > 0))
            self.start, self.in_display = None, False

    def put(self, line: _Line, prefix: str, *, apart: bool = False) -> None:
        """The line begins with `prefix` instead, and a blank line stands before it if need be."""
        gap = ">" * line.depth + "\n" if (apart and not self.blank) or self.apart else ""
        self.apart = False
        if gap + prefix != line.source[: line.words_at - line.at]:
            self.found.edits.append(Edit(line.at, line.words_at, gap + prefix))

    def prefix(self, line: _Line, levels: int) -> str:
        return "> " * line.depth + " " * STEP * levels

    def enter(self, line: _Line) -> None:
        """Leaves the items of lists that this line does not belong to, when it begins a paragraph."""
        while self.levels and line.indent < self.levels[-1].indent + 2:
            self.levels.pop()

    def fence(self, n: int, opening: re.Match[str]) -> int:
        line = self.lines[n]
        self.close(n)
        self.enter(line)
        inside = self.code(n, opening["ticks"])
        last = inside[-1] if inside else line
        prefix = self.prefix(line, len(self.levels))
        self.put(line, prefix, apart=True)
        language = self.language(line, opening)
        for each in inside[:-1]:
            self.found.edits.append(Edit(each.at, each.words_at, prefix + " " * max(0, each.indent - line.indent)))
        if inside:
            self.found.edits.append(Edit(last.at, last.end, prefix + opening["ticks"]))
        self.found.fences.append(Fence(line.at, last.end, language))
        self.blank, self.apart = False, True
        return n + 1 + len(inside)

    def code(self, n: int, ticks: str) -> list[_Line]:
        """The lines of code below line n, and the one that closes the fence. In code, > is no mark of a quotation."""
        depth, found = self.lines[n].depth, []
        closing = closing_fence(ticks)
        for each in self.lines[n + 1 :]:
            line = _line(each.source, each.at, depth)
            if line.depth < depth:
                break
            found.append(line)
            if closing.match(line.words):
                return found
        self.slip(self.lines[n].at, "this code fence is never closed", f"end it with {ticks}")
        return found

    def language(self, line: _Line, opening: re.Match[str]) -> str:
        """The name of a language behind the fence; nothing, and a slip, for anything else."""
        language = opening["info"].strip()
        if WORD_OF_LANGUAGE.match(language):
            return language
        if "{" not in language:
            hint = "a fence opens with the name of a language, or nothing"
            self.slip(line.at, f"“{language}” is no language", hint)
        elif line.depth or line.indent:
            self.slip(line.at, "a cell stands by itself", "begin it at the beginning of a line")
        self.found.edits.append(Edit(line.words_at + len(opening["ticks"]), line.end, ""))
        return ""

    def table(self, n: int) -> int:
        end = n
        while end < len(self.lines) and self.lines[end].words.strip() and self.lines[end].depth == self.depth:
            end += 1
        rows = self.lines[n:end]
        self.close(n)
        self.enter(rows[0])
        if n and re.match(GRID, self.lines[n - 1].words):
            pass  # which was told there
        elif len(rows) < 2 or not DASHES.match(rows[1].words):
            self.slip(rows[0].at, "this table has no line of dashes below its head", "write |---|---|")
        elif outside := next((row for row in rows if not row.words.startswith("|")), None):
            self.slip(outside.at, "this is no row of the table above", "leave a blank line below a table")
        prefix = self.prefix(rows[0], len(self.levels))
        self.put(rows[0], prefix, apart=True)
        for row in rows[1:]:
            self.put(row, prefix)
        spans = [Span(row.words_at, row.end, row=True) for row in rows]
        self.found.spans += [span for k, span in enumerate(spans) if k != 1 or not DASHES.match(rows[1].words)]
        self.found.tables.append(spans)
        self.blank = False
        return end

    def heading(self, n: int) -> None:
        line = self.lines[n]
        self.close(n)
        if line.indent < 2:
            self.levels = []
        hashes = HASHES.match(line.words)
        assert hashes
        level = len(hashes["level"])
        if level == 1 and hashes["space"]:
            self.slip(line.at, "a section has one title, at its top", "use ## for a sub-heading")
        elif not hashes["space"]:
            self.slip(line.at, "a heading has a space after its #", r"write \# for the sign itself")
        elif not line.words.strip("# \t"):
            self.slip(line.at, "a heading without words", "write them behind the signs")
        elif level > 4:
            self.slip(line.at, "a sub-heading of too low a level", "use ##, ### or ####")
        self.put(line, self.prefix(line, len(self.levels)))
        self.found.headings.append(line.words_at)
        self.found.spans.append(Span(line.words_at + hashes.end(), line.end))

    def is_item(self, line: _Line) -> bool:
        """A number other than 1 inside a paragraph is a number: “it was in / 1998. Then …”."""
        item = ITEM.match(line.words)
        inside = self.start is not None and not self.levels
        return bool(item) and not (inside and item and item["number"] and item["number"] != "1")

    def item(self, n: int) -> None:
        line, before = self.lines[n], len(self.levels)
        item = ITEM.match(line.words)
        assert item
        ordered = bool(item["number"])
        if not self.levels and line.indent >= STEP:
            self.indented(line)
        while self.levels and line.indent < self.levels[-1].indent:
            self.levels.pop()
        if self.levels and line.indent < self.levels[-1].indent + 2:
            if self.levels[-1].ordered != ordered:
                hint = "write one kind, or a paragraph between two lists"
                self.slip(line.at, "a list goes on with another kind of mark", hint)
        else:
            self.levels.append(_Level(line.indent, ordered))
        if len(self.levels) > DEEPEST:
            self.slip(line.at, "lists too deep in each other", f"at most {DEEPEST} levels")
        apart = self.start is not None and not before
        self.close(n)
        self.put(line, self.prefix(line, len(self.levels) - 1), apart=apart)
        self.content(line, line.words[item.end() :])
        self.in_display = _opens_display(line.words)
        self.start = line.words_at + item.end()

    def content(self, line: _Line, words: str) -> None:
        """What cannot stand behind the mark of a list."""
        if re.match(r"\[[ xX]?\](\s|$)", words):
            self.slip(line.at, "boxes to tick are not known here", "write a plain list")
        elif FENCE.match(words):
            self.slip(line.at, "code begins on a line of its own", "write the fence below, four spaces to the right")
        elif re.match(r"#{1,6}\s", words):
            self.slip(line.at, "a heading in a list", "write **words**")
        elif words.startswith("|"):
            self.slip(line.at, "a table in a list begins on a line of its own", "write it below")

    def indented(self, line: _Line) -> None:
        self.slip(line.at, "lines far to the right are no code here", "write ``` above and below, or take spaces out")

    def text(self, n: int) -> None:
        line = self.lines[n]
        self.in_display = _opens_display(line.words)
        above = self.lines[n - 1].words.rstrip() + "\n" if n else ""
        if found := first(LINES + (QUOTED if line.depth else ()), above + line.words, len(above)):
            self.slip(line.at, found.what, found.hint)
        following = self.lines[n + 1].words if n + 1 < len(self.lines) else ""
        if "|" in line.words and "|" in following and DASHES.match(following):
            self.slip(line.at, "the rows of a table begin and end with |", "write | a | b |")
        if self.start is not None:
            if len(self.levels) > 1:
                self.put(line, self.prefix(line, len(self.levels) - 1))
            return
        self.enter(line)
        base = self.levels[-1].indent + STEP if self.levels else 0
        if line.indent - base >= STEP:
            self.indented(line)
        if self.levels or self.apart:
            self.put(line, self.prefix(line, len(self.levels)))
        self.start = line.words_at
