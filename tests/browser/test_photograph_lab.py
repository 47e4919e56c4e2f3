"""A reader shows photographs to the trained network; its files come when they touch it, and again when they did not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from instruments.data.photographs import PHOTOGRAPHS
from instruments.labs.photograph_lab import FILES
from tests.browser.conftest import CHAPTER, ROOT
from tests.browser.reader import LONG, until

FETCHED = re.compile(rf"/assets/({'|'.join(FILES)})-[0-9a-f]{{12}}\.bin$")


@pytest.fixture(scope="module")
def asked() -> list[str]:
    """The files of the network that the shared page has asked for."""
    return []


@pytest.fixture(scope="module")
def visit(browser: Browser, server: str, asked: list[str]) -> Iterator[Page]:
    """One page for all tests, in their order: it begins as the reader's first visit."""
    context = browser.new_context()
    context.set_default_timeout(LONG)
    page = context.new_page()
    page.on("request", lambda request: asked.extend(FETCHED.findall(request.url)))
    page.goto(server + CHAPTER)
    yield page
    context.close()


@pytest.fixture
def lab(visit: Page) -> Locator:
    lab = visit.locator("#lab-photograph-lab")
    lab.scroll_into_view_if_needed()
    return lab


def choose(lab: Locator, field: str, value: str) -> None:
    lab.locator(f'[name="{field}"][value="{value}"]').check(force=True)


def says(lab: Locator, words: str) -> None:
    expect(lab.locator("[data-sentence]")).to_have_text(re.compile(words), timeout=LONG)


def another_instrument_answers(visit: Page) -> None:
    other = visit.locator('[data-instrument="receptive_field"]')
    before = other.locator("[data-sentence]").inner_text()
    other.locator("input[type=range]:visible").first.press("ArrowRight")
    expect(other.locator("[data-sentence]")).not_to_have_text(before, timeout=LONG)


def test_a_line_cut_in_mid_download_is_told_and_another_try_works(visit: Page, lab: Locator, asked: list[str]) -> None:
    says(lab, r"^Cat at 224 × 224 pixels: Egyptian cat \d+ %")
    expect(lab.locator('[data-region="photograph"] img')).to_be_visible()

    another_instrument_answers(visit)  # Python is awake then, and a held line is not held for long
    held: list[Route] = []
    visit.route("**/backbone-classes-*", lambda route: held.append(route))
    assert asked == []
    choose(lab, "photograph", "astronaut")
    expect(lab.locator("[data-status]")).to_contain_text(re.compile(r"^Fetching what this needs: \d+ %$"))
    another_instrument_answers(visit)
    for _ in range(2):  # asked past the cache as well, before it is told
        until(visit, lambda: held)
        route = held.pop()
        body = route.fetch().body()[:999_999]
        route.fulfill(status=200, headers={"content-type": "application/octet-stream"}, body=body)
    expect(lab.locator("[data-status]")).to_contain_text(re.compile(r"backbone-classes-.+ arrived damaged"))
    visit.unroute("**/backbone-classes-*")
    lab.get_by_role("button", name="Try again").click()
    says(lab, r"^Astronaut at 224 × 224 pixels: bobsled \d+ %")
    expect(lab.locator("[data-status]")).to_have_text("")
    assert sorted(asked) == sorted([*FILES, *["backbone-classes"] * 2])


def test_reasons_sizes_and_covered_places_need_no_more_files(visit: Page, lab: Locator, asked: list[str]) -> None:
    before = len(asked)
    lab.locator("[data-act='answer:1']").click()
    expect(lab.locator("[data-act='answer:1']")).to_have_attribute("aria-pressed", "true")
    says(lab, r"speaks for football helmet\.$")
    choose(lab, "photograph", "rocket")
    choose(lab, "size", "96")
    says(lab, r"^Rocket at 96 × 96 pixels: space shuttle 99 %")
    lab.get_by_role("button", name="Cover 49 places in turn").click()
    says(lab, r"Covering the clearest place takes [\d.]+ points from space shuttle\.$")
    choose(lab, "way", "scores")
    says(lab, r"Clear is what speaks for space shuttle\.$")
    assert len(asked) == before


def test_a_photograph_of_one_s_own_is_looked_at_in_the_page(visit: Page, lab: Locator, asked: list[str]) -> None:
    sent: list[str] = []
    visit.on("request", lambda request: sent.append(request.method))
    choose(lab, "size", "224")
    lab.locator("input[data-picture]").set_input_files(ROOT / "instruments/data/photographs/coffee.jpg")
    says(lab, r"^Your picture at 224 × 224 pixels: espresso")
    assert "POST" not in sent
    kept = visit.evaluate("() => JSON.stringify({ ...localStorage })")
    assert "224x224:" not in kept and "picture=" not in visit.url
    choose(lab, "photograph", next(iter(PHOTOGRAPHS)))
    says(lab, "^Cat at")


def test_a_phone_looks_at_fewer_pixels_until_its_reader_asks_for_more(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    context.set_default_timeout(LONG)
    page = context.new_page()
    page.goto(server + CHAPTER)
    lab = page.locator("#lab-photograph-lab")
    lab.scroll_into_view_if_needed()
    choose(lab, "photograph", "rocket")
    says(lab, "^Rocket at 128 × 128 pixels")
    expect(lab.locator('[name="size"][value="128"]')).to_be_checked()
    choose(lab, "size", "224")
    says(lab, "^Rocket at 224 × 224 pixels")
    context.close()


def test_a_chapter_kept_offline_has_the_network_too(site: Path) -> None:
    list_of_files = (site / "cnn" / "offline.js").read_text(encoding="utf-8").split(";\n", 1)[0]
    urls = [file["url"] for file in json.loads(list_of_files.removeprefix("self.files = "))]
    assert sorted(name for url in urls for name in FETCHED.findall(f"/{url}")) == sorted(FILES)
