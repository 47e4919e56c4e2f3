"""How long builds take: the chapter from nothing, a save until the page shows it, and books of 1, 10 and 100 chapters.

The synthetic books are built from nothing, ours (formulas typeset, cells run) and, from the same text, by MkDocs
Material (formulas left to a script in the page, cells not run), which is installed into `.cache/bench/mkdocs`.
"Nothing" means without any cache but the downloads; the runs are interleaved.

`cold_s`: the chapter. `edit_to_page_s`: median time from a save in the chapter to the served page that holds it;
`instrument_to_page_s`: the same for an instrument. `per_chapter_100_over_10`: time per chapter of 100 by that of 10.
`ratio_to_mkdocs`: our time for 100 chapters by theirs.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench import _books

ROOT = Path(__file__).resolve().parent.parent
MATERIAL = "mkdocs-material==9.8.1"
PARTS = ("assets", "instruments", "languages", "press", "runtime", "templates")
SHARED = ("node_modules", "package-lock.json", "requirements.txt")
DOWNLOADS = ("wheels", "image")
SIZES = (1, 10, 100)
COLD_RUNS, EDITS = 3, 9


def main() -> None:
    """Measure, print a table and the figures."""
    mkdocs = _mkdocs(ROOT / ".cache" / "bench" / "mkdocs")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _cold(_project(folder / "image", _real))  # makes the start-up image, which is not counted
        colds = [_cold(_project(folder / f"cold-{n}", _real)) for n in range(COLD_RUNS)]
        prose, instrument = _edits(_project(folder / "live", _real))
        books = {size: _both(folder, size, mkdocs) for size in SIZES}
    print(f"{'':34}{'ours':>9}{'MkDocs':>9}   s")
    print(f"{'the chapter from nothing':34}{median(colds):9.2f}")
    print(f"{'save to page, prose':34}{median(prose):9.2f}")
    print(f"{'save to page, instrument':34}{median(instrument):9.2f}")
    for size, (we, they) in books.items():
        print(f"{f'{size} synthetic chapters':34}{we:9.2f}{they:9.2f}")
    figures = {
        "cold_s": median(colds),
        "edit_to_page_s": median(prose),
        "instrument_to_page_s": median(instrument),
        "per_chapter_100_over_10": books[100][0] / 100 / (books[10][0] / 10),
        "ratio_to_mkdocs": books[100][0] / books[100][1],
    }
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


def _project(folder: Path, write_content: Callable[[Path], None]) -> Path:
    """A copy of the project that has nothing built, with downloads and content."""
    folder.mkdir()
    for name in PARTS:
        shutil.copytree(ROOT / name, folder / name)
    for name in SHARED:
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "build.py", folder)
    (folder / ".cache").mkdir()
    for name in DOWNLOADS:
        if (ROOT / ".cache" / name).exists():
            (folder / ".cache" / name).symlink_to(ROOT / ".cache" / name)
    write_content(folder / "content")
    return folder


def _real(content: Path) -> None:
    shutil.copytree(ROOT / "content", content)


def _cold(project: Path) -> float:
    return _timed([sys.executable, "build.py", "build"], project)


def _timed(command: list[str], folder: Path) -> float:
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed: {done.stderr}")
    return time.perf_counter() - start


def _both(folder: Path, size: int, mkdocs: str) -> tuple[float, float]:
    """Seconds for a synthetic book of so many chapters, ours and theirs; the better of two runs, taken in turn."""
    _books.theirs(folder / f"theirs-{size}", size)
    we, they = [], []
    for run in range(2):
        project = _project(folder / f"ours-{size}-{run}", lambda content: _books.ours(content, size))
        we.append(_cold(project))
        they.append(_timed([mkdocs, "build", "--quiet", "--clean"], folder / f"theirs-{size}"))
        shutil.rmtree(project)
    return min(we), min(they)


def _edits(project: Path) -> tuple[list[float], list[float]]:
    """Seconds from a save to the page that holds it, for prose and for an instrument."""
    text = project / "content" / "cnn" / "1-convolution.md"
    code = project / "instruments" / "kernel_explorer" / "__init__.py"
    command = [sys.executable, "build.py", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, encoding="utf-8") as server:
        assert server.stdout
        try:
            found = (re.search(r"http://\S+/", line) for line in server.stdout)
            page = next(match[0] for match in found if match) + "cnn/"
            prose = [_edit(text, r"^How many\S* ", f"How many{n} ", f"How many{n} ", page) for n in range(EDITS)]
            drawn = [_edit(code, r'"Input\d*"', f'"Input{n}"', f"Input{n}<", page) for n in range(EDITS)]
        finally:
            server.terminate()
    return prose, drawn


def _edit(file: Path, old: str, new: str, shown: str, page: str) -> float:
    source = re.sub(old, new, file.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    start = time.perf_counter()
    file.write_text(source, encoding="utf-8")
    while shown not in urllib.request.urlopen(page).read().decode():
        time.sleep(0.01)
        if time.perf_counter() - start > 60:
            raise TimeoutError(f"{new} does not show")
    return time.perf_counter() - start


def _mkdocs(home: Path) -> str:
    """MkDocs Material in an environment of its own, made at the first run."""
    program = home / ("Scripts/mkdocs.exe" if sys.platform == "win32" else "bin/mkdocs")
    if not program.exists():
        print(f"> Installing {MATERIAL} into {home.relative_to(ROOT)}", flush=True)
        python = program.with_name("python.exe" if sys.platform == "win32" else "python")
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", MATERIAL], check=True)
    return str(program)


if __name__ == "__main__":
    main()
