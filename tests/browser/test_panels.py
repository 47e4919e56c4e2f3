"""Instruments and labs as panels: the stage first, all that belongs together on one screen, heights that stay."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import LONG

STEADY = 40
"""Pixels by which a panel may grow or shrink between states."""

ENDS = """section => [...section.querySelectorAll('.pictures, .controls, .region-readouts')]
  .filter((part) => part.checkVisibility()).map((part) => part.getClientRects().length ? part : part.firstElementChild)
  .map((part) => part.getBoundingClientRect().bottom - section.getBoundingClientRect().top).slice(0, 3)"""

FILLED = """section => {
  const paint = (element) => getComputedStyle(element).backgroundColor;
  const chosen = paint(document.querySelector('.instrument .options :checked + span'));
  return [...section.querySelectorAll('button')].filter((each) => each.checkVisibility() && paint(each) === chosen)
    .map((each) => each.textContent);
}"""


@pytest.fixture(scope="module")
def desk(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(LONG)
    page = context.new_page()
    page.goto(server + CHAPTER)
    yield page
    context.close()


def panels(page: Page) -> list[Locator]:
    found = page.locator("section.instrument").all()
    assert len(found) >= 7
    return found


def test_stage_controls_and_readouts_fit_one_screen_in_this_order(desk: Page) -> None:
    for panel in panels(desk):
        ends = panel.evaluate(ENDS)
        assert ends == sorted(ends)
        assert ends[-1] <= 800, panel.get_attribute("id")


def test_a_lab_that_trains_has_one_filled_button(desk: Page) -> None:
    for panel in panels(desk):
        is_lab = (panel.get_attribute("id") or "").startswith("lab-")
        start = panel.locator("[data-work]:enabled").all_text_contents() if is_lab else []
        assert len(start) <= 1 and panel.evaluate(FILLED) == start


def test_what_is_tried_is_marked_and_the_panel_neither_moves_nor_grows(desk: Page) -> None:
    panel = desk.locator("#inst-kernel-explorer")
    panel.evaluate("panel => panel.scrollIntoView()")
    height, top = panel.evaluate("panel => panel.offsetHeight"), desk.evaluate("scrollY")
    expect(panel.locator(".tries [aria-current=true]")).to_have_text("Edge", timeout=LONG)
    for name, shown in (("A 5×5 blur", "25 + 1 bias"), ("The photograph", "62 × 62")):
        panel.locator(".tries a", has_text=name).click()
        expect(panel.locator(".readouts")).to_contain_text(shown, timeout=LONG)
        expect(panel.locator(".tries [aria-current=true]")).to_have_text(name)
        assert abs(panel.evaluate("panel => panel.offsetHeight") - height) <= STEADY
        assert desk.evaluate("scrollY") == top
    for choice in ('[name="size"][value="7"]', '[name="source"][value="bar"]'):
        panel.locator(f"label:has({choice})").click()
        expect(panel.locator(choice)).to_be_checked()
    expect(panel.locator(".readouts")).to_contain_text("3 × 3", timeout=LONG)
    assert abs(panel.evaluate("panel => panel.offsetHeight") - height) <= STEADY
    panel = desk.locator("#inst-feature-maps")
    height = panel.evaluate("panel => panel.offsetHeight")
    panel.locator("label:has([name=network][value=vgg-16])").click()
    expect(panel.locator("[data-sentence]")).to_contain_text("138,357,544", timeout=LONG)
    assert abs(panel.evaluate("panel => panel.offsetHeight") - height) <= STEADY


def test_on_a_phone_the_stage_stays_in_sight_while_controls_are_used(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(server + CHAPTER)
    for panel in panels(page):
        control = panel.locator(".controls summary, .controls button, .controls > .control").last
        control.evaluate("control => scrollBy(0, control.getBoundingClientRect().bottom - 800)")
        stage, used = panel.locator(".stage").bounding_box(), control.bounding_box()
        assert stage
        assert used
        assert -1 <= stage["y"] <= stage["y"] + stage["height"] <= used["y"]
        assert stage["height"] <= 340
    context.close()
