"""Gradients against differences: nudge one number, see what the loss does. And what a network promises about itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from instruments.nn.float_bits import from_ordered, kept, ordered, rectified
from instruments.nn.layers import BatchNorm, Conv, Dense, Flatten, Layer, Relu
from instruments.nn.network import Network, Residual, inside, outside
from instruments.nn.ops import avg_pool2d, conv2d, max_pool2d
from instruments.nn.pooling import AvgPool, BlurPool, GlobalAverage, MaxPool
from instruments.nn.training import Adam, cosine, cross_entropy, learn

Array = NDArray[Any]
RNG = np.random.default_rng(7)
NUDGE = 1e-6


def in_double(layer: Layer) -> Layer:
    for part in layer.parts():
        part.weights = {name: array.astype(np.float64) for name, array in part.weights.items()}
    return layer


def slope(of: Callable[[], float], array: Array, place: tuple[int, ...]) -> float:
    """How fast the value changes with one number of the array, by central differences."""
    kept_value = array[place]
    array[place] = kept_value + NUDGE
    above = of()
    array[place] = kept_value - NUDGE
    below = of()
    array[place] = kept_value
    return (above - below) / (2 * NUDGE)


LAYERS: dict[str, Callable[[], Layer]] = {
    "conv": lambda: Conv(2, 3, 3, RNG, padding=1),
    "strided conv": lambda: Conv(2, 3, 3, RNG, stride=2, padding=1),
    "conv without bias": lambda: Conv(2, 4, 2, RNG, bias=False),
    "relu": Relu,
    "max-pool": MaxPool,
    "overlapping max-pool": lambda: MaxPool(3, 2),
    "average pool": AvgPool,
    "blur-pool": BlurPool,
    "global average": GlobalAverage,
    "batch norm": lambda: BatchNorm(2),
    "residual block": lambda: Residual([Conv(2, 2, 3, RNG, padding=1), BatchNorm(2), Relu()]),
}


@pytest.mark.parametrize("name", LAYERS)
def test_gradients_are_the_slopes_of_the_output(name: str) -> None:
    layer = in_double(LAYERS[name]())
    x = RNG.standard_normal((2, 5, 6, 3))
    upstream = RNG.standard_normal(layer.forward(x, True).shape)

    def value() -> float:
        return float((layer.forward(x, True) * upstream).sum())

    value()
    gradient = layer.backward(upstream)
    found = {name: array for part in layer.parts() for name, array in part.gradients.items()}
    weights = {name: array for part in layer.parts() for name, array in part.weights.items()}
    for array, slopes in [(x, gradient), *((weights[name], found[name]) for name in weights)]:
        for flat in RNG.permutation(array.size)[:25]:
            place = tuple(int(i) for i in np.unravel_index(flat, array.shape))
            assert slopes[place] == pytest.approx(slope(value, array, place), rel=1e-5, abs=1e-7)


def test_the_border_has_the_axes_of_the_field() -> None:
    x = RNG.standard_normal((3, 2, 7, 5)).astype(np.float32)
    conv = Conv(2, 4, 3, RNG, stride=2, padding=1)
    ours = outside(conv.forward(inside(x)))
    np.testing.assert_allclose(ours, conv2d(x, conv.weights["kernels"], stride=2, padding=1), rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(outside(MaxPool().forward(inside(x))), max_pool2d(x, 2))
    np.testing.assert_allclose(outside(AvgPool().forward(inside(x))), avg_pool2d(x, 2), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_comparing_by_bits_is_exact(kind: Any) -> None:
    x = np.concatenate([RNG.standard_normal(1000), [0.0, -0.0, np.inf, -np.inf, 1e-45, -1e-45]]).astype(kind)
    np.testing.assert_array_equal(rectified(x), np.maximum(x, 0))
    np.testing.assert_array_equal(np.argsort(ordered(x), kind="stable"), np.argsort(x, kind="stable"))
    np.testing.assert_array_equal(from_ordered(ordered(x), kind), x)
    np.testing.assert_array_equal(kept(x[:1000], x[:1000] > 0), np.where(x[:1000] > 0, x[:1000], 0))


def small_network() -> Network:
    rng = np.random.default_rng(1)
    head = Dense(8, 3, rng)
    return Network([Conv(1, 2, 3, rng, padding=1), Relu(), MaxPool(), Flatten(), head])


def test_a_network_learns_what_can_be_learnt_and_its_weights_are_one_vector() -> None:
    network = small_network()
    optimiser = Adam(network.values.size)
    images, labels = RNG.standard_normal((9, 1, 4, 4)).astype(np.float32), np.arange(9) % 3
    losses = [learn(network, optimiser, images, labels, cosine(0.05, step, 150)) for step in range(150)]
    assert losses[-1] < 0.1 < losses[0]
    np.testing.assert_array_equal(network.values[-3:], network.layers[-1].weights["bias"])


def test_frozen_layers_stay_as_they_are() -> None:
    network = small_network()
    before = network.values.copy()
    start = network.start(4)
    learn(network, Adam(network.values.size - start), np.ones((2, 1, 4, 4), np.float32), np.array([0, 1]), 0.1, first=4)
    np.testing.assert_array_equal(network.values[:start], before[:start])
    assert (network.values[start:] != before[start:]).any()


def test_stages_are_the_outputs_of_the_layers_and_end_with_the_logits() -> None:
    network = small_network()
    images = RNG.standard_normal((2, 1, 4, 4)).astype(np.float32)
    shapes = [stage.shape for stage in network.stages(images)]
    assert shapes == [(2, 2, 4, 4), (2, 2, 4, 4), (2, 2, 2, 2), (2, 8), (2, 3)]
    np.testing.assert_array_equal(network.stages(images)[-1], network.forward(images))


def test_cross_entropy_survives_certainty() -> None:
    loss, gradient = cross_entropy(np.array([[1e4, 0.0, -1e4]]), np.array([2]))
    assert np.isfinite(loss) and np.isfinite(gradient).all()
    assert loss > 600


def test_the_cosine_starts_at_the_rate_and_falls() -> None:
    rates = [cosine(0.1, step, 10) for step in range(10)]
    assert rates[0] == 0.1 and rates == sorted(rates, reverse=True) and 0 < rates[-1] < 0.003
