"""An instrument without a mouse: every control and grid is reached by Tab, moved by keys, and keeps the focus."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import LONG

NAMES = ("kernel_explorer", "feature_maps", "receptive_field")
GRIDS = {"kernel_explorer": "map", "feature_maps": "maps", "receptive_field": "field"}
SLIDERS = {"kernel_explorer": "stride", "feature_maps": "stages", "receptive_field": "convs"}

REACHABLE = """section => {
  const shown = (element) => element.checkVisibility() && !element.disabled;
  const radios = (element) => element.type === 'radio' && !element.checked;
  return [...section.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
    .filter((element) => shown(element) && !radios(element)).length;
}"""
"""How many stops Tab makes; a group of radio buttons is one."""

RING = """element => {
  const rings = [element, element.nextElementSibling, element.closest('label'), element.closest('.control')];
  return rings.some((one) => {
    const { outlineStyle, outlineWidth, boxShadow } = one ? getComputedStyle(one) : {};
    return one && ((outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none');
  });
}"""
"""Whether the focus is drawn: on the element, or on the label that stands for it."""

COUNT = """
  window.asked = 0;
  const post = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function (message, ...rest) {
    window.asked += message.type === 'job';
    return post.call(this, message, ...rest);
  };
"""
"""Counts what Python is asked."""


@pytest.fixture(scope="module")
def shared(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(LONG)
    context.add_init_script(COUNT)
    page = context.new_page()
    page.goto(server + CHAPTER)
    yield page
    context.close()


def section_of(page: Page, name: str) -> Locator:
    """The instrument as it is at first."""
    section = page.locator(f'[data-instrument="{name}"]')
    section.scroll_into_view_if_needed()
    section.locator("[data-action=reset]").click()
    return section


def says(section: Locator, words: str) -> None:
    expect(section.locator("[data-sentence]")).to_contain_text(words, timeout=LONG)


def said_after(section: Locator, place: Locator, key: str) -> str:
    """Press a key; what the live sentence then says instead."""
    sentence = section.locator("[data-sentence]")
    before = sentence.inner_text()
    place.press(key)
    expect(sentence).not_to_have_text(before, timeout=LONG)
    return sentence.inner_text()


@pytest.mark.parametrize("name", NAMES)
def test_tab_reaches_everything_and_the_focus_is_seen(shared: Page, name: str) -> None:
    section = section_of(shared, name)
    stops, unseen = section.evaluate(REACHABLE), []
    section.locator("a[href], button, input, select").first.focus()
    shared.keyboard.press("Tab")
    shared.keyboard.press("Shift+Tab")
    visited = 0
    while section.evaluate("section => section.contains(document.activeElement)"):
        visited += 1
        focus = shared.locator(":focus")
        if not focus.evaluate(RING):
            unseen.append(focus.evaluate("element => element.outerHTML.slice(0, 120)"))
        shared.keyboard.press("Tab")
    assert unseen == []
    assert visited == stops


@pytest.mark.parametrize("name", NAMES)
def test_a_slider_asks_once_and_keeps_the_focus_and_the_sentence_follows(shared: Page, name: str) -> None:
    section = section_of(shared, name)
    slider = section.locator(f'[name="{SLIDERS[name]}"]')
    slider.focus()
    said_after(section, slider, "ArrowRight")
    asked = shared.evaluate("asked")
    said_after(section, slider, "ArrowLeft")
    assert shared.evaluate("asked") == asked + 1
    expect(slider).to_be_focused()


@pytest.mark.parametrize("name", NAMES)
def test_arrow_keys_move_in_a_grid_and_the_focus_stays(shared: Page, name: str) -> None:
    section = section_of(shared, name)
    grid = section.locator(f'[data-region="{GRIDS[name]}"]')
    assert "arrow keys" in (grid.get_attribute("aria-label") or "")
    grid.focus()
    top = shared.evaluate("scrollY")
    said = [said_after(section, grid, key) for key in ("ArrowRight", "ArrowDown", "ArrowLeft")]
    assert len(set(said)) == 3
    expect(grid).to_be_focused()
    assert shared.evaluate("scrollY") == top


def test_the_sentence_names_the_cell_and_its_sum(shared: Page) -> None:
    section = section_of(shared, "kernel_explorer")
    grid = section.locator('[data-region="map"]')
    grid.focus()
    first = said_after(section, grid, "ArrowRight")
    second = said_after(section, grid, "ArrowDown")
    assert first != second
    assert "row 3, column 5" in second


@pytest.mark.parametrize("key", ["Enter", " "])
def test_a_pixel_is_painted_by_key_and_again_to_take_it_back(shared: Page, key: str) -> None:
    section = section_of(shared, "kernel_explorer")
    grid = section.locator('[data-region="input"]')
    grid.focus()
    before = said_after(section, grid, "ArrowLeft")
    once = said_after(section, grid, key)
    assert {before.partition(" is ")[2][0], once.partition(" is ")[2][0]} == {"0", "1"}
    expect(section.locator('[name="source"][value="painted"]')).to_be_checked()
    assert said_after(section, grid, key) == before
    expect(grid).to_be_focused()


def test_a_weight_is_typed_and_the_focus_goes_on(shared: Page) -> None:
    section = section_of(shared, "kernel_explorer")
    section.locator('[data-field="weight.0"]').focus()
    shared.keyboard.press("Control+a")
    shared.keyboard.type("1/9")
    shared.keyboard.press("Tab")
    expect(section.locator('[name="kernel"][value="own"]')).to_be_checked(timeout=LONG)
    expect(section.locator('[data-field="weight.0"]')).to_have_value("1/9")
    expect(section.locator('[data-field="weight.1"]')).to_be_focused()


@pytest.mark.parametrize("name", ["feature_maps", "receptive_field"])
def test_layers_are_chosen_by_keys_and_by_buttons(shared: Page, name: str) -> None:
    section = section_of(shared, name)
    region = section.locator('[data-region="layers"]')
    region.focus()
    region.press("Home")
    expect(region.locator("tr.selected button")).to_have_attribute("data-press", "layer:0", timeout=LONG)
    region.press("ArrowDown")
    expect(region.locator("tr.selected button")).to_have_attribute("data-press", "layer:1", timeout=LONG)
    expect(region).to_be_focused()
    button = region.locator('[data-press="layer:2"]')
    button.focus()
    button.press("Enter")
    expect(region.locator("tr.selected button")).to_have_attribute("data-press", "layer:2", timeout=LONG)
    expect(button).to_be_focused()
