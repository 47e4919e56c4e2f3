"""Pieces of three textures, 128 × 128 px: a network is taught with the left half of each and asked about the right.

They lie beside this file as JPEG. The build packs them with their features, as a network's layers give them, into one
file that a page fetches when somebody wants it (see `fetched`): a page that has it need not look at them again.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instruments.data import jpegs
from instruments.data.photographs import Origin

Array = NDArray[Any]
SIDE = 128
TEXTURES = {
    "brick": Origin("Brick", "Bricks25, by CC0Textures (CC0)"),
    "grass": Origin("Grass", "Grass 01, by linolafett (CC0)"),
    "gravel": Origin("Gravel", "Gravel04, by CC0Textures (CC0)"),
}
TAUGHT = ((0, 0), (1, 1), (2, 0), (3, 1), (0, 1))
ASKED = ((0, 2), (1, 3), (2, 2))
"""Places of the pieces in a texture cut into 4 × 4: row, column. No piece shares a pixel with another."""


def taught(texture: str) -> tuple[str, ...]:
    """Name the pieces of the left half."""
    return tuple(f"{texture}-{i}" for i in range(len(TAUGHT)))


def asked(texture: str) -> tuple[str, ...]:
    """Name the pieces of the right half."""
    return tuple(f"{texture}-{len(TAUGHT) + i}" for i in range(len(ASKED)))


NAMES = tuple(name for texture in TEXTURES for name in (*taught(texture), *asked(texture)))


@dataclass(frozen=True)
class Piece:
    """The JPEG as a `data:` URL, and features (n,)."""

    url: str
    features: Array


def packed(files: Iterable[bytes], features: Iterable[Array]) -> bytes:
    """Write the JPEGs of NAMES and the features of each, compressed; rounded, so that every machine writes the same."""
    return zlib.compress(b"".join([jpegs.written([*files]), *(each.astype("<f2").tobytes() for each in features)]), 9)


def unpacked(content: bytes) -> dict[str, Piece]:
    """Read what `packed` wrote, by NAMES."""
    urls, rest = jpegs.read(zlib.decompress(content), len(NAMES))
    features = np.frombuffer(rest, "<f2").astype(np.float32).reshape(len(NAMES), -1)
    return {name: Piece(*found) for name, found in zip(NAMES, zip(urls, features, strict=True), strict=True)}
