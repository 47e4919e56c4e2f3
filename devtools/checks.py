"""Everything that must hold, each check one command: style, types, import contracts, tests.

All of them run even when one fails. What a check looks at is configured where its tool looks for it
(pyproject.toml, tsconfig.json, biome.json), so running the tool by hand gives the same answer.
"""

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from devtools.chromium import VARIABLE, chromium, provide_headless_shell
from devtools.setup import MODULES, PYTHON, node
from devtools.subprocesses import ROOT, Command, show
from devtools.terminal import step

TESTS_FAILED = 1
"""The exit status with which pytest says that it ran and that tests failed."""
EVERY_CORE = ("-n", "auto", "--dist", "loadfile")
"""A file's tests stay together, as they may share a page whose Python has started."""
LAST_FAILED = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
ONE_AT_A_TIME = ("-n", "0", "--last-failed", "--last-failed-no-failures=none")
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@dataclass(frozen=True)
class Result:
    """How a check ended and how long it took, in seconds."""

    name: str
    passed: bool
    seconds: float


def run_all(pytest_words: Sequence[str]) -> int:
    """Run every check, print a table, give 1 if any failed. Raises Problem when no browser can be had."""
    browser = chromium()
    provide_headless_shell(browser)
    step(f"Testing with {browser}")
    *quick, tests = _checks(pytest_words)
    with ThreadPoolExecutor(2) as side_by_side:  # the build takes longer than all that looks at the code
        results = list(side_by_side.map(lambda check: _run(check[0], check[1], browser), quick))
    results.append(_run(tests[0], tests[1], browser))
    print()
    for result in results:
        print(f"{'ok    ' if result.passed else 'FAILED'}  {result.name:<14}{result.seconds:7.1f} s")
    return 0 if all(result.passed for result in results) else 1


def _checks(pytest_words: Sequence[str]) -> list[tuple[str, Command]]:
    """The checks by name; the last one, the tests, has the machine for itself."""
    python: Command = [PYTHON, "-m"]
    script: Command = [node()]
    return [
        ("build", [PYTHON, "build.py", "build"]),  # makes the start-up images once, and not once in each worker
        ("ruff check", [*python, "ruff", "check", "--quiet"]),
        ("ruff format", [*python, "ruff", "format", "--check", "--quiet"]),
        ("mypy", [*python, "mypy"]),
        ("tsc runtime", [*script, MODULES / "typescript/bin/tsc", "--project", "tsconfig.json"]),
        ("tsc press", [*script, MODULES / "typescript/bin/tsc", "--project", "press/tsconfig.json"]),
        ("biome", [*script, MODULES / "@biomejs/biome/bin/biome", "check", "--error-on-warnings"]),
        ("node test", [*script, "--test", "--test-reporter=dot", "tests/js/*.test.js"]),
        ("imports", [PYTHON, "-c", LINT_IMPORTS, "--no-logo"]),
        ("pytest", [*python, "pytest", *EVERY_CORE, *pytest_words]),
    ]


def _run(name: str, command: Command, browser: Path) -> Result:
    step(name)
    start = time.monotonic()
    status = show(command, {VARIABLE: str(browser)})
    if status == TESTS_FAILED and name == "pytest":
        failed = last_failed()
        step("pytest once more, only what failed, one at a time: a browser test may have met a busy machine")
        status = show([*command, *ONE_AT_A_TIME], {VARIABLE: str(browser)})
        again = failed - last_failed() if status in (0, TESTS_FAILED) else set()
        step(f"{len(again)} passed at the second try only:")
        print("\n".join(sorted(again)))
        name = f"pytest, {len(again)} twice"
    return Result(name, status == 0, time.monotonic() - start)


def last_failed() -> set[str]:
    """Names of the tests that failed when pytest ran last."""
    try:
        return set(json.loads(LAST_FAILED.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return set()
