"""Runs that never end: Stop answers at once, the page stays alive, the next run prints soon."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import Cell, longest_frame, watch_frames

STOPPED = 300 * 4  # four times the limit of a calm machine
"""Milliseconds from the click to the word."""
FRAME = 100 * 4
"""Milliseconds one frame may last while Python is busy."""
TRIES = 3
"""A busy machine may disturb a measurement; it cannot make it better than it is."""

STOP = """name => new Promise((tell) => {
  const cell = document.querySelector(`[data-cell="${name}"]`);
  const status = cell.querySelector('.cell-bar [data-status]');
  const start = performance.now();
  new MutationObserver(() => /Stopped/.test(status.textContent) && tell(performance.now() - start))
    .observe(status, { childList: true, characterData: true, subtree: true });
  cell.querySelector('[data-action=stop]').click();
})"""

ENDLESS = {
    "a loop": "while True: pass",
    "one numpy call": "import numpy as np\na = np.ones((6000, 6000))\nprint('now', flush=True)\na @ a",
    "a recursion that catches itself": "def f():\n    try: f()\n    finally: f()\nf()",
    "an exception that is ignored": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "a sleep": "import time\ntime.sleep(1e6)",
    "a flood of lines": "while True: print(1)",
    "a flood without lines": "while True: print('x', end='')",
}


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS)
def test_stop(awake: Page, cell: Cell, source: str) -> None:
    watch_frames(awake)
    times, frames = [], []
    for _ in range(TRIES):
        cell.edit(source)
        cell.start()
        cell.running()
        longest_frame(awake)
        awake.wait_for_timeout(500)
        frames.append(longest_frame(awake))
        times.append(awake.evaluate(STOP, cell.name))
        expect(cell.status).to_contain_text("Stopped")
        if times[-1] < STOPPED and frames[-1] < FRAME:
            break
    assert min(times) < STOPPED
    assert min(frames) < FRAME


def test_after_a_stop_the_next_run_prints_soon(awake: Page, cell: Cell) -> None:
    waits = []
    for _ in range(TRIES):
        cell.edit("while True: pass")
        cell.start()
        cell.running()
        cell.button("stop").click()
        cell.edit("print('back')")
        begin = time.monotonic()
        cell.start()
        expect(cell.output).to_have_text("back\n")
        waits.append(time.monotonic() - begin)
        if waits[-1] < 1.5:
            break
    assert min(waits) < 1.5 * 4


def test_stopped_output_stays(cell: Cell) -> None:
    cell.edit("for i in range(10): print(i)\nimport sys; sys.stdout.flush()\nwhile True: pass")
    cell.start()
    expect(cell.output).to_have_text("".join(f"{i}\n" for i in range(10)))
    cell.button("stop").click()
    expect(cell.status).to_contain_text("Stopped")
    expect(cell.output).to_have_text("".join(f"{i}\n" for i in range(10)))
