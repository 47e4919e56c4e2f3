"""What the feature-map visualizer draws, read back and compared with costs and convolutions made another way."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from math import log10
from typing import Any

import numpy as np
import pytest
from scipy.signal import correlate

from instruments import feature_maps, kit
from instruments.experiments import imagenet
from instruments.experiments.imagenet import backbone
from instruments.experiments.imagenet import starters as photographs
from instruments.nn import efficientnet
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


STACKS = [{}, {"size": 33, "stages": 5, "width": 8}, {"size": 64, "stages": 2, "width": 128, "log": True}]


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


def test_a_known_network_shows_the_last_volume_of_each_size_and_its_answer() -> None:
    made = kit.respond(feature_maps, {"set": {"network": "vgg-16"}})
    (picture,) = drawings.pictures(made["regions"]["volumes"])
    said = re.findall(r"\d+ × \d+ × \d[\d,]*\d|\d+ × \d+ × \d", picture.get("aria-label", ""))
    sides = (
        (224, 3),
        (224, 64),
        (112, 128),
        (56, 256),
        (28, 512),
        (14, 512),
        (7, 512),
        (1, 4096),
        (1, 4096),
        (1, 1000),
    )
    assert said == [f"{side} × {side} × {channels:,}" for side, channels in sides]


def test_a_volume_recedes_by_the_width_of_its_map() -> None:
    (picture,) = drawings.pictures(kit.respond(feature_maps, {})["regions"]["volumes"])
    leans = [
        re.findall(r"l([\d.]+) -([\d.]+)h", path.get("d", ""))[0]
        for path in picture.iter("path")
        if path.get("class") == "vol-top"
    ]
    for (across, up), side in zip(leans, (224, 112, 56, 28, 14), strict=True):
        assert float(across) == float(up) == pytest.approx(0.32 * 150 * side / 224, abs=0.01)


def test_small_amounts_of_memory_are_told_to_a_tenth_of_a_kibibyte() -> None:
    made = kit.respond(feature_maps, {"set": {"size": 37, "stages": 1, "width": 8}})
    rows = next(iter(drawings.tables(made["regions"]["layers"]).values()))[1:-1]
    assert rows[-1][6] == f"{4 * 8 * 18 * 18 / 1024:.1f} KiB"


def prepared(name: str) -> Array:
    """A photograph as the network is given it."""
    return (photographs()[name].pixels.astype(float) - 127) / 128


def first_maps(name: str) -> Array:
    """The 32 maps after the first layer, (H, W, C), by scipy: SAME zeros below and to the right, stride 2, ReLU6."""
    w, b = backbone()["stem"]
    framed = np.pad(prepared(name), ((0, 1), (0, 1), (0, 0)))
    kernels = w.reshape(-1, 3, 3, 3).astype(float)
    sums = [correlate(framed, weights, "valid", "direct")[::2, ::2, 0] for weights in kernels]
    return np.asarray(np.clip(np.stack(sums, axis=2) + b, 0, 6))


def every_map(name: str) -> list[Array]:
    return [*efficientnet.maps(photographs()[name].pixels, imagenet.weights())]


def most_varied(maps: Array) -> list[int]:
    return sorted(range(maps.shape[2]), key=lambda channel: -float(np.std(maps[..., channel])))


ROWS = ((0, 6), (3, 12), (5, 24), (8, 24), (11, 24))
"""Number of the map and tiles in each row."""


@pytest.mark.parametrize("name", ["chelsea", "rocket"])
def test_every_row_shows_the_maps_that_vary_most_in_proportion_to_their_peaks(name: str) -> None:
    made = kit.respond(feature_maps, {"set": {"photograph": name}})
    (picture,) = drawings.pictures(made["regions"]["maps"])
    strips = [drawings.png(image.get("href", "")) for image in picture.iter("image")]
    found = every_map(name)
    np.testing.assert_allclose(found[0], first_maps(name), atol=1e-4)
    assert len(strips) == len(ROWS)
    for strip, (number, count) in zip(strips, ROWS, strict=True):
        maps = found[number][..., most_varied(found[number])[:count]]
        height, width, _ = maps.shape
        shown = strip.reshape(height, count, width).transpose(0, 2, 1)
        np.testing.assert_allclose(shown, 7.5 * (maps / abs(maps).max((0, 1)) + 1), atol=0.5 + 1e-5)


def test_a_row_fills_the_width_and_small_maps_are_large_enough_to_point_at() -> None:
    (picture,) = drawings.pictures(kit.respond(feature_maps, {})["regions"]["maps"])
    hits = drawings.boxes(picture, "svg-hit")
    assert [width for _, _, width, _ in hits] == [672] * 5
    assert [round(width / count) for (_, _, width, _), (_, count) in zip(hits, ROWS, strict=True)] == [
        112,
        56,
        28,
        28,
        28,
    ]
    tops = [(y, y + height) for _, y, _, height in hits]
    assert all(above[1] < below[0] for above, below in pairwise(tops))


@pytest.mark.parametrize(("stage", "channel"), [(0, 0), (0, 4), (2, 5), (3, 1), (4, 23)])
def test_the_selected_map_is_framed_and_enlarged(stage: int, channel: int) -> None:
    made = kit.respond(feature_maps, {"acts": [f"point:maps-{stage}:0,{channel}"]})
    (whole,) = drawings.pictures(made["regions"]["maps"])
    x, y, width, _ = drawings.boxes(whole, "svg-hit")[stage]
    (frame,) = drawings.boxes(whole, "svg-focus")
    number, count = ROWS[stage]
    assert drawings.cells(frame, x, y, width / count) == (0, channel, 1, 1)
    maps = every_map("chelsea")[number]
    mine = most_varied(maps)[channel]
    assert f"channel {mine + 1}:" in made["regions"]["enlarged"]
    values = maps[..., mine]
    (enlarged,) = drawings.pictures(made["regions"]["enlarged"])
    for name, mask in drawings.masks(enlarged).items():
        part = np.maximum(values if name.startswith("pos-8") else -values, 0)
        np.testing.assert_allclose(mask, 15 * part / np.abs(values).max(), atol=0.5 + 1e-5)
    least, most = re.findall(r"values from (\S+) to (\S+)\.<", made["regions"]["enlarged"])[0]
    assert (drawings.value(least), drawings.value(most)) == pytest.approx((values.min(), values.max()), abs=0.006)
    ((x, y, width, _),) = drawings.boxes(enlarged, "svg-hit")
    (frame,) = drawings.boxes(enlarged, "svg-focus")
    row, column, *_ = (round(at) for at in drawings.cells(frame, x, y, width / len(values)))
    assert abs(values[row, column]) == abs(values).max()


PLACES = ["0,0", "13,13", "6,9"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("stage", range(5))
def test_what_is_written_out_adds_up_to_the_value(stage: int, place: str) -> None:
    made = kit.respond(feature_maps, {"acts": [f"point:maps-{stage}:0,1", f"point:value:{place}"]})
    number = ROWS[stage][0]
    maps = every_map("chelsea")[number]
    row, column = map(int, place.split(","))
    wanted = float(maps[row, column, most_varied(maps)[1]])
    written = drawings.words(made["regions"]["sum"])
    assert drawings.value(written.split()[2]) == pytest.approx(wanted, abs=0.006)
    parts = [drawings.value(part) for part in re.findall(r"<li>.*?<b>(.*?)</b>", made["regions"]["sum"])]
    total = drawings.value(re.findall(r"Together (?:<b>)?([^<;]+)", made["regions"]["sum"])[0])
    assert sum(parts) == pytest.approx(total, abs=0.006 * (1 + len(parts)))
    assert (min(6, max(0, total)) if stage == 0 else total) == pytest.approx(wanted, abs=0.006)
    if stage == 0:
        kept = re.findall(r"ReLU6 (?:makes it|leaves) <b>(.*?)</b>", made["regions"]["sum"])
        assert [drawings.value(each) for each in kept] == [pytest.approx(wanted, abs=0.006)]


SUM = r"bias (\S+) make (\S+), .* (?:it|leaves) (\S+), and (\S+) · \(?([^)\s]+)\)? = (\S+) ?\.$"


@pytest.mark.parametrize("part", range(6))
def test_a_part_that_is_pressed_is_opened_down_to_its_window_and_kernel(part: int) -> None:
    made = kit.respond(feature_maps, {"acts": ["point:maps-2:0,0", "point:value:0,20", f"part:{part}"]})
    rows = re.findall(r"aria-pressed=\"(\w+)\">map (\d+)</button> <b>(.*?)</b>", made["regions"]["sum"])
    assert [pressed for pressed, _, _ in rows] == ["true" if at == part else "false" for at in range(6)]
    amounts = [abs(drawings.value(amount)) for _, _, amount in rows]
    assert amounts == sorted(amounts, reverse=True)
    opened = made["regions"]["sum"].split('class="opened"')[1]
    assert f"Inner map {rows[part][1]}:" in opened
    window, kernel = (
        np.array([[drawings.value(value) for value in line.split(", ")] for line in said.split("; ")])
        for said in re.findall(r'aria-label="(?:window|kernel): (.*?)"', opened)
    )
    assert window.shape == kernel.shape == (5, 5)
    assert (window[:2] == 0).all(), "above the picture are zeros"
    words = drawings.words(opened)
    bias, total, kept, again, weight, amount = (drawings.value(found) for found in re.findall(SUM, words)[0])
    assert float((window * kernel).sum()) + bias == pytest.approx(total, abs=0.4)
    assert kept == again == pytest.approx(min(6, max(0, total)), abs=0.001)
    assert kept * weight == pytest.approx(amount, abs=0.05) == pytest.approx(drawings.value(rows[part][2]), abs=0.001)


def test_the_first_kernels_are_shown_as_the_colours_of_their_weights() -> None:
    made = kit.respond(feature_maps, {"acts": ["point:kernels:1,5"]})
    (picture,) = drawings.pictures(made["regions"]["kernels"])
    w = backbone()["stem"][0].reshape(32, 3, 3, 3)
    (image,) = picture.iter("image")
    plate = drawings.colours(image.get("href", "")).astype(float)
    assert plate.shape == (16, 32, 3)
    for channel, weights in enumerate(w):
        top, left = 4 * (channel // 8) + 1, 4 * (channel % 8) + 1
        peak = abs(weights).max()
        wanted = np.full((3, 3, 3), 127.5) if peak < 1e-3 else 127.5 + 127.5 * weights / peak
        np.testing.assert_allclose(plate[top : top + 3, left : left + 3], wanted, atol=0.51)
        plate[top : top + 3, left : left + 3] = np.nan
    assert (plate[~np.isnan(plate)] == 64).all()
    (frame,) = drawings.boxes(picture, "svg-focus")
    cell = float(image.get("width", "")) / 32
    assert [round((part - 2 * (i < 2)) / cell, 2) for i, part in enumerate(frame)] == [4 * 5 + 1, 4 * 1 + 1, 3, 3]


def test_the_frame_in_the_photograph_is_what_can_move_the_value() -> None:
    acts = ["point:maps-1:0,0", "point:value:30,31"]
    made = kit.respond(feature_maps, {"acts": acts})
    (picture,) = drawings.pictures(made["regions"]["photograph"])
    (frame,) = drawings.boxes(picture, "svg-focus")
    left, top, width, height = (round(part) for part in (frame[0] - 2, frame[1] - 2, *frame[2:]))
    assert f"{height} × {width} pixels" in made["regions"]["photograph"]
    pixels = photographs()["chelsea"].pixels
    inside, outside = np.zeros((224, 224), bool), np.zeros((224, 224), bool)
    inside[top : top + height, left : left + width] = True
    outside[:] = ~inside

    def moved(where: Array) -> bool:
        changed = np.where(where[..., None], 255 - pixels, pixels)
        return not np.array_equal(value(changed), value(pixels))

    def value(picture: Array) -> Array:
        *_, last = islice(efficientnet.maps(picture, backbone()), 4)
        return np.asarray(last[30, 31])

    assert not moved(outside)
    for edge in (np.s_[top], np.s_[top + height - 1], np.s_[:, left], np.s_[:, left + width - 1]):
        rim = np.zeros_like(inside)
        rim[edge] = True
        assert moved(rim & inside)
