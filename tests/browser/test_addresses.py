"""A reader shares what an instrument shows, goes back to what it showed, and follows links that set it."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import LONG

KERNEL = "#inst-kernel-explorer"
EXPLORER = '[data-instrument="kernel_explorer"]'


def choose(page: Page, kernel: str) -> None:
    page.locator(f'{EXPLORER} label:has([name="kernel"][value="{kernel}"])').click()


def chosen(page: Page, kernel: str) -> None:
    expect(page.locator(f'{EXPLORER} [name="kernel"][value="{kernel}"]')).to_be_checked(timeout=LONG)


def sums_to(page: Page, words: str) -> None:
    """What the picture says, not the control."""
    expect(page.locator(f'{EXPLORER} [data-region="kernel"]')).to_contain_text(
        f"Sum of the weights: {words}", timeout=LONG
    )


def test_an_address_shows_its_state_and_the_back_button_undoes(page: Page, server: str) -> None:
    page.goto(f"{server}{CHAPTER}{KERNEL}?kernel=blur&size=5")
    chosen(page, "blur")
    sums_to(page, "1")
    expect(page.locator(EXPLORER)).to_be_in_viewport()
    expect(page.locator(f'{EXPLORER} input[name="size"][value="5"]')).to_be_checked()
    choose(page, "edge")
    expect(page).to_have_url(re.compile(re.escape(f"{KERNEL}?size=5") + "$"))
    sums_to(page, "0")
    page.go_back()
    chosen(page, "blur")
    sums_to(page, "1")
    page.go_forward()
    chosen(page, "edge")
    sums_to(page, "0")


def test_a_damaged_address_shows_the_nearest_state(page: Page, server: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(
        f"{server}{CHAPTER}{KERNEL}?kernel={quote('<b>')}&size=999&weights=[1,&nonsense=1&padding=-7&kernel=sobel-x"
    )
    chosen(page, "sobel-x")
    sums_to(page, "0")
    assert errors == []


def test_a_link_in_the_text_sets_the_instrument(page: Page, server: str) -> None:
    page.goto(server + CHAPTER)
    choose(page, "sharpen")
    page.get_by_role("link", name="A 5×5 blur").click()
    chosen(page, "blur")
    sums_to(page, "1")
    expect(page.locator(EXPLORER)).to_be_in_viewport()


def test_back_returns_to_the_line_one_came_from(page: Page, server: str) -> None:
    page.goto(server + CHAPTER)
    link = page.locator("#note-why-3x3 a", has_text="three")
    link.evaluate("link => scrollTo({ top: link.getBoundingClientRect().top + scrollY - 300, behavior: 'instant' })")
    line = page.evaluate("scrollY")
    field, back = page.locator("#inst-receptive-field"), page.get_by_role("button", name="Back to the text")
    link.click()
    expect(page).to_have_url(re.compile(r"#inst-receptive-field\?pools=0&convs=3$"))
    expect(field.locator("h3")).to_be_in_viewport()
    expect(field.locator(".readouts")).to_contain_text("7 px", timeout=LONG)
    assert page.evaluate("scrollY") - line > 1000
    page.go_back()
    page.wait_for_function("line => Math.abs(scrollY - line) < 3", arg=line)
    expect(field.locator(".readouts")).to_contain_text("18 px", timeout=LONG)
    link.click()
    expect(back).to_be_in_viewport()
    back.click()
    expect(link).to_be_in_viewport()
    expect(link).to_be_focused()
    expect(back).to_have_count(0)


def copied(page: Page, address: str, action: str, told: str) -> str:
    """What a button below the explorer copies when emboss is chosen."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address)
    choose(page, "emboss")
    chosen(page, "emboss")
    sums_to(page, "1")
    page.locator(f"{EXPLORER} [data-action={action}]").click()
    expect(page.locator(f"{EXPLORER} [data-status]")).to_contain_text(told)
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_copying_a_link(page: Page, server: str) -> None:
    link = copied(page, server + CHAPTER, "share", "Link copied")
    assert link.endswith(f"{CHAPTER}{KERNEL}?kernel=emboss")


def test_embedding_a_panel_as_it_stands(page: Page, server: str) -> None:
    code = copied(page, server + CHAPTER, "embed", "Copied")
    other = page.context.new_page()
    other.set_content(code)
    frame = other.frame_locator("iframe[title]")
    expect(frame.locator("[data-instrument]")).to_have_count(1)
    expect(frame.locator('[name="kernel"][value="emboss"]')).to_be_checked(timeout=LONG)


def test_one_instrument_alone_for_a_slide(page: Page, server: str) -> None:
    page.goto(f"{server}cnn/embed.html?inst=receptive-field")
    expect(page.locator("[data-instrument]")).to_have_count(1)
    field = page.locator('[data-instrument="receptive_field"]')
    field.locator("[name=pools]").fill("0")
    expect(field.locator(".readouts")).to_contain_text("7 px", timeout=LONG)
    assert field.get_by_role("link", name="EQ N2.5").get_attribute("href") == "index.html#eq-receptive-field"


@pytest.mark.parametrize("name", ["nothing", "kernel-explorer-title", ""])
def test_a_page_for_slides_that_asks_for_no_instrument_shows_them_all(page: Page, server: str, name: str) -> None:
    page.goto(f"{server}cnn/embed.html?inst={name}")
    assert page.locator("[data-instrument]").count() >= 7


def test_one_instrument_alone_in_a_state_inside_another_page(page: Page, server: str) -> None:
    address = f"{server}cnn/embed.html?inst=receptive-field#inst-receptive-field?pools=0"
    page.set_content(f'<iframe src="{address}" title="field" width="900" height="900"></iframe>')
    field = page.frame_locator("iframe[title=field]").locator('[data-instrument="receptive_field"]')
    expect(field.locator(".readouts")).to_contain_text("7 px", timeout=LONG)


def test_the_code_behind_a_picture_can_be_read(page: Page, server: str) -> None:
    page.goto(server + CHAPTER)
    page.locator(EXPLORER).get_by_role("link", name="Show the code").click()
    expect(page.locator("h1")).to_have_text("instruments/kernel_explorer/__init__.py")
    page.get_by_role("link", name="scene.py").click()
    expect(page.locator("h1")).to_have_text("instruments/kernel_explorer/scene.py")
    expect(page.locator("pre.code")).to_contain_text("def compute(")
