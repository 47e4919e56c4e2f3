"""Stacks of layers: published totals and fields, text and back, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.nn import architectures, geometry, ops
from instruments.nn.geometry import ImpossibleLayer, Layer
from tests.instruments.states import LINES

PUBLISHED = {
    "lenet-5": (61_706, 416_520),
    "alexnet": (60_965_224, 724_406_816),
    "vgg-16": (138_357_544, 15_470_264_320),
    "resnet-50": (25_557_032, 4_089_184_256),
    "mobilenet": (4_231_976, 568_740_352),
}
"""Parameters and multiply-adds: AlexNet and VGG as released by their authors, ResNet as in torchvision, MobileNet as
in Keras (what is trained there), LeNet-5 in the form taught today."""


def costs(name: str) -> tuple[geometry.Cost, ...]:
    network = architectures.NETWORKS[name]
    channels, side = network.input
    return geometry.costs(architectures.read(network.layers), (channels, side, side))


@pytest.mark.parametrize("name", architectures.NETWORKS)
def test_totals_are_the_published_ones(name: str) -> None:
    rows = costs(name)
    assert (sum(row.params for row in rows), sum(row.products for row in rows)) == PUBLISHED[name]


def test_vgg_keeps_fifteen_million_activations_per_image() -> None:
    assert round(sum(row.activations for row in costs("vgg-16")) / 1e6, 1) == 15.1


def test_the_first_lenet_had_sixty_thousand_parameters() -> None:
    c1, s2, s4, c5, f6 = ops.conv_params(5, 1, 6), 2 * 6, 2 * 16, ops.conv_params(5, 16, 120), (120 + 1) * 84
    c3 = 6 * (25 * 3 + 1) + 9 * (25 * 4 + 1) + 1 * (25 * 6 + 1)
    assert c1 + s2 + c3 + s4 + c5 + f6 == 60_000


@pytest.mark.parametrize("name", [name for name, path in architectures.PATHS.items() if path.published])
def test_fields_are_those_of_araujo(name: str) -> None:
    path = architectures.PATHS[name]
    last = geometry.reaches(architectures.read(path.layers))[-1]
    assert (last.field, last.jump) == path.published


def test_published_fields_are_the_articles_table() -> None:
    fields = {name: path.published[0] for name, path in architectures.PATHS.items() if path.published}
    assert fields == {
        "alexnet": 195,
        "vgg-16": 212,
        "resnet-50": 483,
        "resnet-50-first": 483,
        "resnet-101": 1027,
        "resnet-152": 1507,
        "inception-v2": 699,
        "inception-v3": 1311,
        "mobilenet": 315,
    }


def test_stride_on_the_first_3x3_sees_less() -> None:
    assert geometry.reaches(architectures.read(architectures.PATHS["resnet-50-3x3"].layers))[-1].field == 427


LAYERS = {line for network in architectures.NETWORKS.values() for line in network.layers}
LAYERS |= {line for path in architectures.PATHS.values() for line in path.layers}


@pytest.mark.parametrize("text", sorted(LAYERS))
def test_layers_are_written_as_they_are_read(text: str) -> None:
    layer = geometry.parse(text)
    assert layer is not None
    assert geometry.write(layer) == text


@given(st.text(max_size=30) | LINES)
def test_reading_and_writing_agree_on_anything(text: str) -> None:
    layer = geometry.parse(text)
    if layer:
        again = geometry.parse(geometry.write(layer))
        assert again is not None
        assert geometry.write(again) == geometry.write(layer)


WINDOWS = st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(0, 2))


@given(st.lists(WINDOWS, min_size=1, max_size=4), st.integers(9, 40))
def test_shapes_are_those_of_real_arrays(windows: list[tuple[int, int, int]], side: int) -> None:
    stack = tuple(Layer("conv", 2, k, stride, padding) for k, stride, padding in windows)
    x: Any = np.zeros((1, 3, side, side))
    try:
        rows = geometry.costs(stack, (3, side, side))
    except ImpossibleLayer:
        with pytest.raises(ValueError, match="does not fit"):
            for layer in stack:
                x = ops.conv2d(x, np.zeros((2, x.shape[1], layer.k, layer.k)), None, layer.stride, layer.padding)
        return
    for layer, row in zip(stack, rows, strict=True):
        w = np.zeros((2, x.shape[1], layer.k, layer.k))
        x = ops.conv2d(x, w, None, layer.stride, layer.padding)
        assert x.shape[1:] == row.shape
        assert row.params == w.size + 2
        assert row.products == w[0].size * x[0].size
        assert row.activations == x.size


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 3)), min_size=1, max_size=6))
def test_reaches_follow_the_recursion_of_ops(windows: list[tuple[int, int]]) -> None:
    reaches = geometry.reaches(tuple(Layer("conv", 1, k, stride) for k, stride in windows))
    assert [(reach.field, reach.jump) for reach in reaches] == ops.receptive_field(windows)
    assert [reach.start for reach in reaches] == [reach.field / 2 for reach in reaches]


def test_repeats_are_the_same_as_rows() -> None:
    once = architectures.read(("bottleneck 256 s2 x3",))
    rows = architectures.read(("bottleneck 256 s2", "bottleneck 256", "bottleneck 256"))
    parts = geometry.costs(rows, (64, 56, 56))
    assert geometry.costs(once, (64, 56, 56))[0].params == sum(part.params for part in parts)
    assert geometry.reaches(once)[-1] == geometry.reaches(rows)[-1]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("conv 8 k9",), "a window of 9 does not fit"),
        (("conv 8 k3 g2",), "2 groups do not divide 3"),
        (("max-pool k2 p2",), "padding 2 exceeds half"),
        (("bottleneck 6",), "no multiple of 4"),
        (("dense 5", "conv 8 k3"), "Layer 2"),
    ],
)
def test_impossible_layers_say_why(lines: tuple[str, ...], why: str) -> None:
    with pytest.raises(ImpossibleLayer, match=why):
        geometry.costs(architectures.read(lines), (3, 7, 7))


@pytest.mark.parametrize("convs", range(1, 11))
def test_pools_split_the_convolutions_evenly_earlier_groups_larger(convs: int) -> None:
    for pools in range(min(5, convs) + 1):
        lines = architectures.alternating(convs, pools)
        groups = [part.count("conv") for part in " ".join(lines).split("max-pool k2 s2")]
        assert sum(groups) == convs
        assert len(groups) == pools + 1
        assert groups == sorted(groups, reverse=True)
        assert groups[0] - groups[-1] <= 1
        last = geometry.reaches(architectures.read(lines))[-1]
        assert last.jump == 2**pools
        assert pools or last.field == 2 * convs + 1
