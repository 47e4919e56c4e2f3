"""Files that instruments need and pages fetch only when somebody turns to them; made once, named by their content.

An instrument names them in its FILES; where its Python looks for them is `instruments/data/fetched.py`.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from instruments import kit
from instruments.data import fetched, make_textures, photographs, textures
from instruments.experiments import teaching
from instruments.nn.efficientnet.packed_weights import CUT, layers, unpacked
from press.browser.backbone import make
from press.browser.file_entry import file_entry
from press.cache import Cache, contents, write

MAKERS = (
    *("press/browser/fetched_files.py", "press/browser/backbone/*.py"),
    *("instruments/nn/efficientnet/packed_weights.py", "instruments/nn/efficientnet/__init__.py"),
    *("instruments/data/jpegs.py", "instruments/data/photographs.py", "instruments/data/photographs/*.jpg"),
    *("instruments/data/textures.py", "instruments/data/textures/*.jpg", "instruments/experiments/teaching.py"),
)
"""What decides over the content of the files, beside the wheels."""


@dataclass(frozen=True)
class Needed:
    """Files by their address in the site, their entries by name, and their names by the module that needs them."""

    files: Mapping[str, Path]
    entries: Mapping[str, Any]
    needs: Mapping[str, tuple[str, ...]]

    def told_in(self, manifest: Mapping[str, Any]) -> Mapping[str, Any]:
        """A page's manifest that tells of them, see `runtime/engine/protocol.js`."""
        if not self.needs:
            return manifest
        return {**manifest, "files": {**manifest.get("files", {}), **self.entries}, "needs": self.needs}


def needed(root: Path, instruments: Mapping[str, kit.Instrument[Any]]) -> Needed:
    """What the instruments, by module, need. The files must be `provided`."""
    needs = {name: each.FILES for name, each in instruments.items() if isinstance(each, kit.Fetches)}
    names = sorted({name for files in needs.values() for name in files})
    entries = {name: _entry(root, name) for name in names}
    return Needed({entries[name]["url"]: _place(root, name) for name in names}, entries, needs)


def provide(root: Path, names: Iterable[str]) -> dict[str, str | bytes]:
    """Have the files lie where instruments look for them; gives their digests. Raises wheels.RuntimeMissing."""
    wanted = list(names)
    if not wanted:
        return {}
    wheels = make.wheels(root / ".cache" / "wheels")
    makers = [path for pattern in MAKERS for path in sorted(root.glob(pattern))]
    inputs = {**contents(makers, root), **contents(wheels, root)}
    made = Cache(root / ".cache", "backbone", most=2).files(inputs, partial(_make, root, *wheels))
    assert made
    for name in wanted:
        content, place = (made / name).read_bytes(), _place(root, name)
        if not place.is_file() or place.read_bytes() != content:
            write(place, content).chmod(0o644)  # a site's file is the same one, and its host may be another user
    return {name: file_entry("", made / name)["sha256"] for name in wanted}


def _make(root: Path, weights: Path, names: Path, out: Path) -> None:
    print("> Packing the trained network", flush=True)
    jpegs = [(root / f"instruments/data/photographs/{name}.jpg").read_bytes() for name in photographs.PHOTOGRAPHS]
    pixels = [np.asarray(Image.open(io.BytesIO(jpeg))) for jpeg in jpegs]
    made = make.weight_files(weights)
    backbone = unpacked(made["backbone-features"], layers(0, CUT))
    pieces = make_textures.pixels()
    features = [teaching.looked_at(pieces[name], backbone) for name in textures.NAMES]
    made["textures"] = textures.packed([make_textures.jpeg(name) for name in textures.NAMES], features)
    made |= {"class-names": make.names_file(names), "photographs": photographs.packed(jpegs, pixels)}
    for name, content in made.items():
        (out / name).write_bytes(content)


def _place(root: Path, name: str) -> Path:
    return root / fetched.FOLDER.relative_to(fetched.FOLDER.parents[1]) / name


def _entry(root: Path, name: str) -> dict[str, Any]:
    entry = file_entry("", _place(root, name))
    return {**entry, "url": f"assets/{name}-{entry['sha256'][:12]}.bin"}
