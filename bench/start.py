"""How long a reader waits for Python: this book's first cell against a bare page that starts Pyodide by itself.

The bare page calls loadPyodide and loadPackage on its main thread, imports numpy and runs the same cell. Every figure
is from a browser of its own, the contestants in turn; medians. `warm`, `restart`, `cold_20mbit`: from the click to the
output by what the bare page needs, with a warm cache (`restart`: from the click on Reset that ends an endless loop
after a second; the table also has `at_once`, when the loop has hardly begun), and with an empty one at the end of a
line of 20 Mbit/s and 40 ms. `prewarmed_ms`: click to output when Python is awake. `gzip_mb`: bodies sent for the whole
visit until the first output. `renderer_mb`, `rest_mb`: see `_everything`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, Playwright, expect, sync_playwright

from bench import _renderer
from bench._line import Line, far
from devtools.chromium import SANDBOX, chromium
from press.browser.distribution import LOCK
from press.browser.pyodide_files import ENGINE
from press.processes.static_server import background
from press.site import build
from tests.browser.reader import LONG, cells

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 7
REST = 3000
"""Milliseconds that everything may take to come to rest before memory is read."""
UNTOUCHED = 120_000
"""Milliseconds in which a reader does something else."""
PATIENCE = {"at_once": 0, "restart": 1000}
"""Milliseconds after which a reader gives up an endless loop."""
SPEED, ROUND_TRIP = 20e6 / 8, 0.040
BOOK, BARE = "book/cnn/index.html", "bare/index.html"
BARE_PAGE = """<!doctype html><meta charset="utf-8"><title>Bare</title><link rel="icon" href="data:,">
<script type="module">
window.first = async (source) => {
  const start = performance.now();
  const { loadPyodide } = await import("./pyodide.mjs");
  const python = await loadPyodide();
  await python.loadPackage("numpy");
  let shown = "";
  python.setStdout({ batched: (line) => { shown += line + "\\n"; } });
  python.runPython(source);
  document.body.textContent = shown;
  return performance.now() - start;
};
</script><body></body>
"""
CLICK = """
(figure, action) => new Promise((settle) => {
  const start = performance.now();
  const press = (name) => figure.querySelector(`[data-action=${name}]`).click();
  const observer = new MutationObserver(() => {
    if (figure.classList.contains("is-running")) return;
    if (action === "run") settle(performance.now() - start);
    else press(action = "run");
  });
  press(action);
  observer.observe(figure, { attributeFilter: ["class"] });
})
"""
"""Milliseconds from pressing Run, or from a Reset that stops a run and the Run after it, to the output."""

Times = dict[str, list[float]]


def main() -> None:
    """Measure, print a table and the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    times: Times = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        host = _host(Path(folder) / "host")
        profiles = {name: Path(folder) / name for name in ("book", "bare")}
        with background(host) as near:  # fills the caches of both profiles
            source = _source(playwright, near.url)
        with far(host, Line()) as url:
            for _ in range(2):
                _warm(playwright, url, profiles, source)
            for number in range(rounds):
                print(f"\rround {number + 1} of {rounds} ", end="", flush=True)
                note(times, _warm(playwright, url, profiles, source) | _cold(playwright, host, source))
            memory = _everything(playwright, url)
    _report(times, memory)


def _host(host: Path) -> Path:
    """The folder with the book and the bare page."""
    build(ROOT, host / "book")
    bare, package = host / "bare", ROOT / "node_modules" / "pyodide"
    bare.mkdir()
    for file in [*(package / name for name in (*ENGINE.values(), LOCK)), *(host / "book").rglob("numpy-*.whl")]:
        shutil.copyfile(file, bare / file.name)
    (bare / "index.html").write_text(BARE_PAGE, encoding="utf-8")
    return host


def _source(playwright: Playwright, url: str) -> str:
    """The code of the book's first cell."""
    with visit(playwright, url + BOOK) as page:
        return cells(page)[0].source()


