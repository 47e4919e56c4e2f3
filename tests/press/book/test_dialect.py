"""What authors bring from elsewhere and works: on the page, in the notebook, in search. The rest is in `errors/`."""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from pathlib import Path

import pytest

from press import site
from press.browser.bundles import Bundle
from press.checks import run
from press.text.scanner.comments import without_comments

TESTS = Path(__file__).resolve().parents[2]
ROOT = TESTS.parent
BUNDLE = Bundle({}, "assets/main.css", "assets/main.js", "assets/theme.js", (), {})
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"/>'


@pytest.fixture
def content(tmp_path: Path) -> Path:
    made = Path(shutil.copytree(TESTS / "book", tmp_path / "content"))
    (made / "demo" / "pictures" / "inside").mkdir(parents=True)
    return made


def made(content: Path, text: str) -> dict[str, str]:
    (content / "demo" / "section.md").write_text(f"# Title {{#demo}}\n\n{text}\n", encoding="utf-8")
    files = site.pages(ROOT, content, BUNDLE, {})
    texts = {name: file for name, file in files.items() if isinstance(file, bytes)}
    return {name: file.decode() for name, file in texts.items() if name.endswith(("html", "json", "ipynb"))}


def prose(content: Path, text: str) -> str:
    page = made(content, text)["demo/index.html"]
    return page.split('<div class="prose">')[1].split("</section>")[0]


def notebook(files: dict[str, str]) -> str:
    return "\n".join(cell["source"] for cell in json.loads(files["demo/demo.ipynb"])["cells"])


def test_comments_are_nowhere_but_in_the_file(content: Path) -> None:
    text = "One <!-- unheard $ @eq:none --> two.\n\n<!--\n/// unknown | unheard\n\n$\n///\n-->\n\n`<!-- code -->`."
    files = made(content, text + "\n\n```\n<!-- code -->\n```")
    for name in ("demo/index.html", "search.json", "demo/demo.ipynb"):
        assert "unheard" not in files[name]
        assert "One two." in files[name]
    assert "<code>&lt;!-- code --&gt;</code>" in files["demo/index.html"]
    assert notebook(files).count("<!-- code -->") == 2


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a <!-- b --> c", "a c"),
        ("a <!-- b -->\nc", "a\nc"),
        ("a <!-- b\n\nb --> c", "a\n\n c"),
        ("`a <!-- b --> c`", "`a <!-- b --> c`"),
        ("~~~\n<!-- b -->\n~~~\n<!-- c -->", "~~~\n<!-- b -->\n~~~\n"),
        ("> ```\n> <!-- b -->\n> ```", "> ```\n> <!-- b -->\n> ```"),
        ("a lone ` and\n\n<!-- b -->`", "a lone ` and\n\n`"),
        ("\\<!-- b -->", "\\<!-- b -->"),
        ("a <!-- b", "a <!-- b"),
    ],
)
def test_a_comment_leaves_its_lines(source: str, expected: str) -> None:
    assert without_comments(source) == expected


def test_addresses_in_angle_brackets_are_links(content: Path) -> None:
    html = prose(content, "<https://a.org/b_c_d?e=1&f=2>, <me@example.org> and <mailto:you@example.org>.")
    assert '<a href="https://a.org/b_c_d?e=1&amp;f=2">https://a.org/b_c_d?e=1&amp;f=2</a>' in html
    assert '<a href="mailto:me@example.org">me@example.org</a>' in html
    assert '<a href="mailto:you@example.org">' in html


def test_a_list_follows_a_paragraph_and_a_number_in_a_sentence_makes_none(content: Path) -> None:
    html = prose(content, "Two:\n- one\n- two\n\nIt was in\n1998. Then came\n\n3. three\n4. four")
    assert "<p>Two:</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>" in html
    assert "<p>It was in\n1998. Then came</p>" in html
    assert '<ol start="3">' in html


def test_code_stands_in_lists_and_in_quotations(content: Path) -> None:
    html = prose(content, "- a\n  ~~~text\n  - b\n    c\n  ~~~\n- d\n\n> e\n> ```\n> > f\n> `````\ng")
    assert re.findall(r"<code>([^<]*)</code>", html) == ["- b\n  c\n", "&gt; f\n"]
    assert html.count("<li>") == 2
    assert "<p>g</p>" in html


def test_tables_keep_bars_in_code_and_formulas_and_stand_below_a_paragraph(content: Path) -> None:
    html = prose(content, "Sizes:\n| a | b |\n|---|---|\n| `x | y` | $|x|$ |\n| c \\| d | *e* |")
    assert html.count("<td>") == 4
    assert "<code>x | y</code>" in html
    assert "<td>c | d</td>" in html
    assert "<p>Sizes:</p>" in html


