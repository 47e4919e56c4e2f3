"""How long a reader waits for a figure: this book's cell against a bare page that loads Pyodide and matplotlib itself.

The bare page calls loadPyodide and loadPackage on its main thread and draws the same figure as SVG. Every time is from
a browser of its own, the contestants in turn; medians. `first_figure`, `cold_20mbit`: from the click to the figure, of
what the bare page needs, with a warm cache and with an empty one at the end of a line of 20 Mbit/s and 40 ms.
`second_figure_ms`: click to figure in the same page again. `gzip_mb`: bodies sent until the first figure. `svg_equal`:
of twenty figures those with the same bytes in CPython and in the page. `start_bytes_added`: bytes that a page fetches
for the sake of figures when none of its cells plots.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from urllib.parse import unquote

from playwright.sync_api import Page, Playwright, Request, sync_playwright

from bench._line import Line, far
from bench.start import REST, ROUND_TRIP, ROUNDS, SPEED, Times, note, visit
from press.browser import distribution
from press.browser.distribution import LOCK
from press.browser.pyodide_files import ENGINE
from press.processes.static_server import background
from press.site import build
from runtime.python import host
from runtime.python.pictures import Picture
from tests.browser.reader import Cell
from tests.runtime.twenty_figures import FIGURES, HEAD

ROOT = Path(__file__).resolve().parent.parent
BOOK, PLAIN, BARE = "book/demo/index.html", "plain/demo/index.html", "bare/index.html"
FIGURE = """import numpy as np
import matplotlib.pyplot as plt

fig, (left, right) = plt.subplots(1, 2)
left.imshow(np.outer(np.arange(8.0), np.ones(8)))
right.plot(np.arange(8.0) ** 2, label="loss")
right.legend()
"""
CELL = '```python {{#drawn title="The cell"}}\n{}```\n'
FAR_DOWN = "A paragraph that keeps the cell out of sight, so that nothing starts before it is asked for.\n\n" * 60
BARE_PAGE = """<!doctype html><meta charset="utf-8"><title>Bare</title><link rel="icon" href="data:,">
<script type="module">
window.first = async (source) => {
  const start = performance.now();
  const { loadPyodide } = await import("./pyodide.mjs");
  const python = await loadPyodide();
  await python.loadPackage(["numpy", "matplotlib"]);
  const draw = "\\nimport io\\nfile = io.StringIO()\\nplt.savefig(file, format='svg')\\nfile.getvalue()";
  const image = new Image();
  const svg = python.runPython("import matplotlib; matplotlib.use('svg')\\n" + source + draw);
  image.src = "data:image/svg+xml," + encodeURIComponent(svg);
  document.body.append(image);
  await image.decode();
  return performance.now() - start;
};
</script><body></body>
"""
CLICK = """
(figure) => new Promise((settle) => {
  const start = performance.now();
  const old = figure.querySelector(".output-picture");
  const look = async () => {
    const image = figure.querySelector("button.output-picture img");
    if (!image || image.parentElement === old || figure.classList.contains("is-running")) return;
    observer.disconnect();
    await image.decode();
    settle(performance.now() - start);
  };
  const observer = new MutationObserver(look);
  observer.observe(figure, { subtree: true, childList: true, attributeFilter: ["class"] });
  figure.querySelector("[data-action=run]").click();
})
"""
"""Milliseconds from pressing Run to a new figure."""


def main() -> None:
    """Measure, print a table and the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    times: Times = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = _host(Path(folder))
        profiles = {name: Path(folder) / name for name in ("profile-book", "profile-bare")}
        with far(site, Line()) as url:
            _warm(playwright, url, profiles)
            for number in range(rounds):
                print(f"\rround {number + 1} of {rounds} ", end="", flush=True)
                note(times, _warm(playwright, url, profiles) | _cold(playwright, site))
        with background(site) as near:
            equal = _equal(playwright, near.url)
            added = _added(playwright, near.url)
    ms = {name: median(values) for name, values in times.items()}
    for name, values in times.items():
        print(f"{name:18}{ms[name]:14.0f}{min(values):14.0f}{max(values):14.0f}")
    figures = {
        "first_figure": ms["first"] / ms["bare"],
        "second_figure_ms": ms["second"],
        "cold_20mbit": ms["cold"] / ms["cold_bare"],
        "cold_20mbit_ms": ms["cold"],
        "gzip_mb": ms["cold_bytes"] / 1e6,
        "svg_equal": equal,
        "start_bytes_added": added,
    }
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


