"""A reader answers exercises in many ways of writing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import CHAPTER

NUMERIC = '[data-exercise="valid-size"]'


@pytest.fixture(scope="module")
def shared(browser: Browser, server: str) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(server + CHAPTER)
    yield page
    page.close()


@pytest.fixture
def numeric(shared: Page) -> Locator:
    exercise = shared.locator(NUMERIC)
    exercise.evaluate("section => { section.querySelector('details').open = false }")
    exercise.evaluate("section => { section.dataset.answer = '28' }")
    return exercise


def answer(exercise: Locator, typed: str) -> str:
    exercise.locator("input[name=answer]").fill(typed)
    exercise.get_by_role("button", name="Check").click()
    return exercise.locator("[data-verdict]").get_attribute("data-result") or ""


def choose(exercise: Locator, word: str) -> None:
    exercise.locator("label").filter(has_text=word).click()


@pytest.mark.parametrize("typed", ["28", " 28 ", "28.0", "28,0", "+28", "28 px", "28px", "28 pixels", "２８", "2.8e1"])
def test_right(numeric: Locator, typed: str) -> None:
    assert answer(numeric, typed) == "right"
    expect(numeric.locator("[data-verdict]")).to_have_text("Right.")
    expect(numeric.locator(".explanation")).to_be_visible()


@pytest.mark.parametrize("typed", ["27", "−28", "-28", "28.5", "2,8", "280", "028e3"])
def test_wrong(numeric: Locator, typed: str) -> None:
    assert answer(numeric, typed) == "wrong"
    expect(numeric.locator("[data-verdict]")).to_contain_text(typed)
    expect(numeric.locator(".explanation")).to_be_visible()


@pytest.mark.parametrize("typed", ["", "   ", "many", "2 8 x", "1/0", "28+", "<b>28</b>", "NaN", "Infinity", "0x1C"])
def test_unclear(numeric: Locator, typed: str) -> None:
    assert answer(numeric, typed) == "unclear"
    expect(numeric.locator("input[name=answer]")).to_have_value(typed)
    expect(numeric.locator(".explanation")).to_be_hidden()
    assert answer(numeric, "28") == "right"


@pytest.mark.parametrize("typed", ["590080", "590,080", "590 080", "590 080", "590.080", "590'080", "5.9008e5"])
def test_large_numbers_are_written_in_many_ways(numeric: Locator, typed: str) -> None:
    numeric.evaluate("section => { section.dataset.answer = '590080' }")
    assert answer(numeric, typed) == "right"


@pytest.mark.parametrize(
    ("typed", "result"),
    [("0.5", "right"), ("0,5", "right"), (".5", "right"), ("0.500", "right"), ("500", "wrong"), ("−0,5", "wrong")],
)
def test_decimals(numeric: Locator, typed: str, result: str) -> None:
    numeric.evaluate("section => { section.dataset.answer = '0.5' }")
    assert answer(numeric, typed) == result


def test_true_or_false(chapter: Page) -> None:
    exercise = chapter.locator('[data-answer="true"]').first
    check, verdict = exercise.get_by_role("button", name="Check"), exercise.locator("[data-verdict]")
    check.click()
    expect(verdict).to_have_text("Choose true or false first.")
    choose(exercise, "False")
    check.click()
    expect(verdict).to_have_attribute("data-result", "wrong")
    expect(exercise.locator(".explanation")).to_be_visible()
    choose(exercise, "True")
    check.click()
    expect(verdict).to_have_attribute("data-result", "right")


def test_enter_checks(numeric: Locator) -> None:
    numeric.locator("input[name=answer]").fill("28")
    numeric.locator("input[name=answer]").press("Enter")
    expect(numeric.locator("[data-verdict]")).to_have_text("Right.")


def test_every_exercise_accepts_its_own_answer(chapter: Page) -> None:
    exercises = chapter.locator("[data-exercise]").all()
    assert len(exercises) >= 5
    for exercise in exercises:
        right = exercise.get_attribute("data-answer") or ""
        if right in ("true", "false"):
            choose(exercise, right.capitalize())
            exercise.get_by_role("button", name="Check").click()
        else:
            answer(exercise, right)
        expect(exercise.locator("[data-verdict]")).to_have_attribute("data-result", "right")
