"""`build.py check`: each finding is provoked once and its harmless neighbour stays unmentioned."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from press.checks import colours, html, run
from press.checks.terms import _one_apart, _other_than

ROOT = Path(__file__).resolve().parents[2]
GOOD = """# Demonstration {#demo}

Words, and a work @cite:lecun1998. See @pending:other-volume.
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    content = Path(shutil.copytree(ROOT / "tests/book", tmp_path / "content"))
    (content / "terms.txt").write_text("# terms\nmax-pooling\nfeature map\nReLU\nconvolution\n", encoding="utf-8")
    return content


def found(content: Path, more: str) -> list[str]:
    """What is found in the section below its good beginning; the book's own files are not repeated."""
    (content / "demo" / "section.md").write_text(GOOD + "\n" + more + "\n", encoding="utf-8")
    return [str(mistake) for mistake in run.check(ROOT, content) if not mistake.place.file.startswith("assets")]


def test_a_good_book_has_no_findings(content: Path) -> None:
    assert found(content, "") == []


CASES = {
    "The area is 1,048,576 weights.": "the figure 1,048,576 is typed",
    "It takes 26.2 % of them.": "the figure 26.2 % is typed",
    "It takes 34% of them.": "the figure 34% is typed",
    "One has 12345 parts.": "the figure 12345 is typed",
    "About [a thing](https://example.org) of 0.5 px.": "the figure 0.5 is typed",
    "We do max pooling.": "“max pooling” is written “max-pooling” here",
    "A Relu follows.": "“Relu” is written “ReLU” here",
    "One featuremap.": "“featuremap” is written “feature map” here",
    "A convoluton of it.": "“convoluton” is no known term; did you mean convolution?",
    "#### Too low": "this sub-heading leaves out a level; write ##",
    "[words](http://example.org)": "http://example.org is not encrypted",
    "[words](https://example)": "“https://example” is no address of a site",
    "See https://example.org for more.": "https://example.org is not a link",
    "Click [here](https://example.org).": "a link called “here”",
    "/// equation | lonely\ntitle: T\n\nx\n\nc\n///": "“eq:lonely” is never referred to",
    "/// term | idle\ntitle: idle\n\nWords.\n///": "“term:idle” is never referred to",
}


HARMLESS = (
    "It has {{ 1024*1024 }} weights, {{ 1/3 : .1% }} and {{ '26.2 %' }} of it.",
    "Reported is 26.2 % @cite:lecun1998. It was in 1998, of 224 pixels and 2×2 windows.",
    "In TeX $0.5 + 1024$ and code `x = 0.25`; version v1.2 of section 2.3.4.",
    "Max-pooling shrinks feature maps; a feature-map picture; the ReLU's slope; convolutions.",
    "## One\n\n### Two\n\n## Three",
    "[words](https://example.org/a) and `https://code.example` and [the work](@cite:lecun1998).",
    "/// equation | met\ntitle: T\n\nx\n\nc\n///\n\nBy @eq:met.",
    "/// term | known\ntitle: known\nsymbol: $k$\n\nA @term:known thing.\n///",
)


def test_each_is_found_in_its_line_and_nothing_else(content: Path) -> None:
    report = [line for line in found(content, "\n\n".join((*CASES, *HARMLESS))) if not line.startswith("site/")]
    lines = [5]
    for typed in CASES:
        lines.append(lines[-1] + typed.count("\n") + 2)
    for line, what in zip(lines, CASES.values(), strict=False):
        assert any(told.startswith(f"content/demo/section.md:{line}: {what}") for told in report), what
    assert len(report) == len(CASES)


def test_a_word_or_a_symbol_with_two_explanations_is_found(content: Path) -> None:
    first = "/// term | side\ntitle: side\nsymbol: $k$\n\nOne @term:side.\n///"
    word = "/// term | edge\ntitle: Side\nsymbol: $e$\n\nOne @term:edge.\n///"
    symbol = "/// term | key\ntitle: key\nsymbol: $k$\n\nOne @term:key.\n///"
    assert found(content, "\n\n".join((first, word, symbol))) == [
        "content/demo/section.md:12: the title side is explained at content/demo/section.md:5 already",
        "content/demo/section.md:19: the symbol $k$ is explained at content/demo/section.md:5 already",
    ]


def test_works_and_other_volumes_that_nobody_mentions_are_found(content: Path) -> None:
    (content / "demo" / "section.md").write_text("# Demonstration {#demo}\n\nWords.\n", encoding="utf-8")
    report = [str(mistake) for mistake in run.check(ROOT, content)]
    assert any(line.startswith("content/demo/references.bib:1: “cite:lecun1998” is never cited") for line in report)
    assert any("“pending:other-volume” is never referred to" in line for line in report)


