"""Pyodide's distribution as its lock describes it: which packages there are, and what each needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from packaging.utils import canonicalize_name

from press.browser.environments import MATPLOTLIB, NUMPY, Environment
from press.browser.wheels import Wheel, fetch

ENGINE = Path("node_modules/pyodide")
LOCK = "pyodide-lock.json"
LEFT_OUT = {"python-dateutil": "dateutil/zoneinfo/dateutil-zoneinfo.tar.gz"}
"""By its package, a file that no heap image holds, because no figure reads it, and that others do, pandas for one."""


@dataclass(frozen=True)
class Package:
    """A package; `needs` are the names of others, `imports` the modules that code imports from it."""

    name: str
    version: str
    wheel: Wheel
    needs: tuple[str, ...]
    imports: tuple[str, ...]


@cache
def packages(root: Path) -> Mapping[str, Package]:
    """By their names, all packages that are wheels. The project at `root` has Pyodide."""
    release = json.loads((root / ENGINE / "package.json").read_text(encoding="utf-8"))["version"]
    listed = json.loads((root / ENGINE / LOCK).read_text(encoding="utf-8"))["packages"]
    return {
        name: Package(
            name,
            each["version"],
            Wheel(release, each["file_name"], each["sha256"]),
            tuple(map(canonicalize_name, each["depends"])),
            tuple(each["imports"]),
        )
        for name, each in listed.items()
        if each["file_name"].endswith(".whl")
    }


def wheels(root: Path, names: Iterable[str]) -> dict[str, Path]:
    """Wheels for the browser by the names of their packages. Raises RuntimeMissing."""
    listed = {name: packages(root)[name].wheel for name in names}
    return dict(zip(listed, fetch([*listed.values()], root / ".cache" / "wheels"), strict=True))


def environment(package: Package, root: Path) -> Environment:
    """The Python that a package is loaded into: the one with matplotlib if it needs anything that only this has."""
    more = set(MATPLOTLIB.packages) - set(NUMPY.packages)
    return NUMPY if more.isdisjoint(closure(package, root)) else MATPLOTLIB


def added(package: Package, root: Path) -> tuple[str, ...]:
    """The names of what has to be loaded so that code can import a package: itself and others that its Python lacks.

    Those of which it lacks data only are among them, see LEFT_OUT.
    """
    there = environment(package, root).packages
    return closure(package, root, tuple(name for name in there if name not in LEFT_OUT or name == package.name))


@cache
def modules_that_plot(root: Path) -> frozenset[str]:
    """Modules whose import asks for the Python with matplotlib, in whatever package they are."""
    plotting = (each for each in packages(root).values() if environment(each, root) is MATPLOTLIB)
    return frozenset({*MATPLOTLIB.imports, *(name for each in plotting for name in each.imports)})


def closure(package: Package, root: Path, there: tuple[str, ...] = ()) -> tuple[str, ...]:
    """A package and all that it needs, in the order they are met, without what is there."""
    found: dict[str, None] = {}
    ahead = [package.name]
    while ahead:
        name = ahead.pop()
        if name not in found and name not in there:
            found[name] = None
            ahead += packages(root)[name].needs
    return tuple(found)
