"""What a unit of the trained network uses of its field: true gradients, and stored results that come again."""

from __future__ import annotations

import numpy as np
import pytest

from instruments.experiments import trained_field
from instruments.experiments.imagenet import backbone, exact_backbone, starters
from instruments.experiments.teaching import random_weights
from instruments.feature_maps.look import prepared
from instruments.kit import middle_square
from instruments.nn import efficientnet
from instruments.nn.efficientnet import gradient


@pytest.mark.parametrize("number", [0, 1, 2, 5, 11])
def test_the_gradient_is_the_slope_of_the_map(number: int) -> None:
    rng = np.random.default_rng(number)
    x = prepared(middle_square(starters()["coffee"].pixels, 96))
    way = rng.standard_normal(x.shape)
    y, back = gradient.run(x, exact_backbone(), number)
    wanted = rng.standard_normal(y.shape)
    step = 1e-8  # a larger one crosses the kinks of ReLU6
    ahead, behind = (gradient.run(x + sign * step * way, exact_backbone(), number)[0] for sign in (1, -1))
    slope = ((ahead - behind) * wanted).sum() / (2 * step)
    np.testing.assert_allclose((back(wanted) * way).sum(), slope, rtol=1e-3)


def test_its_maps_are_those_of_the_network() -> None:
    pixels = middle_square(starters()["rocket"].pixels, 96)
    for number, wanted in enumerate(efficientnet.maps(pixels, backbone())):
        if number in trained_field.NUMBERS:
            found, _ = gradient.run(efficientnet.normalised(pixels), backbone(), number)
            np.testing.assert_allclose(found, wanted, atol=1e-4)
        if number == max(trained_field.NUMBERS):
            break


def test_stored_results_are_what_measuring_gives() -> None:
    first = next(iter(starters().values())).pixels
    for weights, case, at_most in ((backbone(), "trained 3", 0), (random_weights(0), "random 3", 1)):
        share = trained_field.shares(first, weights, 3, np.random.default_rng(0))
        assert share.sum() == pytest.approx(1)
        assert abs(trained_field.half(share, 3) - trained_field.finished()[case][0]) <= at_most


@pytest.mark.parametrize("number", trained_field.NUMBERS)
def test_nothing_outside_the_field_moves_the_unit(number: int) -> None:
    heat = trained_field.heats_stored()[0, trained_field.NUMBERS.index(number)]
    rows, columns = trained_field.field(number)
    outside = np.ones_like(heat, bool)
    outside[max(0, rows.start) : rows.stop, max(0, columns.start) : columns.stop] = False
    assert (heat[outside] == 0).all() and heat.max() == 255
