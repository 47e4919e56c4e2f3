"""A copy of the project in which a test may change what it likes; no test stands here."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ("press", "instruments", "runtime", "templates", "languages", "assets")
TOOLS = ("node_modules", "package-lock.json", "requirements.txt")
"""Never changed, so that a link will do."""


def copy_project(folder: Path, more: Iterable[str] = ()) -> None:
    """Put into `folder` what a build needs, and `more` folders of the project."""
    for name in (*PYTHON, *more):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in TOOLS:
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "build.py", folder)
