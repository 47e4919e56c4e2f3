"""A chapter in a language that runs to the left, and whose words stand in brackets: its scripts speak it as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from press.processes.static_server import background
from press.site import build
from tests.languages.probe import CONTENT, speak, square

ROOT = Path(__file__).resolve().parents[2]
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"
SPOKEN = re.compile(r"^\s*⟦.*⟧\s*$", re.DOTALL)


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("languages")
    with pytest.MonkeyPatch.context() as patch:
        speak(folder, patch, direction="rtl")
        square(patch)
        build(ROOT, folder / "site", CONTENT, image="none")
    with background(folder / "site") as running:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{running.url}probe/index.html")
        yield page
        context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_text_that_runs_to_the_left_fits_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert page.evaluate(OVERFLOW) == 0
    paragraph = page.locator(".prose p").first
    assert paragraph.evaluate("place => getComputedStyle(place).direction") == "rtl"
    for kept in ("pre", ".katex", ".pictures"):
        assert page.locator(kept).first.evaluate("place => getComputedStyle(place).direction") == "ltr", kept


def test_scripts_say_the_words_of_the_language(page: Page) -> None:
    exercise = page.locator("#ex-number")
    exercise.get_by_role("textbox").fill("3")
    exercise.get_by_role("button").click()
    expect(exercise.locator("[data-verdict]")).to_have_text(SPOKEN)
    page.locator("[data-key-list]").click()
    for words in page.locator("dialog dd").all_inner_texts():
        assert SPOKEN.match(words), words
    page.keyboard.press("Escape")
    page.locator("[data-search]").click()
    expect(page.get_by_role("searchbox")).to_have_attribute("placeholder", SPOKEN)
    page.get_by_role("searchbox").fill("Точка")
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text(re.compile("^⟦[1-9].*⟧$"))
    page.keyboard.press("Escape")
    choice = page.locator("#q-choose summary").first
    choice.click()
    expect(choice).to_have_attribute("data-words", SPOKEN)
