"""An instrument under a finger on a narrow phone: a tap shows, a second one paints, everything is large enough."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import LONG

NAMES = ("kernel_explorer", "feature_maps", "receptive_field")
WIDTH = 360

SMALL = """section => {
  const area = (element) => (element.closest('label') ?? element).getBoundingClientRect();
  const places = 'button, select, summary, input, .instrument-head .block-number';
  const small = [...section.querySelectorAll(places)].filter((element) => element.checkVisibility())
    .filter((element) => area(element).width < 24 || area(element).height < 24)
    .map((element) => `${element.outerHTML.slice(0, 90)} ${area(element).width} x ${area(element).height}`);
  const slid = '[data-grid=field], [data-grid=map], [data-grid|=maps], [data-grid=value]';
  for (const grid of section.querySelectorAll(`[data-grid]:not(${slid})`)) {
    const { width, height } = grid.getBoundingClientRect();
    if (width / grid.dataset.cols < 24 || height / grid.dataset.rows < 24) small.push(grid.dataset.grid);
  }
  return small;
}"""
"""What is under 24 px; a radio button or box counts with its label. The units of a field and a network's maps are drawn
to scale, and the explorer's map is small enough to stay in sight: a finger slides over them. The input's pixels lead to
the explorer's cells, and controls choose a network's map."""


@pytest.fixture(scope="module")
def phone(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": WIDTH, "height": 800}, has_touch=True, is_mobile=True)
    context.set_default_timeout(LONG)
    page = context.new_page()
    page.goto(server + CHAPTER)
    yield page
    context.close()


def section_of(page: Page, name: str) -> Locator:
    section = page.locator(f'[data-instrument="{name}"]')
    section.scroll_into_view_if_needed()
    return section


def cell(section: Locator, grid: str, row: int, column: int) -> tuple[float, float]:
    """The middle of a cell on the screen."""
    place = section.locator(f'[data-grid="{grid}"]')
    place.evaluate("grid => grid.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = place.bounding_box()
    rows, columns = (int(place.get_attribute(name) or 0) for name in ("data-rows", "data-cols"))
    assert box is not None
    return box["x"] + (column + 0.5) / columns * box["width"], box["y"] + (row + 0.5) / rows * box["height"]


def test_a_tap_shows_a_second_one_paints_and_a_drag_paints_at_once(phone: Page) -> None:
    section = section_of(phone, "kernel_explorer")
    sentence, painted = section.locator("[data-sentence]"), section.locator('[name="source"][value="painted"]')
    phone.touchscreen.tap(*cell(section, "map", 1, 5))
    expect(sentence).to_contain_text("Output row 1, column 5", timeout=LONG)
    for column in (0, 1):
        phone.touchscreen.tap(*cell(section, "input", 0, column))
        expect(sentence).to_contain_text(f"Input row 0, column {column} is 0 and is read", timeout=LONG)
    expect(painted).not_to_be_checked()
    phone.touchscreen.tap(*cell(section, "input", 0, 1))
    expect(sentence).to_contain_text("Input row 0, column 1 is 1", timeout=LONG)
    expect(painted).to_be_checked()
    touch = phone.context.new_cdp_session(phone)
    stroke = [cell(section, "input", 8, column) for column in (5, 6, 7)]
    for kind, (x, y) in zip(("touchStart", "touchMove", "touchMove"), stroke, strict=True):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(sentence).to_contain_text("Input row 8, column 7 is 1", timeout=LONG)
    phone.touchscreen.tap(*cell(section, "input", 8, 5))
    expect(sentence).to_contain_text("Input row 8, column 5 is 1", timeout=LONG)


@pytest.mark.parametrize("name", NAMES)
def test_targets_are_large_enough_and_nothing_scrolls_sideways(phone: Page, name: str) -> None:
    section = section_of(phone, name)
    section.locator("[data-action=reset]").tap()
    section.evaluate("section => { for (const list of section.querySelectorAll('details')) list.open = true; }")
    assert section.evaluate(SMALL) == []
    assert phone.evaluate("document.documentElement.scrollWidth") == WIDTH
