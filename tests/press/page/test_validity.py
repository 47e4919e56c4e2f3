"""Every page is valid HTML: html-validate and, where there is Java, the Nu checker find nothing.

What `.htmlvalidate.json` allows: a byte order mark, which names the alphabet before a header can; styles that KaTeX
and pictures set, forms whose controls act at once, and fieldsets that `aria-label` names.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from devtools.setup import MODULES, node

ROOT = Path(__file__).resolve().parents[3]
CSP = ".*Content Security Policy.*"
"""The checker takes a page for one without a host, where `'self'` is nothing."""


def pages(site: Path) -> list[str]:
    """The pages around the chapter and, of all alike that show code, one."""
    return [str(page) for page in (*site.glob("*.html"), *site.glob("cnn/*.html"), site / "code/ink.html")]


def test_html_validate_finds_nothing(site: Path, tmp_path: Path) -> None:
    checker, report = MODULES / "html-validate/bin/html-validate.mjs", tmp_path / "report.json"
    options = ["--config", str(ROOT / ".htmlvalidate.json"), "--formatter", f"json={report}"]
    subprocess.run([node(), checker, *options, *pages(site)], check=False)
    found = [
        f"{Path(file['filePath']).name}:{message['line']}: {message['ruleId']}: {message['message']}"
        for file in json.loads(report.read_text(encoding="utf-8"))
        for message in file["messages"]
    ]
    assert found == []


@pytest.mark.skipif(shutil.which("java") is None, reason="the Nu checker needs Java, and there is none")
def test_the_nu_checker_finds_nothing(site: Path) -> None:
    checker = ["java", "-Xss8m", "-jar", str(MODULES / "vnu-jar/build/dist/vnu.jar"), "--filterpattern", CSP]
    done = subprocess.run([*checker, *pages(site)], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0


def test_the_checkers_would_find_something(tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text("<p><div></p><img>", encoding="utf-8")
    checker = MODULES / "html-validate/bin/html-validate.mjs"
    done = subprocess.run([node(), checker, tmp_path / "bad.html"], capture_output=True, check=False)
    assert done.returncode == 1
