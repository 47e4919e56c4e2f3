"""The first screen: a photograph under a kernel, there before any script, moved by pointer, finger and key."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import LONG

HIGHER = "y => document.querySelector('[data-handle]').getBoundingClientRect().y < y - 50"
PHONE: ViewportSize = {"width": 390, "height": 844}
FIRST_PICTURES = 60_000
"""Bytes of the pictures of the first screen."""


def test_a_photograph_is_there_before_any_script_and_the_text_begins_soon(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(server + CHAPTER)
    box = page.locator(".first svg").first.bounding_box()
    assert box
    assert box["width"] >= 300
    assert box["y"] + box["height"] <= 800
    files = [page.request.get(server + "cnn/" + name) for name in pictures(page)]
    assert len(files) == 3
    assert sum(len(file.body()) for file in files) <= FIRST_PICTURES
    page.set_viewport_size(PHONE)
    box, text = page.locator(".first svg").first.bounding_box(), page.locator(".section .prose p").first.bounding_box()
    assert box
    assert text
    assert box["width"] >= 300
    assert box["y"] + box["height"] < text["y"] <= 1.5 * PHONE["height"]
    context.close()


def pictures(page: Page) -> list[str]:
    return sorted(set(re.findall(r"drawn/[\w.-]+", page.locator(".layers").inner_html())))


def test_a_visit_wakes_no_python_and_the_first_move_does(chapter: Page) -> None:
    asked: list[str] = []
    chapter.on("request", lambda request: asked.append(request.url))
    chapter.add_init_script(
        "new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shift += entry.value; })"
        ".observe({ type: 'layout-shift', buffered: true }); window.shift = 0;"
    )
    chapter.reload(wait_until="networkidle")
    assert not [url for url in asked if "pyodide" in url]
    total, grid = chapter.locator(".total b"), chapter.locator("[data-grid=stage]")
    expect(total).to_have_text("169")
    map_file = pictures(chapter)
    grid.hover(position={"x": 200, "y": 400})
    expect(total).not_to_have_text("169", timeout=LONG)
    assert set(pictures(chapter)) == set(map_file), "a picture that is there already was loaded again"
    sentence = chapter.locator(".first [data-sentence]")
    chapter.locator(".first label", has_text="Blur").click()
    expect(sentence).to_contain_text("7 × 7", timeout=LONG)
    said = sentence.text_content() or ""
    chapter.locator(".first [data-keys]").press("ArrowDown")
    expect(sentence).not_to_have_text(said, timeout=LONG)
    assert chapter.evaluate("window.shift") == 0


def test_a_finger_drags_the_window_and_scrolls_beside_it(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(server + CHAPTER)
    touch = context.new_cdp_session(page)

    def stroke(x: float, y: float, up: float) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for part in range(1, 11):
            touch.send(
                "Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - up * part / 10}]}
            )
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    for _ in range(2):  # before Python answers, and when what the finger holds is drawn anew under it
        box = page.locator("[data-handle]").bounding_box()
        assert box
        stroke(box["x"] + 24, box["y"] + 24, 60)
        page.wait_for_function(HIGHER, arg=box["y"], timeout=LONG)
        assert page.evaluate("scrollY") == 0
    stroke(40, 650, 200)
    page.wait_for_function("() => scrollY > 100")
    context.close()
