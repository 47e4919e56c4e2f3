"""A first visit: with and without JavaScript, on a phone, by a deep link; and what it costs."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import LONG, cells

PYTHON = re.compile(r"pyodide|\.wasm|\.whl|python-|worker-")


def test_the_chapter_is_complete_without_javascript(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server + CHAPTER)
    assert page.locator("[data-cell]").count() >= 5
    for cell in page.locator("[data-cell]").all():
        expect(cell.locator("[data-code]")).to_be_visible()
        assert (cell.locator("[data-output]").text_content() or "").strip()
    for instrument in page.locator(".instrument[id^=inst-]").all():
        assert instrument.locator("[data-region] .picture").first.is_visible()
        assert (instrument.locator("[data-sentence]").text_content() or "").strip()
    expect(page.locator(".katex").first).to_be_visible()
    for explanation in page.locator("[data-explanation]").all():
        expect(explanation.locator(".explanation")).to_be_hidden()
        explanation.locator("summary").click()
        expect(explanation.locator(".explanation")).to_be_visible()
    for useless in page.locator("[data-js], [data-action]").all():
        expect(useless).to_be_hidden()
    context.close()


def test_nothing_of_python_is_fetched_before_the_reader_nears_it(page: Page, server: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.set_viewport_size({"width": 1280, "height": 300})
    page.goto(server + CHAPTER, wait_until="networkidle")
    assert not [url for url in requests if PYTHON.search(url)]
    with page.expect_request(re.compile(r"\.wasm")):
        page.locator("[data-cell]").first.scroll_into_view_if_needed()


def test_on_a_metered_line_only_a_touch_fetches_python(browser: Browser, server: str) -> None:
    context = browser.new_context()
    context.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: { saveData: true, effectiveType: '4g' } })"
    )
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(server + CHAPTER)
    cell = cells(page)[0]
    cell.figure.scroll_into_view_if_needed()
    cell.figure.locator("figcaption").hover()
    page.wait_for_load_state("networkidle")
    assert not [url for url in requests if PYTHON.search(url)]
    with page.expect_request(re.compile(r"\.wasm")):
        cell.figure.locator("figcaption").click()
    context.close()


def test_a_full_visit_asks_one_origin_only(page: Page, server: str) -> None:
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.goto(server + CHAPTER)
    for cell in cells(page):
        cell.run()
    cells(page)[0].edit("print(1)")
    for instrument in page.locator(".instrument[id^=inst-]").all():
        sentence = instrument.locator("[data-sentence]")
        before = sentence.text_content() or ""
        slider = instrument.locator("input[type=range]:visible").first
        slider.focus()
        slider.press("ArrowRight")
        expect(sentence).not_to_have_text(before, timeout=LONG)
    origins = {urlsplit(request.url)[:2] for request in requests if not request.url.startswith(("blob:", "data:"))}
    assert origins == {urlsplit(server)[:2]}
    assert refused == []


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_never_scrolls_sideways(browser: Browser, server: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(server + CHAPTER)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    cell = cells(page)[0]
    cell.run("print('x' * 500)\n" + "y" * 300)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()


def test_a_deep_link_leads_to_its_place(page: Page, server: str) -> None:
    page.goto(f"{server}{CHAPTER}#channels")
    section = page.locator("#channels")
    expect(section).to_be_in_viewport()
    assert section.evaluate("section => section.getBoundingClientRect().top") < 200
    expect(page.locator("[data-contents] a[aria-current=location]")).to_have_attribute("href", "#channels")


def test_the_contents_follow_the_reading(chapter: Page) -> None:
    for anchor in ("pooling", "transfer", "convolution"):
        chapter.locator(f"#{anchor} h2").evaluate("heading => heading.scrollIntoView()")
        expect(chapter.locator("[data-contents] a[aria-current=location]")).to_have_attribute("href", f"#{anchor}")


def test_the_page_works_below_a_path_with_a_space(page: Page, nested_server: str) -> None:
    missing: list[str] = []
    page.on("response", lambda response: missing.append(response.url) if response.status >= 400 else None)
    page.goto(nested_server + CHAPTER)
    cell = cells(page)[0]
    printed = cell.output.text_content()
    assert cell.run() == printed
    cell.edit("1")
    assert missing == []
