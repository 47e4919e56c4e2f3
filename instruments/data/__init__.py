"""The photograph of the instruments: "Chelsea" by Stéfan van der Walt, CC0 (see make_photograph.py)."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent
CREDIT = "Photograph: Chelsea, by Stéfan van der Walt (CC0)"


@cache
def photograph() -> NDArray[Any]:
    """Return the photograph's pixels, (64, 64, 3) uint8, read-only."""
    pixels: NDArray[Any] = np.load(FOLDER / "photograph.npy")
    pixels.setflags(write=False)
    return pixels


@cache
def greys() -> NDArray[Any]:
    """Return the greys of the large photograph, (224, 224) uint8, read-only."""
    pixels: NDArray[Any] = np.load(FOLDER / "greys.npy")
    pixels.setflags(write=False)
    return pixels


@cache
def photograph_url(name: str = "photograph") -> str:
    """Return the photograph or the `large` one as a `data:` URL for an SVG image."""
    return "data:image/jpeg;base64," + b64encode((FOLDER / f"{name}.jpg").read_bytes()).decode()
