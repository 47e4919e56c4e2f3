"""What tests of packages share: a package index that is a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def no_index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Pip finds only what lies in the folder given back."""
    folder = tmp_path / "packages"
    folder.mkdir()
    for name, value in {"CONFIG_FILE": os.devnull, "NO_INDEX": "1", "FIND_LINKS": str(folder)}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    return folder
