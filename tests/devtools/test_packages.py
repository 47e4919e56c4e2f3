"""The site in other forms: chapters on paper, everything in one file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from devtools.chromium import chromium

ROOT = Path(__file__).resolve().parents[2]


def build(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "build.py", *words]
    return subprocess.run(
        run, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, encoding="utf-8", check=False
    )


@pytest.mark.browser
def test_a_chapter_on_paper_is_tagged_and_outlined_and_the_page_links_it(tmp_path: Path) -> None:
    done = build("pdf", "--out", str(tmp_path / "site"), CHROMIUM=str(chromium()))
    assert done.returncode == 0, done.stderr
    paper = (tmp_path / "site" / "cnn" / "cnn.pdf").read_bytes()
    assert paper.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in paper
    assert b"/MarkInfo" in paper
    assert b"/Outlines" in paper
    assert len(re.findall(rb"/Type /Page\b", paper)) > 10
    assert b"/Lang (en" in paper
    assert b"/Title (Solutions)" in paper
    assert 'href="cnn.pdf"' in (tmp_path / "site" / "cnn" / "index.html").read_text(encoding="utf-8")


def test_without_a_browser_nothing_is_printed_and_the_old_site_stays(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    done = build("pdf", "--out", str(tmp_path / "site"), CHROMIUM=str(tmp_path / "none"))
    assert done.returncode == 1
    assert "does not print" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "site").iterdir()) == []


def test_the_zip_holds_every_file_of_the_site(tmp_path: Path) -> None:
    assert build("zip", "--out", str(tmp_path / "site")).returncode == 1
    (tmp_path / "site" / "cnn").mkdir(parents=True)
    for name in ("index.html", "cnn/index.html", ".nojekyll"):
        (tmp_path / "site" / name).write_text(name, encoding="utf-8")
    assert build("zip", "--out", str(tmp_path / "site")).returncode == 0
    with zipfile.ZipFile(tmp_path / "site.zip") as packed:
        assert {name: packed.read(name).decode() for name in packed.namelist()} == {
            name: name for name in ("index.html", "cnn/index.html", ".nojekyll")
        }
