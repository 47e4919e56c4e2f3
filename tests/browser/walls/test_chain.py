"""One shared cell, one press on Run, one touch of an instrument: nothing of the reader's leaves the page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.elsewhere import Elsewhere
from tests.browser.reader import LONG, cells
from tests.browser.walls.attacks import chain

REGIONS = "section => [...section.querySelectorAll('[data-region]')].map(region => region.dataset.region)"
SECRET = "the reader's own answer"


def test_a_cell_reaches_neither_the_instruments_nor_the_readers_work(chapter: Page, elsewhere: Elsewhere) -> None:
    chapter.evaluate("secret => localStorage.setItem('secret', secret)", SECRET)
    section = chapter.locator(".instrument").first
    slider, sentence = section.locator("input[type=range]:visible").last, section.locator("[data-sentence]")
    slider.focus()
    for key in ("ArrowRight", "ArrowLeft"):  # the instruments' Python is awake
        before = sentence.text_content() or ""
        slider.press(key)
        expect(sentence).not_to_have_text(before, timeout=LONG)
    address = chapter.url.split("#")[0]
    cell = cells(chapter)[0]
    cell.run(chain(elsewhere.url, section.evaluate(REGIONS)))
    cell.run("print('after')")
    before = sentence.text_content() or ""
    slider.focus()
    slider.press("ArrowRight")
    expect(sentence).not_to_have_text(before, timeout=LONG)
    expect(sentence).not_to_have_text("forged")
    chapter.wait_for_load_state("networkidle")
    assert elsewhere.heard == []
    assert chapter.url.split("#")[0] == address
    assert section.locator("iframe, script").count() == 0
