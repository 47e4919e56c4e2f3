"""A reader guesses before seeing: a choice or a number opens what stands behind it, is kept, and is never scored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import CHAPTER

BEHIND = '[data-after="bar-inside"]'


def question(page: Page, name: str = "bar-inside") -> Locator:
    return page.locator(f'[data-question="{name}"]')


def choice(page: Page, number: int) -> Locator:
    return question(page).locator("details").nth(number)


@pytest.fixture
def plain(browser: Browser, server: str) -> Iterator[Page]:
    """The chapter without scripts."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server + CHAPTER)
    yield page
    context.close()


def test_no_answer_stands_open_before_a_guess(chapter: Page) -> None:
    expect(chapter.locator("[data-question]")).not_to_have_count(0)
    expect(chapter.locator("[data-after][open], [data-question] details[open]")).to_have_count(0)
    for name in chapter.locator("[data-after]").evaluate_all("all => all.map((one) => one.dataset.after)"):
        expect(question(chapter, name)).to_have_count(1)


def test_a_choice_shows_its_reply_and_opens_output_and_text(chapter: Page) -> None:
    expect(chapter.locator('[data-cell="sobel-bar"] [data-output]')).to_be_hidden()
    choice(chapter, 1).locator("summary").click()
    expect(choice(chapter, 1).locator("p")).to_be_visible()
    expect(chapter.locator(BEHIND)).to_have_count(2)
    for behind in chapter.locator(BEHIND).all():
        expect(behind).to_have_attribute("open", "")
    expect(chapter.locator('[data-cell="sobel-bar"] [data-output]')).to_be_visible()


def test_by_keyboard(chapter: Page) -> None:
    choice(chapter, 0).locator("summary").focus()
    chapter.keyboard.press("Enter")
    expect(chapter.locator(BEHIND).first).to_have_attribute("open", "")


def test_the_first_guess_is_kept_and_others_may_be_read(chapter: Page) -> None:
    choice(chapter, 0).locator("summary").click()
    expect(choice(chapter, 0)).to_have_attribute("data-guessed", "")
    choice(chapter, 2).locator("summary").click()
    expect(choice(chapter, 2).locator("p")).to_be_visible()
    chapter.reload()
    expect(choice(chapter, 0)).to_have_attribute("data-guessed", "")
    expect(choice(chapter, 0)).to_have_attribute("open", "")
    expect(choice(chapter, 2)).not_to_have_attribute("data-guessed", "")
    expect(chapter.locator(BEHIND).last).to_have_attribute("open", "")


def test_to_be_shown_is_no_guess(chapter: Page) -> None:
    chapter.locator(BEHIND).last.locator("summary").click()
    expect(chapter.locator(BEHIND).last.locator(".prose")).to_be_visible()
    expect(question(chapter).locator("[data-guessed]")).to_have_count(0)


def test_a_number_is_answered_on_its_side(chapter: Page) -> None:
    asked = question(chapter, "moved-digits")
    field, commit = asked.locator("input"), asked.get_by_role("button", name="Commit")
    field.fill("many")
    commit.click()
    expect(asked.get_by_role("status")).to_contain_text("number")
    expect(field).to_have_value("many")
    field.fill("12 %")
    commit.click()
    expect(asked.locator("[data-side]:visible")).to_have_count(1)
    expect(asked.locator("[data-side=low]")).to_be_visible()
    expect(chapter.locator('[data-after="moved-digits"]')).to_have_attribute("open", "")
    chapter.reload()
    expect(field).to_have_value("12 %")
    expect(asked.locator("[data-side=low]")).to_be_visible()
    expect(asked.locator("[data-side=high]")).to_be_hidden()


def test_whoever_runs_a_cell_sees_what_it_prints(chapter: Page) -> None:
    cell = chapter.locator('[data-cell="sobel-bar"]')
    cell.get_by_role("button", name="Run").click()
    expect(cell.locator("[data-output]")).to_be_visible()


def test_forgetting_everything_forgets_guesses(chapter: Page) -> None:
    choice(chapter, 0).locator("summary").click()
    expect(choice(chapter, 0)).to_have_attribute("data-guessed", "")
    chapter.on("dialog", lambda dialog: dialog.accept())
    chapter.get_by_role("button", name="Forget everything").click()
    expect(choice(chapter, 0)).not_to_have_attribute("data-guessed", "")


def test_a_file_brings_guesses_back(chapter: Page, tmp_path: Path) -> None:
    choice(chapter, 0).locator("summary").click()
    expect(choice(chapter, 0)).to_have_attribute("data-guessed", "")
    panel = chapter.locator("[data-memory]")
    with chapter.expect_download() as download:
        panel.get_by_role("button", name="Save to a file").click()
    file = tmp_path / "work.json"
    download.value.save_as(file)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"guess bar-inside": 0', '"guess bar-inside": 2'), encoding="utf-8")
    panel.locator("[data-action=import]").set_input_files(file)
    expect(choice(chapter, 2)).to_have_attribute("data-guessed", "")
    expect(choice(chapter, 0)).not_to_have_attribute("data-guessed", "")


def test_without_scripts_everything_can_be_opened(plain: Page) -> None:
    choice(plain, 1).locator("summary").click()
    expect(choice(plain, 1).locator("p")).to_be_visible()
    plain.locator(BEHIND).first.locator("summary").click()
    expect(plain.locator('[data-cell="sobel-bar"] [data-output]')).to_be_visible()


def test_paper_shows_choices_replies_and_answers(chapter: Page) -> None:
    chapter.emulate_media(media="print")
    for reply in question(chapter).locator("details p").all():
        expect(reply).to_be_visible()
    for words in question(chapter).locator("summary").all():
        expect(words).to_be_visible()
    expect(chapter.locator('[data-cell="sobel-bar"] [data-output]')).to_be_visible()
    expect(chapter.locator(BEHIND).last.locator(".prose")).to_be_visible()
