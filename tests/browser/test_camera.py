"""The reader's camera, on request: Chromium's own pretended one; refused, lost, and none at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import LONG

PRETENDED = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
LENT = "navigator.mediaDevices.getUserMedia = async (wish) => (window.lent = await lend(wish));"
EAR = f"const lend = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices); {LENT}"


@pytest.fixture(scope="module")
def lens(playwright: Playwright, whole_browser: dict[str, Any], server: str) -> Iterator[Page]:
    """The chapter in a browser with a camera that shows moving colours."""
    with playwright.chromium.launch(**{**whole_browser, "args": [*whole_browser["args"], *PRETENDED]}) as own:
        page = own.new_page()
        page.add_init_script(EAR)
        page.goto(server + CHAPTER)
        yield page


def explorer(page: Page) -> Locator:
    section = page.locator('[data-instrument="kernel_explorer"]')
    section.scroll_into_view_if_needed()
    folded = section.locator("details:has([data-action=camera])")
    if folded.count():
        folded.evaluate("folded => { folded.open = true; }")
    return section


def test_a_picture_is_taken_and_the_camera_goes_out(lens: Page) -> None:
    section = explorer(lens)
    sent: list[str] = []
    lens.on("request", lambda request: sent.append(request.method))
    before = section.locator("[data-sentence]").text_content() or ""
    section.get_by_role("button", name="Camera").click()
    dialog = lens.get_by_role("dialog", name="Camera")
    expect(dialog.get_by_role("status")).to_have_text("The picture stays in this page.")
    dialog.get_by_role("button", name="Take the picture").click()
    expect(dialog).to_have_count(0)
    expect(section.locator("[data-sentence]")).not_to_have_text(before, timeout=LONG)
    assert lens.evaluate("lent.getTracks().every((track) => track.readyState === 'ended')")
    assert set(sent) <= {"GET"}
    assert "data:" not in lens.url and len(lens.url) < 300


@pytest.mark.parametrize("escape", [True, False])
def test_whoever_turns_away_leaves_no_camera_on(lens: Page, escape: bool) -> None:
    explorer(lens).get_by_role("button", name="Camera").click()
    dialog = lens.get_by_role("dialog", name="Camera")
    expect(dialog).to_be_visible()
    if escape:
        lens.keyboard.press("Escape")
    else:
        dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    assert lens.evaluate("lent.getTracks().every((track) => track.readyState === 'ended')")


def test_a_camera_that_goes_away_is_told(lens: Page) -> None:
    section = explorer(lens)
    section.get_by_role("button", name="Camera").click()
    expect(lens.get_by_role("dialog", name="Camera")).to_be_visible()
    lens.evaluate("lent.getTracks()[0].dispatchEvent(new Event('ended'))")
    expect(section.locator("[data-status]")).to_have_text("The camera went away before a picture was taken.")
    expect(lens.get_by_role("dialog", name="Camera")).to_have_count(0)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("NotAllowedError", "The camera was refused"),
        ("NotFoundError", "No camera was found."),
        ("NotReadableError", "another program may have it"),
        ("TypeError", "The camera cannot be used."),
    ],
)
def test_no_camera_is_a_sentence(lens: Page, error: str, words: str) -> None:
    lens.evaluate(
        "error => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', error)); }", error
    )
    section = explorer(lens)
    section.get_by_role("button", name="Camera").click()
    expect(section.locator("[data-status]")).to_contain_text(words)


def test_a_covered_lens_is_told(lens: Page) -> None:
    lens.evaluate(
        """() => {
          const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 64 });
          const paint = canvas.getContext('2d');
          setInterval(() => paint.fillRect(0, 0, 64, 64), 50);
          navigator.mediaDevices.getUserMedia = async () => (window.lent = canvas.captureStream(5));
        }"""
    )
    explorer(lens).get_by_role("button", name="Camera").click()
    dialog = lens.get_by_role("dialog", name="Camera")
    expect(dialog.get_by_role("status")).to_have_text("Nearly black: something may cover the camera.")
    dialog.get_by_role("button", name="Close").click()