def test_what_a_reader_would_miss_of_a_work_is_found(content: Path) -> None:
    with (content / "demo" / "references.bib").open("a", encoding="utf-8") as file:
        file.write(
            "@misc{bare, title = {A leaflet}}\n@misc{site, title = {S}, author = {A}, year = 1, url = {https://a.b}}\n"
        )
    (content / "demo" / "section.md").write_text(f"{GOOD}More @cite:bare, @cite:site.\n", encoding="utf-8")
    report = [str(mistake).removeprefix("content/demo/references.bib:") for mistake in run.check(ROOT, content)]
    assert [line for line in report if line.startswith(("9:", "10:"))] == [
        "9: no note of yours: bare, site; say in a line why each is worth reading; what a tool wrote there is left out",
        "9: “bare” has no author",
        "9: “bare” has no doi, eprint or url; readers need a link to the work",
        "9: “bare” has no year",
    ]


def test_a_white_line_is_found_except_on_a_picture(content: Path) -> None:
    code = "def plot(*line, color='red'):\n    pass\n\n\nimshow = plot\nplot(1)\n{}plot(1, color='White')\n"
    cells = (
        f'```python {{#{name} title="A cell"}}\n{code.format(more)}```'
        for name, more in (("a", ""), ("b", "imshow()\n"))
    )
    report = found(content, "\n\n".join(cells))
    assert report == [
        "content/demo/section.md:12: this draws in white, which nobody sees by day; leave the colour to the page"
    ]


def test_a_slow_cell_is_found(content: Path) -> None:
    code = "import time\nend = time.process_time() + 1.1\nwhile time.process_time() < end:\n    pass\n"
    cell = f'```python {{#slow title="Slow"}}\n{code}```'
    assert [line.split(" takes ")[0] for line in found(content, cell)] == ["content/demo/section.md:5: this cell"]


def test_a_cell_whose_output_changes_is_found(content: Path) -> None:
    code = "import random\nprint(random.random())\n"
    cell = f'```python {{#chance title="Chance"}}\n{code}```\n\n```python {{#seeded title="Seeded"}}\nprint(1)\n```'
    (told,) = found(content, cell)
    assert told.startswith(
        "content/demo/section.md:5: this cell puts out something else each time; seed what is random"
    )


def test_dead_links_and_pictures_without_words_are_found_in_pages() -> None:
    page = (
        '<h1 id="a">A</h1>\n<h3>B</h3>\n<a href="#a">x</a><a href="#b">x</a>\n<a href="../c/index.html#d">x</a>'
        '\n<a href="gone.html">x</a>\n<img src="p.png">\n<svg></svg>'
        '<span aria-hidden="true"><br><svg></svg></span><svg aria-label="x"></svg>'
        '\n<p id="a"></p>'
    )
    files: dict[str, Path | bytes] = {"b/index.html": page.encode(), "c/index.html": b"<p id=d>", "b/p.png": b""}
    assert [str(mistake) for mistake in html.pages(files)] == [
        "site/b/index.html:2: a heading of level 3 follows one of level 1",
        "site/b/index.html:6: a picture without alternative text",
        "site/b/index.html:7: a drawing without words; give it aria-label, or aria-hidden",
        "site/b/index.html:8: “a” names two places of this page; rename a section",
        "site/b/index.html:3: a link to #b leads nowhere",
        "site/b/index.html:5: a link to gone.html leads nowhere",
    ]


def test_weak_colours_are_found_by_day_and_by_night(tmp_path: Path) -> None:
    styles = tmp_path / "assets" / "css"
    styles.mkdir(parents=True)
    tokens = (
        "--ink: light-dark(#000000, #555555);\n--paper: light-dark(#ffffff, #000000);\n--a: #777777;\n--b: var(--a);"
    )
    (styles / "tokens.css").write_text(f":root {{\n{tokens}\n}}")
    (styles / "x.css").write_text("p {\n}\nq {\n  color: var(--paper);\n  background: var(--b);\n}\n")
    assert [str(mistake) for mistake in colours.colours(tmp_path)] == [
        "assets/css/tokens.css:1: ink on paper by night: contrast 2.8; 4.5 is the least",
        "assets/css/x.css:3: paper on b by day: contrast 4.5; 4.5 is the least",
    ]


def test_contrast_is_that_of_wcag() -> None:
    assert colours.contrast("#000000", "#ffffff") == 21
    assert round(colours.contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize(("one", "other"), [("abcd", "abd"), ("abcd", "abxd"), ("abcd", "bacd"), ("abcd", "abcde")])
def test_words_one_letter_apart(one: str, other: str) -> None:
    assert _one_apart(one, other)
    assert _one_apart(other, one)


@pytest.mark.parametrize(("one", "other"), [("abcd", "abcd"), ("abcd", "ab"), ("abcd", "badc"), ("abcd", "xbcy")])
def test_words_further_apart(one: str, other: str) -> None:
    assert not _one_apart(one, other)


def test_a_term_may_begin_a_sentence_and_stand_before_a_noun() -> None:
    known = {"featuremap": "feature map"}
    assert [_other_than(word, known) for word in ("Feature map", "feature-map", "Feature maps")] == ["", "", ""]
    assert _other_than("Feature Map", known) == "feature map"


def test_the_book_has_no_findings() -> None:
    done = subprocess.run([sys.executable, "build.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "0 findings.\n")
