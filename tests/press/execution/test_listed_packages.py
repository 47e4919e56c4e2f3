"""Packages that a chapter lists: what is wrong with the list, and what each brings to a page."""

from __future__ import annotations

import platform
from importlib import metadata
from pathlib import Path

import pytest

from press.browser import distribution
from press.browser.packages import provided
from press.browser.wheels import RuntimeMissing
from press.execution.listed_packages import listed
from press.text.places import Place, Text

ROOT = Path(__file__).resolve().parents[3]
LATEST = distribution.packages(ROOT)["scipy"].version


def told(name: str) -> str:
    """What is said of a list of one package."""
    _, mistakes = listed([Text(Place("chapter.toml", 9), name)], ROOT)
    return "\n".join(map(str, mistakes)).removeprefix("chapter.toml:9: ")


@pytest.mark.parametrize(
    ("name", "hint"),
    {
        "scpy": "did you mean scipy?",
        "sklearn": 'write "scikit-learn"',
        "PIL": 'write "pillow"',
        "Pandas": 'write "pandas"',
        "python_dateutil": 'write "python-dateutil"',
    }.items(),
)
def test_an_unknown_name_is_told_with_the_right_one(name: str, hint: str) -> None:
    assert told(name) == f"Pyodide has no package “{name}”; {hint}"


@pytest.mark.parametrize(
    ("python", "installed", "words"),
    [
        ("3.14.0", "", f"the Python of this build has no scipy, and readers get {LATEST}; pip install scipy=={LATEST}"),
        ("3.14.0", "1.9.0", f"the Python of this build has scipy 1.9.0, and readers get {LATEST}; pip install scipy=="),
        ("3.14.0", LATEST, ""),
        (
            "3.11.7",
            "",
            f'the Python of this build has no scipy, and readers get {LATEST}; pip install "scipy<={LATEST}"',
        ),
        ("3.11.7", "1.9.0", ""),
        ("3.11.7", "99.0", "the Python of this build has scipy 99.0, and readers get"),
    ],
)
def test_the_build_has_the_version_of_readers_or_the_last_for_its_python(
    monkeypatch: pytest.MonkeyPatch, python: str, installed: str, words: str
) -> None:
    def version(name: str) -> str:
        if not installed:
            raise metadata.PackageNotFoundError(name)
        return installed

    monkeypatch.setattr(metadata, "version", version)
    monkeypatch.setattr(platform, "python_version", lambda: python)
    assert told("scipy").startswith(words)
    assert bool(told("scipy")) == bool(words)


def test_a_wheel_that_cannot_be_had_is_a_mistake_in_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(wheels: list[object], _: Path) -> list[Path]:
        if wheels:
            raise RuntimeMissing("scipy.whl for the browser could not be fetched: no network.")
        return []

    monkeypatch.setattr(distribution, "fetch", nowhere)
    assert told("scipy") == "scipy.whl for the browser could not be fetched: no network."


def test_a_package_brings_what_it_needs_and_its_python_lacks() -> None:
    def added(name: str) -> tuple[str, set[str]]:
        package = distribution.packages(ROOT)[name]
        return distribution.environment(package, ROOT).name, set(distribution.added(package, ROOT))

    assert added("scipy") == ("numpy", {"scipy"})
    assert added("scikit-learn") == ("numpy", {"scikit-learn", "scipy", "joblib", "threadpoolctl"})
    assert added("pandas") == (
        "matplotlib",
        {"pandas", "pytz", "python-dateutil"},
    )  # it draws without an import of matplotlib
    assert added("pillow") == ("matplotlib", set())


def test_a_page_without_a_list_is_told_nothing() -> None:
    manifest = {"files": {}, "environments": {"matplotlib": {"imports": ("matplotlib",)}}}
    assert provided(ROOT, []).told_in(manifest) is manifest
    assert provided(ROOT, ["pillow"]).told_in(manifest) is manifest
