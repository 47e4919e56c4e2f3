"""Finished pages -> PDF, printed by a Chromium: tagged, outlined, in the print design, solutions at the end."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from press.browser.bundles import BuildError
from press.processes.static_server import background

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MISSING = "a PDF needs Chromium and playwright; python3 dev.py pdf finds or installs both"


def printed(site: Path, addresses: Sequence[str]) -> Mapping[str, bytes]:
    """The PDF of each page of the site in the folder `site`, by the page's address. Raises BuildError."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise BuildError(MISSING) from error
    if program is None:
        raise BuildError(MISSING)
    sandbox = os.name == "nt" or os.geteuid() != 0  # Chromium's own refuses the administrator
    try:
        with background(site) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, chromium_sandbox=sandbox)
            page = browser.new_page(color_scheme="light")
            made = {}
            for address in addresses:
                page.goto(server.url + address, wait_until="networkidle")
                made[address] = page.pdf(tagged=True, outline=True, prefer_css_page_size=True, print_background=True)
            browser.close()
            return made
    except Error as error:
        raise BuildError(f"{program} does not print: {error.message}") from error
