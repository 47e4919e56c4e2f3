"""Code that kills the engine or its worker: a sentence within three seconds, Run works again without a reload."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.reader import Cell, cells

SOON = 10_000
"""Milliseconds: three seconds on a calm machine, and some for a busy one."""
WORDS = re.compile(r"too many times|went too deep|RecursionError|ended Python itself")

FATAL = {
    "a repr of itself": "class A: __repr__ = lambda s: repr(s)\nprint(A())",
    "a deep structure": "import json\njson.loads('[' * 200000)",
    "a deep sum": "eval('+'.join(['1'] * 100000))",
    "nested brackets": "eval('(' * 5000)",
    "exit past Python": "import os\nos._exit(1)",
    "abort": "import os\nos.abort()",
}


@pytest.mark.parametrize("source", FATAL.values(), ids=FATAL)
def test_fatal(cell: Cell, source: str) -> None:
    cell.edit(source)
    cell.start()
    expect(cell.error).to_be_visible(timeout=SOON)
    assert (cell.error.locator(".error-message").text_content() or "").strip()
    expect(cell.button("run")).to_have_attribute("aria-disabled", "false")


@pytest.mark.parametrize("name", ["a repr of itself", "a deep structure", "exit past Python"])
def test_the_sentence_says_what_happened(cell: Cell, name: str) -> None:
    cell.run(FATAL[name])
    expect(cell.error).to_have_text(WORDS)


def test_a_worker_that_closes_itself(cell: Cell) -> None:
    """It goes on until it yields, which is after the answer; another has taken over by the next run."""
    assert cell.run("import js\nprint('before')\njs.close()\nprint('after')") == "before\nafter\n"
    assert cell.run("'next'") == "'next'\n"


def test_other_cells_are_told_nothing_and_run(cell: Cell) -> None:
    """A run that waits behind a fatal one is not lost."""
    other = next(each for each in cells(cell.page) if each.name != cell.name)
    printed = other.output.text_content()
    cell.edit("import json, time\ntime.sleep(.5)\njson.loads('[' * 200000)")
    cell.start()
    other.start()
    expect(cell.error).to_be_visible()
    other.settle()
    assert other.output.text_content() == printed
    assert other.error.count() == 0
