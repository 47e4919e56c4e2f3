"""Do the tests see? Small mistakes are made on purpose in press, instruments and runtime; the nearest tests judge each.

Prints the mistakes that no test noticed. `killed`, `survived`: mutants of a seeded sample; `equivalent`: those that
change nothing a test could see, listed with a reason in `bench/equivalent_mutants.txt`. In the environment, MUTANTS is
the size of the sample, else 200; MUTANTS_IN names files and folders to take it from. Works in a copy of the project.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench._mutations import Mutant, mutants
from press.processes import node

ROOT = Path(__file__).resolve().parent.parent
SEED, SIZE = 14, 200
SECONDS = 240
"""A mutant that runs longer has been noticed."""

EQUIVALENT = Path(__file__).with_name("equivalent_mutants.txt")
LINKED = ("node_modules",)
COPIED = (".cache",)
PICTURES = tuple(
    f"tests/instruments/test_{name}_pictures.py" for name in ("kernel_explorer", "feature_maps", "receptive_field")
)
NEAREST: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("instruments/nn/", (*PICTURES, "tests/instruments", "tests/labs/test_gradients.py")),
    ("instruments/labs/", ("tests/labs",)),
    ("instruments/experiments/", ("tests/labs",)),
    ("instruments/data/", ("tests/labs/test_train_cnn.py", "tests/instruments")),
    ("instruments/kit/charts.py", ("tests/labs/test_charts.py", "tests/labs/test_lab_pictures.py")),
    ("instruments/", (*PICTURES, "tests/instruments")),
    ("press/blocks/", ("tests/press/blocks", "tests/press/test_pages.py")),
    ("press/book/", ("tests/press/book", "tests/press/test_pages.py", "tests/press/test_edition.py")),
    ("press/browser/", ("tests/press/browser",)),
    ("press/cache.py", ("tests/press/test_cache.py",)),
    ("press/checks/", ("tests/press/test_check.py",)),
    ("press/execution/", ("tests/press/execution", "tests/press/test_pages.py")),
    ("press/grading/", ("tests/press/grading",)),
    ("press/outputs/", ("tests/press/outputs", "tests/press/test_pages.py")),
    ("press/page/", ("tests/press/page", "tests/press/test_pages.py")),
    ("press/processes/", ("tests/press/processes",)),
    ("press/serve/", ("tests/press/serve",)),
    ("press/scaffold.py", ("tests/press/test_scaffold.py",)),
    ("press/text/", ("tests/press/text", "tests/press/test_pages.py")),
    ("press/", ("tests/press/test_pages.py", "tests/press/test_edition.py", "tests/press/test_another_book.py")),
    ("runtime/", ("tests/runtime",)),
)
"""The tests that judge a change in a folder; the first line that fits."""

SLOW = ("tests/labs/test_same_in_the_browser.py", "tests/labs/test_against_pytorch.py")


def main() -> int:
    """Judge a sample and print what survived."""
    everything = [mutant for file in _files() for mutant in mutants(file)]
    size = min(int(os.environ.get("MUTANTS", SIZE)), len(everything))
    sample = sorted(random.Random(SEED).sample(everything, size), key=lambda mutant: (mutant.file, mutant.start))
    known = _equivalent()
    counts = {"killed": 0, "survived": 0, "equivalent": 0}
    print(f"{size} of {len(everything)} mutants of {len(_files())} files, seed {SEED}\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        copy = _copy(Path(folder))
        for command in sorted({tuple(_judge(mutant.file)) for mutant in sample}):
            if not _passes(list(command), copy):
                print(f"These tests fail without a change: {' '.join(command)}")
                return 1
        for mutant in sample:
            verdict = "equivalent" if _key(mutant) in known else "survived" if _survives(mutant, copy) else "killed"
            counts[verdict] += 1
            if verdict == "survived":
                print(f"{mutant.file.relative_to(ROOT)}:{mutant.line}: {_change(mutant)}", flush=True)
    print(f"\nkilled {counts['killed']} of {counts['killed'] + counts['survived']}; {counts['equivalent']} equivalent")
    print(json.dumps(counts))
    return 0


def _files() -> list[Path]:
    """What is changed: the Python of the three folders and the JavaScript that `node --test` reads, data left out."""
    wanted = os.environ.get("MUTANTS_IN", "press instruments runtime").split()
    tests = "".join(test.read_text(encoding="utf-8") for test in (ROOT / "tests" / "js").glob("*.test.js"))
    python = [path for folder in ("press", "instruments", "runtime") for path in (ROOT / folder).rglob("*.py")]
    scripts = [path for path in (ROOT / "runtime").rglob("*.js") if f"/{path.relative_to(ROOT / 'runtime')}" in tests]
    return sorted(path for path in python + scripts if any(path.is_relative_to(ROOT / name) for name in wanted))


def _copy(folder: Path) -> Path:
    """The project as it stands, without its history."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    copy = folder / "project"
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    for name in LINKED:
        (copy / name).symlink_to(ROOT / name)
    for name in COPIED:
        shutil.copytree(ROOT / name, copy / name)
    return copy


def _judge(file: Path) -> list[str]:
    """The command whose tests are nearest to a file."""
    if file.suffix == ".js":
        return [str(node.executable()), "--test", "tests/js/*.test.js"]
    name = file.relative_to(ROOT).as_posix()
    tests = next(tests for start, tests in NEAREST if name.startswith(start))
    left_out = [f"--ignore={slow}" for slow in SLOW]
    options = ["-x", "-q", "--no-header", "--hypothesis-seed=0", "-p", "no:cacheprovider", "-m", "not browser"]
    return [sys.executable, "-m", "pytest", *options, *left_out, *tests]


def _passes(command: list[str], copy: Path) -> bool:
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(copy)}
    try:
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _survives(mutant: Mutant, copy: Path) -> bool:
    place = copy / mutant.file.relative_to(ROOT)
    source = mutant.file.read_bytes()
    place.write_bytes(mutant.applied(source))
    try:
        return _passes(_judge(mutant.file), copy)
    finally:
        place.write_bytes(source)


def _change(mutant: Mutant) -> str:
    line = mutant.file.read_text(encoding="utf-8").splitlines()[mutant.line - 1].strip()
    return f"{mutant.old.splitlines()[0]} -> {mutant.new or 'nothing'} in: {line}"


def _key(mutant: Mutant) -> str:
    return f"{mutant.file.relative_to(ROOT).as_posix()}: {_change(mutant)}"


def _equivalent() -> dict[str, str]:
    """The reason by the mutant, from pairs of lines; no line number, so that it holds when lines move."""
    text = EQUIVALENT.read_text(encoding="utf-8") if EQUIVALENT.exists() else ""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {key: reason.strip() for key, reason in zip(lines[::2], lines[1::2], strict=True)}


if __name__ == "__main__":
    raise SystemExit(main())
