"""Networks: layers in a row, blocks with a skip connection, all weights side by side in one vector.

The border of a network has the field's axes: images (N, C, H, W) in, logits (N, K) out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from instruments.nn.layers import Conv, Layer
from instruments.nn.windows import Array


def inside(x: Array) -> Array:
    """(N, C, H, W) -> (C, H, W, N)."""
    return np.ascontiguousarray(x.transpose(1, 2, 3, 0))


def outside(x: Array) -> Array:
    """(C, H, W, N) -> (N, C, H, W)."""
    return np.ascontiguousarray(x.transpose(3, 0, 1, 2))


class Residual(Layer):
    """y = F(x) + x (EQ N2.4); F is a row of layers that keep the shape."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        super().__init__()
        self.layers = tuple(layers)

    def forward(self, x: Array, training: bool = False) -> Array:
        """Any shape that F keeps."""
        y = x
        for layer in self.layers:
            y = layer.forward(y, training)
        return y + x

    def backward(self, gradient: Array) -> Array:
        """The gradient through F, and the gradient itself."""
        g = gradient
        for layer in reversed(self.layers):
            g = layer.backward(g)
        return g + gradient

    def parts(self) -> list[Layer]:
        """The layers of F."""
        return [part for layer in self.layers for part in layer.parts()]


class Network:
    """Layers in a row. `values` holds all weights, layer by layer; the layers' own arrays are views of it."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)
        self._named = [(part, name) for part in self.parts() for name in part.weights]
        arrays = [part.weights[name] for part, name in self._named]
        self.values = np.concatenate([array.ravel() for array in arrays]) if arrays else np.zeros(0, np.float32)
        start = 0
        for (part, name), array in zip(self._named, arrays, strict=True):
            part.weights[name] = self.values[start : start + array.size].reshape(array.shape)
            start += array.size

    def parts(self, first: int = 0) -> list[Layer]:
        """Every layer that may have weights, of the layers from `first` on."""
        return [part for layer in self.layers[first:] for part in layer.parts()]

    def forward(self, images: Array, training: bool = False) -> Array:
        """(N, C, H, W) -> (N, K)."""
        x = inside(images)
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def stages(self, images: Array) -> list[Array]:
        """The output of every layer, maps as (N, C, H, W), rows as (N, D)."""
        x, outputs = inside(images), []
        for layer in self.layers:
            x = layer.forward(x)
            outputs.append(outside(x) if x.ndim == 4 else x)
        return outputs

    def backward(self, gradient: Array, first: int = 0) -> None:
        """Fill the gradients of the layers from `first` on, from that of the logits, (N, K)."""
        for layer in reversed(self.layers[first + 1 :]):
            gradient = layer.backward(gradient)
        last = self.layers[first]
        if isinstance(last, Conv):
            last.weigh(gradient)
        else:
            last.backward(gradient)

    def gradient(self, first: int = 0) -> Array:
        """The gradients of `values[start(first):]`, side by side."""
        return np.concatenate([part.gradients[name].ravel() for part in self.parts(first) for name in part.weights])

    def start(self, first: int) -> int:
        """Where the weights of the layers from `first` on begin in `values`."""
        return self.values.size - sum(array.size for part in self.parts(first) for array in part.weights.values())
