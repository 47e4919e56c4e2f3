"""A note where numpy's warnings are missing, and only there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from press.browser.pyodide_files import browser_runtime
from press.processes import node
from runtime.python import numeric_warnings

ROOT = Path(__file__).resolve().parents[2]
USES = "import numpy as np\n"

NOTES = {
    "a division by zero": (USES + "np.ones(2) / 0", "array([inf, inf])\n", numeric_warnings.ODD_NUMBERS),
    "nothing odd": (USES + "np.ones(2)", "array([1., 1.])\n", ""),
    "a word": (USES + "print('an inference about nan.py and info')", "an inference about nan.py and info\n", ""),
    "wanted": (USES + "np.array([np.inf])", "array([inf])\n", ""),
    "without numpy": ("float('1e999')", "inf\n", ""),
    "a setting": (USES + "np.seterr(all='raise')", "", numeric_warnings.NO_SETTING),
}


@pytest.mark.parametrize(("source", "output", "note"), NOTES.values(), ids=NOTES)
def test_notes(monkeypatch: pytest.MonkeyPatch, source: str, output: str, note: str) -> None:
    monkeypatch.setattr(numeric_warnings, "_silent", lambda: True)
    assert numeric_warnings.note([source], output) == note


def test_where_numpy_warns_nothing_is_noted() -> None:
    assert numeric_warnings.note([USES + "np.ones(2) / 0"], "inf") == ""


def test_numpy_is_silent_in_the_browser(tmp_path: Path) -> None:
    files = browser_runtime(ROOT, "none").files
    wheel = next(path for name, path in files.items() if name.endswith(".whl") and isinstance(path, Path))
    source = tmp_path / "silent.py"
    source.write_text(
        "from runtime.python import numeric_warnings\nprint(bool(numeric_warnings.note(['numpy'], 'inf')))",
        encoding="utf-8",
    )
    done: subprocess.CompletedProcess[str] = node.run(
        ROOT / "tests" / "labs" / "same.mjs", [str(wheel), str(source)], ROOT
    )
    assert done.stdout == "True\n", done.stderr
