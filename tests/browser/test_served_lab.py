"""A reader serves photographs wrongly, in the page: the picture and the answers change, and nothing else does."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import LONG


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(server + CHAPTER)
    yield page
    page.close()


def answers(lab: Locator) -> tuple[list[str], list[str]]:
    """The names on both sides."""
    served, right = lab.locator(".answers").all()
    return served.locator("li > :first-child").all_inner_texts(), right.locator("li > :first-child").all_inner_texts()


def test_a_mistake_changes_the_picture_and_what_is_said_of_it_but_not_what_should_be_said(page: Page) -> None:
    lab = page.locator("#lab-served-lab")
    lab.scroll_into_view_if_needed()
    served, right = answers(lab)
    assert (served[0], right[0]) == ("dial telephone", "espresso")
    height = lab.bounding_box()
    lab.locator('[name="way"]').select_option("inverted")
    expect(lab.locator("[data-sentence]")).to_have_text(re.compile(r"^Coffee, inverted.*: espresso"), timeout=LONG)
    now, still = answers(lab)
    assert now[0] == "espresso" and still == right
    after = lab.bounding_box()
    assert height and after and abs(height["height"] - after["height"]) < 2
