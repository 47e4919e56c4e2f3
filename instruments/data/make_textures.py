"""Cut the textures that a network is taught with: `python make_textures.py FOLDER` writes `textures/*.jpg` here.

FOLDER holds scikit-image's own (in its wheel: skimage/data/). It is not needed to build the book; reading them is.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from instruments.data.textures import ASKED, NAMES, SIDE, TAUGHT, TEXTURES, asked, taught

FOLDER = Path(__file__).parent / "textures"


def jpeg(name: str) -> bytes:
    """Read the file of a piece."""
    return (FOLDER / f"{name}.jpg").read_bytes()


def pixels() -> dict[str, NDArray[Any]]:
    """Read every piece, (128, 128, 3) uint8, by its name."""
    return {name: np.asarray(Image.open(BytesIO(jpeg(name))).convert("RGB")) for name in NAMES}


def main(source: str) -> None:
    """Write the pieces of each texture, as grey as it is."""
    FOLDER.mkdir(exist_ok=True)
    for texture in TEXTURES:
        whole = Image.open(Path(source) / f"{texture}.png")
        for name, (row, column) in zip((*taught(texture), *asked(texture)), (*TAUGHT, *ASKED), strict=True):
            left, top = SIDE * column, SIDE * row
            piece = whole.crop((left, top, left + SIDE, top + SIDE))
            piece.save(FOLDER / f"{name}.jpg", quality=70, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1])
