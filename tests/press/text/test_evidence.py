"""A browser test that fails leaves behind what a person needs to see why."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FAILING = """
def test_of_a_page(page):
    page.set_content("<title>evidence</title><p>what was there</p>")
    page.evaluate("console.warn('what was said'); setTimeout(() => { throw Error('what went wrong') })")
    page.wait_for_timeout(100)
    assert page.title() == "something else"
"""


@pytest.mark.browser
def test_a_failure_leaves_screenshot_source_and_console(tmp_path: Path) -> None:
    test, results = tmp_path / "test_failing.py", tmp_path / "results"
    test.write_text(FAILING, encoding="utf-8")
    (tmp_path / "conftest.py").write_text("from tests.conftest import *", encoding="utf-8")
    options = [f"--rootdir={tmp_path}", f"--config-file={ROOT / 'pyproject.toml'}", f"--output={results}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, test], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    folder = results / "test_failing.py-test_of_a_page-chromium-"
    assert (folder / "page-1.png").read_bytes().startswith(b"\x89PNG")
    assert "what was there" in (folder / "page-1.html").read_text(encoding="utf-8")
    console = (folder / "console.txt").read_text(encoding="utf-8")
    assert "warning: what was said" in console
    assert "uncaught: what went wrong" in console
