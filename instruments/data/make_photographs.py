"""Cut the photographs that a network is shown: `python make_photographs.py FOLDER` writes `photographs/*.jpg` here.

FOLDER holds scikit-image's own (in its wheel: skimage/data/). It is not needed to build the book.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from instruments.data.photographs import PHOTOGRAPHS, SIDE


def main(source: str) -> None:
    """Write the middle square of each, 224 × 224 px."""
    folder = Path(__file__).parent / "photographs"
    folder.mkdir(exist_ok=True)
    for name in PHOTOGRAPHS:
        (path,) = Path(source).glob(f"{name}.*")
        whole = Image.open(path).convert("RGB")
        side = min(whole.size)
        left, top = ((length - side) // 2 for length in whole.size)
        square = whole.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        square.save(folder / f"{name}.jpg", quality=88, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1])
