"""The ways to write the same arithmetic, timed in turn. Runs in the browser's Python, and in CPython with scipy."""

from __future__ import annotations

import json  # noqa: F401 – for the line that the benchmark appends
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import correlate2d as scipy_correlate2d

from instruments import ops
from instruments.learn.layers import Conv, Dense, Flatten, Relu
from instruments.learn.network import Network, inside, outside
from instruments.learn.pooling import MaxPool
from instruments.learn.training import Adam, learn

ROUNDS = 25
REPEATS = 10
"""Runs of a small contestant per round; a browser's clock ticks in tenths of a millisecond."""

rng = np.random.default_rng(0)


class Windowed(Conv):
    """A convolution in (N, C, H, W) over a view of all windows, as it is usually written."""

    def forward(self, x: Any, training: bool = False) -> Any:
        p = self.padding
        maps = np.pad(outside(x), ((0, 0), (0, 0), (p, p), (p, p)))
        self._windows = sliding_window_view(maps, (self.k, self.k), (2, 3))
        return inside(self.slide(self._windows, self.weights["kernels"]) + self.weights["bias"][:, None, None])

    def backward(self, gradient: Any) -> Any:
        self.weigh(gradient)
        p = self.k - 1 - self.padding
        maps = np.pad(outside(gradient), ((0, 0), (0, 0), (p, p), (p, p)))
        turned = self.weights["kernels"][:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
        return inside(self.slide(sliding_window_view(maps, (self.k, self.k), (2, 3)), turned))

    def weigh(self, gradient: Any) -> None:
        g = outside(gradient)
        self.gradients = {"kernels": self.share(g), "bias": g.sum((0, 2, 3))}

    def slide(self, windows: Any, kernels: Any) -> Any:
        return np.einsum("nchwij,ocij->nohw", windows, kernels)

    def share(self, gradient: Any) -> Any:
        return np.einsum("nohw,nchwij->ocij", gradient, self._windows)


class Tensordot(Windowed):
    """The same by numpy.tensordot, which copies the windows and calls the matrix product."""

    def slide(self, windows: Any, kernels: Any) -> Any:
        return np.tensordot(windows, kernels, ((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)

    def share(self, gradient: Any) -> Any:
        return np.tensordot(gradient, self._windows, ((0, 2, 3), (0, 2, 3)))


def lenet(kind: type[Conv]) -> Network:
    """LeNet-5 with ReLU and max-pooling: 61,706 parameters."""
    own = np.random.default_rng(1)
    maps = [kind(1, 6, 5, own, padding=2), Relu(), MaxPool(), kind(6, 16, 5, own), Relu(), MaxPool(), Flatten()]
    return Network([*maps, Dense(400, 120, own), Relu(), Dense(120, 84, own), Relu(), Dense(84, 10, own)])


def stepper(kind: type[Conv]) -> Callable[[], Network]:
    network = lenet(kind)
    optimiser = Adam(network.values.size)

    def step() -> Network:
        learn(network, optimiser, IMAGES, LABELS, 0.001)
        return network

    return step


def einsum(image: Any, kernel: Any) -> Any:
    return np.einsum("hwij,ij->hw", sliding_window_view(image, kernel.shape), kernel)


def scipy_valid(image: Any, kernel: Any) -> Any:
    return scipy_correlate2d(image, kernel, "valid")


IMAGES = rng.standard_normal((32, 1, 28, 28)).astype(np.float32)
LABELS = np.arange(32) % 10
IMAGE = rng.standard_normal((224, 224)).astype(np.float32)
KERNELS = {k: rng.standard_normal((k, k)).astype(np.float32) for k in (3, 7)}


def contestants() -> dict[str, Callable[[], Any]]:
    ways = {"ours": ops.correlate2d, "einsum": einsum, "scipy": scipy_valid}
    one = {
        f"{name}_{k}x{k}": (lambda way=way, k=k: way(IMAGE, KERNELS[k])) for k in KERNELS for name, way in ways.items()
    }
    return {**one, "step_ours": stepper(Conv), "step_tensordot": stepper(Tensordot), "step_naive": stepper(Windowed)}


def measure() -> dict[str, Any]:
    """Medians in ms of interleaved rounds, the ratios, and how far the results lie apart."""
    ways = contestants()
    apart = _apart({name: way() for name, way in ways.items()})
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            times[name].append(_seconds(way, 1 if name.startswith("step") else REPEATS))
    ms = {name: 1000 * sorted(spans)[ROUNDS // 2] for name, spans in times.items()}
    ratios = {
        "einsum_3x3": ms["einsum_3x3"] / ms["ours_3x3"],
        "einsum_7x7": ms["einsum_7x7"] / ms["ours_7x7"],
        "correlate2d_3x3": ms["scipy_3x3"] / ms["ours_3x3"],
        "step_tensordot": ms["step_tensordot"] / ms["step_ours"],
        "step_naive": ms["step_naive"] / ms["step_ours"],
    }
    return {"ms": ms, "ratios": {name: round(ratio, 2) for name, ratio in ratios.items()}, "difference": apart}


def _seconds(way: Callable[[], Any], repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        way()
    return (time.perf_counter() - start) / repeats


def _apart(results: dict[str, Any]) -> float:
    """Largest difference between what should be equal: the maps, and all weights after one step."""
    apart = [
        np.abs(results[f"ours_{k}x{k}"] - results[f"{name}_{k}x{k}"]).max()
        for k in KERNELS
        for name in ("einsum", "scipy")
    ]
    ours = results["step_ours"].values
    apart += [np.abs(ours - results[f"step_{name}"].values).max() for name in ("tensordot", "naive")]
    return float(max(apart))
