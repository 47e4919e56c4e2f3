"""What helps a reader along and is fetched when first wanted: cards beside links, and search."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_access import findings

CONV = "main a.label-eq[href='#eq-conv']"


@pytest.fixture
def page_below(browser: Browser, nested_server: str) -> Iterator[Page]:
    """The chapter below a sub-path with a space."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{nested_server}cnn/index.html")
    yield page
    context.close()


def test_a_card_shows_the_equation_and_its_symbols_and_goes_with_esc(page_below: Page) -> None:
    link, card = page_below.locator(CONV).first, page_below.locator(".card")
    link.hover()
    expect(card).to_contain_text("EQ N2.1")
    expect(card).to_contain_text("is the image at row")
    expect(card.locator(".katex")).not_to_have_count(0)
    expect(card.locator("a, [id], [tabindex]")).to_have_count(0)
    card.hover()
    page_below.wait_for_timeout(500)
    expect(card).to_be_visible()
    page_below.keyboard.press("Escape")
    expect(card).to_have_count(0)


@pytest.mark.parametrize(("link", "words"), [("fig-memory", "Values live early"), ("cell-sobel-bar", "CELL")])
def test_every_kind_of_block_has_a_card(page_below: Page, link: str, words: str) -> None:
    page_below.locator(f"main a[href='#{link}']:not(.block-number)").first.hover()
    expect(page_below.locator(".card")).to_contain_text(words)


def test_a_card_comes_with_keyboard_focus_and_describes_its_link(page_below: Page) -> None:
    cite, card = page_below.locator("a.cite").first, page_below.locator(".card")
    cite.evaluate("link => link.focus()")
    page_below.keyboard.press("Shift+Tab")
    page_below.keyboard.press("Tab")
    expect(cite).to_be_focused()
    expect(card).to_contain_text("Dosovitskiy")
    expect(cite).to_have_accessible_description(card.inner_text().replace("\n", " "))
    box = card.bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 1280
    page_below.keyboard.press("Tab")
    expect(cite).not_to_have_attribute("aria-describedby", "card")


def test_a_pointer_that_rests_elsewhere_takes_no_card_from_the_keyboard(page_below: Page) -> None:
    cite, card = page_below.locator("a.cite").first, page_below.locator(".card")
    cite.focus()
    expect(card).to_have_count(1)
    cite.evaluate("""async (link) => {
      link.blur();
      link.focus();
      for (let turn = 0; turn < 100; turn++) await null;
      document.body.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
    }""")
    expect(card).to_contain_text("Dosovitskiy")


