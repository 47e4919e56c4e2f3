"""Handwritten digits for the labs, by E. Alpaydin and C. Kaynak, CC BY 4.0; see tests/reference/make_digits.py."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

CREDIT = (
    "Digits: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository "
    "(1998), doi:10.24432/C50P49, CC BY 4.0"
)
TESTED = 500
"""Images kept for testing; the other 1,297 train."""


class Split(NamedTuple):
    """Images (N, 1, 8, 8) float32 in [0, 1] and labels (N,) int64, to train and to test."""

    train: NDArray[Any]
    train_labels: NDArray[Any]
    test: NDArray[Any]
    test_labels: NDArray[Any]


@cache
def digits() -> tuple[NDArray[Any], NDArray[Any]]:
    """Return all images (1797, 8, 8) uint8 of 0 … 16 and labels (1797,) uint8, in the order of the source."""
    with np.load(Path(__file__).parent / "digits.npz") as packed:
        return packed["images"], packed["labels"]


def split(rng: np.random.Generator) -> Split:
    """Divide the images at random, whoever wrote them: training and test images share their writers."""
    images, labels = digits()
    order = rng.permutation(len(images))
    pictures = (images[order, None] / np.float32(16)).astype(np.float32)
    names = labels[order].astype(np.int64)
    return Split(pictures[TESTED:], names[TESTED:], pictures[:TESTED], names[:TESTED])
