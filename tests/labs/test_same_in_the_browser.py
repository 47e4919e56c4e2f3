"""CPython and the browser's Python (Pyodide, here under Node) train the same networks and draw the same bytes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from press.browser.pyodide_files import browser_runtime
from press.processes import node

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(__file__).with_name("same.py")


def test_networks_and_pictures_are_the_same() -> None:
    wheel = next(
        path for name, path in browser_runtime(ROOT).files.items() if name.endswith(".whl") and isinstance(path, Path)
    )
    there = node.run(Path(__file__).with_name("same.mjs"), [str(wheel), str(SOURCE)], ROOT)
    assert there.returncode == 0, there.stderr
    here = subprocess.run(
        [sys.executable, str(SOURCE)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert here.stdout.splitlines() == there.stdout.splitlines()
    assert len(here.stdout.splitlines()) == 7
