"""SECURITY.md: every test it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_invariant_names_tests_that_exist() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "tests").glob("**/test_*.py")]
    there = {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert len(named) > 20
    assert named - there == set()


def test_every_invariant_has_a_test() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| What holds")]
    assert [row for row in rows if "`test_" not in row.rsplit(" | ", 1)[-1]] == []
