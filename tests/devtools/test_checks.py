"""The checks: a test that passed at the second try only is told by its name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from devtools import checks


@pytest.mark.parametrize(
    ("then", "status", "told"),
    [(["b"], 1, ["a"]), ([], 0, ["a", "b"]), (["a", "b"], 1, [])],
)
def test_what_passes_when_tried_again_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    then: list[str],
    status: int,
    told: list[str],
) -> None:
    file = tmp_path / "lastfailed"
    monkeypatch.setattr(checks, "LAST_FAILED", file)
    tries = iter([(["a", "b"], 1), (then, status)])

    def show(command: Sequence[object], environment: object) -> int:
        failed, ended = next(tries)
        file.write_text(json.dumps(dict.fromkeys(failed, True)), encoding="utf-8")
        return ended

    monkeypatch.setattr(checks, "show", show)
    result = checks._run("pytest", ["pytest"], tmp_path)
    assert result.passed == (status == 0)
    assert result.name == f"pytest, {len(told)} twice"
    assert [line for line in capsys.readouterr().out.splitlines() if line in ("a", "b")] == told


def test_without_a_first_failure_there_is_no_second_try(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "show", lambda command, environment: 0)
    assert checks._run("pytest", ["pytest"], tmp_path).name == "pytest"


def test_no_record_of_failures_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LAST_FAILED", tmp_path / "missing")
    assert checks.last_failed() == set()