@contextmanager
def visit(playwright: Playwright, url: str, profile: Path | None = None) -> Iterator[Page]:
    """A page in a browser of its own, whose cache lies in a folder or is empty."""
    with tempfile.TemporaryDirectory() as empty:
        context = playwright.chromium.launch_persistent_context(
            profile or empty, executable_path=str(chromium()), args=SANDBOX
        )
        context.set_default_timeout(LONG)
        page = context.pages[0]
        page.goto(url, wait_until="networkidle")
        yield page
        context.close()


def _warm(playwright: Playwright, url: str, profiles: dict[str, Path], source: str) -> dict[str, float]:
    with visit(playwright, url + BARE, profiles["bare"]) as page:
        bare = page.evaluate("source => first(source)", source)
    with visit(playwright, url + BOOK, profiles["book"]) as page:
        warm = _click(page, "run")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(1000)
        prewarmed = _click(page, "run")
        restarts = {name: _restart(page, patience) for name, patience in PATIENCE.items()}
    return {"bare": bare, "warm": warm, "prewarmed": prewarmed, **restarts}


def _restart(page: Page, patience: int) -> float:
    """From an endless loop that is ended after so many milliseconds to the next output."""
    cell = cells(page)[0]
    cell.edit("while True: pass")
    cell.start()
    cell.running()
    page.wait_for_timeout(patience)
    return _click(page, "reset")


def _cold(playwright: Playwright, host: Path, source: str) -> dict[str, float]:
    found = {}
    ways: dict[str, tuple[str, Callable[[Page], float]]] = {
        "cold_bare": (BARE, lambda page: float(page.evaluate("source => first(source)", source))),
        "cold": (BOOK, lambda page: _click(page, "run")),
    }
    for name, (address, start) in ways.items():
        line = Line(SPEED, ROUND_TRIP)
        with far(host, line) as url, visit(playwright, url + address) as page:
            found[name] = start(page)
            found[f"{name}_bytes"] = float(line.sent)
    return found


def _click(page: Page, action: str) -> float:
    """Milliseconds until the book's first cell shows its output."""
    cell = cells(page)[0]
    printed = cell.output.text_content()
    took = float(cell.figure.evaluate(CLICK, action))
    expect(cell.status).to_contain_text("Done")
    if action == "run":
        assert cell.output.text_content() == printed, "another output than the book's"
    return took


def _everything(playwright: Playwright, url: str) -> dict[str, float | None]:
    """Megabytes of the page's renderer when all its cells, instruments and labs have been used, and untouched later."""
    browser = playwright.chromium.launch(executable_path=str(chromium()), args=SANDBOX)
    page = browser.new_page()
    page.set_default_timeout(LONG)
    page.goto(url + BOOK)
    for cell in cells(page):
        cell.run()
    for section in page.locator(".instrument").all():
        section.scroll_into_view_if_needed()
        for work in section.locator("[data-work]:visible:enabled").all()[:1]:
            work.click()
        slider = section.locator("input[type=range]:visible:enabled").first
        if slider.count():
            slider.press("ArrowRight")
    page.wait_for_timeout(REST)
    used = _renderer.megabytes(browser)
    page.wait_for_timeout(UNTOUCHED)
    untouched = _renderer.megabytes(browser)
    browser.close()
    return {"renderer_mb": used, "rest_mb": untouched}


def _report(times: Times, memory: dict[str, float | None]) -> None:
    ms = {name: median(values) for name, values in times.items()}
    for name, values in times.items():
        print(f"{name:18}{ms[name]:14.0f}{min(values):14.0f}{max(values):14.0f}")
    figures = {
        "warm": ms["warm"] / ms["bare"],
        "restart": ms["restart"] / ms["bare"],
        "cold_20mbit": ms["cold"] / ms["cold_bare"],
        "prewarmed_ms": ms["prewarmed"],
        "gzip_mb": ms["cold_bytes"] / 1e6,
        **memory,
    }
    print(json.dumps({name: value and round(value, 3) for name, value in figures.items()}))


def note(times: Times, found: dict[str, float]) -> None:
    for name, value in found.items():
        times.setdefault(name, []).append(value)


if __name__ == "__main__":
    main()
