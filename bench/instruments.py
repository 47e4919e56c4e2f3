"""How long a reader waits for an instrument: from the input event to the changed page, in Chromium, Python running.

Every move is a real one (keys on sliders, clicks on presets, a pointer over grids, strokes of a brush) and is made
when the one before has been answered. `median_ms`, `p95_ms`: all moves of all three instruments. `python_ms`: the
median part that passes between the question to the worker and its answer; the rest is the page's own. `photo_…`: moves
over photographs and maps of them. `slow_…`: all moves again while the page and its workers run a fourth of the time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from statistics import median, quantiles
from typing import cast

from playwright.sync_api import Browser, Locator, Page

from bench._chapter import chapter
from bench._renderer import slowed

WATCH = """
  const port = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function (message, ...rest) {
    if (message.type === 'job') window.asked ??= performance.now();
    return port.call(this, message, ...rest);
  };
  window.MessageChannel = class extends MessageChannel {
    constructor() {
      super();
      this.port1.addEventListener('message', ({ data }) => {
        if (data.type === 'answer') window.answered ??= performance.now();
      });
    }
  };
  let start = null, exact = false;
  const note = (event) => {
    if (exact || (start !== null && event.type !== 'input')) return;
    [start, exact] = [event.timeStamp, event.type === 'input'];
  };
  for (const type of ['pointerrawupdate', 'pointermove', 'pointerdown', 'keydown', 'click', 'input'])
    addEventListener(type, note, true);
  window.arm = (section) => {
    [start, exact] = [null, false];
    window.asked = window.answered = undefined;
    window.changed = new Promise((settle, fail) => {
      const timer = setTimeout(() => fail(new Error('nothing changed')), 20000);
      const observer = new MutationObserver(() => {
        const now = performance.now();
        observer.disconnect();
        clearTimeout(timer);
        settle([now - start, window.answered - window.asked]);
      });
      for (const region of section.querySelectorAll('[data-region]')) observer.observe(region, { childList: true });
    });
    window.changed.catch(() => {});
  };
