"""Each folder in `pages/` is a section and the HTML expected from it.

`REWRITE=1 python3 dev.py test tests/press/test_pages.py` writes what comes out as the new expectation; read the
difference before you keep it.
"""

import importlib
import os
import re
import shutil
from dataclasses import fields
from html import unescape
from pathlib import Path

import pytest

from instruments import kit
from press import site
from press.blocks import KINDS
from press.browser.bundles import Bundle
from press.page.highlight import highlight

TESTS = Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
CASES = sorted(path.parent for path in (TESTS / "pages").glob("*/in.md"))
BUNDLE = Bundle({}, "assets/main.css", "assets/main.js", "assets/theme.js", (), {})
FILES = {"wasm": {"url": "pyodide/x/a.wasm", "bytes": 9}}
SECTION = '<section class="section" id='


@pytest.fixture
def html(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """The page of a book whose only section is the case's."""
    tiny = importlib.import_module("tests.book.tiny_square")
    monkeypatch.setattr(kit, "instruments", lambda: ("tiny_square",))
    monkeypatch.setattr(kit, "load", lambda _: tiny)
    content = Path(shutil.copytree(TESTS / "book", tmp_path / "content"))
    shutil.copytree(request.param, content / "demo", dirs_exist_ok=True)
    (content / "demo" / "in.md").rename(content / "demo" / "section.md")
    made = site.pages(ROOT, content, BUNDLE, {"engine": "pyodide/x/", "files": FILES})
    page = made["demo/index.html"]
    assert isinstance(page, bytes)
    return page.decode()


@pytest.mark.parametrize(("html", "case"), [(case, case) for case in CASES], indirect=["html"], ids=lambda c: c.name)
def test_section_becomes_the_expected_html(html: str, case: Path) -> None:
    shown = SECTION + html.split(SECTION, 1)[1].split('<nav class="onward"')[0]
    if case.name != "reference":
        shown = shown.split(SECTION + '"references"')[0]
    shown = re.sub(r"(drawn/\w+)-[0-9A-F]{8}", r"\1-…", shown)  # named by what is drawn, in today's colours
    expected = case / "expected.html"
    if os.environ.get("REWRITE"):
        expected.write_text(shown, encoding="utf-8", newline="\n")
    assert shown == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("html", CASES[:1], indirect=True)
def test_addresses_of_the_runtime_are_seen_from_the_page(html: str) -> None:
    assert '"engine": "../pyodide/x/", "files": {"wasm": {"url": "../pyodide/x/a.wasm", "bytes": 9}}' in html


def test_a_kind_of_block_has_one_template_one_style_and_one_case() -> None:
    kinds = {*KINDS, "reference"}
    assert all(word.replace("-", "") == kind.__name__.lower() and fields(kind) for word, kind in KINDS.items())
    templates = {path.stem for path in (ROOT / "templates" / "blocks").glob("*.html")}
    styles = {path.stem for path in (ROOT / "assets" / "css" / "blocks").glob("*.css")}
    assert kinds == templates == {case.name for case in CASES}
    assert kinds - {"prose"} == styles  # the style of running text is that of everything else, too


def test_the_page_shows_a_cell_as_the_author_wrote_it() -> None:
    source = "x = 1  # «π» <b>\n\nprint(x)\n"
    assert unescape(re.sub(r"<[^>]+>", "", highlight(source))) == source


def test_a_cell_has_a_span_for_each_run_of_one_colour_only() -> None:
    words = 'def f(x):  # "why"\n    return None\n'
    assert highlight(words) == (
        '<span class="k">def</span> <span class="nf">f</span>(x):  <span class="c"># "why"</span>\n'
        '    <span class="k">return</span> <span class="k">None</span>\n'
    )