def test_a_tap_brings_a_term_or_a_work_as_a_sheet_from_below(browser: Browser, nested_server: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{nested_server}cnn/index.html")
    sheet = page.get_by_role("dialog")
    for link, words in (("a.label-term[href='#term-feature-map']", "All the sums"), ("a.cite", "Dosovitskiy")):
        asked = page.locator(f".prose {link}").first
        asked.scroll_into_view_if_needed()
        line = page.evaluate("scrollY")
        asked.tap()
        expect(sheet).to_contain_text(words)
        box = sheet.bounding_box()
        assert box
        assert box["x"] == 0
        assert box["width"] == 390
        assert box["y"] + box["height"] == 844
        assert findings(page) == []
        sheet.get_by_role("button", name="Close").tap()
        expect(sheet).to_have_count(0)
        expect(asked).to_be_focused()
        assert page.evaluate("scrollY") == line
    asked.tap()
    sheet.get_by_role("link", name="Go there").tap()
    expect(page.locator("#references .references")).to_be_in_viewport()
    context.close()


def test_a_term_is_explained_on_hover_and_on_focus(page_below: Page) -> None:
    link, card = page_below.locator("main a.label-term[href='#term-feature-map']").first, page_below.locator(".card")
    link.hover()
    expect(card).to_contain_text("All the sums that one kernel makes (EQ N2.1), each in its place.")
    expect(card.locator(".katex")).to_have_count(1)
    assert findings(page_below) == []
    page_below.keyboard.press("Escape")
    expect(card).to_have_count(0)
    page_below.mouse.move(0, 0)
    link.evaluate("link => link.focus()")
    page_below.keyboard.press("Shift+Tab")
    page_below.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(card).to_contain_text("All the sums")
    page_below.keyboard.press("Enter")
    assert page_below.url.endswith("#term-feature-map")
    expect(page_below.locator("#term-feature-map")).to_be_in_viewport()


def test_without_javascript_a_term_leads_to_its_entry(browser: Browser, nested_server: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{nested_server}cnn/index.html")
    page.locator("main a.label-term[href='#term-jump']").first.click()
    expect(page.locator("#term-jump")).to_be_in_viewport()
    expect(page.locator("#term-jump")).to_contain_text("also called feature stride. § 2.5")
    page.close()


def test_the_index_searches_the_book_too(browser: Browser, nested_server: str) -> None:
    page = browser.new_page()
    page.goto(f"{nested_server}index.html")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("jump")
    expect(page.locator(".search li a").first).to_contain_text("jump")
    assert findings(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("searchbox").fill("feature map")
    expect(page.locator(".search li a").first).to_contain_text("feature map")
    page.keyboard.press("Enter")
    page.wait_for_url("**/a%20b/c/cnn/index.html#term-feature-map")
    page.close()


def test_search_finds_sections_equations_code_and_works_by_keyboard_alone(page_below: Page) -> None:
    asked: list[str] = []
    page_below.on("request", lambda request: asked.append(request.url))
    page_below.keyboard.press("/")
    field, links = page_below.get_by_role("searchbox"), page_below.locator(".search li a")
    expect(field).to_be_focused()
    assert [url for url in asked if "search" in url]
    for words, first in (
        ("max-pool", "max-pooling"),
        ("plain against residual", "LAB 2.3"),
        ("linalg.norm", "CELL 2.5"),
        ("he deep residual", "["),
        ("n2.3", "EQ N2.3"),
    ):
        field.fill(words)
        expect(page_below.locator(".search [role=status]")).to_contain_text("place")
        expect(links.first).to_contain_text(first)
    field.fill("zzz")
    expect(page_below.locator(".search [role=status]")).to_have_text("No places")
    field.fill("bias")
    expect(links).not_to_have_count(0)
    page_below.keyboard.press("ArrowDown")
    page_below.keyboard.press("ArrowDown")
    second = links.nth(1)
    expect(second).to_be_focused()
    fragment = (second.get_attribute("href") or "").partition("#")[2]
    page_below.keyboard.press("Enter")
    expect(page_below.locator("dialog.search")).to_be_hidden()
    assert page_below.url.endswith(f"/cnn/index.html#{fragment}")


def test_search_forgives_marks_and_shows_formulas(page_below: Page) -> None:
    page_below.keyboard.press("/")
    field, rows = page_below.get_by_role("searchbox"), page_below.locator(".search li a")
    field.fill("receptve feilds")
    expect(rows.first.locator("mark").first).to_have_text(re.compile("receptive", re.IGNORECASE))
    field.fill("eq n2.3")
    expect(rows.first).to_contain_text("EQ N2.3")
    expect(rows.first.locator("small .katex-html")).to_be_visible()
    assert "\\" not in " ".join(rows.locator(".katex-html").all_text_contents())


def test_a_slash_that_is_typed_is_only_a_slash(page_below: Page) -> None:
    field = page_below.locator("[data-exercise=valid-size] input")
    field.click()
    page_below.keyboard.type("1/2")
    expect(field).to_have_value("1/2")
    expect(page_below.locator("dialog.search")).to_have_count(0)
    page_below.get_by_role("button", name="Search").click()
    expect(page_below.get_by_role("searchbox")).to_be_focused()
    page_below.keyboard.press("Escape")
    expect(page_below.locator("dialog.search")).to_be_hidden()


def test_nothing_of_it_is_fetched_unasked(browser: Browser, nested_server: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto(f"{nested_server}cnn/index.html", wait_until="networkidle")
    assert [name for name in asked if name.startswith(("search", "card", "copy"))] == []
    page.close()


def test_axe_finds_nothing_in_a_card_or_in_search(page_below: Page) -> None:
    page_below.locator(CONV).first.hover()
    expect(page_below.locator(".card")).to_be_visible()
    assert findings(page_below, within=".card") == []
    page_below.keyboard.press("/")
    expect(page_below.get_by_role("searchbox")).to_be_focused()
    page_below.keyboard.type("pool")
    expect(page_below.locator(".search li a")).not_to_have_count(0)
    assert findings(page_below, within=".search") == []
