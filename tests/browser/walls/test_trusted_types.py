"""The policy of every page: no string becomes markup or a script's address except by way of one policy."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import CHAPTER
from tests.browser.reader import Cell

SINKS = (
    "document.body.innerHTML = '<b>x</b>'",
    "document.body.insertAdjacentHTML('beforeend', '<b>x</b>')",
    "document.createElement('iframe').srcdoc = '<b>x</b>'",
    "document.createElement('script').src = '/x.js'",
    "document.createElement('script').textContent = 'x'",
    "new Worker(URL.createObjectURL(new Blob([''])))",
    "navigator.serviceWorker.register('/x.js')",
    "trustedTypes.createPolicy('book', {})",
    "trustedTypes.createPolicy('another', {})",
)
TRY = """async (source) => {
  try { await source(); return 'done'; } catch (error) { return error.name; }
}"""
PAGES = ("index.html", CHAPTER, "cnn/embed.html", "404.html")


@pytest.mark.parametrize("sink", SINKS)
def test_a_string_is_refused(awake: Page, sink: str) -> None:
    assert awake.evaluate(f"({TRY})(async () => {{ await ({sink}); }})") == "TypeError"


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_the_policy(page: Page, server: str, address: str) -> None:
    page.goto(server + address)
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert re.fullmatch(r"\w+", rules["trusted-types"])
    assert not {"frame-src", "object-src", "child-src"} & set(rules), "they are what default-src says"


def test_in_a_cell_no_policy_can_be_made_and_no_frame_of_another_realm(cell: Cell) -> None:
    cell.run("import js\njs.trustedTypes.createPolicy('book', js.Object.new())")
    assert "TypeError" in (cell.error.text_content() or "")
