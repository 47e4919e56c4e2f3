"""The chapter's cover: the seven of the kernel explorer, a Sobel kernel, and the signed feature map they give."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from instruments.nn.kernels import drawing, kernel
from instruments.nn.ops import correlate2d

WIDTH, HEIGHT = 1200, 630
PIXEL, GAP = 46, 4
PAPER, INK = (251, 250, 247), (27, 30, 37)
NEGATIVE, POSITIVE = (97, 74, 150), (141, 67, 2)


def cover() -> NDArray[Any]:
    """Return the pixels (630, 1200, 3), uint8."""
    picture = np.full((HEIGHT, WIDTH, 3), PAPER, np.uint8)
    seven, sobel = drawing("seven"), kernel("sobel-x", 3)
    parts = [_inked(seven), _signed(sobel), _signed(correlate2d(seven, sobel))]
    space = (WIDTH - sum(part.shape[1] for part in parts)) // (len(parts) + 1)
    left = space
    for part in parts:
        top = (HEIGHT - part.shape[0]) // 2
        picture[top : top + part.shape[0], left : left + part.shape[1]] = part
        left += part.shape[1] + space
    return picture


def _inked(values: NDArray[Any]) -> NDArray[Any]:
    """Draw values from 0 to 1, (H, W), as squares between white and ink."""
    return _squares(_between((255, 255, 255), INK, values))


def _signed(values: NDArray[Any]) -> NDArray[Any]:
    """Draw values, (H, W), as squares: purple below 0, orange above."""
    share = values / np.abs(values).max()
    white = (247, 247, 244)
    return _squares(np.where(share[..., None] < 0, _between(white, NEGATIVE, -share), _between(white, POSITIVE, share)))


def _between(start: tuple[int, ...], end: tuple[int, ...], share: NDArray[Any]) -> NDArray[Any]:
    """Return colours (H, W, 3) at shares (H, W) of the way."""
    colours: NDArray[Any] = np.array(start) + (np.array(end) - np.array(start)) * share.clip(0, 1)[..., None]
    return colours


def _squares(colours: NDArray[Any]) -> NDArray[Any]:
    """Give every colour of (H, W, 3) a square of `PIXEL` pixels, with `GAP` pixels of paper after each."""
    large: NDArray[Any] = np.kron(colours, np.ones((PIXEL, PIXEL, 1))).round().astype(np.uint8)
    lines = (np.arange(large.shape[0]) % PIXEL >= PIXEL - GAP)[:, None]
    columns = (np.arange(large.shape[1]) % PIXEL >= PIXEL - GAP)[None, :]
    large[lines | columns] = PAPER
    return large
