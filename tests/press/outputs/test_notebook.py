"""What a reader takes along runs elsewhere: the notebook from top to bottom, each cell's program by itself."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from press import site
from press.browser.bundles import Bundle

ROOT = Path(__file__).resolve().parents[3]
BUNDLE = Bundle({}, "assets/main.css", "assets/main.js", "assets/theme.js", (), {})
IN_ONE_NAMESPACE = """
import contextlib, io, json, sys
printed, namespace = [], {"__name__": "__main__"}
for source in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(source, "cell", "exec"), namespace)
    printed.append(out.getvalue())
print(json.dumps(printed))
"""


@pytest.fixture(scope="module")
def chapter() -> dict[str, bytes]:
    """The files beside the chapter's page, by name."""
    made = site.pages(ROOT, ROOT / "content", BUNDLE, {})
    names = {name.removeprefix("cnn/"): content for name, content in made.items() if name.startswith("cnn/")}
    return {name: content for name, content in names.items() if isinstance(content, bytes)}


def demo(tmp_path: Path, section: str) -> dict[str, bytes]:
    content = Path(shutil.copytree(ROOT / "tests" / "book", tmp_path / "content"))
    (content / "demo" / "section.md").write_text(f"# T {{#t}}\n\n{section}\n", encoding="utf-8")
    return {name: page for name, page in site.pages(ROOT, content, BUNDLE, {}).items() if isinstance(page, bytes)}


def cells(notebook: bytes, kind: str) -> list[Any]:
    return [cell for cell in json.loads(notebook)["cells"] if cell["cell_type"] == kind]


def python(folder: Path, *words: str, given: str = "") -> str:
    """What Python prints outside the project; its failure fails the test."""
    run = [sys.executable, "-I", *words]
    done = subprocess.run(run, cwd=folder, input=given, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_all(notebook: bytes, folder: Path) -> list[str]:
    sources = [cell["source"] for cell in cells(notebook, "code")]
    printed: list[str] = json.loads(python(folder, "-c", IN_ONE_NAMESPACE, given=json.dumps(sources)))
    return printed


def text_of(cell: dict[str, Any]) -> str:
    """The text among what a cell put out."""
    return "".join(each.get("text", "") for each in cell["outputs"])


def test_the_notebook_prints_from_top_to_bottom_what_the_page_shows(chapter: dict[str, bytes], tmp_path: Path) -> None:
    shown = [text_of(cell) for cell in cells(chapter["cnn.ipynb"], "code")]
    assert len(shown) >= 6
    assert run_all(chapter["cnn.ipynb"], tmp_path) == shown


def test_every_program_runs_by_itself(chapter: dict[str, bytes], tmp_path: Path) -> None:
    programs = {name: content for name, content in chapter.items() if name.endswith(".py")}
    runs = [cell for cell in cells(chapter["cnn.ipynb"], "code") if cell["id"].startswith("code-cell-")]
    shown = {cell["id"].removeprefix("code-cell-"): text_of(cell) for cell in runs}
    assert {Path(name).stem for name in programs} == shown.keys()
    for name, content in programs.items():
        (tmp_path / name).write_bytes(content)
        assert python(tmp_path, name) == shown[Path(name).stem]


def test_tasks_stand_in_it_to_be_solved(chapter: dict[str, bytes]) -> None:
    (start,) = [cell for cell in cells(chapter["cnn.ipynb"], "code") if cell["id"] == "code-ex-write-output-size"]
    assert start["source"].startswith("def output_size")
    (task,) = [cell for cell in cells(chapter["cnn.ipynb"], "markdown") if cell["id"] == "ex-write-output-size"]
    assert "return max(0," in task["source"]


def test_the_notebook_is_one(chapter: dict[str, bytes]) -> None:
    notebook = json.loads(chapter["cnn.ipynb"])
    ids = [cell["id"] for cell in notebook["cells"]]
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len(ids) == len(set(ids))
    assert [name for name in ids if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name)] == []


def test_terms_are_listed_before_the_works(chapter: dict[str, bytes]) -> None:
    *_, terms, works = cells(chapter["cnn.ipynb"], "markdown")
    assert (terms["id"], works["id"]) == ("terms", "references")
    assert '- <a id="term-jump"></a>**jump** $j_l$: The distance' in terms["source"]


