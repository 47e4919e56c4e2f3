"""The author's guide shows every block, as the tests know it and as it looks now."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted(path.parent.name for path in (ROOT / "tests" / "pages").glob("*/in.md"))


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_writing", ROOT / "docs" / "make_writing.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_guide_is_current(maker: ModuleType) -> None:
    text = (ROOT / "docs" / "writing.md").read_text(encoding="utf-8")
    assert text == maker.guide(), "run: python docs/make_writing.py"


def test_every_case_is_in_the_guide_with_its_picture(maker: ModuleType) -> None:
    text = (ROOT / "docs" / "writing.md").read_text(encoding="utf-8")
    assert sorted(maker.SLOT.findall(text)) == CASES
    assert sorted(path.stem for path in (ROOT / "docs" / "writing").glob("*.png")) == CASES
