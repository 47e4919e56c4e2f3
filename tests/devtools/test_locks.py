"""The locks name every file by its hash and no host, so that any mirror serves and none can slip in another file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from press.browser.environments import ENVIRONMENTS

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(
    r"^([\w.-]+)==([\w.+!-]+)(?: ; .+?)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def pins(name: str) -> dict[str, str]:
    """Package -> version; every line of the lock must belong to a pin with hashes."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert PIN.sub("", text) == ""
    return {match[1]: match[2] for match in PIN.finditer(text)}


def packages(folder: str = ".") -> dict[str, dict[str, Any]]:
    lock = json.loads((ROOT / folder / "package-lock.json").read_text(encoding="utf-8"))
    return {name: entry for name, entry in lock["packages"].items() if name}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_every_line_of_a_python_lock_is_a_pin_with_hashes(name: str) -> None:
    assert len(pins(name)) >= 7


def test_the_test_lock_holds_the_whole_base_lock() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-test.txt").items()


@pytest.mark.parametrize("name", ["requirements", "requirements-test"])
def test_what_is_asked_for_is_what_is_locked(name: str) -> None:
    asked = re.findall(r"^([\w-]+)==(\S+)$", (ROOT / f"{name}.in").read_text(encoding="utf-8"), re.MULTILINE)
    assert asked
    assert {package.lower(): version for package, version in asked}.items() <= pins(f"{name}.txt").items()


def test_packages_are_those_that_the_browser_runs() -> None:
    lock = json.loads((ROOT / "node_modules/pyodide/pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    here = pins("requirements.txt")
    names = {name for environment in ENVIRONMENTS for name in environment.packages}
    assert {name: here[name] for name in names} == {name: lock[name]["version"] for name in names}


@pytest.mark.parametrize("folder", [".", "bench"])
def test_every_npm_package_has_a_hash_and_no_address(folder: str) -> None:
    assert packages(folder)
    for name, entry in packages(folder).items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name


def test_the_npm_lock_holds_every_platform_s_package() -> None:
    locked = packages()
    wanted = {f"node_modules/{name}" for entry in locked.values() for name in entry.get("optionalDependencies", {})}
    platforms = {
        (system, cpu) for name in wanted for system in locked[name].get("os", []) for cpu in locked[name].get("cpu", [])
    }
    assert {("linux", "x64"), ("linux", "arm64"), ("darwin", "arm64"), ("darwin", "x64"), ("win32", "x64")} <= platforms


@pytest.mark.parametrize("folder", [".", "bench"])
def test_npm_runs_no_script_of_a_package_and_records_no_address(folder: str) -> None:
    settings = (ROOT / folder / ".npmrc").read_text(encoding="utf-8").split()
    assert {"ignore-scripts=true", "omit-lockfile-registry-resolved=true"} <= set(settings)


def test_actions_are_named_by_commit() -> None:
    for workflow in (ROOT / ".github" / "workflows").glob("*.yml"):
        used = re.findall(r"uses:\s*(\S+)", workflow.read_text(encoding="utf-8"))
        assert used
        assert [action for action in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)] == []


def test_no_job_that_may_publish_runs_the_project_s_code() -> None:
    workflow = (ROOT / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")
    assert "\npermissions: {}\n" in workflow
    jobs = re.split(r"\n  (?=\w+:\n)", workflow.split("\njobs:\n", 1)[1])
    publishing = [job for job in jobs if re.search(r": write\b", job)]
    assert len(publishing) == 1
    assert not re.search(r"\brun:|actions/checkout", publishing[0])
