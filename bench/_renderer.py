"""The process that shows a page: how much memory it holds, as the operating system counts it, and how to slow it down.

Linux only; elsewhere its memory is None.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from playwright.sync_api import Browser

WHOLE = ("Pss",)
OWN = ("Pss_Anon", "Pss_Shmem")
"""Without the browser's program, whose share depends on how many other browsers run."""
BEAT = 0.001
"""Seconds that a slowed process runs before it is stopped again."""


def megabytes(browser: Browser, counted: Sequence[str] = WHOLE) -> float | None:
    """Proportional set size in MB of the largest renderer process: a shared page counts by its share.

    The browser also keeps renderers for pages to come, about 90 MB that no page of ours can change. What a page has
    fetched counts twice here, as the tool that drives the browser has it keep a copy.
    """
    sizes = [_size(process, counted) for process in _renderers(browser)]
    known = [size for size in sizes if size is not None]
    return max(known) / 1024 if known else None


@contextmanager
def slowed(browser: Browser, times: int) -> Iterator[None]:
    """Let the largest renderer run for one millisecond of `times`, page and workers alike. Linux only."""
    largest = max(_renderers(browser), key=lambda process: _size(process, WHOLE) or 0)
    ended = Event()

    def beat() -> None:
        while not ended.wait(BEAT):
            os.kill(largest, signal.SIGSTOP)
            ended.wait(BEAT * (times - 1))
            os.kill(largest, signal.SIGCONT)

    beating = Thread(target=beat)
    beating.start()
    try:
        yield
    finally:
        ended.set()
        beating.join()


def _renderers(browser: Browser) -> list[int]:
    """The numbers of the renderer processes."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    return [process["id"] for process in processes if process["type"] == "renderer"]


def _size(process: int, counted: Sequence[str]) -> int | None:
    """Kilobytes of one process."""
    try:
        lines = re.findall(r"^(\w+):\s+(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return None
    return sum(int(size) for kind, size in lines if kind in counted) or None
