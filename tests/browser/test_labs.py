"""A reader starts, pauses, stops and resets each lab; the page stays smooth, and every button answers at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import longest_frame, watch_frames

SOON = 20_000
"""Milliseconds within which a button has done what it says; a step of training ends first."""


@pytest.fixture(scope="module")
def open_page(browser: Browser, server: str) -> Iterator[Page]:
    """The chapter, whose labs share one worker and need nothing that is not in its image."""
    page = browser.new_page()
    page.route("**/rest-*.parcel", lambda route: route.abort())
    page.goto(server + CHAPTER)
    yield page
    page.close()


def press(lab: Locator, act: str) -> None:
    lab.locator(f"[data-act={act}]").click()


def at_work(lab: Locator) -> None:
    """Wait until the lab has begun and its picture changes."""
    expect(lab.locator("[data-act=pause]")).to_be_enabled(timeout=20_000)
    before, patience = shown(lab), 20_000
    while shown(lab) == before and patience > 0:
        lab.page.wait_for_timeout(50)
        patience -= 50
    assert shown(lab) != before


def shown(lab: Locator) -> str:
    return lab.locator(".regions").inner_html()


@pytest.mark.parametrize("name", ["shift-lab", "train-cnn", "residual-lab", "transfer-lab"])
def test_a_lab_starts_pauses_stops_and_resets(open_page: Page, name: str) -> None:
    lab = open_page.locator(f"#lab-{name}")
    lab.scroll_into_view_if_needed()
    first = lab.locator(".readouts").first.text_content() or ""
    press(lab, "start")
    at_work(lab)
    press(lab, "pause")
    expect(lab.locator("[data-act=start]")).to_be_enabled(timeout=SOON)
    paused = shown(lab)
    open_page.wait_for_timeout(200)
    assert shown(lab) == paused
    press(lab, "start")
    at_work(lab)
    press(lab, "stop")
    expect(lab.locator("[data-act=stop]")).to_be_disabled(timeout=SOON)
    lab.locator("[data-action=reset]").click()
    expect(lab.locator("[data-act=stop]")).to_be_disabled()
    expect(lab.locator(".readouts").first).to_have_text(first)


def test_the_page_keeps_its_frames_while_a_network_trains(open_page: Page) -> None:
    lab = open_page.locator("#lab-train-cnn")
    lab.scroll_into_view_if_needed()
    press(lab, "start")
    at_work(lab)
    watch_frames(open_page)
    open_page.wait_for_timeout(800)
    assert longest_frame(open_page) < 500
    press(lab, "stop")
