"""A reader teaches the network kinds of their own: several files at once, in the page alone, and kept nowhere."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import CHAPTER, ROOT
from tests.browser.reader import LONG

PIECES = ROOT / "instruments" / "data" / "textures"


def says(lab: Locator, words: str) -> None:
    expect(lab.locator("[data-sentence]")).to_have_text(re.compile(words), timeout=LONG)


def open_in(lab: Locator, field: str, texture: str, *numbers: int) -> None:
    lab.locator(f"#open-{field}").set_input_files([PIECES / f"{texture}-{i}.jpg" for i in numbers])


def test_two_kinds_are_taught_and_others_judged_and_the_page_keeps_no_picture(
    context: BrowserContext, page: Page, server: str
) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.goto(server + CHAPTER)
    lab = page.locator("#lab-teach-lab")
    lab.scroll_into_view_if_needed()
    says(lab, "^Taught with 15 pictures: Brick, Grass, Gravel")

    lab.get_by_role("button", name="Begin with no pictures").click()
    says(lab, "^0 pictures to learn from")
    expect(lab.get_by_role("button", name="Teach it")).to_be_disabled()
    open_in(lab, "kind1", "gravel", 0, 1)
    open_in(lab, "kind2", "brick", 0, 1)
    lab.get_by_role("textbox", name="Name").nth(1).fill("Wall")  # an answer that comes meanwhile leaves it
    says(lab, "^4 pictures to learn from, 0 looked at")
    lab.get_by_role("button", name="Teach it").click()
    says(lab, "^Taught with 4 pictures: A, Wall. .*ImageNet’s weights 4 of 4")

    open_in(lab, "asked", "brick", 6, 7)
    expect(lab.locator(".is-best")).to_have_text([re.compile(r"^Wall \d+ %$")] * 2, timeout=LONG)
    page.locator("a[data-instrument-link=lab-teach-lab]").first.click()  # random weights; pictures and names stay
    says(lab, "^Taught with 4 pictures: A, Wall. .*cut after layer 1")
    lab.get_by_role("button", name="Remove picture 1 of A").click()
    says(lab, "^3 pictures to learn from")

    assert "POST" not in sent
    kept = page.evaluate("() => JSON.stringify({ ...localStorage })")
    assert "128x128" not in kept and "kind1" not in kept and "kind1" not in page.url
    lab.get_by_role("button", name="Reset").click()
    says(lab, "^Taught with 15 pictures")


def test_pictures_that_come_after_an_act_outlive_it_and_what_was_none_stays_named(
    context: BrowserContext, page: Page, server: str
) -> None:
    """The act waits for files that don't come; the pictures that were added meanwhile are not emptied with it."""
    page.set_viewport_size({"width": 390, "height": 844})
    context.route("**/backbone-*", lambda route: route.abort())
    page.goto(server + CHAPTER)
    lab = page.locator("#lab-teach-lab")
    lab.scroll_into_view_if_needed()
    lab.get_by_role("button", name="Begin with no pictures").click()
    expect(lab).to_have_class(re.compile("is-failed"), timeout=LONG)
    expect(lab.locator("[data-status]")).to_be_in_viewport(ratio=1)
    letters = [{"name": f"letter{i}.png", "mimeType": "image/png", "buffer": b"no picture"} for i in (1, 2)]
    bricks = [
        {"name": f"{i}.jpg", "mimeType": "image/jpeg", "buffer": (PIECES / f"brick-{i}.jpg").read_bytes()}
        for i in (0, 1)
    ]
    context.unroute("**/backbone-*")
    lab.locator("#open-kind1").set_input_files([letters[0], *bricks, letters[1]])  # type: ignore[arg-type]
    says(lab, "^2 pictures to learn from")
    expect(lab.locator("[data-status]")).to_have_text(
        "“letter1.png”, “letter2.png” are not pictures this browser can read."
    )
