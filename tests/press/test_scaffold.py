"""The README's walk-through, carried out: a new chapter and a new instrument build, pass their test and the check."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from press import scaffold
from tests.project_copy import copy_project

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project."""
    copy_project(tmp_path, ["content"])
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / ".cache").mkdir()
    for cache in ("wheels", "bundles", "heap_snapshots", "tex", "cells", "views", "highlight", "markdown"):
        if (ROOT / ".cache" / cache).exists():
            (tmp_path / ".cache" / cache).symlink_to(ROOT / ".cache" / cache)
    return tmp_path


def run(project: Path, *words: str) -> str:
    """What a command prints; its failure fails the test with what it said."""
    done = subprocess.run([sys.executable, *words], cwd=project, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def commands(part: str) -> list[list[str]]:
    """The commands of the first sh fence below a heading of the README, as the builder gets them."""
    fence = re.search(r"```sh\n(.*?)```", README.partition(f"\n## {part}\n")[2], re.DOTALL)
    assert fence
    return [line.partition("#")[0].split()[2:] for line in fence[1].splitlines()]


def test_the_walk_through(project: Path) -> None:
    (make,) = commands("Add an instrument")
    printed = run(project, "build.py", *make)
    assert make[:2] == ["new", "instrument"]
    module = make[2].replace("-", "_")
    run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/instruments/test_{module}.py")

    make, serve, check = commands("Add a chapter")
    assert (make[:2], serve, check) == (["new", "chapter"], ["serve"], ["check"])
    run(project, "build.py", *make)
    section = project / "content" / make[2] / "1-introduction.md"
    block = printed.partition("into a section:\n\n")[2]
    section.write_text(f"{section.read_text(encoding='utf-8')}\n{block}", encoding="utf-8")
    run(project, "build.py", "build", "--plain")
    page = (project / "site" / make[2] / "index.html").read_text(encoding="utf-8")
    assert "604,800 <strong>" in page
    assert 'href="#term-second"' in page
    assert "30 days: 2592000 s" in page
    assert 'data-answer="3600"' in page
    assert f'data-instrument="{module}"' in page
    assert "Sequence Models" in (project / "site" / "index.html").read_text(encoding="utf-8")
    assert run(project, "build.py", *check) == "0 findings.\n"
    run(project, "-m", "ruff", "check", "--quiet", "content", "instruments", "tests")
    run(
        project, "-m", "ruff", "format", "--check", "--quiet", f"content/{make[2]}", f"instruments/{module}.py", "tests"
    )


def test_a_new_lab_passes_its_test_and_stands_in_the_page(project: Path) -> None:
    printed = run(project, "build.py", "new", "lab", "descent")
    assert printed.split()[:2] == ["instruments/labs/descent.py", "tests/labs/test_descent.py"]
    run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/labs/test_descent.py")
    run(project, "-m", "ruff", "check", "--quiet", "instruments/labs/descent.py", "tests/labs/test_descent.py")
    run(
        project,
        "-m",
        "ruff",
        "format",
        "--check",
        "--quiet",
        "instruments/labs/descent.py",
        "tests/labs/test_descent.py",
    )
    run(project, "build.py", "new", "chapter", "sequence-models")
    section = project / "content" / "sequence-models" / "1-introduction.md"
    block = printed.partition("into a section:\n\n")[2]
    section.write_text(f"{section.read_text(encoding='utf-8')}\n{block}", encoding="utf-8")
    run(project, "build.py", "build", "--plain")
    page = (project / "site" / "sequence-models" / "index.html").read_text(encoding="utf-8")
    assert 'id="lab-descent"' in page
    assert "After 0 of 60 steps the loss is 9." in page


@pytest.fixture
def book(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "content", tmp_path / "content", ignore=shutil.ignore_patterns("*.md", "pictures"))
    return tmp_path


def test_a_chapter_the_book_does_not_know_comes_last(book: Path) -> None:
    scaffold.chapter(book, "graph-networks")
    settings = (book / "content" / "book.toml").read_text(encoding="utf-8")
    last = '\n[[chapters]]\nnumber = "08"\ntitle = "Graph Networks"\nfolder = "graph-networks"\n\n[pending]'
    assert last in settings
    assert 'prefix = "N8"' in (book / "content" / "graph-networks" / "chapter.toml").read_text(encoding="utf-8")


def test_a_chapter_the_book_announces_gets_its_folder(book: Path) -> None:
    scaffold.chapter(book, "sequence-models")
    settings = (book / "content" / "book.toml").read_text(encoding="utf-8")
    assert 'number = "03"\ntitle = "Sequence Models"\nfolder = "sequence-models"\n' in settings


@pytest.mark.parametrize(("name", "reason"), [("cnn", "there is content/cnn already"), ("Ü b", "is not a name")])
def test_nothing_is_made_in_the_place_of_something(book: Path, name: str, reason: str) -> None:
    before = {path: path.read_bytes() for path in book.rglob("*") if path.is_file()}
    with pytest.raises(scaffold.CannotMake, match=reason):
        scaffold.chapter(book, name)
    assert {path: path.read_bytes() for path in book.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("name", "taken"), [("first-look", "first_look.py"), ("kernel-explorer", "kernel_explorer"), ("ink", "ink.py")]
)
def test_no_instrument_is_made_beside_a_file_package_or_lab_of_its_name(tmp_path: Path, name: str, taken: str) -> None:
    (tmp_path / "instruments").symlink_to(ROOT / "instruments")
    with pytest.raises(scaffold.CannotMake, match=f"there is .*/{taken} already"):
        scaffold.instrument(tmp_path, name)
    with pytest.raises(scaffold.CannotMake, match=f"there is .*/{taken} already"):
        scaffold.lab(tmp_path, name)
