"""Every layer, loss and optimiser against PyTorch's results (tests/reference/make_cases.py), ties included."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from instruments.nn import ops
from instruments.nn.layers import BatchNorm, Conv, Dense, Flatten, Layer, Relu
from instruments.nn.network import Network, Residual, inside, outside
from instruments.nn.pooling import AvgPool, BlurPool, GlobalAverage, MaxPool
from instruments.nn.training import Adam, Momentum, cross_entropy

Array = NDArray[Any]
CASES: dict[str, Array] = dict(np.load(Path(__file__).parent.parent / "reference" / "pytorch.npz"))
RNG = np.random.default_rng(0)


def case(name: str) -> dict[str, Array]:
    arrays = {key.removeprefix(f"{name}/"): array for key, array in CASES.items() if key.startswith(f"{name}/")}
    assert arrays, f"no case {name}"
    return arrays


def names(prefix: str) -> list[str]:
    return sorted({key.rpartition("/")[0] for key in CASES if key.startswith(f"{prefix}/")})


def sizes(name: str) -> list[int]:
    return [int(part) for part in name.rpartition("/")[2].split("-")]


def close(ours: Array, theirs: Array, kind: Any) -> None:
    assert ours.dtype == kind
    tolerance = 1e-12 if kind is np.float64 else 2e-5
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance * max(1.0, np.abs(theirs).max()))


def compare(layer: Layer, known: dict[str, Array], kind: Any) -> None:
    """Run a layer forwards and backwards with the weights of the case; maps or rows, as the case has them."""
    enter, leave = (inside, outside) if known["x"].ndim == 4 else (np.asarray, np.asarray)
    rows = known["output"].ndim == 2
    layer.weights = {name: known[name].astype(kind) for name in layer.weights}
    y = layer.forward(enter(known["x"].astype(kind)), training=True)
    close(y if rows else outside(y), known["output"], kind)
    upstream = known["upstream"].astype(kind)
    close(leave(layer.backward(upstream if rows else inside(upstream))), known["gradient_x"], kind)
    for name in layer.weights:
        close(layer.gradients[name], known[f"gradient_{name}"], kind)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("name", names("conv"))
def test_convolution(name: str, kind: Any) -> None:
    k, stride, padding = sizes(name)
    compare(Conv(3, 5, k, RNG, stride, padding), case(name), kind)


@pytest.mark.parametrize("name", names("conv"))
def test_gradients_of_the_published_arithmetic(name: str) -> None:
    """The same cases through `ops`; a transposed convolution is the gradient of the input, where nothing was cut."""
    known, (k, stride, padding) = case(name), sizes(name)
    x, upstream, kernels = known["x"], known["upstream"], known["kernels"]
    close(ops.conv2d_weight_gradient(x, upstream, k, stride, padding), known["gradient_kernels"], np.float64)
    close(ops.conv2d_input_gradient(upstream, kernels, x.shape[2:], stride, padding), known["gradient_x"], np.float64)
    laid = ops.conv_transpose2d(upstream, kernels, None, stride, padding)
    close(laid, known["gradient_x"][:, :, : laid.shape[2], : laid.shape[3]], np.float64)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("name", [*names("max"), *names("ties")])
def test_max_pooling_sends_the_gradient_to_the_first_maximum(name: str, kind: Any) -> None:
    compare(MaxPool(*sizes(name)), case(name), kind)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("name", names("avg"))
def test_average_pooling(name: str, kind: Any) -> None:
    compare(AvgPool(*sizes(name)), case(name), kind)


OTHERS: dict[str, Callable[[], Layer]] = {
    "blur": BlurPool,
    "dense": lambda: Dense(7, 4, RNG),
    "relu": Relu,
    "average": GlobalAverage,
    "batchnorm": lambda: BatchNorm(3),
}


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("name", OTHERS)
def test_other_layers(name: str, kind: Any) -> None:
    compare(OTHERS[name](), case(name), kind)


def test_batch_norm_keeps_running_averages_and_uses_them_after_training() -> None:
    known = case("batchnorm")
    layer = BatchNorm(3)
    layer.mean, layer.variance = layer.mean.astype(np.float64), layer.variance.astype(np.float64)
    compare(layer, known, np.float64)
    close(layer.mean, known["mean"], np.float64)
    close(layer.variance, known["variance"], np.float64)
    close(outside(layer.forward(inside(known["x"]))), known["later"], np.float64)


def test_cross_entropy() -> None:
    known = case("crossentropy")
    loss, gradient = cross_entropy(known["x"], known["labels"])
    assert loss == pytest.approx(float(known["output"]), rel=1e-12)
    close(gradient, known["gradient_x"], np.float64)


@pytest.mark.parametrize(("name", "kind"), [("adam", Adam), ("momentum", Momentum)])
def test_optimisers(name: str, kind: type[Adam] | type[Momentum]) -> None:
    known = case(name)
    values = known["start"].copy()
    optimiser = kind(values.size, kind=np.float64)
    for gradient in known["gradients"]:
        optimiser.step(values, gradient, 0.1)
    np.testing.assert_allclose(values, known["output"], rtol=1e-7)


def test_a_whole_network_with_a_residual_block() -> None:
    known = case("lenet")
    block = Residual([Conv(3, 3, 3, RNG, padding=1), Relu()])
    layers = [Conv(1, 3, 3, RNG, padding=1), Relu(), MaxPool(), block, Conv(3, 6, 3, RNG, padding=1), Relu()]
    network = Network([*layers, MaxPool(), Flatten(), Dense(24, 5, RNG)])
    network.values[:] = known["values"]
    logits = network.forward(known["x"].astype(np.float32), training=True)
    close(logits, known["output"], np.float32)
    network.backward(cross_entropy(logits, known["labels"])[1])
    close(network.gradient(), known["gradient"], np.float32)
