"""Every way to answer an exercise, on a page of its own: shares, tolerances, choices, words."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from press.grading.grade import grade
from press.processes.static_server import background
from press.site import build

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    content = Path(shutil.copytree(ROOT / "tests/book", tmp_path_factory.mktemp("answers") / "content"))
    shutil.copy(ROOT / "tests/pages/exercise/in.md", content / "demo/section.md")
    return content


@pytest.fixture(scope="module")
def address(content: Path) -> Iterator[str]:
    build(ROOT, content.parent / "site", content, image="none")
    with background(content.parent / "site") as server:
        yield f"{server.url}demo/"


@pytest.fixture
def answers(page: Page, address: str) -> Page:
    page.goto(address)
    return page


def of(page: Page, name: str) -> Locator:
    return page.locator(f'[data-exercise="{name}"]')


def check(exercise: Locator) -> Locator:
    exercise.get_by_role("button", name="Check").click()
    return exercise.locator("[data-verdict]")


def test_a_share_is_right_as_a_fraction_and_per_cent(answers: Page) -> None:
    exercise = of(answers, "share")
    for typed in ("9/32", "0,28125", "28.1 %", "0.281"):
        exercise.get_by_role("textbox").fill(typed)
        expect(check(exercise)).to_have_text("Right.")
    exercise.get_by_role("textbox").fill("0.28")
    expect(check(exercise)).to_contain_text("Not quite: 0.28 is not it")


def test_a_tolerance_is_the_author_s(answers: Page) -> None:
    exercise = of(answers, "size")
    for typed, words in (("2.54 × 10³", "Right."), ("2600 pixels", "Not quite")):
        exercise.get_by_role("textbox").fill(typed)
        expect(check(exercise)).to_contain_text(words)


def test_one_choice(answers: Page) -> None:
    exercise = of(answers, "shift")
    expect(check(exercise)).to_have_text("Choose first.")
    exercise.get_by_role("radio", name="The map shrinks.").check()
    expect(check(exercise)).to_have_text("Not quite. Its size rests on padding and stride alone.")
    exercise.get_by_role("radio", name="Nothing changes.").check()
    expect(check(exercise)).to_contain_text("Not quite: another choice is right.")
    exercise.get_by_role("radio", name="The map moves").check()
    expect(check(exercise)).to_have_text("Right.")
    answers.reload()
    expect(exercise.get_by_role("radio", name="The map moves")).to_be_checked()
    expect(exercise.locator(".solved")).to_have_text("Solved")


def test_several_choices(answers: Page) -> None:
    exercise = of(answers, "sizes")
    exercise.get_by_role("checkbox", name="as many rows").check()
    expect(check(exercise)).to_contain_text("Not quite: others are right.")
    exercise.get_by_role("checkbox", name="4 columns").check()
    expect(check(exercise)).to_have_text("Right.")
    answers.reload()
    expect(exercise.get_by_role("checkbox", name="4 columns")).to_be_checked()
    expect(exercise.get_by_role("checkbox", name="5 columns")).not_to_be_checked()


def test_words(answers: Page) -> None:
    exercise = of(answers, "word")
    for typed, words in (("Average-pooling", "That takes the mean."), ("the Max Pooling", "Right.")):
        exercise.get_by_role("textbox").fill(typed)
        expect(check(exercise)).to_contain_text(words)


def test_what_is_typed_or_ticked_and_not_checked_is_kept(answers: Page) -> None:
    word, sizes, shift = (of(answers, name) for name in ("word", "sizes", "shift"))
    word.get_by_role("textbox").fill("Maximum pool")
    sizes.get_by_role("checkbox", name="4 columns").check()
    shift.get_by_role("radio", name="The map shrinks.").check()
    check(shift)
    answers.reload()
    expect(word.get_by_role("textbox")).to_have_value("Maximum pool")
    expect(word.locator("[data-verdict]")).to_be_empty()
    expect(sizes.get_by_role("checkbox", name="4 columns")).to_be_checked()
    expect(shift.locator("[data-verdict]")).to_contain_text("Not quite")
    word.get_by_role("textbox").fill("Maximum pooling")
    expect(check(word)).to_have_text("Right.")
    word.get_by_role("textbox").fill("no")
    answers.reload()
    expect(word.get_by_role("textbox")).to_have_value("no")
    expect(word.locator("[data-verdict]")).to_be_empty()
    word.get_by_role("textbox").fill("Maximum pooling")
    answers.reload()
    expect(word.locator("[data-verdict]")).to_have_text("Right.")


def test_a_computed_statement(answers: Page) -> None:
    exercise = of(answers, "claim")
    exercise.locator("label").filter(has_text="True").click()
    expect(check(exercise)).to_have_text("Right.")


def test_what_is_saved_is_graded_alike(answers: Page, content: Path, tmp_path: Path) -> None:
    of(answers, "share").get_by_role("textbox").fill("9/32")
    check(of(answers, "share"))
    of(answers, "sizes").get_by_role("checkbox", name="4 columns").check()
    of(answers, "sizes").get_by_role("checkbox", name="as many rows").check()
    check(of(answers, "sizes"))
    of(answers, "word").get_by_role("textbox").fill("Maximum Pooling")
    check(of(answers, "word"))
    of(answers, "shift").get_by_role("radio", name="The map shrinks.").check()
    check(of(answers, "shift"))
    with answers.expect_download() as download:
        answers.get_by_role("button", name="Save to a file").click()
    download.value.save_as(tmp_path / "work.json")
    found = {row.name: row.result for row in grade(ROOT, content, (tmp_path / "work.json").read_bytes()).rows}
    assert found == {
        "size": "no answer",
        "claim": "no answer",
        "side": "no answer",
        "share": "right",
        "shift": "wrong",
        "sizes": "right",
        "word": "right",
    }


def test_choices_can_be_read_without_scripts_and_on_paper(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        exercise = of(page, "shift")
        expect(exercise.get_by_text("The map shrinks.")).to_be_visible()
        expect(exercise.get_by_role("button")).to_have_count(0)
        exercise.get_by_text("Answer and explanation").click()
        expect(exercise.locator(".explanation")).to_contain_text(re.compile(r"Answer: The map moves by .*, too\."))
        page.emulate_media(media="print")
        expect(exercise.get_by_text("The map shrinks.")).to_be_visible()
        expect(exercise.get_by_role("button")).to_have_count(0)
