"""Saved work, checked again: the same verdicts as on the page, edited cells run, rubbish refused in a sentence."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from press.book import read
from press.grading.grade import grade
from press.grading.report import Report
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
    assert "batch-norm" not in found
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
        (saved({"variant valid-size": True}), "of “valid-size” is not a whole number"),
        (saved({"answer valid-size": "\ud800"}), "holds half a character"),
        (saved({"answer \udfff": "28"}), "holds half a character"),
        (saved({"variant valid-size": 1}).replace(b"1}", b"9" * 5000 + b"}"), "a number in it has thousands of digits"),
        (saved({"answer valid-size": "28"})[:-5], "line 1 is not JSON"),
        (saved({}, name=3), "“name” is not a text"),
        (
            saved({"cell max-pool": {"text": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"}}),
            "code in it ended",
        ),
    ],
)
def test_rubbish_is_refused_in_a_sentence(content: bytes, words: str) -> None:
    report = grade(ROOT, CONTENT, content)
    assert words in report.mistake
    assert not report.rows and not report.passed


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


def test_a_bad_file_is_named_and_the_others_are_graded(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.json", "half.json", "long.json", "two.json", "=three.json")]
    work = {"answer valid-size": "28", "cell max-pool": {"of": "x", "text": "1 / 0"}}
    for file in files:
        file.write_bytes(saved(work, name="=HYPERLINK(1)", saved="2026-11-28T20:00:00.000Z"))
    files[1].write_bytes(saved({"answer valid-size": "\ud800"}))
    files[2].write_text('{"format": ' + "1" * 5000 + "}", encoding="utf-8")
    words = [file.name for file in files]
    command = [sys.executable, str(ROOT / "build.py"), "grade"]
    tables = {
        form: subprocess.run(
            [*command, f"--{form}", *words], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
        )
        for form in ("csv", "json")
    }
    for done in tables.values():
        assert done.returncode == 2
        assert done.stderr.splitlines() == [
            "half.json: a text in it holds half a character",
            "long.json: a number in it has thousands of digits",
        ]
    head, *lines = csv.reader(tables["csv"].stdout.splitlines())
    assert head[:7] == ["file", "mistake", "name", "saved", "chapter", "points", "of"]
    by_file = {line[0]: dict(zip(head, line, strict=True)) for line in lines}
    assert list(by_file) == ["one.json", "half.json", "long.json", "two.json", "'=three.json"]
    good = by_file["two.json"]
    assert (good["name"], good["saved"]) == ("'=HYPERLINK(1)", "2026-11-28T20:00:00.000Z")
    assert (good["points"], good["of"], good["valid-size"], good["max-pool"]) == ("1", "15", "1", "fails")
    assert (by_file["half.json"]["points"], by_file["half.json"]["valid-size"]) == ("", "")
    known = {each["file"]: each for each in json.loads(tables["json"].stdout)}
    assert known["long.json"]["mistake"] == "a number in it has thousands of digits"
    assert known["one.json"]["rows"] == known["two.json"]["rows"]
    assert [row["result"] for row in known["one.json"]["rows"] if row["name"] == "valid-size"] == ["right"]


def test_rows_stand_in_the_order_of_the_page() -> None:
    entries = {f"cell {name}": {"of": "x", "text": "1"} for name in ("max-pool", "sobel-bar")}
    rows = grade(ROOT, CONTENT, saved(entries)).rows
    chapter = next(each for each in read.book(CONTENT)[1] if each.folder == "cnn")
    order = [block.name for block in chapter.blocks]
    assert [row.name for row in rows] == sorted((row.name for row in rows), key=order.index)
    assert {row.words.split()[0] for row in rows} == {"EXERCISE", "CELL"}


def test_points_are_the_author_s(tmp_path: Path) -> None:
    content = Path(shutil.copytree(ROOT / "tests" / "book", tmp_path / "content"))
    exercise = "/// exercise | {0}\npoints: {1}\nanswer: 1\n\nHow many?\n\n---\n\nOne.\n///\n"
    text = "".join(exercise.format(*each) for each in (("a", 2.5), ("b", 0), ("c", 3)))
    (content / "demo" / "section.md").write_text(f"# T {{#demo}}\n\n{text}", encoding="utf-8")
    report = grade(ROOT, content, saved({"answer a": "1", "answer b": "1", "answer c": "2"}, chapter="x /demo/"))
    assert (report.points, report.of) == (2.5, 5.5)
    assert "Points: 2.5 of 5.5." in str(report)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no groups of processes")
def test_what_code_has_started_ends_with_it(tmp_path: Path) -> None:
    import fcntl  # Windows has none

    held = tmp_path / "held"
    code = (
        f"import fcntl, os, time\nfile = open({str(held)!r}, 'w')\nend, told = os.pipe()\n"
        "if os.fork() == 0:\n    fcntl.flock(file, fcntl.LOCK_EX)\n    os.write(told, b'x')\n"
        "    while True: time.sleep(1)\nlocked = os.read(end, 1)"
    )
    report = grade(ROOT, CONTENT, saved({"cell max-pool": {"of": "x", "text": code}}))
    assert results(report)["max-pool"] == ("runs", "")
    deadline = time.monotonic() + 30
    with held.open() as file:
        while time.monotonic() < deadline:
            try:
                return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
    pytest.fail("what the code forked holds its lock still")


def test_files_are_named_from_where_the_command_is_given(tmp_path: Path) -> None:
    (tmp_path / "work.json").write_bytes(b"{")
    run = [sys.executable, str(ROOT / "dev.py"), "grade", "work.json"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.stderr.startswith(f"{tmp_path / 'work.json'}: line 1 is not JSON")


@pytest.mark.browser
def test_what_the_page_saves_gets_the_verdicts_the_page_gave(page: Page, server: str, tmp_path: Path) -> None:
    page.goto(f"{server}cnn/")
    page.get_by_label("Your name, if you hand it in").fill(" Ada Lovelace ")
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
    report = grade(ROOT, CONTENT, (tmp_path / "work.json").read_bytes())
    assert report.name == "Ada Lovelace"
    assert datetime.now(UTC) - datetime.fromisoformat(report.saved) < timedelta(hours=1)
    found = results(report)
    assert found["valid-size"] == ("right", "")
    assert found["sobel-bar"] == ("runs", "edited")
