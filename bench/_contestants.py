"""The ways to write the same arithmetic, timed in turn. Runs in the browser's Python, and in CPython with scipy.

One image, one kernel: `ops.correlate2d`, one einsum over a view of all windows, scipy's correlate2d. A step of LeNet-5:
the labs' own (`instruments.nn`), and the whole network of `bench._naive` with either of its convolutions.
"""

from __future__ import annotations

import json  # noqa: F401 – for the line that the benchmark appends
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import correlate2d as scipy_correlate2d

from bench import _naive as naive
from instruments.nn import ops
from instruments.nn.layers import Conv, Dense, Flatten, Relu
from instruments.nn.network import Network
from instruments.nn.pooling import MaxPool
from instruments.nn.training import Adam, learn

ROUNDS = 25
REPEATS = 10
"""Runs of a small contestant per round; a browser's clock ticks in tenths of a millisecond."""

RATE = 0.001
rng = np.random.default_rng(0)


def lenet() -> Network:
    """LeNet-5 with ReLU and max-pooling: 61,706 parameters."""
    own = np.random.default_rng(1)
    maps = [Conv(1, 6, 5, own, padding=2), Relu(), MaxPool(), Conv(6, 16, 5, own), Relu(), MaxPool(), Flatten()]
    return Network([*maps, Dense(400, 120, own), Relu(), Dense(120, 84, own), Relu(), Dense(84, 10, own)])


def ours() -> Callable[[], Any]:
    """A step of the labs' network; gives the gradients."""
    network = lenet()
    optimiser = Adam(network.values.size)

    def step() -> Any:
        learn(network, optimiser, IMAGES, LABELS, RATE)
        return network.gradient()

    return step


def theirs(kind: type[naive.Conv]) -> Callable[[], Any]:
    """A step of the naive network, from the same weights; gives the gradients."""
    copies = [[array.copy() for array in layer.weights.values()] for layer in lenet().layers if layer.weights]
    first, second, *dense = copies
    maps = [kind(*first, padding=2), naive.Relu(), naive.MaxPool(), kind(*second), naive.Relu(), naive.MaxPool()]
    rows = [layer for pair in dense for layer in (naive.Dense(*pair), naive.Relu())][:-1]
    network = naive.Network([*maps, naive.Flatten(), *rows])

    def step() -> Any:
        network.step(IMAGES, LABELS, RATE)
        return np.concatenate([gradient.ravel() for gradient in network.gradients()])

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
    return {**one, "step_ours": ours(), "step_tensordot": theirs(naive.Tensordot), "step_naive": theirs(naive.Conv)}


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
    """Largest difference between what should be equal: the maps, and the gradients of all weights at the first step."""
    apart = [
        np.abs(results[f"ours_{k}x{k}"] - results[f"{name}_{k}x{k}"]).max()
        for k in KERNELS
        for name in ("einsum", "scipy")
    ]
    apart += [np.abs(results["step_ours"] - results[f"step_{name}"]).max() for name in ("tensordot", "naive")]
    return float(max(apart))
