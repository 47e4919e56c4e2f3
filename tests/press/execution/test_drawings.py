"""Figures that the chapter's Python draws: what fails is told at the function's line, what did not change is kept."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as etree
from pathlib import Path

import pytest

from press import site
from press.browser.bundles import Bundle
from press.execution import drawings
from press.text.places import AuthorErrors

TESTS = Path(__file__).resolve().parents[2]
ROOT = TESTS.parent
BUNDLE = Bundle({}, "assets/main.css", "assets/main.js", "assets/theme.js", (), {})
FIGURE = "# Title {#demo}\n\n/// figure | f\ntitle: F\ndraw: picture\nalt: F.\n\nA caption.\n///\n"
SVG = '<svg viewBox="0 0 300 90" aria-label="A bar."><rect class="mag-4" width="9" height="9"/></svg>'


@pytest.fixture
def content(tmp_path: Path) -> Path:
    content = Path(shutil.copytree(TESTS / "book", tmp_path / "content"))
    (content / "demo" / "section.md").write_text(FIGURE, encoding="utf-8")
    return content


def built(content: Path, source: str) -> site.Files:
    (content / "demo" / "figures.py").write_text(source, encoding="utf-8")
    return site.pages(ROOT, content, BUNDLE, {})


def report(content: Path, source: str) -> str:
    with pytest.raises(AuthorErrors) as error:
        built(content, source)
    return str(error.value)


MISTAKES = {
    "x = 1\n": "section.md:5: figures.py has no function “picture”",
    "def pictur(width):\n    return ''\n": "section.md:5: figures.py has no function “picture”; did you mean pictur?",
    "def picture(width):\n    y = 1\n    return 1 / 0\n": "figures.py:3: ZeroDivisionError: division by zero",
    "\ndef picture():\n    return ''\n": (
        "figures.py:2: TypeError: picture() takes 0 positional arguments but 1 was given"
    ),
    "import os\n\n\ndef picture(width):\n    os._exit(3)\n": "figures.py:4: “picture” ended Python with status 3",
    "def picture(width):\n    return width\n": "figures.py:1: TypeError: the figure is int, not the text of an SVG",
    "def picture(width):\n    return '<p>a<b></p>'\n": (
        "figures.py:1: the figure is no SVG: mismatched tag: line 1, column 9; use svg() of instruments.kit"
    ),
    "def picture(width):\n    return '<p>a</p>'\n": (
        "figures.py:1: the figure is <p>, not <svg>; use svg() of instruments.kit"
    ),
    "def picture(width):\n    return '<svg aria-label=\"a\"/>'\n": (
        "figures.py:1: the figure has no size; give the SVG a viewBox"
    ),
    "def picture(width):\n    return '<svg viewBox=\"0 0 9 9\"/>'\n": (
        "figures.py:1: the figure says nothing in words; give the SVG an aria-label"
    ),
    "def picture(width):\n"
    '    return \'<svg viewBox="0 0 708 9" aria-label="a"><g font-size="14"><text>a</text></g></svg>\'\n': (
        "figures.py:1: the figure has type of 7.0 px where it is 354 px wide; "
        "it was drawn 708 wide: draw for the width that the function is called with"
    ),
    "def picture(width):\n"
    '    return \'<svg viewBox="0 0 300 9" aria-label="a"><g font-size="7"><text>a</text></g></svg>\'\n': (
        "figures.py:1: the figure has type of 7.0 px where it is 704 px wide; "
        "11 is the least that is legible; break the picture, don't shrink it"
    ),
    f"def picture(width):\n    return {SVG.replace('mag-4', 'rouge')!r}\n": (
        "section.md:5: “picture” draws with a class that has no colour, “rouge”; "
        "those with one stand in instruments.css and drawn.css"
    ),
}


@pytest.mark.parametrize(("source", "expected"), MISTAKES.items())
def test_what_is_no_figure_is_a_mistake_at_its_line(content: Path, source: str, expected: str) -> None:
    assert report(content, source) == f"content/demo/{expected}"


def test_a_function_that_never_ends_is_a_mistake(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawings, "SECONDS", 1)
    told = report(content, "x = 1\n\n\ndef picture(width):\n    while True:\n        pass\n")
    assert told == "content/demo/figures.py:4: “picture” did not end within 1 s"


def test_a_figure_brings_the_colours_it_uses_and_no_others(content: Path) -> None:
    files = built(content, f"def picture(width):\n    return {SVG!r}\n")
    drawn = [file for name, file in files.items() if name.startswith("demo/drawn/f-")]
    assert drawn
    for file in drawn:
        assert isinstance(file, bytes)
        root = etree.fromstring(file)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert (root.get("width"), root.get("height")) == ("300", "90")
        style = root[0].text or ""
        assert "--mag-4:light-dark(" in style
        assert "--mag-3:" not in style
        assert "color-scheme:light dark" in style


def test_what_a_figure_prints_is_no_part_of_it(content: Path) -> None:
    files = built(content, f"def picture(width):\n    print('noise')\n    return {SVG!r}\n")
    assert any(name.startswith("demo/drawn/f-") for name in files)


def test_a_figure_is_drawn_again_only_when_its_python_changes(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = f"# {content}\ndef picture(width):\n    return {SVG!r}\n"
    before = built(content, source)
    monkeypatch.setattr(drawings, "SECONDS", 0)  # no process could draw in no time
    assert built(content, source) == before
    assert "did not end" in report(content, source.replace('height="9"', 'height="8"'))


def test_each_state_of_a_figure_is_a_file_and_its_words_are_listed(content: Path) -> None:
    (content / "demo" / "section.md").write_text(FIGURE.replace("alt:", "frames: 3\nalt:"), encoding="utf-8")
    source = f"def picture(n, width):\n    return {SVG!r}.replace('A bar', f'Bar {{n}} at {{width}}')\n"
    files = built(content, source)
    (listed,) = (file for name, file in files.items() if name.startswith("demo/drawn/f-") and name.endswith(".json"))
    assert isinstance(listed, bytes)
    states = json.loads(listed)
    assert [words for _, _, words in states] == ["Bar 0 at 704.", "Bar 1 at 704.", "Bar 2 at 704."]
    assert all(f"demo/{address}" in files for wide, narrow, _ in states for address in (wide, narrow))