"""
"""Notes when the reader acted (the `input` event, if there is one) and when regions of an instrument changed."""

Move = tuple[str, Callable[[], object]]


@dataclass(frozen=True)
class Bench:
    """One instrument of the open page and what a hand does to it."""

    page: Page
    section: Locator

    def slide(self, field: str, *keys: str) -> Iterator[Move]:
        """Move a slider by keys."""
        slider = self.section.locator(f'input[name="{field}"]')
        yield from (("slider", lambda key=key: slider.press(key)) for key in keys)

    def choose(self, field: str, *values: str) -> Iterator[Move]:
        """Choose presets, from radio buttons or a list."""
        options = self.section.locator(f'select[name="{field}"]')
        for value in values:
            label = self.section.locator(f'label:has(input[name="{field}"][value="{value}"])')
            yield "preset", partial(_choose, label, options, value)

    def toggle(self, field: str, times: int) -> Iterator[Move]:
        """Tick a box and untick it."""
        box = self.section.locator(f'label:has(input[name="{field}"])')
        yield from (("preset", box.click) for _ in range(times))

    def point(self, grid: str, cells: list[tuple[int, int]], kind: str = "pointing") -> Iterator[Move]:
        """Move the pointer from cell to cell."""
        yield from ((kind, lambda cell=cell: self._to(grid, *cell)) for cell in cells)

    def paint(self, grid: str, cells: list[tuple[int, int]]) -> Iterator[Move]:
        """Draw a stroke through cells."""
        first, *others = cells
        yield "pointing", lambda: self._to(grid, *first)
        yield "painting", self.page.mouse.down
        yield from (("painting", lambda cell=cell: self._to(grid, *cell)) for cell in others)
        self.page.mouse.up()

    def keys(self, region: str, *keys: str) -> Iterator[Move]:
        """Press keys in a region."""
        place = self.section.locator(f'[data-region="{region}"]')
        yield from (("keys", lambda key=key: place.press(key)) for key in keys)

    def _to(self, name: str, row: int, column: int) -> None:
        x, y = self.section.locator(f'[data-grid="{name}"]').evaluate(PLACE, [row, column])
        self.page.mouse.move(x, y)


def _choose(label: Locator, options: Locator, value: str) -> None:
    if label.count():
        label.click()
    else:
        options.select_option(value)


PLACE = """(grid, [row, column]) => {
  let box = grid.getBoundingClientRect();
  if (box.top < 60 || box.bottom > innerHeight) grid.scrollIntoView({ block: 'center', behavior: 'instant' });
  box = grid.getBoundingClientRect();
  const { rows, cols } = grid.dataset;
  return [box.left + (column + 0.5) / cols * box.width, box.top + (row + 0.5) / rows * box.height];
}"""


def kernel_explorer(bench: Bench) -> Iterator[Move]:
    """Follow a kernel over the seven and a photograph, change it, paint."""
    snake = [(row, column if row % 2 else 6 - column) for row in range(3) for column in range(7)]
    yield from bench.point("map", snake)
    yield from bench.point("input", [(4, column) for column in range(8)])
    yield from bench.choose("kernel", "blur", "sharpen", "sobel-x", "sobel-y", "emboss", "motion", "identity", "edge")
    yield from bench.choose("size", "5", "7", "3")
    yield from bench.slide("stride", "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft")
    yield from bench.slide("padding", "ArrowRight", "ArrowLeft")
    yield from bench.paint("input", [(7, column) for column in range(1, 8)])
    yield from bench.choose("source", "checkerboard", "bar", "gradient")
    yield from bench.toggle("flip", 2)
    yield from bench.toggle("product", 1)
    yield from bench.point("map", [(2, column) for column in range(6)])
    yield from bench.toggle("product", 1)
    yield from bench.choose("source", "photograph")
    yield from bench.point("map", [(20, column) for column in range(5, 40, 3)], "photo")
    yield from bench.choose("kernel", "sobel-x", "blur", "edge")


def feature_maps(bench: Bench) -> Iterator[Move]:
    """Change the stack, take known networks, look at maps."""
    yield from bench.slide("size", *["ArrowLeft"] * 12, *["ArrowRight"] * 4)
    yield from bench.slide("stages", "ArrowLeft", "ArrowLeft", "ArrowRight", "ArrowRight", "ArrowRight")
    yield from bench.choose("width", "8", "32", "128")
    for stage in range(3):
        yield from bench.point(f"maps-{stage}", [(0, column) for column in range(6)], "photo")
    yield from bench.point("value", [(row, column) for row in (3, 9) for column in range(2, 20, 3)], "photo")
    yield from bench.choose("network", "lenet-5", "alexnet", "vgg-16", "resnet-50", "mobilenet")
    yield from bench.keys("layers", *["ArrowDown"] * 6)
    yield from bench.toggle("log", 2)


def receptive_field(bench: Bench) -> Iterator[Move]:
    """Deepen the stack, take published networks, look at units and layers."""
    yield from bench.slide("convs", *["ArrowRight"] * 6, *["ArrowLeft"] * 4)
    yield from bench.slide("pools", "ArrowRight", "ArrowRight", "ArrowLeft")
    yield from bench.slide("size", *["ArrowRight"] * 8)
    yield from bench.point("field", [(row, column) for row in range(1, 3) for column in range(1, 6)])
    yield from bench.choose("network", "alexnet", "vgg-16", "resnet-50", "inception-v3", "mobilenet")
    yield from bench.keys("layers", *["ArrowUp"] * 8)


INSTRUMENTS = (kernel_explorer, feature_maps, receptive_field)
SLOWER = 4
"""How many times slower a phone is taken to be."""


def main() -> None:
    """Measure, print a table and the figures."""
    with chapter(WATCH) as page:
        times = {moves.__name__: _measure(page, moves) for moves in INSTRUMENTS}
        with slowed(cast("Browser", page.context.browser), SLOWER):
            slow = [move for moves in INSTRUMENTS for move in _measure(page, moves)]
    _report(times, slow)


def _measure(page: Page, moves: Callable[[Bench], Iterator[Move]]) -> list[tuple[str, float, float]]:
    """The kind, the whole time and Python's part, in ms, of every move."""
    section = page.locator(f'[data-instrument="{moves.__name__}"]')
    section.scroll_into_view_if_needed()
    section.locator("[data-action=reset]").click()
    section.evaluate("section => { for (const fold of section.querySelectorAll('.control-fold')) fold.open = true; }")
    page.wait_for_load_state("networkidle")
    page.evaluate("() => new Promise((done) => setTimeout(done, 3000))")
    found = []
    for number, (kind, move) in enumerate(moves(Bench(page, section)), start=1):
        section.evaluate("(section) => window.arm(section)")
        move()
        try:
            whole, python = page.evaluate("() => window.changed")
        except Exception as error:
            sys.exit(f"{moves.__name__}, move {number} ({kind}): {error}")
        found.append((kind, whole, python))
    return found


def _report(times: dict[str, list[tuple[str, float, float]]], slow: list[tuple[str, float, float]]) -> None:
    print(f"{'ms':16}{'':10}{'moves':>6}{'median':>8}{'p95':>8}{'Python':>8}")
    for name, moves in times.items():
        for kind in dict.fromkeys(kind for kind, _, _ in moves):
            some = [move for move in moves if move[0] == kind]
            print(f"{name:16}{kind:10}{_row(some)}")
        print(f"{name:16}{'all':10}{_row(moves)}")
    every = [move for moves in times.values() for move in moves]
    print(f"{'all':26}{_row(every)}")
    print(f"{f'all, {SLOWER} times slower':26}{_row(slow)}")
    middle, late, python = _figures(every)
    photo, photo_late, _ = _figures([move for move in every if move[0] == "photo"])
    figures = {"median_ms": middle, "p95_ms": late, "python_ms": python}
    slow_middle, slow_late, _ = _figures(slow)
    figures |= {"photo_median_ms": photo, "photo_p95_ms": photo_late}
    figures |= {"slow_median_ms": slow_middle, "slow_p95_ms": slow_late}
    print(json.dumps({name: round(figure, 1) for name, figure in figures.items()}))


def _row(moves: list[tuple[str, float, float]]) -> str:
    return f"{len(moves):6}" + "".join(f"{figure:8.1f}" for figure in _figures(moves))


def _figures(moves: list[tuple[str, float, float]]) -> tuple[float, float, float]:
    """Median and 95th percentile of the whole, median of Python's part."""
    wholes = [whole for _, whole, _ in moves]
    late = quantiles(wholes, n=20, method="inclusive")[-1] if len(wholes) > 1 else wholes[0]
    return median(wholes), late, median(python for _, _, python in moves)


if __name__ == "__main__":
    main()
