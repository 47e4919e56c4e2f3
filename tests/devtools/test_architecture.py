"""docs/architecture.md: what it names exists, and every folder of sources has its line."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
MOST = 15
"""Sources in one folder that a newcomer can take in."""


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listed.splitlines()]


def test_every_file_it_names_exists() -> None:
    named = re.findall(r"`([\w./-]+\.(?:py|js|mjs|md|html|toml))`", TEXT)
    assert len(named) > 40
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_every_folder_of_sources_has_a_line() -> None:
    rows = dict(re.findall(r"^\| `([\w./-]+)/` \| (\S.*) \|$", TEXT, re.MULTILINE))
    folders = {
        path.parent.as_posix()
        for path in tracked()
        if path.parts[0] in ("press", "instruments", "runtime", "devtools") and path.parent != Path()
    }
    assert folders - rows.keys() == set()
    assert [folder for folder in rows if not (ROOT / folder).is_dir()] == []


def test_no_folder_is_too_full_to_be_taken_in() -> None:
    counts: dict[Path, int] = {}
    for path in tracked():
        if path.parts[0] in ("press", "instruments", "runtime", "devtools") and path.suffix in (".py", ".js", ".mjs"):
            counts[path.parent] = counts.get(path.parent, 0) + 1
    assert {folder.as_posix(): count for folder, count in counts.items() if count > MOST} == {}
