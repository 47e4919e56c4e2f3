"""Pictures as bytes: a reader's own picture read from text, pixels written as a PNG that needs no compressor.

A PNG with uncompressed blocks has the same bytes whatever zlib is at hand.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from functools import lru_cache
from struct import pack
from typing import Any
from zlib import adler32, crc32

import numpy as np
from numpy.typing import NDArray

BLOCK = 65535
"""Longest uncompressed block of the deflate format, bytes."""


@lru_cache(maxsize=4)
def decoded(text: str, largest: int) -> NDArray[Any] | None:
    """Read "WIDTHxHEIGHT:base64 of RGB bytes" as (H, W, 3) uint8; None if it is no picture of at most `largest` px."""
    head, _, body = text.partition(":")
    width, _, height = head.partition("x")
    if not (width.isdecimal() and height.isdecimal() and len(head) < 12):
        return None
    W, H = int(width), int(height)
    try:
        pixels = b64decode(body, validate=True)
    except (Error, ValueError):
        return None
    if not (1 <= W <= largest and 1 <= H <= largest) or len(pixels) != 3 * W * H:
        return None
    return np.frombuffer(pixels, np.uint8).reshape(H, W, 3)


def middle_square(pixels: NDArray[Any], side: int) -> NDArray[Any]:
    """Cut the largest square from the middle of a picture (H, W, 3) and scale it: (side, side, 3) uint8."""
    length = min(pixels.shape[:2])
    top, left = ((whole - length) // 2 for whole in pixels.shape[:2])
    square = pixels[top : top + length, left : left + length]
    if length == side:
        return square
    w = _shares(length, side)
    rows = np.tensordot(w, square.astype(np.float64), 1)
    return np.floor(np.tensordot(w, rows, ((1,), (1,))).transpose(1, 0, 2) + 0.5).astype(np.uint8)


def _shares(length: int, side: int) -> NDArray[Any]:
    """What each of `length` pixels gives to each of `side` in their place: more the nearer it is, (side, length)."""
    scale = length / side
    middles = (np.arange(side) + 0.5) * scale
    distance = abs(np.arange(length) + 0.5 - middles[:, None]) / max(scale, 1)
    shares: NDArray[Any] = np.maximum(1 - distance, 0)
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def png_url(pixels: NDArray[Any], bits: int = 8) -> str:
    """Write pixels, RGB (H, W, 3) or grey (H, W), as a `data:` URL; greys may have 4 bits, 0 to 15."""
    height, width = pixels.shape[:2]
    rows: NDArray[Any] = np.ascontiguousarray(pixels, np.uint8).reshape(height, -1)
    if bits == 4:
        whole = np.zeros((height, width + width % 2), np.uint8)
        whole[:, :width] = rows
        rows = whole[:, 0::2] << 4 | whole[:, 1::2]
    lines = np.zeros((height, rows.shape[1] + 1), np.uint8)  # each row starts with its filter, 0: none
    lines[:, 1:] = rows
    data = lines.tobytes()
    header = pack(">IIBBBBB", width, height, bits, 2 if pixels.ndim == 3 else 0, 0, 0, 0)
    file = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", _stored(data)) + _chunk(b"IEND", b"")
    return "data:image/png;base64," + b64encode(file).decode()


def _stored(data: bytes) -> bytes:
    """Wrap bytes in the deflate format without compressing them."""
    starts = range(0, len(data), BLOCK)
    blocks = b"".join(
        pack("<BHH", start == starts[-1], len(block), len(block) ^ 0xFFFF) + block
        for start, block in ((start, data[start : start + BLOCK]) for start in starts)
    )
    return b"\x78\x01" + blocks + pack(">I", adler32(data))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + kind + content + pack(">I", crc32(kind + content))
