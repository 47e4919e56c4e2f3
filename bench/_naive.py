"""LeNet-5 as a careful author writes it in numpy, without an eye on speed: what the labs' step is measured against.

Everything is in the field's axes, (N, C, H, W), float32, one plain formula per layer. A convolution multiplies a view
of all windows by the kernels and sums: by one `einsum` (`Conv`), or by `tensordot`, which copies the windows and calls
the matrix product (`Tensordot`); its input gradient does the same to the padded gradient with turned kernels. ReLU is
`np.maximum`, pooling an argmax over 2 × 2 windows, a dense layer `@`, Adam the two lines of its paper for every array.
Nothing is computed that the labs' step leaves out: the gradient of the images is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


class Layer:
    """A step of the network; `weights` and `gradients` go together."""

    weights: tuple[Any, ...] = ()
    gradients: tuple[Any, ...] = ()

    def forward(self, x: Any) -> Any:
        raise NotImplementedError

    def backward(self, gradient: Any) -> Any:
        raise NotImplementedError


class Conv(Layer):
    """Kernels (C_out, C_in, k, k) and biases over zero-padded maps."""

    def __init__(self, kernels: Any, bias: Any, padding: int = 0) -> None:
        self.weights, self.padding, self.k = (kernels, bias), padding, kernels.shape[-1]

    def forward(self, x: Any) -> Any:
        kernels, bias = self.weights
        self._windows = self.windows(x, self.padding)
        return self.slide(self._windows, kernels) + bias[:, None, None]

    def backward(self, gradient: Any) -> Any:
        self.weigh(gradient)
        turned = self.weights[0][:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
        return self.slide(self.windows(gradient, self.k - 1 - self.padding), turned)

    def weigh(self, gradient: Any) -> None:
        self.gradients = self.share(gradient, self._windows), gradient.sum((0, 2, 3))

    def windows(self, x: Any, padding: int) -> Any:
        framed = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
        return sliding_window_view(framed, (self.k, self.k), (2, 3))

    def slide(self, windows: Any, kernels: Any) -> Any:
        return np.einsum("nchwij,ocij->nohw", windows, kernels)

    def share(self, gradient: Any, windows: Any) -> Any:
        return np.einsum("nohw,nchwij->ocij", gradient, windows)


class Tensordot(Conv):
    """The same by numpy.tensordot."""

    def slide(self, windows: Any, kernels: Any) -> Any:
        return np.tensordot(windows, kernels, ((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)

    def share(self, gradient: Any, windows: Any) -> Any:
        return np.tensordot(gradient, windows, ((0, 2, 3), (0, 2, 3)))


class Relu(Layer):
    def forward(self, x: Any) -> Any:
        self._x = x
        return np.maximum(x, 0)

    def backward(self, gradient: Any) -> Any:
        return gradient * (self._x > 0)


class MaxPool(Layer):
    """2 × 2, to the first largest pixel of each window."""

    def forward(self, x: Any) -> Any:
        N, C, H, W = x.shape
        windows = x.reshape(N, C, H // 2, 2, W // 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(N, C, H // 2, W // 2, 4)
        self._first = windows.argmax(-1)[..., None]
        return np.take_along_axis(windows, self._first, -1)[..., 0]

    def backward(self, gradient: Any) -> Any:
        N, C, H, W = gradient.shape
        windows = np.zeros((N, C, H, W, 4), gradient.dtype)
        np.put_along_axis(windows, self._first, gradient[..., None], -1)
        return windows.reshape(N, C, H, W, 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(N, C, 2 * H, 2 * W)


class Flatten(Layer):
    def forward(self, x: Any) -> Any:
        self._shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, gradient: Any) -> Any:
        return gradient.reshape(self._shape)


class Dense(Layer):
    """Weights (D_out, D_in) and biases."""

    def __init__(self, weights: Any, bias: Any) -> None:
        self.weights = weights, bias

    def forward(self, x: Any) -> Any:
        self._x = x
        return x @ self.weights[0].T + self.weights[1]

    def backward(self, gradient: Any) -> Any:
        self.gradients = gradient.T @ self._x, gradient.sum(0)
        return gradient @ self.weights[0]


class Network:
    """Layers in a row, a convolution first, and Adam with its usual constants."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = list(layers)
        self._means = [np.zeros_like(weights) for layer in layers for weights in layer.weights]
        self._squares = [np.zeros_like(mean) for mean in self._means]
        self._steps = 0

    def step(self, images: Any, labels: Any, rate: float) -> None:
        """Learn from one batch by softmax cross-entropy."""
        x = images
        for layer in self.layers:
            x = layer.forward(x)
        powers = np.exp(x - x.max(1, keepdims=True))
        gradient = powers / powers.sum(1, keepdims=True)
        gradient[np.arange(len(labels)), labels] -= 1
        gradient /= len(labels)
        for layer in reversed(self.layers[1:]):
            gradient = layer.backward(gradient)
        first = self.layers[0]
        assert isinstance(first, Conv)
        first.weigh(gradient)
        self._adam(rate)

    def _adam(self, rate: float) -> None:
        self._steps += 1
        weights = [weights for layer in self.layers for weights in layer.weights]
        for i, (values, gradient) in enumerate(zip(weights, self.gradients(), strict=True)):
            self._means[i] = 0.9 * self._means[i] + 0.1 * gradient
            self._squares[i] = 0.999 * self._squares[i] + 0.001 * gradient**2
            unbiased = self._means[i] / (1 - 0.9**self._steps), self._squares[i] / (1 - 0.999**self._steps)
            values -= rate * unbiased[0] / (np.sqrt(unbiased[1]) + 1e-8)

    def gradients(self) -> list[Any]:
        """Those of the last step, layer by layer."""
        return [gradient for layer in self.layers for gradient in layer.gradients]
