"""Heap snapshots: Python's memory with packages and the project's own Python imported; made by `heap_snapshot.mjs`.

Cached by everything it is made from; equal inputs give equal bytes. Readers' browsers wake from it instead of starting
Python; see `runtime/worker/heap_snapshot.js`.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from press.browser.environments import Environment
from press.browser.wheels import RuntimeMissing, files
from press.cache import Cache, contents
from press.processes import node

Image = Literal["made", "kept", "none"]
"""Make the image unless it is kept from an earlier build; use it only if it is kept; do without."""

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MAKERS = (
    HERE / "environments.py",
    HERE / "heap_snapshot.py",
    HERE / "heap_snapshot.mjs",
    HERE / "warm_up.py",
    HERE / "wheels.py",
    ROOT / "runtime/worker/heap_snapshot.js",
)


@dataclass(frozen=True)
class Recipe:
    """What an image is made of: an environment, the files of its packages, and the project's own."""

    environment: Environment
    wheels: tuple[Path, ...]
    own: tuple[Path, ...]


def start_image(root: Path, engine: Path, recipe: Recipe, image: Image) -> dict[str, Path]:
    """The files of a start from an image: `image`, the `rest` that comes later, and each side module by its name.

    Empty when there is to be none. `engine` is Pyodide's folder, below `root` as all of the project's own Python is.
    Raises RuntimeMissing when the image cannot be made.
    """
    if image == "none":
        return {}
    sources = contents([engine / "package.json", engine / "pyodide.asm.wasm", *recipe.wheels, *recipe.own], root)
    inputs = {**sources, **contents(MAKERS, ROOT), "environment": recipe.environment.name}
    make = partial(_make, root, engine, recipe) if image == "made" else None
    made = Cache(root / ".cache", "heap_snapshots", most=4).files(inputs, make)
    if made is None:
        return {}
    return {"image": made / "start.parcel", "rest": made / "rest.parcel"} | {
        name: made / f"{name}.wasm" for name in recipe.environment.sides
    }


def _make(root: Path, engine: Path, recipe: Recipe, out: Path) -> None:
    """Make the snapshot in a folder. Raises RuntimeMissing."""
    environment = recipe.environment
    print(f"> Making the start-up image with {environment.name}", flush=True)
    with tempfile.TemporaryDirectory(dir=root / ".cache") as folder:
        packages, pack = (Path(folder) / name for name in ("packages", "pack"))
        for wheel in recipe.wheels:
            for name, content in files(wheel):
                _put(packages / name, content)
        for path in recipe.own:
            _put(pack / path.relative_to(root), path.read_bytes())
        folders = {"engine": engine, "packages": packages, "pack": pack, "out": out, "warmUp": HERE / "warm_up.py"}
        plan = {
            **{name: str(path) for name, path in folders.items()},
            "sides": dict(environment.sides),
            "late": environment.late,
            "soon": environment.soon,
            "plots": bool(environment.imports),
        }
        done = node.run(HERE / "heap_snapshot.mjs", [json.dumps(plan)], root)
        if done.returncode:
            raise RuntimeMissing(f"The start-up image could not be made: {done.stderr.strip()}")


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
