"""Limits stand in the page: past one of them Python is ended with a sentence, and the page never waits."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import Cell, longest_frame, watch_frames
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
