"""The heap snapshot: Python's memory with numpy and the project's own Python imported; made by `heap_snapshot.mjs`.

Cached by everything it is made from; equal inputs give equal bytes. Readers' browsers wake from it instead of starting
Python; see `runtime/worker/heap_snapshot.js`.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Literal

from press.browser.wheels import RuntimeMissing
from press.cache import Cache, contents
from press.processes import node

Image = Literal["made", "kept", "none"]
"""Make the image unless it is kept from an earlier build; use it only if it is kept; do without."""

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MAKERS = (
    HERE / "heap_snapshot.py",
    HERE / "heap_snapshot.mjs",
    HERE / "warm_up.py",
    ROOT / "runtime/worker/heap_snapshot.js",
)


def start_image(root: Path, engine: Path, wheel: Path, own: Iterable[Path], image: Image) -> dict[str, Path]:
    """The files of a start from the image: `image`, the `rest` that comes later, and each side module by its name.

    Empty when there is to be none. `engine` is Pyodide's folder, `wheel` numpy's file, `own` the project's Python, all
    below `root`. Raises RuntimeMissing when the image cannot be made.
    """
    if image == "none":
        return {}
    paths = sorted({path for path in own if path.is_file() and "__pycache__" not in path.parts})
    sources = contents([engine / "package.json", engine / "pyodide.asm.wasm", wheel, *paths], root)
    inputs = {**sources, **contents(MAKERS, ROOT)}
    make = partial(_make, root, engine, wheel, paths) if image == "made" else None
    made = Cache(root / ".cache", "heap_snapshots", most=2).files(inputs, make)
    if made is None:
        return {}
    return {"image": made / "start.parcel", "rest": made / "rest.parcel"} | {
        side.stem: side for side in sorted(made.glob("*.wasm"))
    }


def _make(root: Path, engine: Path, wheel: Path, own: Iterable[Path], out: Path) -> None:
    """Make the snapshot in a folder. Raises RuntimeMissing."""
    print("> Making the start-up image", flush=True)
    with tempfile.TemporaryDirectory(dir=root / ".cache") as folder:
        numpy, pack = (Path(folder) / name for name in ("numpy", "pack"))
        zipfile.ZipFile(wheel).extractall(numpy)
        for path in own:
            copy = pack / path.relative_to(root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        plan = {"engine": engine, "numpy": numpy, "pack": pack, "out": out, "warmUp": HERE / "warm_up.py"}
        words = json.dumps({name: str(path) for name, path in plan.items()})
        done = node.run(HERE / "heap_snapshot.mjs", [words], root)
        if done.returncode:
            raise RuntimeMissing(f"The start-up image could not be made: {done.stderr.strip()}")
