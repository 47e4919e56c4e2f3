"""The picture that stands for a chapter where its address is shared: `cover()` of the chapter's own cover.py."""

from __future__ import annotations

import zlib
from functools import cache
from pathlib import Path
from struct import pack
from typing import Any

import numpy as np
from numpy.typing import NDArray

from press.text.own_module import load


def cover(path: Path) -> bytes | None:
    """The PNG that a module's `cover()` gives as pixels (H, W, 3), uint8; None where there is no such file."""
    return _drawn(path) if path.is_file() else None


@cache  # like all Python, it is read once
def _drawn(path: Path) -> bytes:
    return png(load(path).cover())


def png(pixels: NDArray[Any]) -> bytes:
    """Pixels (H, W, 3), uint8, as a file; equal pixels give equal bytes under the same zlib."""
    height, width, _ = pixels.shape
    lines = np.zeros((height, 1 + 3 * width), np.uint8)  # each row starts with its filter, 0: none
    lines[:, 1:] = pixels.reshape(height, -1)
    header = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))
