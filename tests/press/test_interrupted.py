"""A build that is stopped, or finds no room, ends in one sentence, leaves nothing, and the old site stays."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from press import site
from tests.project_copy import copy_project

ROOT = Path(__file__).resolve().parents[2]
AS_IT_WAS = "what was there before is as it was."


def _old(out: Path) -> Path:
    page = out / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("the old page", encoding="utf-8")
    return page


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signal to one process")
def test_ctrl_c_ends_a_build_and_all_that_it_started(tmp_path: Path) -> None:
    import fcntl  # Windows has none

    copy_project(tmp_path)
    (tmp_path / ".cache").mkdir()
    if (ROOT / ".cache" / "wheels").is_dir():
        (tmp_path / ".cache" / "wheels").symlink_to(ROOT / ".cache" / "wheels")
    shutil.copytree(ROOT / "tests" / "book", tmp_path / "content")
    held = tmp_path / "held"
    cell = (
        f"import fcntl\nfile = open({str(held)!r}, 'w')\nfcntl.flock(file, fcntl.LOCK_EX)\n"
        "file.write('x')\nfile.flush()\nwhile True: pass"
    )
    text = f'# T {{#demo}}\n\n```python {{#endless title="Endless"}}\n{cell}\n```\n'
    (tmp_path / "content" / "demo" / "section.md").write_text(text, encoding="utf-8")
    page, before = _old(tmp_path / "site"), sorted(tmp_path.iterdir())
    build = subprocess.Popen(
        [sys.executable, "build.py", "build", "--plain"],
        cwd=tmp_path,
        # Whoever starts the tests in the background may have had the signal ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    _until(lambda: held.is_file() and held.stat().st_size > 0)
    build.send_signal(signal.SIGINT)
    out, err = build.communicate(timeout=60)
    assert (build.returncode, err) == (130, f"build.py: stopped; {AS_IT_WAS}\n")
    assert "Built" not in out
    assert page.read_text(encoding="utf-8") == "the old page"
    assert [path.name for path in tmp_path.iterdir() if path not in before] == ["held"]
    with held.open() as file:
        _until(lambda: _free(fcntl.flock, file, fcntl.LOCK_EX | fcntl.LOCK_NB))


def _until(happened: object) -> None:
    deadline = time.monotonic() + 60
    while not (callable(happened) and happened()):
        assert time.monotonic() < deadline, "it did not happen"
        os.sched_yield()


def _free(lock: object, *words: object) -> bool:
    assert callable(lock)
    try:
        lock(*words)
    except BlockingIOError:
        return False
    return True


@pytest.mark.parametrize("command", ["build", "zip"])
def test_a_full_disk_ends_a_build_in_a_sentence(tmp_path: Path, command: str) -> None:
    page = _old(tmp_path / "site")
    words = [command, *(["--plain"] if command == "build" else []), "--out", str(tmp_path / "site")]
    program = (
        "import errno, os, sys, build\nfrom press import cache, site\n"
        "def full(*given): raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))\n"
        "site.write = cache.write = full\n"
        f"sys.exit(build.main({words!r}))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    told = f"{os.strerror(errno.ENOSPC)}: make room and try again; {AS_IT_WAS}\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", told)
    assert page.read_text(encoding="utf-8") == "the old page"


def test_what_cannot_be_written_whole_is_not_there(tmp_path: Path) -> None:
    page = _old(tmp_path / "site")
    with pytest.raises(FileNotFoundError):
        site.write({"index.html": b"new", "gone.png": tmp_path / "gone.png"}, tmp_path / "site")
    assert page.read_text(encoding="utf-8") == "the old page"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_the_old_site_comes_back_where_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, rename = _old(tmp_path / "site"), Path.rename

    def stopped(path: Path, to: Path) -> Path:
        if path.name == "new":
            raise KeyboardInterrupt
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        site.write({"index.html": b"new"}, tmp_path / "site")
    assert page.read_text(encoding="utf-8") == "the old page"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_builds_at_the_same_time_leave_one_whole_site(tmp_path: Path) -> None:
    def build(n: int) -> None:
        site.write({f"{name}.html": str(n).encode() for name in "abcdef"}, tmp_path / "site")

    with ThreadPoolExecutor(8) as builds:
        list(builds.map(build, range(80)))
    pages = list((tmp_path / "site").iterdir())
    assert len(pages) == 6
    assert len({page.read_bytes() for page in pages}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_place_that_is_taken_while_the_old_site_goes_back_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _old(tmp_path / "site")
    rename, renamed = Path.rename, []

    def taken(self: Path, target: Path) -> Path:
        renamed.append(self.name)
        if len(renamed) in (2, 3):  # the new site into its place, and then the old one back
            raise OSError(errno.ENOTEMPTY, "Directory not empty")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", taken)
    site.write({"a.html": b"new"}, tmp_path / "site")
    assert (tmp_path / "site" / "a.html").read_bytes() == b"new"
    assert len(renamed) == 5
