"""Pack the photograph the instruments look at: `python make_photograph.py chelsea.png` writes the files beside it.

The photograph is "Chelsea", a cat, by Stéfan van der Walt, CC0 (no copyright restrictions). It ships with
scikit-image (in its wheel: skimage/data/chelsea.png, 451×300). It is not needed to build the book.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

FACE = (68, 0, 368, 300)
"""Left, top, right, bottom of the square around both eyes and the nose, px."""

PIXELS = 64
"""Side of the picture that numpy computes with."""

GREYS = 224
"""Side of the large picture, of which only the greys are kept."""

SHOWN = {"photograph.jpg": (152, 56), "large.jpg": (300, 72)}
"""Sides of the pictures that are shown, px, and their quality; they travel inside the page, so they are small."""


def main(source: str) -> None:
    """Write photograph.npy (64, 64, 3) uint8, greys.npy (224, 224) uint8 and the pictures of `SHOWN`."""
    folder = Path(__file__).parent
    face = Image.open(source).convert("RGB").crop(FACE)
    np.save(folder / "photograph.npy", np.asarray(face.resize((PIXELS, PIXELS), Image.Resampling.BOX)))
    np.save(folder / "greys.npy", np.asarray(face.resize((GREYS, GREYS), Image.Resampling.LANCZOS).convert("L")))
    for name, (side, quality) in SHOWN.items():
        shown = face.resize((side, side), Image.Resampling.LANCZOS)
        shown.save(folder / name, quality=quality, optimize=True, subsampling="4:2:0")


if __name__ == "__main__":
    main(sys.argv[1])
