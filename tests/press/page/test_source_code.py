"""The pages with the instruments' Python: every file has one, and the link of every instrument leads to it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from instruments import kit
from press.book import read
from press.browser.bundles import Bundle
from press.page import render, source_code

ROOT = Path(__file__).resolve().parents[3]
BUNDLE = Bundle({}, "assets/main.css", "assets/main.js", "assets/theme.js", (), {})


def pages(root: Path, tmp_path: Path) -> dict[str, str]:
    book, _, _ = read.book(ROOT / "tests" / "book")
    assert book
    templates = render.environment(ROOT / "templates", tmp_path / "cache")
    return {name: page.decode() for name, page in source_code.pages(templates, book, BUNDLE, root).items()}


def links(page: str) -> list[str]:
    """What the page's own text leads to."""
    return re.findall(r'<a href="([^"]+)"', page.partition("<main")[2].partition("</main>")[0])


def test_every_instrument_can_be_read_at_its_name(tmp_path: Path) -> None:
    made = pages(ROOT, tmp_path)
    assert len(made) == len(list((ROOT / "instruments").rglob("*.py")))
    assert {f"code/{name}.html" for name in kit.instruments()} <= set(made)


def test_the_page_of_a_package_leads_to_its_files(tmp_path: Path) -> None:
    made = pages(ROOT, tmp_path)
    files = {path.stem for path in (ROOT / "instruments" / "kernel_explorer").glob("*.py")} - {"__init__"}
    found = links(made["code/kernel_explorer.html"])
    assert set(found) == {f"kernel_explorer-{name}.html" for name in files}
    assert {f"code/{link}" for link in found} <= set(made)
    assert not links(made["code/receptive_field.html"])


def test_a_lab_may_be_a_package(tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(ROOT / "instruments" / "kernel_explorer", root / "instruments" / "labs" / "explorer")
    made = pages(root, tmp_path)
    assert "explorer-product.html" in links(made["code/explorer.html"])
