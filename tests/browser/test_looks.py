"""What a reader sees: colours of own choice, the way through the chapter, slides, any width of window."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import A4, LONG

PAPER = "getComputedStyle(document.documentElement).backgroundColor"
FIRST_PAPER = """new MutationObserver((_, observer) => {
  if (!document.body) return;
  observer.disconnect();
  window.first = document.documentElement.dataset.theme;
}).observe(document, { childList: true, subtree: true });"""


def test_a_choice_of_colours_holds_on_every_page_and_from_the_first_paint(page: Page, server: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(server + CHAPTER)
    light = page.evaluate(PAPER)
    page.get_by_label("Colours").select_option("dark")
    dark = page.evaluate(PAPER)
    assert dark != light
    page.add_init_script(FIRST_PAPER)
    for address in (CHAPTER, "index.html", "cnn/embed.html"):
        page.goto(server + address)
        assert page.evaluate("window.first") == "dark"
        assert page.evaluate(PAPER) == dark
    page.goto(server + "index.html")
    page.get_by_label("Colours").select_option("Auto")
    page.reload()
    assert page.evaluate(PAPER) == light


def test_colours_can_be_chosen_where_nothing_can_be_kept(private: Callable[[str], Page]) -> None:
    page = private("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'Denied'); } })")
    before = page.evaluate(PAPER)
    page.get_by_label("Colours").select_option("dark")
    assert page.evaluate(PAPER) != before


def test_a_line_shows_how_much_is_read(chapter: Page) -> None:
    line = chapter.locator("[data-read]")
    width = "line => line.getBoundingClientRect().width / innerWidth"
    assert line.evaluate(width) == 0
    chapter.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    expect(line).to_have_attribute("style", re.compile("scale: (1|0.99)"))
    assert line.evaluate(width) > 0.98


def test_slides_show_one_block_at_a_time_and_go_by_keys(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(server + CHAPTER)
    place = page.get_by_role("navigation", name="Slides").get_by_role("status")
    page.get_by_role("button", name="Present").click()
    expect(place).to_have_text(re.compile(r"^1 / \d\d"))
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("#inst-kernel-explorer").is_hidden()
    while page.locator("#inst-kernel-explorer").is_hidden():
        before = place.text_content() or ""
        page.keyboard.press("ArrowRight")
        expect(place).not_to_have_text(before)
        assert page.locator(".is-shown").first.evaluate("part => parseFloat(getComputedStyle(part).fontSize)") > 26
    assert page.locator(".section > :visible").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") == 1920
    page.locator("#inst-kernel-explorer .chips a").first.click()
    expect(page.locator("#eq-conv")).to_be_visible()
    assert page.locator("#inst-kernel-explorer").is_hidden()
    page.goto(server + CHAPTER + "#inst-kernel-explorer")
    expect(page.locator("#inst-kernel-explorer")).to_be_visible()
    slider = page.locator("#inst-kernel-explorer input[type=range]:visible").first
    sentence = page.locator("#inst-kernel-explorer [data-sentence]")
    said = sentence.text_content() or ""
    slider.press("ArrowRight")
    expect(sentence).not_to_have_text(said, timeout=LONG)
    page.get_by_role("button", name="Leave").focus()
    page.keyboard.press("Escape")
    expect(place).to_have_count(0)
    expect(page.locator("#inst-kernel-explorer")).to_be_in_viewport()
    expect(page.locator("#pooling h2")).to_be_visible()


@pytest.mark.parametrize("zoom", [100, 200])
def test_no_width_of_window_and_no_size_of_text_scrolls_sideways(browser: Browser, server: str, zoom: int) -> None:
    context = browser.new_context()
    page = context.new_page()
    for address in (CHAPTER, "index.html", "404.html", "code/ink.html"):
        page.goto(server + address)
        if zoom > 100:
            page.add_style_tag(content=f"html {{ font-size: {zoom}% }}")
        for width in (320, 480, 640, 768, 1024, 1280, 1920, 2560)[0 if zoom == 100 else 2 :]:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
    context.close()


def test_no_table_hides_its_last_column_on_a_phone(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(server + CHAPTER)
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    hidden = page.locator(".table-scroll").evaluate_all(
        "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent.slice(0, 80))"
    )
    assert hidden == []
    context.close()


def test_lines_of_text_hold_sixty_to_seventy_five_characters(chapter: Page) -> None:
    for width in (1024, 1280, 1920, 2560, A4):
        chapter.emulate_media(media="print" if width == A4 else "screen")
        chapter.set_viewport_size({"width": width, "height": 900})
        characters = chapter.locator(".prose p").evaluate_all(
            """all => {
              const lines = all.flatMap((one) => {
                const range = document.createRange();
                range.selectNodeContents(one);
                const tops = new Set([...range.getClientRects()].map((box) => Math.round(box.bottom / 8)));
                return one.querySelector(".katex") || tops.size < 4 ? [] : [one.textContent.length / (tops.size - .4)];
              }).sort((a, b) => a - b);
              return lines[lines.length >> 1];
            }"""
        )
        assert 60 <= characters <= 75, (width, characters)


def test_words_in_place_of_a_picture_have_room(chapter: Page) -> None:
    hints = chapter.locator(".region-picture .hint:only-child").evaluate_all(
        "all => all.filter((one) => one.checkVisibility()).map((one) => one.clientWidth)"
    )
    assert hints
    assert min(hints) > 400


SMALL = """() => {
  const found = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode, element = text.parentElement;
    if (!text.textContent.trim() || !element.checkVisibility() || element.closest('.katex, sub, sup')) continue;
    const svg = element.closest('svg');
    const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
    const size = parseFloat(getComputedStyle(element).fontSize) * scale;
    if (size < 11.95) found.add(`${size.toFixed(1)} px: ${text.textContent.trim().slice(0, 30)}`);
  }
  return [...found];
}"""
"""Texts that are set smaller than 12 px, but for indices and exponents."""


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_smaller_than_twelve_pixels(page: Page, server: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(server + CHAPTER)
    assert page.evaluate(SMALL) == []
