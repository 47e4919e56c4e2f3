"""Python for the reader's browser, as files of the site: Pyodide, numpy, and the project's own Python.

Pyodide's files lie in a folder named by their content, the project's Python in one archive named likewise, so that a
page never meets files of another build. Nothing is written here; `site.py` does that.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.browser.file_entry import file_entry
from press.browser.heap_snapshot import Image, start_image
from press.browser.wheels import Wheel, fetch

ENGINE = {
    "loader": "pyodide.mjs",
    "maker": "pyodide.asm.mjs",
    "wasm": "pyodide.asm.wasm",
    "stdlib": "python_stdlib.zip",
}
"""Pyodide's files by their names in the manifest."""
LOCK = "pyodide-lock.json"
NUMPY = "numpy"
OWN_PYTHON = (
    "instruments/**/*.py",
    "instruments/data/*.np[yz]",
    "instruments/data/*.json",
    "instruments/data/*.jpg",
    "runtime/*.py",
    "runtime/python/*.py",
)
LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Runtime:
    """Files by their address in the site; `manifest` is what `runtime/engine/protocol.js` says of it."""

    files: Mapping[str, Path | bytes]
    manifest: dict[str, Any]


def browser_runtime(root: Path, image: Image = "made") -> Runtime:
    """Everything a worker loads to run Python, with the heap image that makes its start short or without.

    Addresses in the manifest are relative to the root of the site. Raises wheels.RuntimeMissing when numpy for the
    browser cannot be had or the image cannot be made.
    """
    package = root / "node_modules" / "pyodide"
    lock = json.loads((package / LOCK).read_text(encoding="utf-8"))
    wheel = _wheel(package, lock, root / ".cache" / "wheels")
    engine = {path.name: path.read_bytes() for path in [*(package / file for file in ENGINE.values()), wheel]}
    own = [path for pattern in OWN_PYTHON for path in root.glob(pattern)]
    pack = archive(root, own)
    woken = start_image(root, package, wheel, own, image)
    images = {f"assets/{path.stem}-{_sha256(path.read_bytes())[:12]}{path.suffix}": path for path in woken.values()}
    folder, packed = f"pyodide/{_digest(engine)}/", f"assets/python-{_sha256(pack)[:12]}.zip"
    files: dict[str, Path | bytes] = {f"{folder}{file}": package / file for file in ENGINE.values()}
    manifest = {
        "engine": folder,
        "lock": {**lock, "packages": {NUMPY: lock["packages"][NUMPY]}},
        "files": {
            **{name: file_entry(f"{folder}{file}", package / file) for name, file in ENGINE.items()},
            "numpy": file_entry(f"{folder}{wheel.name}", wheel),
            "pack": file_entry(packed, pack),
            **{name: _listed_image(*image) for name, image in zip(woken, images.items(), strict=True)},
        },
        "image": ["wasm", *(name for name in woken if name != "rest")] if woken else None,
    }
    return Runtime({**files, **images, f"{folder}{wheel.name}": wheel, packed: pack}, manifest)


def _listed_image(url: str, path: Path) -> dict[str, Any]:
    """A file of the start from the image; for a parcel, also size and SHA-256 of its inflated content."""
    inflated = path.with_suffix(".inflated.json")
    more = {"inflated": json.loads(inflated.read_text(encoding="utf-8"))} if inflated.is_file() else {}
    return {**file_entry(url, path), **more}


def _wheel(package: Path, lock: Mapping[str, Any], cache: Path) -> Path:
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    about = lock["packages"][NUMPY]
    return fetch(Wheel(version, about["file_name"], about["sha256"]), cache)


def _digest(files: Mapping[str, bytes]) -> str:
    """Twelve hexadecimal digits that change with any name or byte."""
    return _sha256("".join(f"{name} {_sha256(content)}\n" for name, content in sorted(files.items())).encode())[:12]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def archive(root: Path, paths: Iterable[Path]) -> bytes:
    """A zip of the files under their names below `root`; equal files give equal bytes, whenever and wherever."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for path in sorted({path for path in paths if path.is_file() and "__pycache__" not in path.parts}):
            entry = zipfile.ZipInfo(path.relative_to(root).as_posix(), LONG_AGO)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            target.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()
