"""Code in a link: shown with a notice, never run by itself, never in the way of the reader's own."""

from __future__ import annotations

import base64
import zlib

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import cells

THEIRS = "print('theirs: é 😀')"


def packed(code: str) -> str:
    squeeze = zlib.compressobj(wbits=-15)
    data = squeeze.compress(code.encode()) + squeeze.flush()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def follow(page: Page, code: str, cell: str = "sobel-bar") -> None:
    """Press a link in an open page, which takes the focus."""
    page.evaluate("hash => { document.activeElement.blur(); location.hash = hash }", f"cell-{cell}?code={packed(code)}")


def link(server: str, code: str) -> str:
    return f"{server}{CHAPTER}#cell-sobel-bar?code={packed(code)}"


def test_a_link_made_here_opens_there(browser: Browser, server: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(server + CHAPTER)
    cell = cells(page)[0]
    cell.edit(THEIRS)
    cell.button("share").click()
    expect(cell.status).to_contain_text("Link copied")
    url = page.evaluate("navigator.clipboard.readText()")
    context.close()
    other = browser.new_page()
    other.goto(url)
    cell = cells(other)[0]
    expect(cell.notice).to_contain_text("This code came with the link")
    assert cell.source() == THEIRS
    expect(cell.figure).to_be_in_viewport()
    other.close()


def test_code_in_a_link_is_shown_not_run(page: Page, server: str) -> None:
    page.goto(server + CHAPTER)
    printed = cells(page)[0].output.text_content()
    page.goto("about:blank")
    page.goto(link(server, THEIRS))
    cell = cells(page)[0]
    expect(cell.notice).to_contain_text("It has not been run")
    page.wait_for_load_state("networkidle")
    assert cell.output.text_content() == printed
    assert cell.run() == "theirs: é 😀\n"


def test_the_readers_own_version_is_one_click_away(chapter: Page, server: str) -> None:
    cell = cells(chapter)[0]
    cell.edit("print('mine')")
    chapter.goto("about:blank")
    chapter.goto(link(server, THEIRS))
    expect(cell.notice).to_be_visible()
    assert cell.source() == THEIRS
    cell.notice.get_by_role("button", name="Back to what was here").click()
    assert cell.source() == "print('mine')"
    chapter.goto(server + CHAPTER)
    assert cell.source() == "print('mine')"


def test_a_link_opened_in_an_open_page(chapter: Page, server: str) -> None:
    cell = cells(chapter)[0]
    follow(chapter, THEIRS)
    expect(cell.notice).to_contain_text("This code came with the link")
    assert cell.source() == THEIRS


BOMB = packed("#" * 50_000_000)


@pytest.mark.parametrize(
    "code", ["", "AAAA", "!!!", packed(THEIRS)[:-4], BOMB], ids=["empty", "junk", "bad", "cut", "bomb"]
)
def test_a_damaged_link_shows_the_cell_of_the_book(page: Page, server: str, code: str) -> None:
    page.goto(server + CHAPTER)
    original = cells(page)[0].source()
    page.goto("about:blank")
    page.goto(f"{server}{CHAPTER}#cell-sobel-bar?code={code}")
    cell = cells(page)[0]
    if code != "!!!":
        expect(cell.notice).to_contain_text("damaged")
    assert cell.source() == original


def test_a_link_to_a_cell_that_is_gone(page: Page, server: str) -> None:
    page.goto(f"{server}{CHAPTER}#cell-gone?code={packed(THEIRS)}")
    assert cells(page)[0].run("1 + 1") == "2\n"


def test_markup_in_a_link_stays_text(page: Page, server: str) -> None:
    page.goto(link(server, "<img src=x onerror=window.pwned=1>"))
    expect(cells(page)[0].notice).to_be_visible()
    assert page.evaluate("window.pwned") is None
    assert cells(page)[0].figure.locator("img").count() == 0
