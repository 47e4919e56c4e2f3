"""A chapter in a language that runs to the left, and whose words stand in brackets: its scripts speak it as well."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from press.processes.static_server import background
from press.site import build
from tests.browser.reader import LONG
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


EXPLORER = """# T {#t}

/// instrument | kernel-explorer
title: Noyaux

Voir @inst:kernel-explorer.
///

/// lab | shift-lab
title: Décalage

Voir @lab:shift-lab.
///
"""


def test_numbers_of_an_instrument_have_the_signs_of_the_page_before_and_after_a_touch(
    browser: Browser, tmp_path: Path
) -> None:
    content = Path(shutil.copytree(ROOT / "tests" / "book", tmp_path / "content"))
    book = content / "book.toml"
    book.write_text(book.read_text(encoding="utf-8").replace('language = "en"', 'language = "fr"'), encoding="utf-8")
    (content / "demo" / "section.md").write_text(EXPLORER, encoding="utf-8")
    build(ROOT, tmp_path / "site", content)
    with background(tmp_path / "site") as running, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{running.url}demo/index.html")
        panel = page.locator("#inst-kernel-explorer")
        expect(panel.locator(".readouts")).to_contain_text("3\u202f969 weights")
        panel.get_by_role("radio", name="Blur", exact=True).check(force=True)
        expect(panel.locator('[data-region="map"]')).to_contain_text("0,33", timeout=LONG)
        expect(panel.locator(".readouts")).to_contain_text("3\u202f969 weights")
        assert not re.search(r"\d\.\d|\d,\d{3}", panel.locator(".regions, .stage").first.inner_text())
        for name in ("Démarrer", "Arrêter"):
            expect(page.locator("#lab-shift-lab").get_by_role("button", name=name)).to_have_count(1)
