"""A chapter kept on the reader's device: asked for, used without network, replaced whole by a new edition, removed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.browser.conftest import CHAPTER, Edition, Host
from tests.browser.reader import LONG, cells

STORED = """async () => {
  const keys = [];
  for (const name of await caches.keys()) keys.push(...(await (await caches.open(name)).keys()));
  return [(await navigator.serviceWorker.getRegistrations()).length, keys.length];
}"""
"""How many service workers and files this origin has in the browser."""
POISON = """async () => {
  for (const name of await caches.keys()) {
    const store = await caches.open(name);
    for (const key of await store.keys()) await store.put(key, new Response('<h1>forged</h1>'));
  }
}"""
UPDATE = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update();
  const worker = registration.installing;
  if (!worker) return registration.waiting?.state;
  return new Promise((settle) => worker.addEventListener('statechange', () => settle(worker.state)));
}"""
"""Looks for a new edition; how fetching it ended."""

TAKEN_OVER = """async () => {
  const registration = await navigator.serviceWorker.getRegistration('cnn/');
  while (registration.waiting) await new Promise((settle) => setTimeout(settle, 50));
}"""


def press(page: Page, name: str) -> None:
    panel = page.locator("[data-offline]")
    panel.get_by_role("button", name=name).click()


def said(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator("[data-offline] [data-status]")).to_contain_text(words, timeout=LONG)


def keep(page: Page) -> None:
    press(page, "Keep this chapter offline")
    said(page, "Kept")


def test_a_kept_chapter_needs_no_server_until_it_is_removed(page: Page, host: Host) -> None:
    page.goto(host.chapter)
    assert page.evaluate(STORED) == [0, 0], "nothing is registered unasked"
    keep(page)
    page.goto("about:blank")
    host.down = True
    page.goto(host.chapter.removesuffix("index.html") + "?from=here#references")
    said(page, "is kept on this device")
    assert cells(page)[0].run("import csv, numpy.random\nprint('far from any server')") == "far from any server\n"
    press(page, "Remove")
    said(page, "Removed")
    assert page.evaluate(STORED) == [0, 0]

    press(page, "Keep this chapter offline")  # by the worker of before, which is there as long as the page is open
    said(page, re.compile("Not kept: "))
    host.down = False
    keep(page)
    listed = (host.site / "cnn" / "offline.js").read_text(encoding="utf-8").partition("\n")[0].count('"sha256"')
    assert page.evaluate(STORED) == [1, listed]
    press(page, "Remove")
    said(page, "Removed")
    host.down = True
    with pytest.raises(Error):
        page.goto(host.chapter)


def test_a_new_edition_replaces_the_kept_one_whole_or_not_at_all(
    context: BrowserContext, host: Host, edition: Edition
) -> None:
    page = context.new_page()
    page.goto(host.chapter)
    keep(page)
    host.site = edition(lambda text: text.replace("image[:, 4:7] = 1", "image[:, 4:8] = 1"))
    host.lacks = "cnn/index.html"
    assert page.evaluate(UPDATE) == "redundant"
    host.down = True
    page.reload()
    assert "4:7" in cells(page)[0].source()
    assert cells(page)[0].run("1 + 1") == "2\n"

    host.down, host.lacks = False, "\0"
    page.reload()
    assert "4:8" in cells(page)[0].source(), "pages come from the server as long as it answers"
    assert page.evaluate(UPDATE) == "installed"
    page.goto("about:blank")
    other = context.new_page()
    other.goto(host.chapter.removesuffix(CHAPTER))
    other.evaluate(TAKEN_OVER)
    host.down = True
    page.goto(host.chapter)
    assert "4:8" in cells(page)[0].source()
    assert cells(page)[0].run("1 + 1") == "2\n"
    listed = (host.site / "cnn" / "offline.js").read_text(encoding="utf-8").partition("\n")[0].count('"sha256"')
    assert page.evaluate(STORED) == [1, listed], "of the old edition nothing is left"


def test_what_cannot_be_kept_is_told(page: Page, host: Host) -> None:
    host.lacks = "numpy-"
    page.goto(host.chapter)
    press(page, "Keep this chapter offline")
    said(page, re.compile(r"Not kept: The server has no numpy-.*\.whl"))
    assert page.evaluate(STORED)[0] == 0
    said(page, re.compile("What has come stays for another try"))
    press(page, "Remove")
    said(page, "Removed.")
    assert page.evaluate("caches.keys()") == []
    host.lacks = "\0"
    keep(page)


def test_what_is_named_by_its_content_is_not_asked_for_again(page: Page, host: Host) -> None:
    page.goto(host.chapter)
    keep(page)
    page.reload()
    asked = page.evaluate(
        "async (url) => { const before = performance.now(); await (await fetch(url)).text();"
        "return performance.getEntriesByName(url).at(-1).transferSize }",
        page.locator("script[type=module]").first.evaluate("script => script.src"),
    )
    assert asked == 0


def test_a_forged_file_in_the_store_is_not_used(page: Page, host: Host) -> None:
    page.goto(host.chapter)
    keep(page)
    page.evaluate(POISON)
    page.reload()
    assert cells(page)[0].run("1 + 1") == "2\n"
    host.down = True
    with pytest.raises(Error):
        page.reload()


def test_a_page_opened_as_a_file_says_what_to_do(page: Page, browser: Browser, site: Path, server: str) -> None:
    words = page.get_by_text("python3 -m http.server")
    page.goto((site / CHAPTER).as_uri())
    expect(words).to_be_visible()
    page.goto(server + CHAPTER)
    expect(words).to_have_count(0)
    context = browser.new_context(java_script_enabled=False)
    reading = context.new_page()
    reading.goto((site / CHAPTER).as_uri())
    expect(reading.get_by_text("python3 -m http.server")).to_be_hidden()
    context.close()
