"""Makes the pictures of docs/design.md from the built site: `python docs/make_design.py`; it needs Chromium."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def take_pictures(folder: Path) -> None:
    """The opening, an equation by night, an instrument on a phone, a slide; a PNG each."""
    from playwright.sync_api import sync_playwright

    from devtools.chromium import chromium
    from press.processes.static_server import background
    from press.site import build

    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        build(ROOT, Path(temporary) / "site", image="none")
        browser = playwright.chromium.launch(executable_path=str(chromium()), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 640})
        with background(Path(temporary) / "site") as server:
            page.goto(f"{server.url}cnn/", wait_until="networkidle")
            page.screenshot(path=folder / "opening.png")
            page.emulate_media(color_scheme="dark")
            page.goto(f"{server.url}cnn/#eq-conv", wait_until="networkidle")
            page.screenshot(path=folder / "night.png")
            page.emulate_media(color_scheme="light")
            page.get_by_role("button", name="Present").click()
            page.keyboard.press("ArrowRight")
            page.keyboard.press("ArrowRight")
            page.screenshot(path=folder / "slide.png")
            page.get_by_role("button", name="Leave").click()
            page.set_viewport_size({"width": 390, "height": 760})
            page.goto(f"{server.url}cnn/#inst-receptive-field", wait_until="networkidle")
            page.screenshot(path=folder / "phone.png")
        browser.close()


if __name__ == "__main__":
    take_pictures(ROOT / "docs" / "design")
