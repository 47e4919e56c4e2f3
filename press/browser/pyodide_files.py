"""Python for the reader's browser, as files of the site: Pyodide, packages, and the project's own Python.

Pyodide's files lie in a folder named by their content, the project's Python in one archive named likewise, so that a
page never meets files of another build. Nothing is written here; `site.py` does that.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from press.browser import distribution
from press.browser.environments import ENVIRONMENTS, NUMPY, Environment
from press.browser.file_entry import file_entry
from press.browser.heap_snapshot import Image, Recipe, start_image
from press.browser.wheels import files as wheel_files
from press.cache import Cache, contents

ENGINE = {
    "loader": "pyodide.mjs",
    "maker": "pyodide.asm.mjs",
    "wasm": "pyodide.asm.wasm",
    "stdlib": "python_stdlib.zip",
}
"""Pyodide's files by their names in the manifest."""
SITE_PACKAGES, PACK = "lib/python3.14/site-packages", "pack"
"""Folders of packages and of the project's own Python in the browser."""
HERE = Path(__file__).resolve().parent
MAKERS = (HERE / "pyodide_files.py", HERE / "wheels.py")
"""What says which files of packages travel, and how."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Runtime:
    """Files by their address in the site; `manifest` is what `runtime/engine/protocol.js` says of it."""

    files: Mapping[str, Path | bytes]
    manifest: dict[str, Any]


def browser_runtime(root: Path, image: Image = "made") -> Runtime:
    """Everything a worker loads to run Python, with the heap images that make its start short or without.

    Addresses in the manifest are relative to the root of the site. Raises wheels.RuntimeMissing when a package for the
    browser cannot be had or an image cannot be made.
    """
    package = root / distribution.ENGINE
    lock = json.loads((package / distribution.LOCK).read_text(encoding="utf-8"))
    wheels = distribution.wheels(root, dict.fromkeys(name for each in ENVIRONMENTS for name in each.packages))
    wheel = wheels[NUMPY.name]
    engine = {path.name: path.read_bytes() for path in [*(package / file for file in ENGINE.values()), wheel]}
    folder = f"pyodide/{_digest(engine)}/"
    named = {**{name: package / file for name, file in ENGINE.items()}, "numpy": wheel}
    files: dict[str, Path | bytes] = {f"{folder}{path.name}": path for path in named.values()}
    entries = {name: file_entry(f"{folder}{path.name}", path) for name, path in named.items()}
    with ThreadPoolExecutor() as side_by_side:  # an image takes half a minute
        parts = side_by_side.map(partial(_parts, root, package, wheels, image), ENVIRONMENTS)
        made = {environment.name: part for environment, part in zip(ENVIRONMENTS, parts, strict=True)}
    for part in made.values():
        listed = {name: _listed(name, content) for name, content in part.contents.items()}
        files |= {listed[name]["url"]: content for name, content in part.contents.items()}
        entries |= listed
    manifest = {"engine": folder, "lock": {**lock, "packages": {"numpy": lock["packages"]["numpy"]}}, "files": entries}
    return Runtime(files, {**manifest, "environments": {name: part.manifest for name, part in made.items()}})


@dataclass(frozen=True)
class _Parts:
    """An environment's own files by their names in the manifest, and what the manifest says of it."""

    contents: Mapping[str, Path | bytes]
    manifest: Mapping[str, Any]


def _parts(root: Path, package: Path, wheels: Mapping[str, Path], image: Image, environment: Environment) -> _Parts:
    """Raises RuntimeMissing."""
    own = _own(root, environment)
    used = tuple(wheels[name] for name in environment.packages)
    woken = start_image(root, package, Recipe(environment, used, own), image)
    started = {(name if name in environment.sides else environment.prefix + name): woken[name] for name in woken}
    more: dict[str, Path | bytes] = (
        {"pack": archive(root, own)} if environment is NUMPY else {environment.name: _packages(root, used[1:], own)}
    )
    manifest = {
        "imports": environment.imports,
        "image": ["wasm", *(name for name in started if not name.endswith("rest"))] if woken else None,
        "start": f"{environment.prefix}image",
        "rest": f"{environment.prefix}rest",
        "plain": [*dict.fromkeys(("wasm", "stdlib", "numpy", "pack", *more))],
    }
    return _Parts({**started, **more}, manifest)


def _own(root: Path, environment: Environment) -> tuple[Path, ...]:
    """The project's own Python of an environment."""
    found = {path for pattern in environment.own for path in root.glob(pattern)}
    return tuple(sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts))


def _packages(root: Path, wheels: tuple[Path, ...], own: tuple[Path, ...]) -> Path:
    """A zip of packages and the project's own Python as they lie in the browser; packing it takes two seconds."""

    def make(out: Path) -> None:
        packed = {f"{PACK}/{path.relative_to(root).as_posix()}": path.read_bytes() for path in own}
        packed |= {f"{SITE_PACKAGES}/{name}": content for wheel in wheels for name, content in wheel_files(wheel)}
        (out / "packages.zip").write_bytes(_zip(packed))

    inputs = {**contents([*wheels, *own], root), **contents(MAKERS, HERE)}
    made = Cache(root / ".cache", "packages", most=2).files(inputs, make)
    assert made
    return made / "packages.zip"


def _listed(name: str, content: Path | bytes) -> dict[str, Any]:
    """A file's entry; for a parcel with a heap, also size and SHA-256 of its inflated content.

    Its address has its name and a hash of what it holds.
    """
    entry = file_entry("", content)
    suffix = content.suffix if isinstance(content, Path) else ".zip"
    url = f"assets/{'python' if name == 'pack' else name}-{entry['sha256'][:12]}{suffix}"
    inflated = content.with_suffix(".inflated.json") if isinstance(content, Path) else Path()
    more = {"inflated": json.loads(inflated.read_text(encoding="utf-8"))} if inflated.is_file() else {}
    return {**entry, "url": url, **more}


def _digest(files: Mapping[str, bytes]) -> str:
    """Twelve hexadecimal digits that change with any name or byte."""
    return _sha256("".join(f"{name} {_sha256(content)}\n" for name, content in sorted(files.items())).encode())[:12]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def archive(root: Path, paths: Iterable[Path]) -> bytes:
    """A zip of the files under their names below `root`; equal files give equal bytes, whenever and wherever."""
    chosen = [path for path in paths if path.is_file() and "__pycache__" not in path.parts]
    return _zip({path.relative_to(root).as_posix(): path.read_bytes() for path in chosen})


def _zip(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            target.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()
