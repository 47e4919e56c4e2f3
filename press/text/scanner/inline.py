"""The signs inside sentences: code, formulas, values, labels, links, pictures, emphasis. Each with its offsets.

What has no partner, and what other dialects have, is a slip at its offset. Renders nothing.
"""

from __future__ import annotations

import html.entities
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from press.text.foreign.signs import BEFORE, INLINE
from press.text.foreign.told import Told, first
from press.text.scanner.lines import Slip, Span

VALUE = re.compile(r"\{\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\}")
LABEL = re.compile(r"@(?P<kind>[a-z]+):(?P<name>\w+(?:[-/]\w+)*)")
DOI = re.compile(r"@cite:(?:https?://doi\.org/)?(?P<doi>10\.\d{4,9}/[^\s,;\]]*\w)")
"""What people write for a key; taken whole so that a message can name it."""
ANOTHER = re.compile(r",(?P<name>\w+(?:[-/]\w+)*)")
"""One more work of a citation."""
CODE = re.compile(r"(?P<ticks>`+)(?!`)(?P<inner>.+?)(?<!`)(?P=ticks)(?!`)", re.DOTALL)
DISPLAY = re.compile(r"\$\$(?P<inner>(?:\\.|[^$\\])+)\$\$", re.DOTALL)
FORMULA = re.compile(r"\$(?P<inner>(?:\\.|[^$\\])+)\$", re.DOTALL)
ADDRESS = re.compile(r"<(?P<inner>[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+|[^\s<>@:/]+@[^\s<>@]+)>")
BARE = re.compile(r"https?://[^\s<>()\[\]]*")
ENTITY = re.compile(r"&(?P<name>#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*)(?P<end>;?)")
TITLE = r"""(?:\s+(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'))?\s*\)"""
TARGET = re.compile(
    r"\(\s*(?:<(?P<angle>[^<>\n]*)>|(?P<plain>(?:[^\s()\\]|\\.|\((?:[^\s()]|\([^\s()]*\))*\))*))" + TITLE, re.DOTALL
)
FILE = re.compile(r"\(\s*(?P<plain>[^()\n\"]*?)" + TITLE)
"""The target of a picture, whose name may have spaces."""
STOP = re.compile(r"[\\`$@{}\[\]<*_|&~=+^:]|%%|(?<!\S)#|\.\. |  +\n|https?://")
DEEPEST = 12

Sort = Literal["code", "formula", "display", "value", "label", "address", "link", "picture", "emphasis", "strong"]
PAIRED = ("link", "emphasis", "strong")
"""Signs around words that are read as words."""


@dataclass(frozen=True)
class Token:
    """A sign by its offsets: all of it, and what it encloses; where it leads and its title, for links and pictures."""

    sort: Sort
    start: int
    end: int
    inner_start: int
    inner_end: int
    target: str = ""
    title: str = ""


@dataclass
class _Run:
    """Consecutive asterisks or low lines; `start` and `count` are those of the ones still without a partner."""

    sign: str
    start: int
    count: int
    opens: bool
    closes: bool

    def __post_init__(self) -> None:
        self.length = self.count


@dataclass(frozen=True)
class _Bracket:
    at: int
    picture: bool
    runs: int
    tokens: int


def tokens(source: str, span: Span) -> tuple[list[Token], list[Slip], list[int]]:
    """The signs of one span, what is wrong with it, and the offsets of the bars that part its cells."""
    walk = _Walk(source, span)
    walk.all()
    return walk.found, walk.slips, walk.bars


