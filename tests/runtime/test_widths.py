"""Whole numbers come out in the browser as on a reader's computer, in value, type and looks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from press.browser.pyodide_files import browser_runtime
from press.processes import node

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(__file__).with_name("widths.py")
KNOWN = {
    "(np.array([True, False, True])) * 100000",
    "np.add.reduceat(np.arange(8), np.array([0, 4]))",
    "np.mgrid[0:2, 0:2]",
    "np.vectorize(lambda x: x * 2)([1, 2])",
    "np.ma.array([1, 2], mask=[0, 1]).sum()",
}
"""Not reached: ufuncs that are given truth values or Python's numbers, their `reduceat`, and what is no function."""


def test_whole_numbers_are_the_same() -> None:
    wheel = next(
        path
        for name, path in browser_runtime(ROOT, "none").files.items()
        if name.endswith(".whl") and isinstance(path, Path)
    )
    there = node.run(ROOT / "tests" / "labs" / "same.mjs", [str(wheel), str(SOURCE)], ROOT)
    assert there.returncode == 0, there.stderr
    here = subprocess.run(
        [sys.executable, "-W", "ignore", str(SOURCE)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    ours, theirs = here.stdout.splitlines(), there.stdout.splitlines()
    assert len(ours) == len(theirs) > 800
    assert {line.partition(" -> ")[0] for line in set(ours) - set(theirs)} == KNOWN
