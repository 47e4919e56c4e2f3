"""Figures that Python drew: a slider moves them, day and night, phone and paper get what suits them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import A4

SHOWN = "image => new URL(image.currentSrc).pathname.split('/').pop()"
WHOLE = "image => image.complete && image.naturalWidth > 0"
CORNER = """async (image) => {
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0, image.width, image.height);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  let light = 0, inked = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] <= 200) continue;
    inked++;
    light += data[i] + data[i + 1] + data[i + 2];
  }
  return [inked / (data.length / 4), light / inked / 3];
}"""
"""How much of a picture is inked, and how light its ink is, 0 to 255."""


def figure(page: Page, name: str = "window") -> Locator:
    return page.locator(f"#fig-{name}")


def image(page: Page, name: str = "window") -> Locator:
    found = figure(page, name).locator("img")
    found.scroll_into_view_if_needed()
    page.wait_for_function(WHOLE, arg=found.element_handle())
    return found


@pytest.fixture
def opened(browser: Browser, server: str) -> Iterator[Any]:
    contexts = []

    def visit(**how: Any) -> Page:
        contexts.append(browser.new_context(**how))
        page = contexts[-1].new_page()
        page.goto(server + CHAPTER)
        return page

    yield visit
    for context in contexts:
        context.close()


def test_the_slider_moves_picture_and_words(chapter: Page) -> None:
    slider, words = figure(chapter).get_by_role("slider"), figure(chapter).locator(".frame-words")
    before, said = image(chapter).evaluate(SHOWN), words.inner_text()
    assert slider.get_attribute("aria-valuetext") == said
    slider.focus()
    chapter.keyboard.press("ArrowRight")
    expect(words).not_to_have_text(said)
    expect(words).to_contain_text("23 of 45")
    expect(slider).to_have_attribute("aria-valuetext", words.inner_text())
    assert image(chapter).evaluate(SHOWN) != before
    chapter.keyboard.press("ArrowLeft")
    expect(words).to_have_text(said)
    assert image(chapter).evaluate(SHOWN) == before


def test_every_state_of_every_figure_is_there(chapter: Page) -> None:
    for slider in chapter.locator(".scrubber").all():
        listed = chapter.evaluate("async (url) => (await fetch(url)).json()", slider.get_attribute("data-frames"))
        assert len(listed) == int(slider.get_attribute("max") or 0) + 1
        for wide, narrow, words in listed:
            assert words
            for address in (wide, narrow):
                assert chapter.evaluate("async (url) => (await fetch(url)).status", address) == 200


def test_nothing_of_other_states_is_fetched_unasked(browser: Browser, server: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server + CHAPTER, wait_until="networkidle")
    image(page)
    assert not [url for url in asked if "/drawn/" in url and url.endswith(".json")]
    assert len({url for url in asked if "/drawn/window" in url or "/drawn/slide" in url}) <= 1
    page.close()


def test_pictures_follow_the_page_by_day_and_by_night(chapter: Page) -> None:
    light = {}
    for theme in ("light", "dark"):
        chapter.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        inked, light[theme] = image(chapter).evaluate(CORNER)
        assert inked < 0.9, "the ground is the page's own"
    assert light["light"] > light["dark"] + 60


def test_a_phone_gets_the_narrow_drawing_in_its_own_size(opened: Any) -> None:
    page = opened(viewport={"width": 390, "height": 844})
    for figure in page.locator("figure.figure:has(source)").all():
        picture = figure.locator("img")
        picture.scroll_into_view_if_needed()
        page.wait_for_function(WHOLE, arg=picture.element_handle())
        assert picture.evaluate("image => [image.width, image.naturalWidth]") == [354, 354]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_the_middle_state_stands_with_its_words(opened: Any) -> None:
    page = opened(java_script_enabled=False)
    expect(figure(page).get_by_role("slider")).to_be_hidden()
    expect(figure(page).locator(".frame-words")).to_contain_text("22 of 45")
    expect(figure(page).locator("img")).to_be_visible()


def test_paper_gets_the_wide_drawing(chapter: Page) -> None:
    chapter.set_viewport_size({"width": A4, "height": 970})
    chapter.emulate_media(media="print")
    wide = figure(chapter).locator("img").get_attribute("src") or ""
    expect(figure(chapter).get_by_role("slider")).to_be_hidden()
    chapter.wait_for_function(
        "([image, wide]) => image.currentSrc.endsWith(wide)", arg=[image(chapter).element_handle(), wide]
    )


def test_a_state_that_does_not_come_is_said_and_tried_again(chapter: Page) -> None:
    chapter.route(re.compile(r"/drawn/.*\.json"), lambda route: route.abort())
    slider = figure(chapter).get_by_role("slider")
    slider.focus()
    expect(chapter.get_by_role("alert")).to_contain_text("The other states of this figure")
    chapter.unroute_all()
    slider.blur()
    slider.focus()
    chapter.keyboard.press("ArrowRight")
    expect(figure(chapter).locator(".frame-words")).to_contain_text("23 of 45")
