"""What the feature-map visualizer draws, read back and compared with costs and convolutions made another way."""

from __future__ import annotations

import re
from math import log10
from typing import Any

import numpy as np
import pytest
from scipy.signal import correlate

from instruments import feature_maps, kit
from instruments.data import photograph
from tests.instruments import drawings
from tests.instruments.drawings import Array

Shape = tuple[int, int, int]
Row = tuple[Shape, tuple[int, int, int]]
"""Shape (C, H, W); parameters, multiply-adds, activations."""


def conv(shape: Shape, channels: int, k: int = 3) -> Row:
    """A convolution that keeps the size, counted output by output."""
    depth, height, width = shape
    weights = channels * depth * k * k
    counts = weights + channels, weights * height * width, channels * height * width
    return (channels, height, width), counts


def pool(shape: Shape) -> Row:
    depth, height, width = shape
    halved = len(range(0, height - 1, 2)), len(range(0, width - 1, 2))
    return (depth, *halved), (0, 0, depth * halved[0] * halved[1])


def stages(size: int, count: int, width: int) -> list[Row]:
    rows: list[Row] = []
    shape = (3, size, size)
    for stage in range(count):
        rows.append(conv(shape, min(width * 2**stage, 512)))
        rows.append(pool(rows[-1][0]))
        shape = rows[-1][0]
    return rows


STACKS = [{}, {"size": 33, "stages": 5, "width": 8}, {"size": 64, "stages": 2, "width": 128, "log": False}]


@pytest.mark.parametrize("wish", STACKS, ids=str)
def test_costs_and_bars_are_those_of_the_layers(wish: dict[str, Any]) -> None:
    made = kit.respond(feature_maps, {"set": wish})
    state, markup = made["state"], made["regions"]["layers"]
    rows = stages(state["size"], state["stages"], state["width"])
    shown = next(iter(drawings.tables(markup).values()))[1:-1]
    assert len(shown) == len(rows)
    bars = np.array([drawings.boxes(svg, svg[0].get("class", ""))[0][2] for svg in drawings.pictures(markup)])
    bars = bars.reshape(len(rows), 3)
    peaks = [max(counts[kind] for _, counts in rows) for kind in range(3)]
    for line, row, lengths in zip(shown, rows, bars, strict=True):
        (depth, height, width), counts = row
        assert line[2] == f"{height} × {width} × {depth}"
        assert [drawings.value(cell) for cell in line[3:6]] == list(counts)
        shares = [
            log10(1 + n) / log10(1 + peak) if state["log"] else n / peak for n, peak in zip(counts, peaks, strict=True)
        ]
        np.testing.assert_allclose(lengths, 100 * np.array(shares), atol=0.005)
        amount, unit = line[6].split()
        size = drawings.value(amount) * {"MiB": 2**20, "KiB": 2**10}[unit]
        assert size == pytest.approx(4 * counts[2], abs={"MiB": 0.006 * 2**20, "KiB": 0.06 * 2**10}[unit])
    foot = next(iter(drawings.tables(markup).values()))[-1]
    assert [drawings.value(cell) for cell in foot[3:6]] == [
        sum(counts[kind] for _, counts in rows) for kind in range(3)
    ]


@pytest.mark.parametrize("wish", STACKS, ids=str)
def test_volumes_are_as_tall_as_their_maps_and_as_long_as_the_root_of_their_channels(wish: dict[str, Any]) -> None:
    made = kit.respond(feature_maps, {"set": wish})
    state = made["state"]
    shapes = [(3, state["size"], state["size"])]
    shapes += [row[0] for row in stages(state["size"], state["stages"], state["width"])[1::2]]
    (picture,) = drawings.pictures(made["regions"]["volumes"])
    fronts = drawings.boxes(picture, "vol-front")
    assert len(fronts) == len(shapes)
    for (_, y, length, tall), (depth, height, _) in zip(fronts, shapes, strict=True):
        assert tall == pytest.approx(max(2, 150 * height / state["size"]), abs=0.01)
        assert length == pytest.approx(min(140, 3.2 * depth**0.5), abs=0.01)
        assert y + tall == pytest.approx(205, abs=0.01)
    places = [x for x, *_ in fronts]
    assert places == sorted(places)
    said = [tuple(map(int, found)) for found in re.findall(r"(\d+) × (\d+) × (\d+)", picture.get("aria-label", ""))]
    assert said == [(height, width, depth) for depth, height, width in shapes]


