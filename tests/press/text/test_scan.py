"""What an author typed is taken apart by rules, not by guessing: signs, lines and slips have exact places."""

from __future__ import annotations

import re
import sys
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from press.cache import Cache
from press.text.labels import Label, Links, Target
from press.text.languages import catalogue
from press.text.markdown import Writer
from press.text.places import Mistake, Place, Text
from press.text.scanner.scan import blanked, labels, scan
from press.text.tex import Typesetter
from press.text.values import Names, ValueMistake

AT = Place("a.md", 1)
KNOWN = {
    ("demo", Label("eq", "a")): Target("EQ 1", "1", "A", "demo", "eq-a"),
    ("demo", Label("cite", "a")): Target("[1]", "1", "A", "demo", "ref-a"),
}
PIECES = (
    *"*_`$@{}[]()<>!|&~=\\#-+: \n\t>1.",
    *("**", "***", "```", "~~~", "$$", "{{", "}}", "{{ 1 }}", "@eq:a", "@eq:b", "](@eq:a)", "](https://a.org)", "\n\n"),
    *("@cite:a", "@cite:a,a", ",a"),
    *("![", "](a.svg)", "word", "é", "- ", "1. ", "    ", "| a | b |\n|---|---|\n", "<!--", "-->", "&lt;", "&nbsp"),
    *("<https://a.org>", "\x02", "\x03", "\ue0000\ue003", "\ue002", "  \n", "## ", "> ", "5"),
)
SOURCES = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


class Tex(Typesetter):
    """Every formula is the letter x."""

    def __init__(self) -> None:
        pass

    def html(self, tex: str, *, display: bool) -> str:
        return "<i>x</i>"


def evaluate(source: str, names: Names = ()) -> str:
    if source.strip() != "1":
        raise ValueMistake("no value")
    return "1 * & \\ <"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pictures")
    (made / "a.svg").write_text('<svg width="2" height="1"/>', encoding="utf-8")
    return made


def written(source: str, folder: Path, at: Place = AT) -> tuple[str, list[Mistake]]:
    using = writer(folder)
    using.mistakes = []
    return using.markdown(Text(at, source)), using.mistakes


@cache
def writer(folder: Path) -> Writer:
    links = Links("demo", KNOWN, {}, ("eq", "cite"))
    return Writer(links, catalogue.english(), Tex(), evaluate, folder, {}, Cache(folder / "cache", "markdown"), "")


@given(SOURCES)
@settings(deadline=None, max_examples=400)
@example("`" * 3 + "\n\ue0020\ue003\n" + "`" * 3)
@example("| *a | b* |\n|---|---|\n| [a | b](https://a.org) |")
@example("*a\n- b*")
def test_nothing_of_the_builder_s_own_is_ever_shown(folder: Path, source: str) -> None:
    html, mistakes = written(source, folder)
    shown = html + "".join(map(str, mistakes))
    assert re.findall(r"[\x02\x03\ue000-\uf8ff]", shown) == []
    assert "klzzwxh" not in shown
    assert "wzxhzdk" not in shown


@given(SOURCES, st.integers(1, 9))
@settings(deadline=None, max_examples=200)
def test_a_mistake_moves_with_the_line_it_is_made_in(folder: Path, source: str, lines: int) -> None:
    below = "Words.\n\n" * lines
    alone = sorted(set(written(source, folder)[1]))
    after = sorted(set(written(below + source, folder)[1]))
    assert [(each.place.line + 2 * lines, each.what) for each in alone] == [(m.place.line, m.what) for m in after]


class Tags(HTMLParser):
    """The tags and words of HTML, without what only parts paragraphs."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "p":
            self.found.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag != "p":
            self.found.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.found += data.split()


def tags(html: str) -> str:
    return re.sub(r"\s+", "", "".join(Tags(html).found))


SENTENCE = st.lists(
    st.sampled_from(("*", "**", "***", "_", "__", "a", "b c", " ", ".", "(", "`", "[", "](https://a.org)", "é", "\na")),
    max_size=14,
).map("".join)


@given(SENTENCE)
@settings(deadline=None, max_examples=1500)
def test_emphasis_code_and_links_are_those_of_commonmark(folder: Path, source: str) -> None:
    source = re.sub(r"(?<=[*_])(?=`)|(?<=`)(?=[*_])", " ", "x" + re.sub(r"\s*\n\s*", "\n", source))
    html, mistakes = written(source, folder)
    if not mistakes:
        assert tags(html) == tags(MarkdownIt("commonmark").render(source)), source


LISTS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(("- a", "- b", "text"))), min_size=1, max_size=8).filter(
    lambda lines: lines[0] == (0, "- a")
)


@given(LISTS, st.sampled_from((2, 4)))
@settings(deadline=None, max_examples=300)
def test_lists_nest_as_in_commonmark_with_two_spaces_or_four(
    folder: Path, lines: list[tuple[int, str]], step: int
) -> None:
    two, ours, level = [], [], 0
    for depth, words in lines:
        item = words.startswith("-")
        level = min(depth, level + 1) if item else level
        two.append("  " * (level + (not item)) + words)
        ours.append(" " * step * (level + (not item)) + words)
    html, mistakes = written("\n".join(ours), folder)
    assert mistakes == []
    assert tags(html) == tags(MarkdownIt("commonmark").render("\n".join(two))), ours


@given(st.text(alphabet="a*_`$@{}[]()<>|&~=\\# \n-", max_size=60))
@settings(deadline=None)
def test_code_is_shown_as_it_is_and_has_no_mistakes(folder: Path, code: str) -> None:
    code = re.sub("`{4,}", "`", code).strip() or "x"
    html, mistakes = written(f"Text:\n\n````text\n{code}\n````\n\nMore.", folder)
    assert mistakes == []
    shown = re.search(r"<code>(.*)\n</code>", html, re.DOTALL)
    assert shown
    assert unescape(re.sub("<[^>]*>", "", shown[1])) == re.sub(r"(?<=\n)[ ]+(?=\n)", "", code.expandtabs(4))


@pytest.mark.parametrize(
    "piece",
    ["**a ", "*a ", "_a ", "*a _b ", "[", "![", "[a](", "`", "``a ` ", "$", "$$ ", "{{", "{", "<", "<a ", "> ", "- "],
)
def test_marks_without_partners_take_steps_in_proportion(piece: str) -> None:
    assert steps(piece * 2000) < 2.5 * steps(piece * 1000) + 100


def steps(source: str) -> int:
    """How many functions are called to take a text apart."""
    called = 0

    def count(frame: object, event: str, arg: object) -> None:
        nonlocal called
        called += event in ("call", "c_call")

    scan.cache_clear()
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        scan(source)
    finally:
        sys.setprofile(before)
    return called


def test_a_label_in_code_is_none() -> None:
    assert labels("`@eq:a` and [words `@eq:b`](@eq:c), $@eq:d$, \\@eq:e, @eq:f\n\n```\n@eq:g\n```\n") == [
        Label("eq", "c"),
        Label("eq", "f"),
    ]


def test_what_is_no_prose_is_blank_and_lines_stay() -> None:
    source = "A `code` and $x$,\n[words](https://a.org) @eq:a {{ 1 }}.\n\n```\ncode\n```\nEnd"
    assert blanked(source) == "A        and    ,\n[words                             .\n\n   \n    \n   \nEnd".replace(
        "[words                             .", "[words" + " " * len("](https://a.org) @eq:a {{ 1 }}") + "."
    )