def _host(folder: Path) -> Path:
    """The folder with a chapter that plots, one that does not, and the bare page."""
    site = folder / "host"
    for name, code in (("book", FIGURE), ("plain", "print(1)\n")):
        content = Path(shutil.copytree(ROOT / "tests/book", folder / name))
        text = f"# One cell {{#cell}}\n\n{FAR_DOWN}{CELL.format(code)}"
        (content / "demo" / "section.md").write_text(text, encoding="utf-8")
        build(ROOT, site / name, content)
    bare, package = site / "bare", ROOT / "node_modules" / "pyodide"
    bare.mkdir()
    for file in [*(package / name for name in (*ENGINE.values(), LOCK)), *_wheels()]:
        shutil.copyfile(file, bare / file.name)
    (bare / "index.html").write_text(BARE_PAGE, encoding="utf-8")
    return site


def _wheels() -> Iterable[Path]:
    """What loadPackage fetches for matplotlib."""
    matplotlib = distribution.packages(ROOT)["matplotlib"]
    return distribution.wheels(ROOT, distribution.closure(matplotlib, ROOT)).values()


def _warm(playwright: Playwright, url: str, profiles: dict[str, Path]) -> dict[str, float]:
    with visit(playwright, url + BARE, profiles["profile-bare"]) as page:
        bare = float(page.evaluate("source => first(source)", FIGURE))
    with visit(playwright, url + BOOK, profiles["profile-book"]) as page:
        first = _click(page)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(1000)
        second = _click(page)
    return {"bare": bare, "first": first, "second": second}


def _cold(playwright: Playwright, site: Path) -> dict[str, float]:
    found = {}
    ways: dict[str, tuple[str, Callable[[Page], float]]] = {
        "cold_bare": (BARE, lambda page: float(page.evaluate("source => first(source)", FIGURE))),
        "cold": (BOOK, _click),
    }
    for name, (address, start) in ways.items():
        line = Line(SPEED, ROUND_TRIP)
        with far(site, line) as url, visit(playwright, url + address) as page:
            found[name] = start(page)
            found[f"{name}_bytes"] = float(line.sent)
    return found


def _click(page: Page) -> float:
    return float(Cell(page, "drawn").figure.evaluate(CLICK))


def _equal(playwright: Playwright, url: str) -> int:
    """How many of the twenty figures the page draws with CPython's bytes."""
    host.plot()
    equal = 0
    with visit(playwright, url + BOOK) as page:
        cell = Cell(page, "drawn")
        for code in FIGURES.values():
            cell.run(HEAD + code)
            image = cell.output.locator("button.output-picture img")
            image.wait_for()
            there = unquote(str(image.get_attribute("src")).removeprefix("data:image/svg+xml,"))
            (here,) = [part for part in host.run([("cell", HEAD + code)]).parts if isinstance(part, Picture)]
            equal += here.content == there
    return equal


def _added(playwright: Playwright, url: str) -> int:
    """Bytes of files that only code which plots needs, fetched by a page whose cell does not."""
    with visit(playwright, url + PLAIN) as page:
        cell = Cell(page, "drawn")
        finished: list[Request] = []
        page.on("requestfinished", lambda request: finished.append(request))
        cell.run()
        page.wait_for_timeout(REST)
        sent = {request.url: request.sizes()["responseBodySize"] for request in finished}
        manifest = json.loads(page.locator("#runtime").text_content() or "")
    environments = manifest["environments"]
    plots, plain = (
        {*each["image"], each["rest"], *each["plain"]} for each in (environments["matplotlib"], environments["numpy"])
    )
    own = {manifest["files"][name]["url"].rpartition("/")[2] for name in plots - plain}
    return sum(size for address, size in sent.items() if address.rpartition("/")[2] in own)


if __name__ == "__main__":
    main()
