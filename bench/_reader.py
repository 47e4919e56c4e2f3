"""A reader who clicks without thinking, but notices everything, and what must be true after each thing they do."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.elsewhere import Elsewhere
from tests.browser.reader import Cell, cells, longest_frame, watch_frames

PATIENCE = 10_000
"""Milliseconds until two tabs must agree and a text must be found."""


@dataclass
class Reader:
    """Someone with one tab of the chapter, at times two. `own` is the last text they wrote in each cell."""

    page: Page
    chance: random.Random
    elsewhere: Elsewhere
    folder: Path
    done: Counter[str] = field(default_factory=Counter)
    trouble: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    frames: list[float] = field(default_factory=list)
    second: Page | None = None

    def __post_init__(self) -> None:
        self._hear(self.page)
        self.printed = {cell.name: cell.output.text_content() or "" for cell in cells(self.page)}
        watch_frames(self.page)

    def act(self, act: Callable[[Reader], None]) -> None:
        """Do one thing, look at what comes of it, and whether all that was written is still there."""
        self.done[act.__name__] += 1
        longest_frame(self.page)
        for step in (act, Reader.look):
            try:
                step(self)
            except (AssertionError, TimeoutError) as error:
                self.trouble.append(f"{act.__name__}: {' '.join(str(error).split())[:600]}")
                print(f"\naction {self.done.total()}, {self.trouble[-1]}", flush=True)
        self.frames.append(longest_frame(self.page))

    def cell(self) -> Cell:
        return self.chance.choice(cells(self.page))

    def token(self) -> str:
        return f"{self.chance.randrange(10**9):09}"

    def write(self, cell: Cell, code: str) -> str:
        """Replace a cell's text; its first line tells it from every other text."""
        text = self.mark(cell, code)
        cell.edit(text)
        return text

    def run(self, cell: Cell, code: str) -> str:
        """Write, and run to the end; what is shown as output."""
        self.write(cell, code)
        return cell.run()

    def mark(self, cell: Cell, code: str) -> str:
        """The text that is about to be written."""
        self.own[cell.name] = f"# {self.token()}\n{code}"
        return self.own[cell.name]

    def look(self) -> None:
        """Every cell's last own text is shown in it, or in the other tab, or offered among "Earlier versions"."""
        for name, text in [*self.own.items()]:
            if not self.until(lambda name=name, text=text: self.finds(name, text)):  # type: ignore[misc]
                del self.own[name]  # counted once
                raise AssertionError(f"lost: what was written in {name}: {text!r}")

    def finds(self, name: str, text: str) -> bool:
        places = [Cell(page, name) for page in (self.page, self.second) if page]
        return any(place.source() == text for place in places) or any(earlier(place, text) for place in places)

    def until(self, true: Callable[[], bool], patience: int = PATIENCE) -> bool:
        """Whether it becomes true within so many milliseconds."""
        for _ in range(patience // 100):
            if true():
                return True
            self.page.wait_for_timeout(100)
        return False

    def other(self) -> Page:
        """The second tab; where there is none, one is opened and must show what the first one shows."""
        if not self.second:
            self.second = self.page.context.new_page()
            self._hear(self.second)
            self.second.goto(self.page.url.split("#")[0])
            self.page.bring_to_front()
            for cell in cells(self.page):
                there = Cell(self.second, cell.name)
                same = self.until(lambda cell=cell, there=there: cell.source() == there.source())  # type: ignore[misc]
                assert same, f"lost: {cell.name} as a new tab shows it"
        return self.second

    def close_other(self) -> None:
        if self.second:
            self.second.close()
        self.second = None

    def _hear(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(f"page: {error}"))


def shows(cell: Cell, text: str) -> None:
    """Wait until the cell shows the text."""
    expect(cell.code).to_contain_text(text.split("\n")[0], timeout=PATIENCE)
    assert cell.source() == text, f"lost: {cell.name} shows {cell.source()[:80]!r}"


def earlier(cell: Cell, text: str) -> bool:
    """Whether the text is among the cell's "Earlier versions"."""
    button = cell.button("before")
    if not button.count():
        return False
    button.click()
    offered = cell.notice.get_by_role("button", name=text.split("\n")[0])
    found = offered.count() > 0
    cell.notice.get_by_role("button", name="Leave it").click()
    return found
