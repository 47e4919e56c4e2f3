"""Ten minutes of an impatient reader, at least 500 actions; `SOAK_MINUTES=60` makes it an hour.

Runs, stops, edits, instrument moves, tasks and fatal errors; and what may cost the reader their work: somebody's code
by a link, attacks among it, files brought back, a second tab, a full disk. Every run must be answered with its own
output, every stop and every crash with a sentence. After each action the last text that the reader wrote in each cell
must be in the cell, in the other tab or among "Earlier versions". Memory must not grow. Ends with status 1 when one of
these fails.

`unanswered`: waits that were given up. `lost`: output that was not what the code prints, or a text that is nowhere.
`longest_frame_ms`: how long the page answered nothing, at worst; `frozen`: actions with a frame above 800 ms, which a
busy machine may cause, too; more than one action in fifty is a failure. `rests_mb`: memory of the page's renderer at
rest, in MB, without the browser's program. `kb_per_action`: the slope of the line through them.

Three things grow that no page can help, and are kept out. Text that is typed, or filled in by the tool that drives the
browser, goes into the browser's own undo list with every line that it replaced, a thousand steps deep; the reader here
pastes, which leaves undoing to the editor. The collector that scripts can call keeps the pages that it has emptied; the
one of the browser's tools gives them back. The worker of a stopped run is taken down up to seconds later.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import linear_regression
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench import _acts, _renderer, _work
from bench._reader import Reader
from devtools.chromium import SANDBOX, chromium
from press.processes.static_server import background
from press.site import build
from tests.browser.elsewhere import listening
from tests.browser.reader import longest_frame

ROOT = Path(__file__).resolve().parent.parent
MINUTES = float(os.environ.get("SOAK_MINUTES", "10"))
ACTIONS = min(500, round(50 * MINUTES))
WARM, EVERY = 100, 50
"""Actions until the first rest, when everything has been used, and from one rest to the next."""
READINGS = 5
"""Seconds of a rest; memory is read after each, and the lowest counts."""
LEAK = 45
"""Kilobytes per action that count as a leak.

Two runs without a known one gave 16 and 25, in part because the instruments' Python grows in steps until its caches are
full; 500 actions that kept 50 kB at each request of Python gave 129.
"""
FROZEN, FREEZES = 800, 1 / 50
"""Milliseconds of one frame that count as frozen, as in the tests of floods, and how often that may be."""
ACTS: list[tuple[Callable[[Reader], None], int]] = [
    *((_acts.run, 30), (_acts.both, 10), (_acts.move, 30), (_acts.flood, 5), (_acts.task, 4)),
    *((_acts.stop, 10), (_acts.fail, 8), (_acts.original, 5), (_acts.crash, 2)),
    *((_work.link, 6), (_work.attack, 3), (_work.file, 4), (_work.twin, 6), (_work.full, 4)),
]
"""What is done, and how often among the others."""


def main() -> int:
    """Soak, print a table and the figures."""
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright, listening() as elsewhere:
        folder = Path(temporary)
        site = folder / "site"
        build(ROOT, site)
        browser = playwright.chromium.launch(executable_path=str(chromium()), args=SANDBOX)
        with background(site) as server:
            page = browser.new_context().new_page()
            page.goto(f"{server.url}cnn/index.html")
            figures, trouble = _soak(browser, Reader(page, random.Random(1), elsewhere, folder))
        browser.close()
    for words in trouble[:20]:
        print(words)
    for name, value in figures.items():
        print(f"{name:18}{value}")
    print(json.dumps(figures))
    few, leaks = figures["actions"] < ACTIONS, (figures["kb_per_action"] or 0) > LEAK
    freezes = figures["frozen"] > figures["actions"] * FREEZES
    return 1 if trouble or few or leaks or freezes else 0


def _soak(browser: Browser, reader: Reader) -> tuple[dict[str, Any], list[str]]:
    begin = time.monotonic()
    rests: dict[int, float] = {}
    while time.monotonic() - begin < MINUTES * 60 or reader.done.total() < ACTIONS:
        reader.act(reader.chance.choices([act for act, _ in ACTS], [weight for _, weight in ACTS])[0])
        done = reader.done.total()
        if done >= WARM and done % EVERY == 0 and (size := _at_rest(browser, reader)):
            rests[done] = size
        print(f"\r{done} actions, {len(reader.trouble)} failed ", end="", flush=True)
    print()
    trouble = [*reader.trouble, *reader.errors]
    lost = sum("lost:" in words for words in reader.trouble)
    figures = {
        "minutes": round((time.monotonic() - begin) / 60, 1),
        "actions": reader.done.total(),
        **dict(sorted(reader.done.items())),
        "unanswered": len(reader.trouble) - lost,
        "lost": lost,
        "page_errors": len(reader.errors),
        "longest_frame_ms": round(max(reader.frames)),
        "frozen": sum(frame > FROZEN for frame in reader.frames),
        "rests_mb": [round(size) for size in rests.values()],
        "kb_per_action": round(linear_regression([*rests], [*rests.values()]).slope * 1024, 1) if rests else None,
        "nodes": reader.page.evaluate("document.getElementsByTagName('*').length"),
    }
    return figures, trouble


def _at_rest(browser: Browser, reader: Reader) -> float | None:
    """Megabytes of the page's renderer when every cell rests, rubbish is collected and the cells' Python is new."""
    reader.close_other()
    _acts.stop(reader)
    page = reader.page
    tools = page.context.new_cdp_session(page)
    sizes = []
    for _ in range(READINGS):
        tools.send("HeapProfiler.collectGarbage")
        page.wait_for_timeout(1000)
        sizes.append(_renderer.megabytes(browser, _renderer.OWN))
    tools.detach()
    longest_frame(page)  # the collector's
    return min((size for size in sizes if size), default=None)


if __name__ == "__main__":
    sys.exit(main())
