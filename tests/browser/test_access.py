"""Everyone reads and works here: axe finds nothing on any page, in any state of it, in any dress."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import LONG, cells

AXE = (Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FIND = """async (rules) => {
  const options = { runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] };
  const { violations } = await axe.run({ exclude: [[".katex-html"]] }, options);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target} ${html}`));
}"""


def findings(page: Page) -> list[str]:
    """What axe holds against the page as it stands; the drawn half of a formula is hidden from assistive tools."""
    page.evaluate(f"() => {{ {AXE} }}")
    found: list[str] = page.evaluate(FIND, RULES)
    return found


@pytest.mark.parametrize("address", ["index.html", "404.html", "cnn/embed.html", "code/ink.html"])
def test_axe_finds_nothing_on_the_pages_around_the_chapter(page: Page, server: str, address: str) -> None:
    page.goto(server + address)
    assert findings(page) == []


@pytest.fixture(scope="module")
def used(browser: Browser, server: str) -> Iterator[Page]:
    """The chapter after work: an error shown, an editor active, an answer judged, an instrument moved, all unfolded."""
    context = browser.new_context()
    context.set_default_timeout(LONG)
    page = context.new_page()
    page.goto(server + CHAPTER)
    page.locator("[data-exercise] input:not([type=radio])").first.fill("-1")
    page.locator("[data-exercise] [type=submit]").first.click()
    page.locator("[data-instrument] input[type=range]:visible").first.press("ArrowRight")
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    first, second = cells(page)[:2]
    first.run("print(1)\nnothing")
    expect(first.error).to_contain_text("NameError")
    second.edit("2 + 2")
    yield page
    context.close()


@pytest.mark.parametrize("dress", ["light", "dark phone", "forced colours"])
def test_axe_finds_nothing_in_a_chapter_at_work(used: Page, dress: str) -> None:
    used.emulate_media(
        color_scheme="dark" if "dark" in dress else "light", forced_colors="active" if "forced" in dress else "none"
    )
    used.set_viewport_size({"width": 390, "height": 844} if "phone" in dress else {"width": 1280, "height": 900})
    assert findings(used) == []
