"""The reader's words outlive links, files, Reset, other tabs, a full disk and a browser that keeps nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, Playwright, expect

from press.processes.static_server import Handler, background
from tests.browser.conftest import CHAPTER
from tests.browser.faults.test_links import follow, packed
from tests.browser.reader import LONG, Cell, cells

MINE = "print('mine')"
FILL = """() => {
  // Leaves no character of this origin's quota: halves what is added until not even one fits.
  let text = 'x'.repeat(2 ** 22);
  for (let n = 0; text; n++) {
    try { localStorage.setItem(`filler ${n}`, text); } catch { text = text.slice(0, text.length >> 1); }
  }
}"""
FREE = (
    "() => { for (const key of Object.keys(localStorage)) if (key.startsWith('filler')) localStorage.removeItem(key) }"
)

STORED = """() => Object.entries(localStorage)
  .filter(([key]) => key.endsWith(' cell sobel-bar')).map(([, text]) => text)"""


def choose(cell: Cell, name: str | re.Pattern[str]) -> None:
    cell.notice.get_by_role("button", name=name).click()


def shows(cell: Cell, code: str) -> None:
    expect(cell.code).to_contain_text(code.split("\n")[0])
    assert cell.source() == code


def test_a_full_disk_is_told_at_the_cell_and_no_longer_when_there_is_room(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.edit(MINE)
    chapter.evaluate(FILL)
    cell.edit("print('a longer one than before, which has no room')")
    told = cell.figure.locator("[data-unkept]")
    expect(told).to_contain_text("Not all of this is kept: this browser’s storage is full")
    expect(told).to_contain_text("Save to a file")
    chapter.evaluate(FREE)
    cell.edit("print('there is room again')")
    expect(told).to_have_count(0)
    chapter.reload()
    shows(cell, "print('there is room again')")


def test_a_full_disk_is_told_at_an_answer_and_an_instrument(chapter: Page) -> None:
    chapter.evaluate(FILL)
    exercise = chapter.locator("[data-exercise]").first
    exercise.locator("input[name=answer]").fill("27")
    exercise.get_by_role("button", name="Check").click()
    expect(exercise.locator("[data-unkept]")).to_contain_text("storage is full")
    section = chapter.locator(".instrument").first
    section.locator("input[type=range]:visible").first.press("ArrowRight")
    expect(section.locator("[data-unkept]")).to_contain_text("storage is full", timeout=LONG)


def test_after_two_links_the_readers_own_text_comes_back(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.edit(MINE)
    follow(chapter, "print('first link')")
    shows(cell, "print('first link')")
    follow(chapter, "print('second link')")
    shows(cell, "print('second link')")
    choose(cell, "Back to what was here")
    shows(cell, MINE)
    chapter.goto(chapter.url.split("#")[0] + "?again")
    shows(cell, MINE)


def test_an_address_that_changes_under_the_hands_takes_nothing_away(chapter: Page) -> None:
    """Whoever opened the page may set its address, again and again."""
    cell = cells(chapter)[0]
    cell.edit(MINE)
    for number in range(8):
        chapter.evaluate("hash => { location.hash = hash }", f"cell-sobel-bar?code={packed(f'print({number})')}")
        expect(cell.notice).to_contain_text("asks for other code here, while you are typing")
        chapter.keyboard.press("#")
    assert cell.source().replace("#", "") == MINE.replace("#", "")
    assert cell.source().count("#") == MINE.count("#") + 8
    choose(cell, "Show it")
    shows(cell, "print(7)")
    choose(cell, "Back to what was here")
    assert cell.source().count("#") == MINE.count("#") + 8


@pytest.mark.parametrize("how", ["Keep it", "an edit"])
def test_what_a_link_replaced_can_be_had_back_after_a_reload(chapter: Page, how: str) -> None:
    cell = cells(chapter)[0]
    cell.edit(MINE)
    follow(chapter, "print('theirs')")
    shows(cell, "print('theirs')")
    if how == "Keep it":
        choose(cell, how)
    else:
        cell.edit("print('theirs, changed')")
    chapter.goto(chapter.url.split("#")[0] + "?again")
    cell.button("before").click()
    choose(cell, re.compile("until a link: print.'mine'"))
    shows(cell, MINE)
    cell.button("before").click()
    choose(cell, re.compile("theirs"))
    expect(cell.code).to_contain_text("theirs")


def test_reset_can_be_undone_after_a_reload(chapter: Page) -> None:
    cell = cells(chapter)[0]
    original = cell.source()
    cell.edit(MINE)
    cell.button("reset").click()
    shows(cell, original)
    expect(cell.button("run")).to_be_focused()  # a button that is off now would leave the keyboard at the page's top
    chapter.reload()
    cell.button("before").click()
    choose(cell, re.compile("until Reset: print.'mine'"))
    shows(cell, MINE)
    expect(cell.button("run")).to_be_focused()
    chapter.reload()
    shows(cell, MINE)


def test_foreign_code_that_was_edited_can_still_be_given_up_after_a_reload(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.edit(MINE)
    follow(chapter, "print('theirs')")
    shows(cell, "print('theirs')")
    cell.edit("print('theirs, changed')")
    chapter.goto(chapter.url.split("#")[0] + "?again")
    expect(cell.notice).to_contain_text("It has not been run")
    choose(cell, "Back to what was here")
    shows(cell, MINE)


def test_an_earlier_version_chosen_before_a_links_code_loses_nothing(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.edit("print('first')")
    cell.button("reset").click()
    cell.edit(MINE)
    follow(chapter, "print('theirs')")
    shows(cell, "print('theirs')")
    cell.button("before").click()
    choose(cell, re.compile("first"))
    shows(cell, "print('first')")
    for code in (MINE, "print('theirs')"):
        cell.button("before").click()
        choose(cell, re.compile(re.escape(code[7:-2])))
        shows(cell, code)


def test_code_from_a_link_stays_foreign_until_it_is_the_books_again(chapter: Page) -> None:
    cell = cells(chapter)[0]
    original = cell.source()
    follow(chapter, "print('theirs')")
    choose(cell, "Keep it")
    cell.edit("print('theirs, changed')")
    assert json.loads(chapter.evaluate(STORED)[0])["from"] == "link"
    cell.edit(original)
    assert chapter.evaluate(STORED) == []
    cell.edit(MINE)
    assert "from" not in json.loads(chapter.evaluate(STORED)[0])


def in_two_tabs(context: BrowserContext, server: str) -> tuple[Cell, Cell]:
    """The first cell in each of two tabs."""
    tabs = [context.new_page(), context.new_page()]
    for tab in tabs:
        tab.goto(server + CHAPTER)
    one, other = (cells(tab)[0] for tab in tabs)
    return one, other


def test_an_edit_in_one_tab_appears_in_the_other(context: BrowserContext, server: str) -> None:
    here, there = in_two_tabs(context, server)
    here.edit("print('from one')")
    shows(there, "print('from one')")
    there.edit("print('from the other')")
    shows(here, "print('from the other')")
    expect(here.notice).to_contain_text("another tab")
    choose(here, "Back to what was here")
    shows(here, "print('from one')")
    shows(there, "print('from one')")


def test_what_another_page_of_the_site_deletes_while_one_types_can_be_had_back(
    context: BrowserContext, server: str
) -> None:
    here, other = context.new_page(), context.new_page()
    here.goto(server + CHAPTER)
    other.goto(f"{server}elsewhere.html")
    cell = cells(here)[0]
    cell.edit("print('mine')")
    other.evaluate("localStorage.clear()")
    expect(cell.notice).to_contain_text("was deleted in another tab")
    assert cell.source() != "print('mine')"
    cell.notice.get_by_role("button", name="Use mine").click()
    assert cell.source() == "print('mine')"
    here.reload()
    assert cell.source() == "print('mine')"


def test_what_one_tab_replaced_can_be_had_back_in_the_one_that_did(context: BrowserContext, server: str) -> None:
    here, there = in_two_tabs(context, server)
    here.edit("print('from one')")
    shows(there, "print('from one')")
    there.edit("print('from the other')")
    there.button("before").click()
    choose(there, re.compile("until another tab: print.'from one'"))
    shows(there, "print('from one')")


def test_an_instrument_drawn_again_in_another_tab_keeps_what_was_set_since(
    context: BrowserContext, server: str
) -> None:
    one, other = context.new_page(), context.new_page()
    one.goto(server + CHAPTER)
    here, there = (page.locator('[data-instrument="feature_maps"]') for page in (one, other))
    size = here.locator("input[name=size]")
    size.fill("100")
    expect(here.locator("[data-sentence]")).to_contain_text("100 × 100", timeout=LONG)
    other.goto(server + CHAPTER)
    size.fill("150")
    expect(here.locator("[data-sentence]")).to_contain_text("150 × 150", timeout=LONG)
    there.scroll_into_view_if_needed()
    expect(there.locator("[data-sentence]")).to_contain_text("100 × 100", timeout=LONG)
    later = context.new_page()
    later.goto(server + CHAPTER)
    shown = later.locator('[data-instrument="feature_maps"]')
    shown.scroll_into_view_if_needed()
    expect(shown.locator("[data-sentence]")).to_contain_text("150 × 150", timeout=LONG)


def test_a_key_press_never_stores_over_what_another_tab_wrote_unheard(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.edit(MINE)
    # The same page writes: no storage event comes, as in a tab that the browser has frozen.
    chapter.evaluate("""() => {
      const key = Object.keys(localStorage).find((key) => key.endsWith(' cell sobel-bar'));
      const kept = JSON.parse(localStorage.getItem(key));
      localStorage.setItem(key, JSON.stringify({ ...kept, text: "print('written elsewhere')\\n" }));
    }""")
    cell.code.locator(".cm-content").press("ControlOrMeta+End")
    chapter.keyboard.type("#")
    expect(cell.notice).to_contain_text("changed in another tab, too")
    assert cell.source() == f"{MINE}#"
    choose(cell, "Use the other tab’s")
    shows(cell, "print('written elsewhere')")
    cell.button("before").click()
    choose(cell, re.compile("mine"))
    shows(cell, f"{MINE}#")


def bring(page: Page, content: bytes) -> None:
    file = {"name": "work.json", "mimeType": "application/json", "buffer": content}
    page.locator("[data-memory] [data-action=import]").set_input_files(file)  # type: ignore[arg-type]


def exported(page: Page, tmp_path: Path) -> dict[str, dict[str, object]]:
    with page.expect_download() as download:
        page.locator("[data-memory] [data-action=export]").click()
    download.value.save_as(tmp_path / "work.json")
    work: dict[str, dict[str, object]] = json.loads((tmp_path / "work.json").read_text(encoding="utf-8"))
    return work


def test_a_file_is_shown_in_place_as_foreign_and_can_be_taken_back(chapter: Page, tmp_path: Path) -> None:
    cell, exercise = cells(chapter)[0], chapter.locator("[data-exercise]").first
    name = exercise.get_attribute("data-exercise")
    cell.edit("print('to be a file')")
    file = exported(chapter, tmp_path)
    file["entries"][f"answer {name}"] = "28"
    cell.edit(MINE)
    exercise.locator("input[name=answer]").fill("27")
    exercise.get_by_role("button", name="Check").click()
    chapter.locator("h1").click()
    bring(chapter, json.dumps(file).encode())
    shows(cell, "print('to be a file')")
    expect(cell.notice).to_contain_text("came with a file. It has not been run: read it first.")
    expect(exercise.locator("input[name=answer]")).to_have_value("28")
    expect(exercise.locator("[data-verdict]")).to_have_text("Right.")
    chapter.locator("[data-memory] [data-status] button").click()
    shows(cell, MINE)
    expect(exercise.locator("input[name=answer]")).to_have_value("27")
    chapter.reload()
    shows(cell, MINE)


def test_an_imported_cell_says_so_until_it_has_been_run(chapter: Page, tmp_path: Path) -> None:
    cell = cells(chapter)[0]
    cell.edit("print('to be a file')")
    file = exported(chapter, tmp_path)
    cell.edit(MINE)
    bring(chapter, json.dumps(file).encode())
    expect(cell.notice).to_contain_text("It has not been run")
    chapter.reload()
    expect(cell.notice).to_contain_text("It has not been run")
    assert cell.run() == "to be a file\n"
    expect(cell.notice).to_have_count(0)
    chapter.reload()
    cell.button("before").click()
    choose(cell, re.compile("until a file: print.'mine'"))
    shows(cell, MINE)


class Open(Handler):
    """Lets pages of no origin load scripts, as GitHub Pages does."""

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


@pytest.fixture(params=["allow-scripts"])
def sandboxed(page: Page, site: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[FrameLocator]:
    """The chapter in a frame of another site that may run scripts and nothing else: it has no origin, so no storage."""
    with background(site, kind=Open) as book:
        frame = f'<iframe sandbox="{request.param}" width="1000" height="800" src="{book.url}{CHAPTER}"></iframe>'
        (tmp_path / "index.html").write_text(f"<!doctype html><title>Host</title>{frame}", encoding="utf-8")
        with background(tmp_path) as host:
            page.goto(host.url.replace("127.0.0.1", "localhost"))
            yield page.frame_locator("iframe")


@pytest.fixture
def blocked(playwright: Playwright, whole_browser: dict[str, Any], tmp_path: Path) -> Iterator[Page]:
    """A page in a Chromium whose owner has blocked all site data in its settings."""
    preferences = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(preferences), encoding="utf-8")
    context = playwright.chromium.launch_persistent_context(tmp_path, **whole_browser)
    context.set_default_timeout(LONG)
    yield context.pages[0]
    context.close()


def edited_and_reset(cell: Cell) -> None:
    cell.edit(MINE)
    expect(cell.figure.locator("[data-unkept]")).to_contain_text("lets the page store nothing")
    cell.button("reset").click()
    cell.button("before").click()
    choose(cell, re.compile("mine"))
    shows(cell, MINE)


def test_a_frame_without_any_rights_can_be_worked_in_and_says_what_it_cannot(sandboxed: FrameLocator) -> None:
    cell = Cell(sandboxed, "sobel-bar")  # type: ignore[arg-type]
    edited_and_reset(cell)
    cell.start()
    expect(cell.error).to_contain_text("The script that runs Python failed, or could not be run", timeout=LONG)
    expect(sandboxed.locator("[data-memory] [data-status]")).to_contain_text("Not kept")
    sandboxed.locator("[data-offline]").get_by_role("button", name="Keep this chapter offline").click()
    expect(sandboxed.locator("[data-offline] [data-status]")).to_have_text(re.compile(r"\w"))


@pytest.mark.parametrize("sandboxed", ["allow-scripts allow-same-origin"], indirect=True)
def test_a_frame_that_forbids_forms_and_questions_checks_answers_all_the_same(sandboxed: FrameLocator) -> None:
    exercise = sandboxed.locator("#ex-valid-size")
    exercise.get_by_role("textbox").fill("1")
    exercise.get_by_role("textbox").press("Enter")
    expect(exercise.locator("[data-verdict]")).to_contain_text("Not quite")
    sandboxed.get_by_role("button", name="Forget everything").click()
    expect(sandboxed.locator("[data-memory] [data-status]")).to_contain_text("the frame around this page forbids it")
    expect(exercise.get_by_role("textbox")).to_have_value("1")


def test_a_file_that_cannot_be_read_is_told(chapter: Page) -> None:
    chapter.evaluate("() => { Blob.prototype.text = () => Promise.reject(new DOMException('gone')); }")
    bring(chapter, b"{}")
    expect(chapter.locator("[data-memory] [data-status]")).to_have_text("This file could not be read.")


def test_with_all_site_data_blocked_it_all_works_and_a_file_brings_work_back(
    blocked: Page, server: str, tmp_path: Path
) -> None:
    blocked.goto(server + CHAPTER)
    assert blocked.evaluate("() => { try { return Boolean(localStorage) } catch (error) { return error.name } }") == (
        "SecurityError"
    )
    cell = cells(blocked)[0]
    edited_and_reset(cell)
    assert cell.run() == "mine\n"
    file = exported(blocked, tmp_path)
    cell.edit("print('another')")
    bring(blocked, json.dumps(file).encode())
    shows(cell, MINE)
    expect(blocked.locator("[data-memory] [data-status]")).to_contain_text("Not kept")
    section = blocked.locator(".instrument").first
    before = section.locator("[data-sentence]").text_content() or ""
    section.locator("input[type=range]:visible").first.press("ArrowRight")
    expect(section.locator("[data-sentence]")).not_to_have_text(before, timeout=LONG)
