"""How much memory a page's renderer holds, as the operating system counts it. Linux only; elsewhere None."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser

WHOLE = ("Pss",)
OWN = ("Pss_Anon", "Pss_Shmem")
"""Without the browser's program, whose share depends on how many other browsers run."""


def megabytes(browser: Browser, counted: Sequence[str] = WHOLE) -> float | None:
    """Proportional set size in MB of the largest renderer process: a shared page counts by its share.

    The browser also keeps renderers for pages to come, about 90 MB that no page of ours can change. What a page has
    fetched counts twice here, as the tool that drives the browser has it keep a copy.
    """
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    sizes = [_size(process["id"], counted) for process in processes if process["type"] == "renderer"]
    known = [size for size in sizes if size is not None]
    return max(known) / 1024 if known else None


def _size(process: int, counted: Sequence[str]) -> int | None:
    """Kilobytes of one process."""
    try:
        lines = re.findall(r"^(\w+):\s+(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return None
    return sum(int(size) for kind, size in lines if kind in counted) or None
