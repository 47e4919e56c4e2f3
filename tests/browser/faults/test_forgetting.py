"""The reader's own things: kept, brought back, offered beside a new edition, and never required."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Edition
from tests.browser.reader import LONG, cells

MINE = "print('mine')"
THROWING = """
const broken = { get() { throw new DOMException('denied', 'SecurityError') } };
Object.defineProperty(globalThis, 'localStorage', broken);
Object.defineProperty(globalThis, 'indexedDB', broken);
"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"


@pytest.fixture(scope="module")
def changed(edition: Edition) -> Path:
    """The book after its author changed the first cell."""
    return edition(lambda text: text.replace("image = np.zeros((7, 11))", "image = np.zeros((7, 12))"))


def test_an_edit_is_there_after_a_reload(chapter: Page) -> None:
    cell = cells(chapter)[0]
    original = cell.source()
    cell.edit(MINE)
    chapter.reload()
    assert cell.source() == MINE
    expect(cell.figure).to_have_class(re.compile("is-edited"))
    expect(cell.figure.locator(".cell-badge")).to_be_visible()
    assert cell.run() == "mine\n"
    cell.button("reset").click()
    chapter.reload()
    assert cell.source() == original
    expect(cell.button("reset")).to_be_disabled()


@pytest.mark.parametrize(("choice", "mine"), [("Use mine", True), ("Keep the new one", False)])
def test_a_cell_the_author_changed_offers_both(
    page: Page, swapped: tuple[str, Callable[[Path], None]], changed: Path, choice: str, mine: bool
) -> None:
    url, deploy = swapped
    page.goto(url)
    cell = cells(page)[0]
    cell.edit(MINE)
    deploy(changed)
    page.reload()
    new = cell.source()
    assert "(7, 12)" in new
    expect(cell.notice).to_contain_text("The book has changed this cell")
    page.reload()
    expect(cell.notice).to_contain_text("The book has changed this cell")
    cell.notice.get_by_role("button", name=choice).click()
    assert cell.source() == (MINE if mine else new)
    page.reload()
    expect(cell.notice).to_have_count(0)
    assert cell.source() == (MINE if mine else new)


@pytest.mark.parametrize("script", [THROWING, FULL], ids=["denied", "full"])
def test_without_storage_everything_works(private: Callable[[str], Page], script: str) -> None:
    page = private(script)
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.reload()
    cell = cells(page)[0]
    cell.edit(MINE)
    assert cell.run() == "mine\n"
    exercise = page.locator("[data-exercise]").first
    exercise.locator("input[name=answer]").fill("28")
    exercise.get_by_role("button", name="Check").click()
    expect(exercise.locator("[data-verdict]")).to_have_text("Right.")
    section = page.locator(".instrument").first
    before = section.locator("[data-sentence]").text_content() or ""
    section.locator("input[type=range]:visible").first.press("ArrowRight")
    expect(section.locator("[data-sentence]")).not_to_have_text(before, timeout=LONG)
    assert heard == []


def test_answers_and_instruments_are_there_after_a_reload(chapter: Page) -> None:
    exercise = chapter.locator("[data-exercise]").first
    exercise.locator("input[name=answer]").fill("27")
    exercise.get_by_role("button", name="Check").click()
    section = chapter.locator(".instrument").first
    sentence = section.locator("[data-sentence]")
    before = sentence.text_content() or ""
    section.locator("input[type=range]:visible").first.press("ArrowRight")
    expect(sentence).not_to_have_text(before, timeout=LONG)
    moved = sentence.text_content() or ""
    chapter.reload()
    expect(exercise.locator("input[name=answer]")).to_have_value("27")
    expect(exercise.locator("[data-verdict]")).to_contain_text("Not quite")
    section.scroll_into_view_if_needed()
    expect(sentence).to_have_text(moved, timeout=LONG)


def test_work_travels_as_a_file(chapter: Page, tmp_path: Path) -> None:
    cell, panel = cells(chapter)[0], chapter.locator("[data-memory]")
    original = cell.source()
    cell.edit(MINE)
    with chapter.expect_download() as download:
        panel.locator("[data-action=export]").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    chapter.on("dialog", lambda dialog: dialog.accept())
    with chapter.expect_navigation():
        panel.locator("[data-action=forget]").click()
    assert cell.source() == original
    panel.locator("[data-action=import]").set_input_files(file)
    expect(panel.locator("[data-status]")).to_contain_text("brought back")
    assert cell.source() == MINE
    assert cell.run() == "mine\n"


BAD_FILES = {
    "no file of ours": ("hello", "not a file exported from this book"),
    "other JSON": ("[1]", "not a file exported from this book"),
    "null": ("null", "not a file exported from this book"),
    "a later format": (json.dumps({"format": 99, "entries": {}}), "a newer version"),
    "another chapter": (json.dumps({"format": 1, "chapter": "encyclopedia /x", "entries": {}}), "another chapter"),
}


@pytest.mark.parametrize(("text", "words"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_wrong_file_changes_nothing(chapter: Page, text: str, words: str) -> None:
    cell, panel = cells(chapter)[0], chapter.locator("[data-memory]")
    cell.edit(MINE)
    file = {"name": "work.json", "mimeType": "application/json", "buffer": text.encode()}
    panel.locator("[data-action=import]").set_input_files(file)  # type: ignore[arg-type]
    expect(panel.locator("[data-status]")).to_contain_text(words)
    assert cell.source() == MINE


def test_strange_entries_in_storage_do_no_harm(private: Callable[[str], Page]) -> None:
    page = private("""
      const prefix = `encyclopedia ${location.pathname} `;
      const odd = ['null', '"x"', '{"of": 1, "text": 2}', '{broken', '[]', '{"text": {"a": 1}}'];
      ['cell sobel-bar', 'cell max-pool', 'answer valid-size', 'earlier max-pool', 'instrument inst-kernel-explorer']
        .forEach((key, i) => localStorage.setItem(prefix + key, odd[i % odd.length]));
    """)
    cell = cells(page)[0]
    printed = cell.output.text_content()
    assert cell.run() == printed
