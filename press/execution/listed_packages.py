"""Packages that a chapter lists in chapter.toml: whether there are such, and whether the build runs what readers will.

A cell's output on the page is made by the build's Python, and made again by the reader's: both are to have the same.
"""

from __future__ import annotations

import platform
import zipfile
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from press.browser import distribution, packages
from press.browser.distribution import Package
from press.browser.environments import MATPLOTLIB
from press.browser.packages import Packages
from press.browser.wheels import RuntimeMissing
from press.text.places import Mistake, Text
from press.text.suggestion import meant


def listed(names: Iterable[Text], root: Path) -> tuple[Packages, list[Mistake]]:
    """What the listed packages bring to the page, without those that are mistakes."""
    good, mistakes = [], []
    for name in names:
        found = list(_mistakes(name, root))
        mistakes += found
        good += [] if found else [name.source]
    return packages.provided(root, good), mistakes


def installed(modules: Iterable[str], root: Path) -> str:
    """Versions here of the packages that these modules of code are in, as far as chapters list such packages."""
    wanted = set(modules)
    besides = (each for name, each in distribution.packages(root).items() if name not in MATPLOTLIB.packages)
    return " ".join(f"{each.name} {_version(each.name)}" for each in besides if not wanted.isdisjoint(each.imports))


def _mistakes(name: Text, root: Path) -> Iterator[Mistake]:
    known = distribution.packages(root)
    if name.source not in known:
        by_module = {module: each.name for each in known.values() for module in each.imports}
        right = by_module.get(name.source) or canonicalize_name(name.source)
        hint = f'write "{right}"' if right in known else meant(name.source, known)
        yield Mistake(name.place, f"Pyodide has no package “{name.source}”", hint)
        return
    try:
        for each, wheel in distribution.wheels(root, distribution.added(known[name.source], root)).items():
            if each == name.source or _version(each):
                yield from _other(name, known[each], wheel)
        packages.provided(root, [name.source])
    except RuntimeMissing as error:
        yield Mistake(name.place, str(error))


def _other(name: Text, package: Package, wheel: Path) -> Iterator[Mistake]:
    """A mistake where the build's Python has not the version that readers get."""
    have, want = _version(package.name), package.version
    if have == want:
        return
    needed = _python(wheel)
    newer_python = not SpecifierSet(needed).contains(platform.python_version(), prereleases=True)
    if newer_python and have and Version(have) < Version(want):
        _tell(f"> {package.name}: {have} in this build, {want} for readers, because that needs Python {needed}")
        return
    command = f'pip install "{package.name}<={want}"' if newer_python else f"pip install {package.name}=={want}"
    own = f"{package.name} {have}" if have else f"no {package.name}"
    what = f"the Python of this build has {own}, and readers get {want}"
    yield Mistake(name.place, what, command)


def _version(name: str) -> str:
    """The version that is installed here, or an empty text."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _python(wheel: Path) -> str:
    """Which Python a package says it is for, `>=3.12`."""
    with zipfile.ZipFile(wheel) as packed:
        about = next(name for name in packed.namelist() if name.endswith(".dist-info/METADATA"))
        return str(message_from_bytes(packed.read(about)).get("Requires-Python", ""))


@cache
def _tell(words: str) -> None:
    """Say it once."""
    print(words, flush=True)
