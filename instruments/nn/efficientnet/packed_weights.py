"""The weights of EfficientNet-Lite0 as bytes, layer after layer: a tenth of a float's digits are enough for most.

For each layer its biases in float32, then its weights: in float16 those of the stem, of depthwise layers and of the
small 1×1 layers near the input; of all others as whole numbers from −127 to 127, and before them one float32 scale for
each output channel.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instruments.nn.efficientnet import BLOCKS, CLASSES, HEAD, STEM, Weights

Array = NDArray[Any]
CUT = 11
"""Blocks in the first of two files: what they make of a photograph serves for other tasks, the rest names classes."""
FEW = 4096
"""Weights that a small 1×1 layer has at most."""
MOST = 127
"""The greatest whole number a weight becomes."""


@dataclass(frozen=True)
class Layer:
    """A layer's name and the shape of its weights: (C_out, C_in), or (k, k, C) where it is depthwise."""

    name: str
    shape: tuple[int, ...]

    @property
    def channels(self) -> int:
        """C_out, the number of biases."""
        return self.shape[-1] if len(self.shape) == 3 else self.shape[0]


def layers(first: int = 0, last: int = len(BLOCKS)) -> Iterator[Layer]:
    """The layers of the blocks first … last − 1 in the order of their use, stem and head with the outermost blocks."""
    if first == 0:
        yield Layer("stem", (STEM, 3 * 3 * 3))
    for i, block in tuple(enumerate(BLOCKS))[first:last]:
        if block.inner != block.c_in:
            yield Layer(f"expand {i}", (block.inner, block.c_in))
        yield Layer(f"depthwise {i}", (block.k, block.k, block.inner))
        yield Layer(f"project {i}", (block.c_out, block.inner))
    if last == len(BLOCKS):
        yield from (Layer("head", (HEAD, BLOCKS[-1].c_out)), Layer("classes", (CLASSES, HEAD)))


class Damaged(ValueError):
    """Bytes that are not the weights they should be."""


def packed(layers: Iterable[Layer], weights: Weights) -> bytes:
    """Write the layers, compressed."""
    return zlib.compress(b"".join(part for layer in layers for part in _written(layer, *weights[layer.name])), 9)


def unpacked(content: bytes, layers: Iterable[Layer]) -> dict[str, tuple[Array, Array]]:
    """Read what `packed` wrote of the same layers, as float32. Raises Damaged."""
    try:
        reader = _Reader(zlib.decompress(content))
        weights = {layer.name: _read(layer, reader) for layer in layers}
    except zlib.error as error:
        raise Damaged(f"the network's weights arrived damaged: {error}") from error
    if reader.left:
        raise Damaged(f"the network's weights are {reader.left} bytes too long")
    return weights


def is_exact(layer: Layer) -> bool:
    """Whether the weights are float16: there are few, and each counts for much.

    The small 1×1 layers cost 15 kB so; as whole numbers they would change twice as many answers as all the rest.
    """
    return layer.name.startswith(("stem", "depthwise")) or prod(layer.shape) <= FEW


def _written(layer: Layer, w: Array, b: Array) -> Iterator[bytes]:
    if w.shape != layer.shape:
        raise Damaged(f"{layer.name} has weights {w.shape}, not {layer.shape}")
    yield b.astype("<f4").tobytes()
    if is_exact(layer):
        yield w.astype("<f2").tobytes()
        return
    scale = abs(w).max(axis=1, keepdims=True) / MOST
    yield scale.astype("<f4").tobytes()
    yield np.rint(w / scale).astype(np.int8).tobytes()


def _read(layer: Layer, reader: _Reader) -> tuple[Array, Array]:
    b = reader.take("<f4", layer.channels)
    if is_exact(layer):
        return reader.take("<f2", prod(layer.shape)).reshape(layer.shape), b
    scale = reader.take("<f4", layer.channels)
    return reader.take("i1", prod(layer.shape)).reshape(layer.shape) * scale[:, None], b


class _Reader:
    """Takes numbers from bytes, one array after another."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return len(self._content) - self._at

    def take(self, kind: str, count: int) -> Array:
        """The next numbers, as float32. Raises Damaged."""
        size = count * np.dtype(kind).itemsize
        if size > self.left:
            raise Damaged(f"the network's weights end {size - self.left} bytes too early")
        found = np.frombuffer(self._content, kind, count, self._at).astype(np.float32)
        self._at += size
        return found
