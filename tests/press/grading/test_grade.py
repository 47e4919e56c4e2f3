"""Saved work, checked again: the same verdicts as on the page, edited cells run, rubbish refused in a sentence."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from press.grading.grade import Report, grade
from press.grading.saved_work import NotWork
from tests.browser.reader import cells

ROOT = Path(__file__).resolve().parents[3]
CONTENT = ROOT / "content"


def saved(entries: Any, chapter: str = "encyclopedia /some/where/cnn/", **rest: Any) -> bytes:
    return json.dumps({"format": 1, "chapter": chapter, "entries": entries, **rest}).encode()


def results(report: Report) -> dict[str, tuple[str, str]]:
    return {row.name: (row.result, row.details) for row in report.rows}


def test_answers_and_cells_are_checked() -> None:
    entries = {
        "answer valid-size": "28 pixels",
        "answer resnet-stem": "112",
        "answer degradation": "true",
        "cell ex-write-output-size": {"of": "x", "text": "def output_size(n, k, S, P):\n    return n - k + 1"},
        "answer shift-invariance": "",
        "cell max-pool": {"of": "x", "text": "print('mine')"},
        "cell sobel-bar": {"of": "x", "text": "print(1)\n1 / 0"},
        "instrument inst-kernel-explorer": {"size": 5},
    }
    report = grade(ROOT, CONTENT, saved(entries))
    found = results(report)
    assert found["valid-size"] == ("right", "")
    assert found["degradation"] == ("wrong", "typed: true")
    assert found["shift-invariance"][0] == "no answer"
    assert found["max-pool"] == ("runs", "mine")
    assert found["sobel-bar"][0] == "fails"
    assert found["sobel-bar"][1].endswith("ZeroDivisionError: division by zero (cell 2.1, line 2)")
    assert "preprocessing" not in found
    assert found["write-output-size"][0] == "wrong"
    assert found["write-output-size"][1].startswith("AssertionError: windows of 3 start at 0, 2, 4 and 6")
    assert found["mend-convolution"][0] == "no answer"
    assert found["resnet-stem"] == ("right", "")
    assert not report.passed
    assert "CELL 2.3" in str(report)


def test_an_answer_belongs_to_the_version_it_was_given_to() -> None:
    answers = {"answer valid-size": "28", "variant valid-size": 1}
    assert results(grade(ROOT, CONTENT, saved(answers)))["valid-size"][0] == "wrong"


@pytest.mark.parametrize("now", [{}, {"answer valid-size": "3"}])
def test_what_was_solved_stays_solved_when_other_numbers_follow(now: dict[str, str]) -> None:
    entries = {"solved valid-size": {"variant": 0, "answer": "28"}, "variant valid-size": 1, **now}
    assert results(grade(ROOT, CONTENT, saved(entries)))["valid-size"] == ("right", "")


@pytest.mark.parametrize("how", [True, {"variant": 0, "answer": "27"}, {"variant": 1, "answer": "28"}])
def test_a_mark_alone_solves_nothing(how: Any) -> None:
    entries = {"solved valid-size": how, "solved write-output-size": True}
    found = results(grade(ROOT, CONTENT, saved(entries)))
    assert found["valid-size"][0] == found["write-output-size"][0] == "no answer"


def test_a_file_cannot_command_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "work.json"
    run = [sys.executable, "build.py", "grade", str(file)]
    for entries in ({"answer valid-size": "\x1b[2J\u202e" + 999 * "9"}, {"cell \x1b[2J": {"text": ""}}):
        file.write_bytes(saved(entries))
        done = subprocess.run(run, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
        shown = done.stdout + done.stderr
        assert "\\x1b[2J" in shown
        assert not {"\x1b", "\u202e"} & set(shown)
        assert 300 * "9" not in shown


def test_a_task_is_solved_by_what_passes_its_check() -> None:
    code = "def output_size(n, k, S, P):\n    return max(0, (n - k + 2 * P) // S + 1)\n"
    report = grade(ROOT, CONTENT, saved({"cell ex-write-output-size": {"of": "x", "text": code}}))
    assert results(report)["write-output-size"] == ("right", "")
    assert re.search(r"\b1 of \d+ right; 0 of 0 edited cells run\.", str(report))


def test_long_output_is_cut() -> None:
    report = grade(ROOT, CONTENT, saved({"cell max-pool": {"of": "x", "text": "for i in range(99): print(i)"}}))
    assert results(report)["max-pool"][1].splitlines()[-2:] == ["11", "… 87 lines more"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "line 1 is not JSON"),
        (b'{\n"format": 1,\n}', "line 3 is not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "not a file saved from a chapter's page"),
        (saved([]), "not a file saved from a chapter's page"),
        (saved({}, format=2), "format 2 is not known"),
        (saved({}, chapter="encyclopedia /x/cmn/index.html"), "chapter “cmn”, which this book does not have; did you"),
        (saved({"answer valid-size": 28}), "“valid-size” is not a text"),
        (saved({"cell sobel-bar": "x"}), "“sobel-bar” is not a text"),
        (saved({"answer valid-siz": "28"}), "no exercise “valid-siz”; did you mean valid-size?"),
        (saved({"variant valid-size": "1"}), "of “valid-size” is not a whole number"),
        (saved({"cell sobel": {"text": ""}}), "no cell “sobel”; did you mean sobel-bar?"),
        (saved({"solved valid-size": {"variant": 0, "answer": 28}}), "“valid-size” is not a text"),
        (saved({"solved valid-size": 3}), "of “valid-size” is not a whole number"),
        (saved({"solved valid-siz": {"variant": 0, "answer": "28"}}), "no exercise “valid-siz”; did you mean"),
    ],
)
def test_rubbish_is_refused_in_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(NotWork, match=words.replace("?", r"\?")):
        grade(ROOT, CONTENT, content)


def test_the_status_tells_a_script(tmp_path: Path) -> None:
    good, bad, none = tmp_path / "good.json", tmp_path / "bad.json", tmp_path / "none.json"
    good.write_bytes(saved({"answer valid-size": "28"}))
    bad.write_bytes(b"{")
    run = [sys.executable, "build.py", "grade"]
    one = subprocess.run([*run, str(good)], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert one.returncode == 1
    assert "1 of " in one.stdout
    three = subprocess.run(
        [*run, *map(str, (bad, none, good))], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert three.returncode == 2
    assert three.stderr.startswith(f"{bad}: line 1 is not JSON")
    assert f"{none}: No such file" in three.stderr
    assert three.stdout == one.stdout


def test_files_are_named_from_where_the_command_is_given(tmp_path: Path) -> None:
    (tmp_path / "work.json").write_bytes(b"{")
    run = [sys.executable, str(ROOT / "dev.py"), "grade", "work.json"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.stderr.startswith(f"{tmp_path / 'work.json'}: line 1 is not JSON")


@pytest.mark.browser
def test_what_the_page_saves_gets_the_verdicts_the_page_gave(page: Page, server: str, tmp_path: Path) -> None:
    page.goto(f"{server}cnn/")
    exercise = page.locator("[data-exercise=valid-size]")
    exercise.get_by_role("textbox").fill("28,0")
    exercise.get_by_role("button", name="Check").click()
    expect(exercise.locator("[data-verdict]")).to_have_text("Right.")
    exercise.get_by_role("button", name="Another one").click()
    expect(exercise.get_by_role("textbox")).to_have_value("")
    cells(page)[0].edit("print('edited')")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    download.value.save_as(tmp_path / "work.json")
    found = results(grade(ROOT, CONTENT, (tmp_path / "work.json").read_bytes()))
    assert found["valid-size"] == ("right", "")
    assert found["sobel-bar"] == ("runs", "edited")