class _Walk:
    def __init__(self, source: str, span: Span) -> None:
        self.source, self.span, self.end = source, span, span.end
        self.found: list[Token] = []
        self.slips: list[Slip] = []
        self.bars: list[int] = []
        self.runs: list[_Run] = []
        self.brackets: list[_Bracket] = []
        self.plain_from = span.start  # what stands before has its meaning already
        self.hopeless: set[str] = set()  # signs that have no partner further on
        self.steps: dict[str, Callable[[int], int]] = {
            "\\": self.escape,
            "`": self.code,
            "$": self.formula,
            "@": self.label,
            "{": self.value,
            "}": self.brace,
            "[": self.open,
            "]": self.close,
            "<": self.angle,
            "*": self.run,
            "_": self.run,
            "|": self.bar,
            "&": self.entity,
            "h": self.bare,
        }

    def all(self) -> None:
        at = self.span.start
        while stop := STOP.search(self.source, at, self.end):
            at = self.step(stop)
        self.finish()

    def step(self, stop: re.Match[str]) -> int:
        at = self.foreign(stop.start(), BEFORE)
        return at if at > stop.start() + 1 else self.steps.get(stop[0][0], self.foreign)(stop.start())

    def slip(self, at: int, what: str, hint: str) -> None:
        self.slips.append((at, what, hint))

    def take(self, sort: Sort, match: re.Match[str], inner: int | str = "inner", target: str = "") -> int:
        """A sign that stands for itself; one that goes over several lines of a quotation is none."""
        if self.span.quoted and "\n" in match[0]:
            return -1
        self.found.append(Token(sort, match.start(), match.end(), match.start(inner), match.end(inner), target))
        self.plain_from = match.end()
        return match.end()

    def foreign(self, at: int, rows: Sequence[Told] = INLINE) -> int:
        """What other dialects have and this one has not."""
        found = first(rows, self.source, at, self.end)
        if found is None:
            return at + 1
        self.slip(at, found.what, found.hint)
        return found.end

    def escape(self, at: int) -> int:
        following = self.source[at + 1 : min(at + 2, self.end)]
        if following in ("", "(", "\n") or following.isalpha():
            end = self.foreign(at)
            if end > at + 1 or not following:
                return end
        self.plain_from = at + 2
        return at + 2

    def code(self, at: int) -> int:
        ticks = len(self.source[at : self.end]) - len(self.source[at : self.end].lstrip("`"))
        match = None if f"`{ticks}" in self.hopeless else CODE.match(self.source, at, self.end)
        end = self.take("code", match) if match else -1
        if end < 0:
            self.hopeless.add(f"`{ticks}")
            self.slip(at, "a ` without a partner", r"write \` for a backtick")
            return at + ticks
        return end

    def formula(self, at: int) -> int:
        display = self.source.startswith("$$", at)
        match = (DISPLAY if display else FORMULA).match(self.source, at, self.end)
        end = self.take("display" if display else "formula", match) if match else -1
        if not match or end < 0:
            if (after := self.foreign(at)) > at + 1:
                return after
            hint = "no blank line stands in a formula" if display else r"write \$ for a dollar sign"
            self.slip(at, f"a {'$$' if display else '$'} without a partner", hint)
            return at + 1 + display
        inner = match["inner"]
        if not display and (inner != inner.strip() or self.source[end : min(end + 1, self.end)].isdigit()):
            self.found.pop()
            self.slip(at, "a formula begins and ends without a space", r"write $x$, or \$ for a dollar sign, as in \$5")
            return at + 1 if "`" in inner else end
        return end

    def label(self, at: int) -> int:
        if self.source[at - 1 : at].isalnum() and at > self.plain_from:
            return at + 1  # me@example.org
        if doi := DOI.match(self.source, at, self.end):
            return self.take("label", doi, 0, f"cite:{doi['doi']}")
        match = LABEL.match(self.source, at, self.end)
        if not match:
            return self.foreign(at)
        end = self.take("label", match, 0, match[0][1:])
        while match["kind"] == "cite" and (another := ANOTHER.match(self.source, end, self.end)):
            end = self.take("label", another, 0, f"cite:{another['name']}")
        return end

    def value(self, at: int) -> int:
        match = VALUE.match(self.source, at, self.end)
        end = self.take("value", match, 1) if match else -1
        if end >= 0:
            return end
        return self.lone_braces(at) if self.source.startswith("{{", at) else self.foreign(at)

    def brace(self, at: int) -> int:
        return self.lone_braces(at) if self.source.startswith("}}", at) else at + 1

    def lone_braces(self, at: int) -> int:
        self.slip(at, "a {{ or }} without a partner", "a computed number is written {{ expression }}")
        return at + 2

    def angle(self, at: int) -> int:
        match = ADDRESS.match(self.source, at, self.end)
        if not match:
            return self.foreign(at)
        return self.take("address", match, target=match["inner"])

    def bare(self, at: int) -> int:
        match = BARE.match(self.source, at, self.end)
        return match.end() if match else at + 1

    def entity(self, at: int) -> int:
        match = ENTITY.match(self.source, at, self.end)
        if not match:
            return at + 1
        known = match["name"].startswith("#") or match["name"] + ";" in html.entities.html5
        if match["end"] and not known:
            self.slip(at, f"“{match[0]}” names no character", "write the character itself")
        elif known and not match["end"] and (len(match["name"]) > 1):
            self.slip(at, f"“{match[0]}” lacks its semicolon", f"write {match[0]};, or &amp; for the sign")
        return match.end()

    def bar(self, at: int) -> int:
        if self.span.row:
            self.finish()
            self.bars.append(at)
            self.plain_from = at + 1
        return at + 1

    def finish(self) -> None:
        """Nothing goes on from one cell, or one span, to the next."""
        self.pair(0)
        self.brackets.clear()

    def open(self, at: int) -> int:
        end = self.foreign(at)
        if end > at + 1:
            return end
        picture = at > self.plain_from and self.source[at - 1] == "!"
        self.brackets.append(_Bracket(at, picture, len(self.runs), len(self.found)))
        self.plain_from = at + 1
        return at + 1

    def close(self, at: int) -> int:
        if not self.brackets:
            return at + 1
        bracket = self.brackets.pop()
        self.plain_from = at + 1
        after = self.source[at + 1 : self.end][:10]
        incomplete = "a link that is not complete", "write [words](https://…) or [words](@eq:name)"
        if after.startswith("[") or re.match(r" \((?=https?:|@)", after):
            self.slip(at, *incomplete)
            return at + 1
        if not after.startswith("("):
            return at + 1
        match = TARGET.match(self.source, at + 1, self.end)
        if not match and bracket.picture:
            match = FILE.match(self.source, at + 1, self.end)
        if not match or (self.span.quoted and "\n" in match[0]):
            self.slip(at, *incomplete)
            return at + 1
        self.link(bracket, at, match)
        return match.end()

    def link(self, bracket: _Bracket, at: int, match: re.Match[str]) -> None:
        """The words between a bracket and the one at `at`, with the target that follows."""
        given = match.groupdict()
        target = re.sub(r"\\([^\w\s])", r"\1", given.get("angle") or given["plain"] or "")
        title = given["double"] or given["single"] or ""
        if bracket.picture:
            del self.found[bracket.tokens :], self.runs[bracket.runs :]
            place = (bracket.at - 1, match.end(), bracket.at + 1, at)
            self.found.append(Token("picture", *place, target, title))
        else:
            self.pair(bracket.runs)
            if any(each.sort in ("link", "label", "address") for each in self.found[bracket.tokens :]):
                self.slip(bracket.at, "a link inside a link", "say it in words, and link beside them")
                return
            if not self.source[bracket.at + 1 : at].strip():
                self.slip(bracket.at, "a link without words", "write what it leads to between the brackets")
            self.found.append(Token("link", bracket.at, match.end(), bracket.at + 1, at, target, title))
        self.plain_from = match.end()

    def run(self, at: int) -> int:
        sign, end = self.source[at], at
        while end < self.end and self.source[end] == sign:
            end += 1
        before, after = self.side(at - 1), self.side(end)
        left = after == "word" or (after == "sign" and before != "word")
        right = before == "word" or (before == "sign" and after != "word")
        left, right = left and after != "space", right and before != "space"
        if sign == "_":
            left, right = left and (not right or before == "sign"), right and (not left or after == "sign")
        if left or right:
            self.runs.append(_Run(sign, at, end - at, left, right))
        elif end - at > 1 and sign == "*":
            self.alone(sign, at, end - at)
        return end

    def side(self, at: int) -> str:
        """What stands beside a run: a space, a sign of punctuation, or a word; a formula stands for one."""
        if not self.span.start <= at < self.end or self.source[at].isspace():
            return "space"
        if (
            self.source[at] in "`$"
            or self.source.startswith(("{{", "}}"), at)
            or (self.found and self.found[-1].end == at + 1)
        ):
            return "word"
        if self.source[at] == "@" and LABEL.match(self.source, at):
            return "word"
        if self.source[at] == "|" and self.span.row:
            return "space"
        return "sign" if unicodedata.category(self.source[at])[0] in "PS" else "word"

    def alone(self, sign: str, at: int, count: int) -> None:
        if sign == "_":
            mark = "__" if count > 1 else "a _"
            self.slip(at, f"{mark} without a partner", "names of code stand between backticks")
        elif count > 1:
            self.slip(at, "** without a partner", r"write \*\* for two asterisks")
        else:
            self.slip(at, "a * without a partner", r"write \* for an asterisk")

    def pair(self, first: int) -> None:
        """Finds the partners of the runs from `first` on, by the rules of CommonMark."""
        stack: list[_Run] = []
        lone: list[_Run] = []
        searched: dict[tuple[str, bool, int], _Run] = {}
        for run in self.runs[first:]:
            lone += self.partners(stack, run, searched)
            if run.count:
                (stack if run.opens else lone).append(run)
        del self.runs[first:]
        for run in lone + stack:
            if run.sign == "_" or not (run.opens and run.closes and run.count == 1):
                self.alone(run.sign, run.start, run.count)

    def partners(self, stack: list[_Run], closer: _Run, searched: dict[tuple[str, bool, int], _Run]) -> Iterator[_Run]:
        """Pairs a closing run with open ones; those passed over stay alone. `searched` says from where on in vain."""
        key = (closer.sign, closer.opens, closer.length % 3)
        while closer.closes and closer.count:
            opener = _opener(stack, closer, searched.get(key))
            if opener is None:
                if stack:
                    searched[key] = stack[-1]
                return
            while stack[-1] is not opener:
                yield stack.pop()
            self.emphasis(opener, closer)
            if not opener.count:
                stack.pop()

    def emphasis(self, opener: _Run, closer: _Run) -> None:
        size = 2 if opener.count > 1 and closer.count > 1 else 1
        start, inner = opener.start + opener.count - size, opener.start + opener.count
        end = closer.start + size
        if opener.closes and closer.opens and opener.sign == "*" and re.search(r"\d$", self.source[:start][-1:]):
            self.slip(start, "emphasis inside a number", r"write × or · for a product, \* for an asterisk")
        for run in (opener, closer):
            if size == 1 and run.length == 2:
                self.alone(run.sign, run.start, run.length)
        self.found.append(Token("strong" if size > 1 else "emphasis", start, end, inner, closer.start))
        opener.count -= size
        closer.start, closer.count = end, closer.count - size


def _opener(stack: list[_Run], closer: _Run, searched: _Run | None) -> _Run | None:
    """The nearest run that the closing one may have as its partner, among those not searched before in vain."""
    for run in reversed(stack):
        if run is searched:
            return None
        both = run.closes or closer.opens
        odd = both and (run.length + closer.length) % 3 == 0 and (run.length % 3 or closer.length % 3)
        if run.sign == closer.sign and not odd:
            return run
    return None


def too_deep(found: list[Token]) -> list[Token]:
    """Signs that lie inside more than a dozen others."""
    ends: list[int] = []
    deep = []
    for token in sorted(found, key=lambda each: (each.start, -each.end)):
        while ends and ends[-1] <= token.start:
            ends.pop()
        ends.append(token.end)
        if len(ends) > DEEPEST:
            deep.append(token)
    return deep
