"""A reader answers exercises in many ways of writing, slips, asks for hints and other numbers, and writes Python."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import LONG, Cell

ANY = re.compile(".")
NUMERIC = '[data-exercise="valid-size"]'


@pytest.fixture(scope="module")
def shared(browser: Browser, server: str) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(server + CHAPTER)
    answer(page.locator(NUMERIC), "0")
    yield page
    page.close()


@pytest.fixture
def numeric(shared: Page) -> Locator:
    exercise = shared.locator(NUMERIC)
    exercise.evaluate("section => { section.querySelector('[data-explanation]').open = false }")
    exercise.evaluate("section => { section.dataset.answer = '28' }")
    return exercise


def answer(exercise: Locator, typed: str) -> str:
    exercise.locator("input[name=answer]").fill(typed)
    check(exercise)
    return exercise.locator("[data-verdict]").get_attribute("data-result") or ""


def check(exercise: Locator) -> None:
    exercise.get_by_role("button", name="Check").click()
    expect(exercise.locator("[data-verdict]")).to_have_attribute("data-result", ANY)


def choose(exercise: Locator, word: str) -> None:
    exercise.locator("label").filter(has_text=word).click()


@pytest.mark.parametrize("typed", ["28", " 28 ", "28.0", "28,0", "+28", "28 px", "28px", "28 pixels", "２８", "2.8e1"])
def test_right(numeric: Locator, typed: str) -> None:
    assert answer(numeric, typed) == "right"
    expect(numeric.locator("[data-verdict]")).to_have_text("Right.")
    expect(numeric.locator("[data-explanation] > .explanation")).to_be_visible()


@pytest.mark.parametrize("typed", ["26", "−28", "-28", "28.5", "2,8", "280", "028e3"])
def test_wrong(numeric: Locator, typed: str) -> None:
    assert answer(numeric, typed) == "wrong"
    expect(numeric.locator("[data-verdict]")).to_contain_text(typed)
    expect(numeric.locator("[data-explanation] > .explanation")).to_be_visible()


@pytest.mark.parametrize("typed", ["", "   ", "many", "2 8 x", "1/0", "28+", "<b>28</b>", "NaN", "Infinity", "0x1C"])
def test_unclear(numeric: Locator, typed: str) -> None:
    assert answer(numeric, typed) == "unclear"
    expect(numeric.locator("input[name=answer]")).to_have_value(typed)
    expect(numeric.locator("[data-explanation] > .explanation")).to_be_hidden()
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


def test_every_exercise_accepts_its_own_answer_also_with_other_numbers(chapter: Page) -> None:
    exercises = chapter.locator("[data-answer]").all()
    assert len(exercises) >= 6
    for n in range(len(exercises)):
        exercise = chapter.locator("[data-answer]").nth(n)
        another = exercise.get_by_role("button", name="Another one")
        for version in range(3 if another.count() else 1):
            if version:
                another.click()
                expect(exercise).to_have_attribute("data-variant", str(version))
            right = exercise.get_attribute("data-answer") or ""
            if right in ("true", "false"):
                choose(exercise, right.capitalize())
                check(exercise)
            else:
                answer(exercise, right)
            expect(exercise.locator("[data-verdict]")).to_have_attribute("data-result", "right")


def test_a_usual_slip_is_named_and_the_explanation_waits(chapter: Page) -> None:
    exercise = chapter.locator('[data-exercise="resnet-stem"]')
    verdict = exercise.locator("[data-verdict]")
    assert answer(exercise, "113") == "wrong"
    expect(verdict).to_contain_text("Not quite. You rounded up")
    assert answer(exercise, "111 pixels") == "wrong"
    expect(verdict).to_have_text("Not quite. You forgot the + 1: the first window takes no step.")
    assert answer(exercise, "110") == "wrong"
    expect(verdict).to_contain_text("You padded one side only")
    expect(exercise.locator(".explanation")).to_be_hidden()
    assert answer(exercise, "112") == "right"
    expect(exercise.locator(".explanation")).to_be_visible()


def test_other_numbers_stay_with_their_answer_after_a_reload(chapter: Page) -> None:
    exercise = chapter.locator('[data-exercise="new-head"]')
    first = exercise.locator(".question").text_content()
    exercise.get_by_role("button", name="Another one").click()
    expect(exercise).to_have_attribute("data-variant", "1")
    expect(exercise.locator("input")).to_be_focused()
    assert answer(exercise, exercise.get_attribute("data-answer") or "") == "right"
    solved = f"Exercises solved: 1 of {chapter.locator('[data-exercise]').count()}."
    expect(chapter.locator("[data-memory]")).to_contain_text(solved)
    other = exercise.locator(".question").text_content()
    assert other != first
    chapter.reload()
    expect(exercise.locator(".question")).to_have_text(other or "")
    expect(exercise.locator("[data-verdict]")).to_have_text("Right.")
    expect(exercise.locator(".solved")).to_have_text("Solved")
    expect(chapter.locator("[data-memory]")).to_contain_text(solved)
    chapter.on("dialog", lambda dialog: dialog.accept())
    chapter.get_by_role("button", name="Forget everything").click()
    expect(exercise.locator(".question")).to_have_text(first or "")
    expect(exercise.locator(".solved")).to_have_count(0)


def test_without_scripts_hints_come_one_after_another_and_solutions_can_be_read(browser: Browser, server: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(server + CHAPTER)
        exercise = page.locator(NUMERIC)
        expect(exercise.get_by_text("Another hint")).to_be_hidden()
        exercise.get_by_text("Hint", exact=True).click()
        exercise.get_by_text("Another hint").click()
        expect(exercise).to_contain_text("may stand on column 31 at most")
        task = page.locator('[data-exercise="write-output-size"]')
        task.get_by_text("Solution and explanation").click()
        expect(task.locator(".explanation pre")).to_contain_text("return max(0,")
        faces = page.locator(".cell-code code, .explanation pre code").evaluate_all(
            "all => [...new Set(all.map((code) => getComputedStyle(code).fontFamily))]"
        )
        assert len(faces) == 1, "code is set alike everywhere"


def test_code_is_checked_and_what_it_lacks_is_said(awake: Page) -> None:
    task = awake.locator('[data-exercise="write-output-size"]')
    cell, verdict = Cell(awake, "ex-write-output-size"), task.locator("[data-verdict]")
    started(task, "def output_size(n, k, S, P):\n    return n / 0\n", cell)
    expect(cell.error).to_contain_text("ZeroDivisionError")
    expect(verdict).to_have_text("Not yet: the code stops with the error above.")
    started(task, "def output_size(n, k, S, P):\n    return (n - k + 2 * P) // S + 1\n\nprint('mine')", cell)
    expect(verdict).to_have_text("Not yet: n = 1, k = 5, S = 1, P = 0: counting gives 0, your function -3.")
    expect(cell.output).to_have_text("mine")
    expect(cell.error).to_have_count(0)
    started(task, "import sys\nsys.exit()", cell)
    expect(verdict).to_contain_text("Not yet")
    expect(task.locator(".solved")).to_have_count(0)
    started(task, "def output_size(n, k, S, P):\n    return max(0, (n - k + 2 * P) // S + 1)\n", cell)
    expect(verdict).to_have_text("Right: it passes every check.")
    expect(task.locator(".solved")).to_be_visible()
    expect(task.locator(".explanation")).to_be_visible()


def started(task: Locator, code: str, cell: Cell) -> None:
    cell.edit(code)
    task.get_by_role("button", name="Check").click()
    cell.settle()


def test_a_check_that_never_ends_can_be_stopped(awake: Page) -> None:
    task = awake.locator('[data-exercise="write-max-pooling"]')
    cell = Cell(awake, "ex-write-max-pooling")
    cell.edit("def max_pool(x, p, s):\n    while True:\n        pass\n")
    task.get_by_role("button", name="Check").click()
    cell.running()
    cell.button("stop").click()
    expect(cell.status).to_contain_text("Stopped", timeout=LONG)
    expect(task.locator("[data-verdict]")).to_be_hidden()


@pytest.mark.parametrize("name", ["mend-convolution", "write-max-pooling", "write-output-size"])
def test_the_solution_of_the_book_passes_in_the_browser(awake: Page, name: str) -> None:
    task = awake.locator(f'[data-exercise="{name}"]')
    started(task, task.locator(".explanation pre").text_content() or "", Cell(awake, f"ex-{name}"))
    expect(task.locator("[data-verdict]")).to_have_text("Right: it passes every check.")
