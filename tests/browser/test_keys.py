"""Single keys carry a reader from place to place; the list of keys says so and turns them off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import cells
from tests.browser.test_access import findings


def at(page: Page, selector: str) -> int:
    """Which of the places has the focus, and is at the top of the window."""
    place: int = page.evaluate(
        """selector => [...document.querySelectorAll(selector)].findIndex((one) =>
          one === document.activeElement && Math.abs(one.getBoundingClientRect().top) < 120)""",
        selector,
    )
    return place


@pytest.mark.parametrize(("key", "selector"), [("c", "[data-cell]"), ("e", ".exercise"), ("i", ".instrument")])
def test_a_letter_goes_to_the_next_place_and_its_capital_back(chapter: Page, key: str, selector: str) -> None:
    for press, index in ((key, 0), (key, 1), (key, 2), (key.upper(), 1)):
        chapter.keyboard.press(press)
        expect(chapter.locator(selector).nth(index)).to_be_focused()
        assert at(chapter, selector) == index
    chapter.keyboard.press("Tab")
    assert chapter.evaluate(
        "selector => document.querySelectorAll(selector)[1].contains(document.activeElement)", selector
    )


def test_the_list_names_the_keys_and_turns_letters_off(chapter: Page, server: str) -> None:
    chapter.keyboard.press("?")
    box = chapter.get_by_role("dialog", name="Keys")
    expect(box).to_contain_text("next, previous exercise")
    assert findings(chapter) == []
    box.get_by_role("checkbox").uncheck()
    chapter.keyboard.press("Escape")
    expect(box).to_be_hidden()
    for _ in range(2):
        chapter.keyboard.press("c")
        chapter.wait_for_timeout(200)
        assert at(chapter, "[data-cell]") == -1
        chapter.goto(server + CHAPTER)
        chapter.keyboard.press("?")
        expect(box.get_by_role("checkbox")).not_to_be_checked()
        chapter.keyboard.press("Escape")


def test_a_letter_that_is_typed_is_only_a_letter(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.edit("x = 1")
    chapter.keyboard.type("ice?")
    assert cell.source() == "x = 1ice?"
    expect(chapter.get_by_role("dialog", name="Keys")).to_have_count(0)
