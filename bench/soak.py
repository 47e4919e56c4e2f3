"""Ten minutes of an impatient reader: random runs, stops, edits, instrument moves and fatal errors, at least 500.

Every run must be answered with its own output, every stop and every crash with a sentence; memory must not grow.
Ends with status 1 when one of these fails.

`unanswered`: waits that were given up. `lost`: output that was not what the code prints. `rests_mb`: memory of the
page's renderer at rest, in MB, without the browser's program. `kb_per_action`: the slope of the line through them.

Three things grow that no page can help, and are kept out. Text that is typed, or filled in by the tool that drives the
browser, goes into the browser's own undo list with every line that it replaced, a thousand steps deep; the reader here
pastes, which leaves undoing to the editor. The collector that scripts can call keeps the pages that it has emptied; the
one of the browser's tools gives them back. The worker of a stopped run is taken down up to seconds later.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bench import _renderer
from devtools.chromium import SANDBOX, chromium
from instruments import kit
from press.processes.static_server import background
from press.site import build
from tests.browser.reader import LONG, Cell, cells

ROOT = Path(__file__).resolve().parent.parent
MINUTES, ACTIONS = 10, 500
WARM, EVERY = 100, 50
"""Actions until the first rest, when everything has been used, and from one rest to the next."""
READINGS = 5
"""Seconds of a rest; memory is read after each, and the lowest counts."""
LEAK = 45
"""Kilobytes per action that count as a leak.

Two runs without a known one gave 16 and 25, in part because the instruments' Python grows in steps until its caches are
full; 500 actions that kept 50 kB at each request of Python gave 129.
"""
FATAL = (
    "import json\njson.loads('[' * 200000)",
    "import os\nos._exit(1)",
    "class A: __repr__ = lambda s: repr(s)\nprint(A())",
)


@dataclass
class Reader:
    """Someone who clicks without thinking, but notices everything."""

    page: Page
    chance: random.Random
    done: Counter[str] = field(default_factory=Counter)
    trouble: list[str] = field(default_factory=list)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)

    def act(self) -> None:
        """Do one thing and look at what comes of it."""
        acts: list[tuple[Callable[[], None], int]] = [
            *((self.run, 30), (self.both, 10), (self.move, 30), (self.flood, 5)),
            *((self.stop, 10), (self.fail, 8), (self.original, 5), (self.crash, 2)),
        ]
        act = self.chance.choices([act for act, _ in acts], [weight for _, weight in acts])[0]
        self.done[act.__name__] += 1
        try:
            act()
        except AssertionError as error:
            self.trouble.append(f"{act.__name__}: {str(error).splitlines()[0]}")

    def cell(self) -> Cell:
        return self.chance.choice(cells(self.page))

    def token(self) -> str:
        return f"{self.chance.randrange(10**9):09}"

    def run(self) -> None:
        cell, token = self.cell(), self.token()
        shown = cell.run(f"print('{token}')")
        assert shown == f"{token}\n", f"lost: {shown[:80]!r}"

    def both(self) -> None:
        """Two runs at once, the second before the first has ended."""
        first, second = self.chance.sample(cells(self.page), 2)
        tokens = self.token(), self.token()
        for cell, token in zip((first, second), tokens, strict=True):
            cell.edit(f"import time\ntime.sleep(.05)\nx = '{token}'\ntime.sleep(.05)\nprint(x)")
        first.start()
        second.start()
        for cell, token in zip((first, second), tokens, strict=True):
            cell.settle()
            assert cell.output.text_content() == f"{token}\n", "lost: a run beside another"

    def flood(self) -> None:
        cell, token = self.cell(), self.token()
        shown = cell.run(f"for i in range(50_000): print(i)\nprint('{token}')")
        assert shown.startswith("0\n1\n"), "lost: the head"
        assert shown.endswith(f"49999\n{token}\n"), "lost: the tail"

    def stop(self) -> None:
        cell, token = self.cell(), self.token()
        cell.edit(f"print('{token}')\nwhile True: pass")
        cell.start()
        expect(cell.output).to_have_text(f"{token}\n", timeout=LONG)
        cell.button("stop").click()
        expect(cell.status).to_contain_text("Stopped")
        assert cell.output.text_content() == f"{token}\n", "lost: output before a stop"

    def fail(self) -> None:
        cell, token = self.cell(), self.token()
        cell.run(f"print('before')\nraise ValueError('{token}')")
        expect(cell.error).to_contain_text(f"ValueError: {token}")
        assert cell.output.text_content() == "before\n", "lost: output before an error"

    def original(self) -> None:
        cell = self.cell()
        if cell.button("reset").is_enabled():
            cell.button("reset").click()
        printed = cell.output.text_content()
        assert cell.run() == printed, "lost: the output of the book"

    def crash(self) -> None:
        cell = self.cell()
        cell.run(self.chance.choice(FATAL))
        expect(cell.error).to_be_visible()
        assert cell.run("1 + 1") == "2\n", "lost: the run after a crash"

    def move(self) -> None:
        """One slider of one instrument; the sentence must become what CPython says."""
        sections = [each for each in self.page.locator("[data-instrument]").all() if self.sliders(each)]
        section = self.chance.choice(sections)
        slider = self.chance.choice(self.sliders(section))
        low, high = (int(slider.get_attribute(name) or 0) for name in ("min", "max"))
        wanted = self.chance.randint(low, high)
        slider.fill(str(wanted))
        name, module = slider.get_attribute("name") or "", section.get_attribute("data-instrument") or ""
        request = {"state": self.states.get(module, {}), "set": {name: wanted}}
        answer = kit.respond(kit.load(module), request)
        self.states[module] = answer["state"]
        expect(section.locator("[data-sentence]")).to_have_text(answer["sentence"], timeout=LONG)

    def sliders(self, section: Locator) -> list[Locator]:
        return [each for each in section.locator("input[type=range]").all() if each.is_visible() and each.is_enabled()]


def main() -> int:
    """Soak, print a table and the figures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        build(ROOT, site)
        browser = playwright.chromium.launch(executable_path=str(chromium()), args=SANDBOX)
        with background(site) as server:
            figures, trouble = _soak(browser, f"{server.url}cnn/index.html")
        browser.close()
    for words in trouble[:20]:
        print(words)
    for name, value in figures.items():
        print(f"{name:16}{value}")
    print(json.dumps(figures))
    return 1 if trouble or figures["actions"] < ACTIONS or (figures["kb_per_action"] or 0) > LEAK else 0


