"""Floods of output: done soon, the page moves, head and tail are kept, what is hidden is told."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import Cell, longest_frame, watch_frames

SLACK = 4
"""The limits are those of a calm machine; a test machine may be busy with other things."""
DONE = 5 * SLACK
"""Seconds."""
FRAME = 200 * SLACK
"""Milliseconds one frame may last."""
TEXT = 300_000
"""Bytes of text in the page."""
TRIES = 3


def measured(page: Page, cell: Cell, source: str) -> None:
    watch_frames(page)
    times, frames = [], []
    for _ in range(TRIES):
        cell.edit(source)
        longest_frame(page)
        begin = time.monotonic()
        cell.start()
        cell.settle()
        times.append(time.monotonic() - begin)
        frames.append(longest_frame(page))
        if times[-1] < DONE and frames[-1] < FRAME:
            break
    assert min(times) < DONE
    assert min(frames) < FRAME
    assert len((cell.output.text_content() or "").encode()) < TEXT


def test_a_million_lines(awake: Page, cell: Cell) -> None:
    measured(awake, cell, "for i in range(10**6): print(i)")
    shown = cell.output.text_content() or ""
    hidden = re.search(r"… ([\d,]+) lines not shown …", shown)
    assert hidden
    lines = re.findall(r"^\d+$", shown.replace(hidden[0], "\n"), re.MULTILINE)
    assert lines[:3] == ["0", "1", "2"]
    assert lines[-1] == "999999"
    assert len(lines) + int(hidden[1].replace(",", "")) == 10**6


def test_one_line_of_fifty_million_characters(awake: Page, cell: Cell) -> None:
    measured(awake, cell, "print('<' + 'x' * (5 * 10**7) + '>')")
    shown = cell.output.text_content() or ""
    assert shown.startswith("<xxx")
    assert shown.endswith("xxx>\n")
    assert re.search(r"… [\d,]+ characters not shown …", shown)


def test_a_long_last_value_is_cut(awake: Page, cell: Cell) -> None:
    measured(awake, cell, "list(range(10**6))")
    expect(cell.output).to_contain_text("[0, 1, 2, 3")
    expect(cell.output).to_contain_text("999998, 999999]")


def test_a_long_error_is_cut(cell: Cell) -> None:
    cell.run("raise ValueError('x' * 10**7)")
    assert len(cell.error.text_content() or "") < 20_000
    expect(cell.error).to_contain_text("ValueError: xxx")


def test_text_without_a_line_break_stays_in_its_run(cell: Cell) -> None:
    assert cell.run("print('a', end='')") == "a"
    assert cell.run("print('b')") == "b\n"


MARKUP = "<img src=x onerror=window.pwned=1>"


@pytest.mark.parametrize(
    "source",
    [f"print({MARKUP!r})", f"raise ValueError({MARKUP!r})", f"raise type({MARKUP!r}, (Exception,), {{}})"],
    ids=["printed", "message", "class"],
)
def test_markup_stays_text(awake: Page, cell: Cell, source: str) -> None:
    cell.run(source)
    expect(cell.figure.locator(".cell-out")).to_contain_text(MARKUP)
    assert cell.figure.locator("img").count() == 0
    assert awake.evaluate("window.pwned") is None


ODD = {
    "colours": (r"print('\x1b[31mred\x1b[0m')", "red\n"),
    "NUL": (r"print('a\0b')", "a\\x00b\n"),
    "a lone surrogate": (r"print('\udc80')", "\\udc80\n"),
    "emoji": ("print('😀')", "😀\n"),
    "right to left": (r"print('\u202eabc')", "\u202eabc\n"),
}


@pytest.mark.parametrize(("source", "shown"), ODD.values(), ids=ODD)
def test_odd_text(cell: Cell, source: str, shown: str) -> None:
    assert cell.run(source) == shown


def test_right_to_left_text_turns_nothing_around_it(cell: Cell) -> None:
    assert cell.output.evaluate("pre => getComputedStyle(pre).unicodeBidi").startswith("isolate")
    where = "place => JSON.stringify(place.getBoundingClientRect())"
    before = cell.button("run").evaluate(where)
    cell.run(r"print('\u202e' * 50)")
    assert cell.button("run").evaluate(where) == before
