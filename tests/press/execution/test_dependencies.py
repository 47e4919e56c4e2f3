"""What a cell or an instrument rests on, and pages that are made again only when they must be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from press.browser.bundles import Bundle
from press.execution.dependencies import Sources
from press.site import Press

ROOT = Path(__file__).resolve().parents[3]
BUNDLE = Bundle({}, "assets/main.css", "assets/main.js", "assets/theme.js", (), {})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of three modules: `a` imports `b` of a package with data, `c` stands alone."""
    folder = tmp_path / "instruments"
    for package in ("data", "whole"):
        (folder / package).mkdir(parents=True)
    for name, source in {
        "__init__.py": "",
        "a.py": "import numpy\nfrom instruments import (\n    data,\n)\n",
        "data/__init__.py": "from instruments.b import x\n",
        "data/table.npz": "0",
        "b.py": "x = 1\n",
        "c.py": "",
        "whole/__init__.py": "from . import part\nfrom .other import x\n",
        "whole/part.py": "from .. import c\n",
        "whole/other.py": "",
        "whole/table.npy": "0",
        "whole/stray.py": "",
    }.items():
        (folder / name).write_text(source, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "matters"),
    [("a.py", True), ("b.py", True), ("data/table.npz", True), ("__init__.py", True), ("c.py", False)],
)
def test_a_digest_changes_with_what_is_imported_and_with_nothing_else(project: Path, file: str, matters: bool) -> None:
    before = Sources(project).digest("from instruments import a")
    path = project / "instruments" / file
    path.write_text(path.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    assert (Sources(project).digest("from instruments import a") != before) == matters


@pytest.mark.parametrize(
    ("file", "matters"),
    [("__init__.py", True), ("part.py", True), ("other.py", True), ("table.npy", True), ("stray.py", False)],
)
def test_a_package_rests_on_the_files_it_imports(project: Path, file: str, matters: bool) -> None:
    before = Sources(project).digest("import instruments.whole")
    path = project / "instruments" / "whole" / file
    path.write_text(path.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    assert (Sources(project).digest("import instruments.whole") != before) == matters


def test_what_a_file_imports_from_above_its_package_counts(project: Path) -> None:
    reached = {path.name for path in Sources(project).reached("import instruments.whole")}
    assert "c.py" in reached and "a.py" not in reached


def test_a_digest_changes_with_the_code_itself(project: Path) -> None:
    sources = Sources(project)
    assert sources.digest("x = 1") != sources.digest("x = 2")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Two chapters, the second refers to the first."""
    content = Path(shutil.copytree(ROOT / "tests/book", tmp_path / "content"))
    book = (content / "book.toml").read_text(encoding="utf-8")
    (content / "book.toml").write_text(
        book.replace('title = "Not Written"', 'title = "Second"\nfolder = "second"'), encoding="utf-8"
    )
    shutil.copytree(content / "demo", content / "second")
    settings = (content / "second" / "chapter.toml").read_text(encoding="utf-8")
    (content / "second" / "chapter.toml").write_text(
        settings.replace('"01"', '"02"').replace('"T1"', '"T2"'), encoding="utf-8"
    )
    write(content, "demo", "# First {#first}\n\nText.\n\n# ".removesuffix("# ") + equation("one"))
    write(content, "second", "# Second {#second}\n\nSee @eq:demo/one.\n\n" + equation("two"))
    return content


def equation(name: str) -> str:
    return f"/// equation | {name}\ntitle: T\n\nx\n\nA caption.\n///\n"


def write(content: Path, folder: str, source: str) -> None:
    (content / folder / "section.md").write_text(source, encoding="utf-8")


def page(press: Press, folder: str) -> str:
    made = press.pages(lambda _: BUNDLE, {})[f"{folder}/index.html"]
    assert isinstance(made, bytes)
    return made.decode()


def test_an_edit_shows_and_leaves_the_other_page_as_it_was(content: Path) -> None:
    with Press(ROOT, content) as press:
        first, second = page(press, "demo"), press._workspace.pages["second"]
        write(content, "demo", "# First {#first}\n\nOther words.\n\n" + equation("one"))
        assert page(press, "demo") != first
        assert "Other words." in page(press, "demo")
        assert press._workspace.pages["second"] is second


def test_a_number_that_changes_elsewhere_changes_the_page_that_names_it(content: Path) -> None:
    with Press(ROOT, content) as press:
        assert ">EQ T1.1</a>." in page(press, "second")
        write(content, "demo", "# First {#first}\n\nText.\n\n" + equation("zero") + "\n" + equation("one"))
        assert ">EQ T1.2</a>." in page(press, "second")


@pytest.mark.parametrize("name", ["lead", "pending", "template"])
def test_what_all_pages_share_changes_all_pages(content: Path, name: str, tmp_path: Path) -> None:
    root = tmp_path / "project"
    for folder in ("templates", "assets", "press", "runtime", "instruments", "node_modules", "requirements.txt"):
        root.mkdir(exist_ok=True)
        (root / folder).symlink_to(ROOT / folder)
    if name == "template":
        (root / "templates").unlink()
        shutil.copytree(ROOT / "templates", root / "templates")
    write(content, "demo", "# First {#first}\n\nSee @pending:other-volume.\n\n" + equation("one"))
    with Press(root, content) as press:
        before = page(press, "demo")
        changed = content / "book.toml" if name != "template" else root / "templates" / "base.html"
        old = {"lead": "TEST // PRESS", "pending": "Vol II", "template": "</footer>"}[name]
        changed.write_text(changed.read_text(encoding="utf-8").replace(old, f"NEW {old}"), encoding="utf-8")
        after = page(press, "demo")
    assert f"NEW {old}" in after
    assert f"NEW {old}" not in before
