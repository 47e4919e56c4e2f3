"""The built chapter in a browser of its own, for benches that watch what a reader sees."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from devtools.chromium import SANDBOX, chromium
from press.processes.static_server import background
from press.site import build

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 90_000
"""Milliseconds a locator may wait: a slow machine is to be measured, not to fail."""


@contextmanager
def chapter(watch: str) -> Iterator[Page]:
    """The chapter's page, 1280 × 1000; `watch` is a script that runs before its own."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        build(ROOT, site)
        browser = playwright.chromium.launch(executable_path=str(chromium()), args=SANDBOX)
        with background(site) as server:
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            page.add_init_script(watch)
            page.set_default_timeout(PATIENCE)
            page.goto(server.url + "cnn/index.html")
            yield page
        browser.close()
