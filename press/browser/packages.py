"""Packages that a chapter lists besides: files that its page fetches when code imports them, one for each package.

A file holds what Python reads of a wheel, see `package_parcel.mjs`; the worker lays it beside what is there.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from press.browser import distribution
from press.browser.environments import MATPLOTLIB
from press.browser.file_entry import file_entry
from press.browser.pyodide_files import SITE_PACKAGES
from press.browser.wheels import RuntimeMissing, files
from press.cache import Cache, contents, write
from press.processes import node

PLACE = "/packages"
"""Where the worker has them, see `runtime/worker/worker.js`."""
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MAKERS = (
    *(HERE / name for name in ("packages.py", "distribution.py", "package_parcel.mjs", "parcel.mjs", "wheels.py")),
    ROOT / "runtime/worker/heap_snapshot.js",
)
"""What decides over the content of the files, beside the wheels and the engine."""


@dataclass(frozen=True)
class Packages:
    """Files by their address in the site, their entries by name, and what pages are to know of the packages.

    `needs` are names of files by the module that code imports; `plotting` are modules that want the Python with
    matplotlib.
    """

    files: Mapping[str, Path]
    entries: Mapping[str, Any]
    needs: Mapping[str, tuple[str, ...]]
    plotting: tuple[str, ...]

    def told_in(self, manifest: Mapping[str, Any]) -> Mapping[str, Any]:
        """A page's manifest that tells of them, see `runtime/engine/protocol.js`."""
        if not self.needs:
            return manifest
        listed = {**manifest.get("files", {}), **self.entries}
        told = {**manifest, "files": listed, "packages": self.needs}
        if self.plotting and "environments" in manifest:
            fuller = manifest["environments"][MATPLOTLIB.name]
            fuller = {**fuller, "imports": (*fuller["imports"], *self.plotting)}
            told["environments"] = {**manifest["environments"], MATPLOTLIB.name: fuller}
        return told


def provided(root: Path, names: Iterable[str]) -> Packages:
    """What packages of Pyodide's distribution bring to a page. Raises RuntimeMissing."""
    known = distribution.packages(root)
    brought = {name: distribution.added(known[name], root) for name in names}
    sources = distribution.wheels(root, dict.fromkeys(name for each in brought.values() for name in each))
    parcels = {f"package-{name}": _parcel(root, name, source) for name, source in sources.items()}
    entries = {name: _entry(name, parcel) for name, parcel in parcels.items()}
    return Packages(
        {entries[name]["url"]: parcel for name, parcel in parcels.items()},
        entries,
        {
            module: tuple(f"package-{each}" for each in added)
            for name, added in brought.items()
            for module in known[name].imports
            if added
        },
        tuple(
            module
            for name, added in brought.items()
            for module in known[name].imports
            if added and distribution.environment(known[name], root) is MATPLOTLIB
        ),
    )


def _entry(name: str, parcel: Path) -> dict[str, Any]:
    entry = file_entry("", parcel)
    return {**entry, "url": f"assets/{name}-{entry['sha256'][:12]}.parcel"}


def _parcel(root: Path, name: str, source: Path) -> Path:
    """The file of a package with this wheel, made or made before. Raises RuntimeMissing."""
    engine = root / distribution.ENGINE
    inputs = {**contents([engine / "package.json", source], root), **contents(MAKERS, ROOT)}
    kept = Cache(root / ".cache", "package_parcels", most=40)
    made = kept.files(inputs, partial(_make, engine, name, source))
    assert made
    return made / f"{name}.parcel"


def _make(engine: Path, name: str, source: Path, out: Path) -> None:
    """Raises RuntimeMissing."""
    print(f"> Packing {name} for the browser", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        only = distribution.LEFT_OUT.get(name, "")
        for path, content in files(source):
            if path == only or not only:
                write(Path(folder) / path, content)
        place = f"/{SITE_PACKAGES}" if only else PLACE
        plan = {"engine": str(engine), "packages": folder, "place": place, "out": str(out / f"{name}.parcel")}
        done = node.run(HERE / "package_parcel.mjs", [json.dumps(plan)], ROOT)
    if done.returncode:
        raise RuntimeMissing(f"{name} could not be packed for the browser: {done.stderr.strip()[-500:]}.")