def _soak(browser: Browser, url: str) -> tuple[dict[str, Any], list[str]]:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(f"page: {error}"))
    page.goto(url)
    reader = Reader(page, random.Random(1))
    begin = time.monotonic()
    rests: dict[int, float] = {}
    while time.monotonic() - begin < MINUTES * 60 or reader.done.total() < ACTIONS:
        reader.act()
        done = reader.done.total()
        if done >= WARM and done % EVERY == 0 and (size := _at_rest(browser, reader)):
            rests[done] = size
        print(f"\r{done} actions, {len(reader.trouble)} failed ", end="", flush=True)
    print()
    trouble = [*reader.trouble, *errors]
    lost = sum("lost:" in words for words in reader.trouble)
    figures = {
        "minutes": round((time.monotonic() - begin) / 60, 1),
        "actions": reader.done.total(),
        **dict(sorted(reader.done.items())),
        "unanswered": len(reader.trouble) - lost,
        "lost": lost,
        "page_errors": len(errors),
        "rests_mb": [round(size) for size in rests.values()],
        "kb_per_action": round(linear_regression([*rests], [*rests.values()]).slope * 1024, 1) if rests else None,
        "nodes": page.evaluate("document.getElementsByTagName('*').length"),
    }
    return figures, trouble


def _at_rest(browser: Browser, reader: Reader) -> float | None:
    """Megabytes of the page's renderer when every cell rests, rubbish is collected and the cells' Python is new."""
    reader.stop()
    page = reader.page
    tools = page.context.new_cdp_session(page)
    sizes = []
    for _ in range(READINGS):
        tools.send("HeapProfiler.collectGarbage")
        page.wait_for_timeout(1000)
        sizes.append(_renderer.megabytes(browser, _renderer.OWN))
    tools.detach()
    return min((size for size in sizes if size), default=None)


if __name__ == "__main__":
    sys.exit(main())
