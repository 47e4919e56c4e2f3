"""Pack the handwritten digits the labs learn from: writes instruments/data/digits.npz.

"Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998,
https://doi.org/10.24432/C50P49, licence CC BY 4.0; the copy that scikit-learn 1.9.1 ships (its test part: 1,797 images
of 13 writers). Bitmaps of 32 × 32 pixels, cut into 8 × 8 blocks; a value counts the 16 pixels of a block that are set.
Nothing is changed but the type. Needs scikit-learn, which is not needed to build the book.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits  # type: ignore[import-not-found]


def main() -> None:
    """Write digits.npz: images (1797, 8, 8) uint8 of 0 … 16, labels (1797,) uint8, in the order of the source."""
    digits = load_digits()
    images, labels = digits.images.astype(np.uint8), digits.target.astype(np.uint8)
    folder = Path(__file__).parents[2] / "instruments" / "data"
    np.savez_compressed(folder / "digits.npz", images=images, labels=labels)


if __name__ == "__main__":
    main()
