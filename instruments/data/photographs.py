"""Photographs that a network can be shown, each 224 × 224 px, with where they come from.

They lie beside this file as JPEG. Python in the browser reads no JPEG, so the build packs their pixels as well, into
one file that a page fetches when somebody wants it (see `fetched`).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instruments.data import jpegs

Array = NDArray[Any]
SIDE = 224


@dataclass(frozen=True)
class Origin:
    """What a photograph is called for the reader, and who made it."""

    name: str
    credit: str


PHOTOGRAPHS = {
    "chelsea": Origin("Cat", "Chelsea, by Stéfan van der Walt (CC0)"),
    "coffee": Origin("Coffee", "Pikolo Espresso Bar, by Rachel Michetti (CC0)"),
    "camera": Origin("Photographer", "Cameraman, by Lav Varshney (CC0)"),
    "rocket": Origin("Rocket", "Launch of DSCOVR, by SpaceX (public domain)"),
    "astronaut": Origin("Astronaut", "Eileen Collins, by NASA (public domain)"),
}


@dataclass(frozen=True)
class Photograph:
    """Pixels (224, 224, 3) uint8, and the JPEG as a `data:` URL."""

    pixels: Array
    url: str


def packed(files: Iterable[bytes], pixels: Iterable[Array]) -> bytes:
    """Write the JPEGs of PHOTOGRAPHS and their pixels, these as differences of neighbours in a row, compressed."""
    steps = (np.diff(each, axis=1, prepend=np.uint8(0)).tobytes() for each in pixels)
    return zlib.compress(b"".join([jpegs.written([*files]), *steps]), 9)


def unpacked(content: bytes) -> dict[str, Photograph]:
    """Read what `packed` wrote, by the names in PHOTOGRAPHS."""
    urls, rest = jpegs.read(zlib.decompress(content), len(PHOTOGRAPHS))
    steps = np.frombuffer(rest, np.uint8).reshape(len(PHOTOGRAPHS), SIDE, SIDE, 3)
    pixels = np.cumsum(steps, axis=2, dtype=np.uint8)
    return {name: Photograph(*found) for name, found in zip(PHOTOGRAPHS, zip(pixels, urls, strict=True), strict=True)}
