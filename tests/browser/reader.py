"""What a reader does on a page, in a reader's words; no test stands here."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

BUSY = re.compile(r"\bis-running\b")
LONG = 90_000
"""Milliseconds that Python may need to start on a busy machine."""
A4 = 643
"""Between the margins of an A4 sheet, in CSS pixels."""

PASTE = """(editor, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""

GAPS = """() => {
  window.gaps = [];
  const frame = (before) => requestAnimationFrame((now) => { window.gaps.push(now - before); frame(now); });
  requestAnimationFrame(frame);
}"""


@dataclass(frozen=True)
class Cell:
    """A runnable cell of the open page."""

    page: Page
    name: str

    @property
    def figure(self) -> Locator:
        return self.page.locator(f'[data-cell="{self.name}"]')

    @property
    def code(self) -> Locator:
        return self.figure.locator("[data-code]")

    @property
    def output(self) -> Locator:
        return self.figure.locator("[data-output]")

    @property
    def error(self) -> Locator:
        return self.figure.locator(".cell-error")

    @property
    def status(self) -> Locator:
        return self.figure.locator(".cell-bar [data-status]")

    @property
    def notice(self) -> Locator:
        return self.figure.locator("[data-notice]")

    def button(self, action: str) -> Locator:
        return self.figure.locator(f"[data-action={action}]")

    def source(self) -> str:
        """The code as it is shown."""
        lines: list[str] = self.code.evaluate(
            "place => place.querySelector('.cm-content')"
            " ? [...place.querySelectorAll('.cm-line')].map(line => line.textContent)"
            " : place.textContent.replace(/\\n$/, '').split('\\n')"
        )
        return "\n".join(lines)

    def edit(self, code: str) -> None:
        """Replace the whole code, pasted over what was there.

        Not filled in: that is typing to the browser, which keeps every line it replaced, a thousand times over, to
        undo it.
        """
        if not self.code.locator(".cm-content").count():
            self.code.click(position={"x": 40, "y": 20})
        editor = self.code.locator(".cm-content")
        editor.press("ControlOrMeta+a")
        editor.evaluate(PASTE, code)

    def start(self) -> None:
        self.button("run").click()

    def settle(self) -> None:
        expect(self.figure).not_to_have_class(BUSY, timeout=LONG)

    def run(self, code: str | None = None) -> str:
        """Run to the end; what is shown as output."""
        if code is not None:
            self.edit(code)
        self.start()
        self.settle()
        return self.output.text_content() or ""

    def running(self) -> None:
        """Wait until Python is at it."""
        expect(self.status).to_contain_text("Running", timeout=LONG)


def cells(page: Page) -> list[Cell]:
    names = page.locator("[data-cell]").evaluate_all("all => all.map(one => one.dataset.cell)")
    return [Cell(page, name) for name in names]


def touch_instrument(page: Page) -> None:
    """Move a slider of the first instrument; it must answer."""
    section = page.locator(".instrument").first
    slider, sentence = section.locator("input[type=range]:visible").last, section.locator("[data-sentence]")
    before = sentence.text_content() or ""
    slider.focus()
    slider.press("ArrowRight" if slider.evaluate("slider => slider.value !== slider.max") else "ArrowLeft")
    expect(sentence).not_to_have_text(before, timeout=LONG)


def stay(cell: Cell) -> None:
    """Run until the present worker is one that stays: the first may not have taken note of itself, and is replaced."""
    cell.run("1 + 1")
    cell.run("1 + 1")


def until(page: Page, condition: Callable[[], object], seconds: float = LONG / 1000) -> None:
    """Wait until something holds that no element of the page shows. Fails after a while."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true"
        page.wait_for_timeout(20)


def watch_frames(page: Page) -> None:
    """Note from now on how long each frame was shown."""
    page.evaluate(GAPS)


def longest_frame(page: Page) -> float:
    """Milliseconds of the longest pause since the last call."""
    return float(page.evaluate("() => Math.max(0, ...window.gaps.splice(0))"))
