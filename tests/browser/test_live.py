"""An author at work: saves show in the page by themselves, mistakes too, and the place on the page is kept."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.project_copy import copy_project

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "build.py", "serve", "--port", "0")
SECTION = """# Demonstration {{#demo}}

{filler}

The words are {words}.

/// instrument | tiny-square
title: Tiny square
chips: one

A caption.
///

{filler}
"""

pytestmark = pytest.mark.browser


def write(project: Path, words: str) -> None:
    filler = "Filler.\n\n" * 60
    text = SECTION.format(words=words, filler=filler)
    (project / "content" / "demo" / "section.md").write_text(text, encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with a small book and one instrument more."""
    copy_project(tmp_path)
    shutil.copytree(ROOT / "tests" / "book", tmp_path / "content")
    (tmp_path / "content" / "tiny_square.py").rename(tmp_path / "instruments" / "tiny_square.py")
    (tmp_path / ".cache" / "heap_snapshots" / "old").mkdir(parents=True)
    (tmp_path / ".cache" / "wheels").symlink_to(ROOT / ".cache" / "wheels")
    write(tmp_path, "old")
    return tmp_path


@pytest.fixture
def address(project: Path) -> Iterator[str]:
    """Where the author's server of the project shows the chapter."""
    with subprocess.Popen(COMMAND, cwd=project, stdout=subprocess.PIPE, encoding="utf-8") as server:
        assert server.stdout
        try:
            found = next(match[0] for line in server.stdout if (match := re.search(r"http://\S+/", line)))
            yield f"{found}demo/"
        finally:
            server.terminate()


def test_saves_and_mistakes_show_by_themselves(page: Page, address: str, project: Path) -> None:
    page.goto(address)
    page.evaluate("document.getElementById('inst-tiny-square').scrollIntoView({block: 'center'})")
    top = "document.getElementById('inst-tiny-square').getBoundingClientRect().top"
    before = page.evaluate(top)

    write(project, "new, and so many more of them that the line breaks and all below moves down " * 4)
    expect(page.get_by_text("The words are new")).to_be_attached()
    page.wait_for_load_state("load")
    assert abs(page.evaluate(top) - before) < 2

    write(project, "a lone $ sign")
    told = page.locator("#press-mistakes")
    expect(told).to_contain_text(re.compile(r"content/demo/section\.md:\d+"))
    expect(told).to_contain_text("The words are a lone $ sign.")
    expect(told).to_contain_text(r"a $ without a partner; write \$ for a dollar sign")
    expect(page.get_by_text("The words are new")).to_be_attached()

    write(project, "mended")
    expect(page.get_by_text("The words are mended")).to_be_attached()
    expect(told).to_have_count(0)


def test_an_instrument_is_drawn_anew_and_its_mistakes_have_a_line(page: Page, address: str, project: Path) -> None:
    instrument = project / "instruments" / "tiny_square.py"
    source = instrument.read_text(encoding="utf-8")
    page.goto(address)
    area = page.locator("[data-region=area]")
    expect(area).to_have_text("4")

    instrument.write_text(source.replace("side: int = 2", "side: int = 3"), encoding="utf-8")
    expect(area).to_have_text("9")

    instrument.write_text(source.replace("state.side**2", "state.side / 0"), encoding="utf-8")
    line = source.splitlines().index("    return state.side**2") + 1
    told = page.locator("#press-mistakes")
    expect(told).to_contain_text(f"instruments/tiny_square.py:{line}")
    expect(told).to_contain_text("return state.side / 0")
    expect(told).to_contain_text("ZeroDivisionError")

    instrument.write_text(source.replace("def view", "def def"), encoding="utf-8")
    expect(told).to_contain_text("SyntaxError")

    instrument.write_text(source, encoding="utf-8")
    expect(area).to_have_text("4")
    expect(told).to_have_count(0)


def test_a_book_that_has_never_been_built_shows_its_mistakes(page: Page, project: Path) -> None:
    write(project, "a lone $ sign")
    with subprocess.Popen(
        COMMAND, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as server:
        assert server.stdout
        try:
            found = next(match[0] for line in server.stdout if (match := re.search(r"http://\S+/", line)))
            page.goto(f"{found}demo/")
            expect(page.locator("#press-mistakes")).to_contain_text("a $ without a partner")
            write(project, "good")
            expect(page.get_by_text("The words are good")).to_be_attached()
        finally:
            server.terminate()
