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
CONTRAST = ["color-contrast"]
"""What another dress of the same page can break."""
FIND = """async ([rules, within]) => {
  const tags = { runOnly: { type: "tag", values: rules }, rules: { "target-size": { enabled: true } } };
  const one = { runOnly: { type: "rule", values: rules } };
  const options = { resultTypes: ["violations"], ...(rules.length > 1 ? tags : one) };
  const { violations } = await axe.run({ include: [[within]], exclude: [[".katex-html"]] }, options);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target} ${html}`));
}"""


CELL = """
- figure:
  - button "Run"
  - button "Stop" [disabled]
  - button "Reset" [disabled]
  - button "Copy"
  - button "Copy link"
  - status
  - paragraph: /Esc, then Tab leaves the editor/
  - group: /The output is covered until you have answered QUESTION .* Show me/
"""
FIGURE = """
- figure /FIG/:
  - img /window of three by three/
  - slider /FIG .* One window, one number/
  - paragraph: /22 of 45/
"""
QUESTION = """
- region /QUESTION/:
  - heading /QUESTION .* Predict/ [level=3]
  - paragraph
  - group: A large positive number
  - group: As much as at its left edge
"""
EXERCISE = """
- region /EXERCISE/:
  - heading /EXERCISE/ [level=3]
  - paragraph
  - textbox /Your answer to exercise .*, in pixels/
  - button "Check"
  - group: Answer and explanation
"""
EQUATION = """
- figure /EQ/:
  - group /EQ/:
    - math: /^S/
"""
INSTRUMENT = """
- region "Receptive-field calculator":
  - heading "Receptive-field calculator" [level=3]
  - application /use the arrow keys/:
    - img "Layer 5 sees 18 by 18 of 64 by 64 pixels"
  - form /Controls of instrument/:
    - slider "3×3 convolutions": "3"
    - combobox "Stack"
  - term: RECEPTIVE FIELD
  - definition: 18 px
  - paragraph:
    - button "Reset"
    - link "Show the code"
"""
LANDMARKS = """
- link "Skip to the text"
- banner:
  - navigation "Where you are"
  - navigation "Chapters"
  - combobox "Colours"
- main:
  - navigation "Contents":
    - heading "Contents" [level=2]
"""


def findings(page: Page, rules: list[str] = RULES, within: str = "html") -> list[str]:
    """What axe holds against the page as it stands; the drawn half of a formula is hidden from assistive tools."""
    page.evaluate(f"() => {{ {AXE} }}")
    found: list[str] = page.evaluate(FIND, [rules, within])
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
    assert findings(used, CONTRAST if "forced" in dress else RULES) == []


@pytest.fixture(scope="module")
def unread(browser: Browser, server: str) -> Iterator[Page]:
    """The chapter as it comes, for tests that only look."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(server + CHAPTER)
    yield page
    context.close()


def test_axe_finds_nothing_on_a_slide(chapter: Page) -> None:
    chapter.get_by_role("button", name="Present").click()
    chapter.keyboard.press("PageDown")
    assert findings(chapter, RULES[:-1]) == []  # a slide after the first has no heading of level one


@pytest.mark.parametrize(
    ("place", "heard"),
    [
        ("body", LANDMARKS),
        ("[data-cell]", CELL),
        ("[data-exercise]", EXERCISE),
        ("#eq-conv", EQUATION),
        ("#fig-window", FIGURE),
        ("#q-bar-inside", QUESTION),
        ("#inst-receptive-field", INSTRUMENT),
    ],
    ids=["landmarks", "a cell", "an exercise", "an equation", "a figure", "a question", "an instrument"],
)
def test_a_screen_reader_hears(unread: Page, place: str, heard: str) -> None:
    expect(unread.locator(place).first).to_match_aria_snapshot(heard)


def test_equations_can_be_read_before_they_are_scrolled_to(unread: Page) -> None:
    hidden = unread.locator("details:not([open]) math").count()
    nodes = unread.context.new_cdp_session(unread).send("Accessibility.getFullAXTree")["nodes"]
    read = [node for node in nodes if node.get("role", {}).get("value") == "MathMLMath" and not node["ignored"]]
    assert len(read) == unread.locator("math").count() - hidden > 100