def test_a_value_is_computed_inside_a_formula_too(content: Path) -> None:
    files = made(
        content,
        "$k = {{ 1 + 1 }}$, $x^{{2}}$\n\n/// equation | e\ntitle: E\n\nn = {{ 2 * 21 }}\n\nN.\n///\n\nBy @eq:e.",
    )
    assert "$k = 2$, $x^{{2}}$" in notebook(files)
    assert "n = 42" in notebook(files)
    assert "n = 42" in files["search.json"]
    assert "<mn>42</mn>" in files["demo/index.html"]


def test_pictures_have_titles_and_stand_in_folders_under_any_name(content: Path) -> None:
    pictures = content / "demo" / "pictures"
    names = ("inside/a.svg", "my cat #1.svg", unicodedata.normalize("NFD", "é.svg"))
    for name in names:
        (pictures / name).write_text(SVG, encoding="utf-8")
    files = made(content, '![One](inside/a.svg "Its title")\n\n![Two](my cat #1.svg)\n\n![Three](é.svg)')
    html = files["demo/index.html"]
    assert '<img alt="One" height="1" src="pictures/inside/a.svg" title="Its title" width="2" />' in html
    assert 'src="pictures/my%20cat%20%231.svg"' in html
    assert 'src="pictures/e%CC%81.svg"' in html
    found = site.pages(ROOT, content, BUNDLE, {})
    assert {f"demo/pictures/{name}" for name in names} <= found.keys()
    assert "](attachment:inside/a.svg)" in notebook(files)


def test_a_picture_outside_the_folder_is_not_shown(content: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.svg").write_text(SVG, encoding="utf-8")
    (content / "demo" / "pictures" / "a.svg").symlink_to(tmp_path / "secret.svg")
    with pytest.raises(Exception, match=r"there is no picture “a\.svg”"):
        made(content, "![A](a.svg)")


def test_dashes_in_code_do_not_divide_an_exercise(content: Path) -> None:
    text = "/// exercise | e\nanswer: 1\n\nHow many?\n\n```text\n---\n```\n\nTell.\n\n---\n\nOne.\n///"
    html = made(content, text)["demo/index.html"]
    question = html.split('id="ex-e"')[1].split("One.")[0]
    assert "<code>---\n</code>" in question
    assert "<p>Tell.</p>" in question


def test_a_fence_of_a_task_ends_with_more_ticks(content: Path) -> None:
    fences = {"start": "x = 1", "check": 'assert x == 2, "two"', "solution": "x = 2"}
    parts = "\n\n".join(f"```python {name}\n{code}\n````" for name, code in fences.items())
    html = made(content, f"/// task | t\ntitle: T\n\nAsk.\n\n{parts}\n\n---\n\nSo.\n///")["demo/index.html"]
    assert "````" not in html


def test_spaces_in_code_are_those_typed(content: Path) -> None:
    assert "<code>3 × 3</code> and 3\u00a0×\u00a03" in prose(content, "`3 × 3` and 3 × 3")


def test_files_that_nobody_shows_are_told(content: Path) -> None:
    (content / "demo" / "section.md").write_text(
        "# Title {#demo}\n\n![A](inside/a.svg)\n\n`@cite:lecun1998`\n\n"
        "/// figure | dot\ntitle: Dot\ndraw: dots.dot\nalt: A dot.\n\nA dot.\n///\n",
        encoding="utf-8",
    )
    drawing = 'def dot(width):\n    return \'<svg viewBox="0 0 9 9" aria-label="A dot."/>\'\n'
    (content / "demo" / "pictures" / "__pycache__").mkdir()
    (content / "demo" / "pictures" / "__pycache__" / "dots.pyc").touch()
    for name in ("dots", "more"):
        (content / "demo" / "pictures" / f"{name}.py").write_text(drawing, encoding="utf-8")
    for name in ("pictures/inside/a.svg", "pictures/b.svg", "forgotten.md", "draft-later.md"):
        (content / "demo" / name).write_text(SVG, encoding="utf-8")
    report = [str(mistake) for mistake in run.check(ROOT, content)]
    here = "content/demo/"
    hint = "add it to the sections of chapter.toml, or call it draft-forgotten.md"
    assert [line for line in report if line.startswith((f"{here}pictures", f"{here}forgotten", f"{here}draft"))] == [
        f"{here}forgotten.md:1: this section is not part of the chapter; {hint}",
        f"{here}pictures/b.svg:1: this picture is not shown; show it, or delete it",
        f"{here}pictures/more.py:1: this picture is not shown; show it, or delete it",
    ]
    assert any("“cite:lecun1998” is never cited" in line for line in report)