def maps(count: int) -> list[tuple[Array, Array]]:
    """Sums and kept maps (C, H, W) of each stage of the photograph, by scipy and a reshape."""
    x = photograph().transpose(2, 0, 1) / 255
    x = np.array([channel - channel.sum() / channel.size for channel in x])
    found = []
    for stage in range(count):
        framed = np.pad(x, ((0, 0), (1, 1), (1, 1)))
        kernels = feature_maps.stage_kernels(stage)
        sums = np.array([correlate(framed, weights, "valid", "direct")[0] for weights in kernels])
        depth, height, width = sums.shape
        x = np.where(sums > 0, sums, 0).reshape(depth, height // 2, 2, width // 2, 2).max((2, 4))
        found.append((sums, x))
    return found


@pytest.mark.parametrize("count", [1, 4])
def test_every_map_of_the_photograph_is_shown_in_proportion_to_its_peak(count: int) -> None:
    made = kit.respond(feature_maps, {"set": {"stages": count}})
    (picture,) = drawings.pictures(made["regions"]["maps"])
    strips = list(drawings.masks(picture).values())
    assert len(strips) == count
    ((x, y, width, _),) = drawings.boxes(picture, "svg-hit")
    coloured = [drawings.cells(box, x, y, width / 6) for box in drawings.boxes(picture, "mag-8")]
    assert coloured == [(stage, 0, 1, 6) for stage in range(count)]
    for strip, (_, kept) in zip(strips, maps(count), strict=True):
        depth, height, width = kept.shape
        shown = strip.reshape(height, depth, width).transpose(1, 0, 2)
        np.testing.assert_allclose(shown, 15 * kept / kept.max((1, 2), keepdims=True), atol=0.5 + 1e-6)


def test_the_first_kernels_find_edges_of_the_mean_colour_and_colours_in_a_blur() -> None:
    upright = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 12
    level = upright.T
    edges = [upright, level, (upright + level) / 2, (upright - level) / 2]
    blur = np.full((3, 3), 1 / 9)
    colours = [(1, -1, 0), (-0.5, -0.5, 1)]
    wanted = [[edge] * 3 for edge in edges] + [[weight * blur for weight in colour] for colour in colours]
    np.testing.assert_allclose(feature_maps.stage_kernels(0), wanted, atol=1e-12)


@pytest.mark.parametrize(("stage", "channel"), [(0, 0), (0, 4), (2, 5), (3, 1)])
def test_the_selected_map_is_framed_and_enlarged_with_its_kernel(stage: int, channel: int) -> None:
    made = kit.respond(feature_maps, {"acts": [f"point:maps:{stage},{channel}"]})
    (whole,) = drawings.pictures(made["regions"]["maps"])
    ((x, y, width, _),) = drawings.boxes(whole, "svg-hit")
    (frame,) = drawings.boxes(whole, "svg-focus")
    assert drawings.cells(frame, x, y, width / 6) == (stage, channel, 1, 1)
    slices, signed, kept = drawings.pictures(made["regions"]["enlarged"])
    weights = feature_maps.stage_kernels(stage)[channel]
    strongest = np.abs(weights).max()
    assert f"Stage {stage + 1}, channel {channel + 1}<" in made["regions"]["enlarged"]
    corners = [(fill.x, fill.y) for fill in drawings.fills(slices)]
    assert corners == [(2 + 66 * (i % 3), 2 + 66 * (i // 3)) for i in range(len(weights))]
    for fill, part in zip(drawings.fills(slices), weights, strict=True):
        strengths = np.where(part == 0, 0, np.sign(part) * np.maximum(1, np.floor(np.abs(part) / strongest * 8 + 0.5)))
        np.testing.assert_array_equal(fill.levels, strengths)
    sums, positive = (values[channel] for values in maps(4)[stage])
    for name, mask in drawings.masks(signed).items():
        part = np.maximum(sums if name.startswith("pos-8") else -sums, 0)
        np.testing.assert_allclose(mask, 15 * part / np.abs(sums).max(), atol=0.5 + 1e-6)
    (mask,) = drawings.masks(kept).values()
    np.testing.assert_allclose(mask, 15 * positive / positive.max(), atol=0.5 + 1e-6)
    least, most = re.findall(r"from (\S+) to ([^<\s]+)<", made["regions"]["enlarged"])[0]
    assert (drawings.value(least), drawings.value(most)) == pytest.approx((sums.min(), sums.max()), abs=0.005)
    shown = drawings.tables(made["regions"]["values"])
    for i, part in enumerate(weights, start=1):
        cells = [[drawings.value(cell) for cell in line[1:]] for line in shown[f"Kernel, input channel {i}"][1:]]
        np.testing.assert_allclose(cells, part, atol=0.005 + 1e-9)
    ((head, *lines),) = (table for name, table in shown.items() if name.startswith("Map that is kept"))
    rows, columns = [int(line[0]) for line in lines], [int(cell) for cell in head if cell]
    cells = [[drawings.value(cell) for cell in line[1:]] for line in lines]
    np.testing.assert_allclose(cells, positive[np.ix_(rows, columns)], atol=0.005 + 1e-9)
    assert np.max(cells) == pytest.approx(positive.max(), abs=0.005)
