"""What a visit costs the host: bytes of gzip bodies and requests, step by step, for `docs/scale.md`.

A reader reads the chapter to its end; runs the first cell; a cell that plots; all other cells; moves each instrument;
looks at a photograph. Each step counts what it adds. `again`: the next visit while the browser may keep what it has.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench._line import Line, far
from bench.start import BOOK, ROOT, visit
from press.site import build
from tests.browser.reader import cells

QUIET = 3000
"""Milliseconds after which nothing more is fetched for a step."""


def main() -> None:
    """Measure, print a table and the figures."""
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        build(ROOT, Path(folder) / "host/book")
        line = Line()
        profile = Path(folder) / "profile"
        with far(Path(folder) / "host", line) as url:
            with visit(playwright, url + BOOK, profile) as page:
                asked = [page.evaluate("performance.getEntriesByType('resource').length + 1")]
                page.on("request", lambda request: asked.append(1) if request.url.startswith("http") else None)
                sent = 0
                for name, step in STEPS.items():
                    step(page)
                    page.wait_for_timeout(QUIET)
                    page.wait_for_load_state("networkidle")
                    found[name] = {"mb": (line.sent - sent) / 1e6, "requests": sum(asked)}
                    sent = line.sent
                    asked.clear()
            with visit(playwright, url + BOOK, profile) as page:
                cells(page)[0].run()
                page.wait_for_timeout(QUIET)
                found["again"] = {"mb": (line.sent - sent) / 1e6}
    for name, figures in found.items():
        print(f"{name:12}{figures['mb']:9.3f} MB{figures.get('requests', 0):6.0f} requests")
    print(json.dumps({f"{name}_mb": round(figures["mb"], 3) for name, figures in found.items()}))


def _read(page: Page) -> None:
    """Turn page after page to the end."""
    page.evaluate(
        """async () => {
          for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
            scrollTo(0, y);
            await new Promise((turn) => setTimeout(turn, 60));
          }
        }"""
    )


def _run(page: Page) -> None:
    cells(page)[0].run()


def _plot(page: Page) -> None:
    next(cell for cell in cells(page) if "matplotlib" in cell.source()).run()


def _run_all(page: Page) -> None:
    for cell in cells(page):
        cell.run()


def _move(page: Page) -> None:
    for section in page.locator(".instrument:not(#lab-photograph-lab)").all():
        section.scroll_into_view_if_needed()
        slider = section.locator("input[type=range]:visible:enabled").first
        if slider.count():
            slider.press("ArrowRight")


def _photograph(page: Page) -> None:
    lab = page.locator("#lab-photograph-lab")
    lab.scroll_into_view_if_needed()
    lab.locator("input[name=size][value='160']").check(force=True)


STEPS: dict[str, Callable[[Page], None]] = {
    "read": _read,
    "first_cell": _run,
    "figure": _plot,
    "all_cells": _run_all,
    "instruments": _move,
    "photograph": _photograph,
}


if __name__ == "__main__":
    main()