def test_its_text_needs_no_builder(chapter: dict[str, bytes]) -> None:
    text = "\n".join(cell["source"] for cell in cells(chapter["cnn.ipynb"], "markdown"))
    assert "$$\nS(i,j) = (I * W)(i,j)" in text
    assert "= 150,528 numbers" in text
    assert re.findall(r"\{\{ |@[a-z]+:", text) == []
    places = set(re.findall(r'<a id="([^"]+)">', text))
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) - places == set()


def test_modules_of_the_book_travel_with_the_cell_that_imports_them(tmp_path: Path) -> None:
    code = "from instruments.nn.ops import output_size\n\nprint(output_size(32, 5, 1, 0))"
    cell = f"```python {{#side title=Side}}\n{code}\n```"
    needing = '```python {#twice title=Twice needs="side"}\nprint(2 * output_size(32, 5, 1, 0))\n```'
    made = demo(tmp_path, f"{cell}\n\n{needing}")
    assert run_all(made["demo/demo.ipynb"], tmp_path) == ["", "28\n", "56\n"]
    (tmp_path / "twice.py").write_bytes(made["demo/twice.py"])
    assert python(tmp_path, "twice.py") == "28\n56\n"


def test_what_only_looks_like_a_label_stays(tmp_path: Path) -> None:
    text = "Code `@eq:x` and `{{ 1 }}`, a price of \\$5, see [words $a$](@sec:t), @pending:other-volume, {{ 2 + 3 }}."
    made = demo(tmp_path, text)
    (shown,) = [cell["source"] for cell in cells(made["demo/demo.ipynb"], "markdown") if cell["id"] == "text-t-0"]
    words = "a price of \\$5, see [words $a$](#t), "
    assert shown.startswith(f"Code `@eq:x` and `{{{{ 1 }}}}`, {words}")
    assert shown.endswith(", 5.")


def test_a_picture_is_attached(tmp_path: Path) -> None:
    content = Path(shutil.copytree(ROOT / "tests" / "book", tmp_path / "content"))
    (content / "demo" / "pictures").mkdir()
    (content / "demo" / "pictures" / "a.svg").write_text(svg := '<svg width="2" height="1"/>', encoding="utf-8")
    (content / "demo" / "section.md").write_text("# T {#t}\n\n![A dot](a.svg)\n", encoding="utf-8")
    notebook = site.pages(ROOT, content, BUNDLE, {})["demo/demo.ipynb"]
    assert isinstance(notebook, bytes)
    (cell,) = [cell for cell in cells(notebook, "markdown") if "attachments" in cell]
    assert cell["source"] == "![A dot](attachment:a.svg)"
    assert cell["attachments"] == {"a.svg": {"image/svg+xml": base64.b64encode(svg.encode()).decode()}}


def test_a_drawn_figure_is_attached_as_the_page_first_shows_it(chapter: dict[str, bytes]) -> None:
    (cell,) = [cell for cell in cells(chapter["cnn.ipynb"], "markdown") if cell["id"] == "fig-window"]
    ((name, attached),) = cell["attachments"].items()
    assert f"](attachment:{name})" in cell["source"]
    assert base64.b64decode(attached["image/svg+xml"]) == chapter[f"drawn/{name}"]
    assert f'src="drawn/{name}"'.encode() in chapter["index.html"]
    assert "22 of 45" in cell["source"]


def test_what_stands_behind_a_question_is_folded(chapter: dict[str, bytes]) -> None:
    by_name = {cell["id"]: cell for cell in json.loads(chapter["cnn.ipynb"])["cells"]}
    assert by_name["code-cell-sobel-bar"]["metadata"] == {"jupyter": {"outputs_hidden": True}}
    assert by_name["code-ex-mend-convolution"]["metadata"] == {}
    asked = by_name["q-bar-inside"]["source"]
    assert asked.count("<details><summary>") == 3
    assert "**QUESTION 2.1**" in asked
    assert any(cell["source"].startswith("<details><summary>The answer</summary>") for cell in by_name.values())


def test_choices_can_be_read_and_their_answer_unfolded(tmp_path: Path) -> None:
    head = (
        "/// exercise | e\npoints: 2\nwrong: {{ 1 + 1 }}\nright: *three*\nright: four\n\nWhich?\n\n---\n\nBecause.\n///"
    )
    (shown,) = (
        cell["source"]
        for cell in cells(demo(tmp_path, head)["demo/demo.ipynb"], "markdown")
        if "Which?" in cell["source"]
    )
    assert "(2 points)\n\nWhich?\n\n- A) 2\n- B) *three*\n- C) four\n\n<details>" in shown
    assert "Answer: **B, C**." in shown
