"""Limits stand in the page: past one of them Python is ended with a sentence, and the page never waits."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import Cell, cells, longest_frame, watch_frames
from tests.browser.walls.attacks import EMIT, PORTS

FRAME = 200 * 4
"""Milliseconds one frame may last; four times the limit of a calm machine."""
TRIES = 3
"""A busy machine may disturb a measurement; it cannot make it better than it is."""
ENDED = re.compile(
    "The page ended Python: it.*(more than [\\d,]+ (messages|characters|lines)|neither output nor an answer)"
)

FLOODS = {
    "large texts": EMIT + "while True: emit('x' * 10**6, '', 0, 0)",
    "a large tail": EMIT + "while True: emit('', 'x' * (5 * 10**7), 0, 0)",
    "texts of the size allowed": EMIT + "while True: emit('', 'x' * 72_000, 0, 0)",
    "a head that grows": EMIT + "while True: emit('x' * 1000, '', 0, 0)",
    "a head of lines": EMIT + "emit('\\n' * 200_000, '', 0, 0)\nwhile True: pass",
    "small texts": EMIT + "while True: emit('x', '', 0, 0)",
    "no output at all": PORTS + "while True: tell(1)",
    "half a gigabyte": PORTS + "tell('x' * (5 * 10**8))\nwhile True: pass",
    "a million objects": PORTS + "tell(js.JSON.parse('[' + '{},' * 10**6 + '{}]'))\nwhile True: pass",
}


@pytest.mark.parametrize("source", FLOODS.values(), ids=FLOODS)
def test_a_flood_ends_python_and_not_the_page(awake: Page, cell: Cell, source: str) -> None:
    watch_frames(awake)
    frames = []
    for _ in range(TRIES):
        cell.edit(source)
        longest_frame(awake)
        cell.start()
        cell.settle()
        expect(cell.error).to_contain_text(ENDED)
        frames.append(longest_frame(awake))
        if frames[-1] < FRAME:
            break
    assert min(frames) < FRAME
    assert len(cell.output.text_content() or "") < 300_000


UNHEARD = {
    "the worker's own channel": "import js\nwhile True: js.postMessage('x' * 10**6)",
    "the console": "import js\nwhile True: js.console.log('x')",
    "errors": "import js\nfor _ in range(10**5): js.Promise.reject(1)\nwhile True: pass",
}


@pytest.mark.parametrize("source", UNHEARD.values(), ids=UNHEARD)
def test_what_the_page_does_not_listen_to_cannot_hold_it_up(awake: Page, cell: Cell, source: str) -> None:
    watch_frames(awake)
    cell.edit(source)
    cell.start()
    cell.running()
    frames = []
    for _ in range(TRIES):
        longest_frame(awake)
        awake.wait_for_timeout(500)
        frames.append(longest_frame(awake))
    assert min(frames) < FRAME
    cell.button("stop").click()
    expect(cell.status).to_contain_text("Stopped")


DEEP = 'class T:\n    def _repr_latex_(s): return "\\\\sqrt{" * 150 + "x" + "}" * 150\nT()'
WIDE = """class P:
    def _repr_svg_(s):
        d = "".join(f'<g id="g{i + 1}">' + f'<use href="#g{i}"/>' * 10 + "</g>" for i in range(6))
        size = 'xmlns="http://www.w3.org/2000/svg" width="9" height="9"'
        return f'<svg {size}><path id="g0" d="M0 0h9"/>{d}<use href="#g6"/></svg>'
P()"""


def test_what_grows_when_it_is_drawn_is_not_drawn(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.run(DEEP)
    expect(cell.output).to_contain_text("sqrt{")
    expect(cell.output.locator(".katex")).to_have_count(0)
    cell.run(WIDE)
    expect(cell.output).to_contain_text("This picture is not shown: its shapes draw one another")
    expect(cell.output.locator("img")).to_have_count(0)
    cell.run('class T:\n    def _repr_latex_(s): return r"$\\frac{1}{2}$"\nT()')
    expect(cell.output.locator(".katex").first).to_be_visible()
