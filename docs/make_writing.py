"""Makes the examples in docs/writing.md: the source of every case in tests/pages/ and a picture of its result.

`python docs/make_writing.py` needs Chromium, as the browser tests do. A test compares what is noted with the cases.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

GUIDE = ROOT / "docs" / "writing.md"
CASES = ROOT / "tests" / "pages"
SLOT = re.compile(r"<!-- case: ([\w-]+) -->\n.*?<!-- end -->", re.DOTALL)
WIDTH, MARGIN = 820, 32
SECTIONS = {"reference": ("#references", "#references"), "term": ("#demo", "#terms")}
"""The first and the last section a picture shows, where that is not the case's own."""


def example(case: str) -> str:
    """What stands between the marks of a case: source, picture, and which result the picture shows."""
    source = (CASES / case / "in.md").read_text(encoding="utf-8").strip()
    return f"""<!-- case: {case} -->
````markdown
{source}
````

![The result: {case}](writing/{case}.png)
<!-- shows {shown(case)} -->
<!-- end -->"""


def shown(case: str) -> str:
    """A name for the HTML expected of a case."""
    return hashlib.sha256((CASES / case / "expected.html").read_bytes()).hexdigest()[:16]


def guide() -> str:
    """The guide with its examples as they are now."""
    return SLOT.sub(lambda match: example(match[1]), GUIDE.read_text(encoding="utf-8"))


def take_pictures() -> None:
    """A picture of what each case's page shows, in `docs/writing/`."""
    from playwright.sync_api import FloatRect, sync_playwright

    from devtools.chromium import chromium
    from press.processes.static_server import background

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium()), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, device_scale_factor=1.5)
        for case in SLOT.findall(GUIDE.read_text(encoding="utf-8")):
            site = build(case, Path(folder) / case)
            with background(site) as server:
                page.goto(f"{server.url}demo/", wait_until="networkidle")
                boxes = [page.locator(each).bounding_box() for each in SECTIONS.get(case, ("#demo", "#demo"))]
                assert boxes[0] and boxes[1]
                top, end = boxes[0]["y"], boxes[1]["y"] + boxes[1]["height"]
                clip: FloatRect = {"x": 0, "y": top, "width": WIDTH, "height": end - top + MARGIN}
                picture = ROOT / "docs" / "writing" / f"{case}.png"
                page.screenshot(path=picture, clip=clip, full_page=True, animations="disabled")
        browser.close()


def build(case: str, folder: Path) -> Path:
    """A site of the test's book with the case as its only section."""
    from instruments import kit
    from press import site
    from tests.book import tiny_square

    kit.instruments, kit.load = lambda: ("tiny_square",), lambda _: tiny_square  # type: ignore[assignment]
    content = Path(shutil.copytree(ROOT / "tests" / "book", folder / "content"))
    shutil.copytree(CASES / case, content / "demo", dirs_exist_ok=True)
    (content / "demo" / "in.md").rename(content / "demo" / "section.md")
    site.build(ROOT, folder / "site", content, image="none")
    return folder / "site"


if __name__ == "__main__":
    take_pictures()
    GUIDE.write_text(guide(), encoding="utf-8", newline="\n")
