"""The lab that serves photographs wrongly: what the network gets, what the text says it answers, the stored results."""

from __future__ import annotations

import re
from statistics import fmean
from typing import Any

import numpy as np
import pytest

from instruments import kit
from instruments.data.photographs import PHOTOGRAPHS
from instruments.experiments import imagenet, served
from instruments.experiments.served import MEAN, WAYS, crop, finished
from instruments.labs import served_lab
from instruments.labs.served_lab import MEASURES, MISTAKES, SHORT, State, compute
from instruments.nn import efficientnet
from tests.instruments import drawings


def first(photograph: str, way: str) -> tuple[str, float]:
    return compute(State(photograph, way=way))[0].ranked[0]


def test_the_first_picture_is_whole() -> None:
    answer = kit.respond(served_lab, {})
    assert set(answer["regions"]) == {region.name for region in served_lab.REGIONS}
    assert all(answer["regions"].values())
    assert "dial telephone" in answer["sentence"] and "rightly served: espresso" in answer["sentence"]


@pytest.mark.parametrize(
    ("photograph", "way", "name"),
    [
        *[("coffee", "right", "espresso"), ("coffee", "bgr", "dial telephone")],
        *[("chelsea", "layout", "shower curtain"), ("chelsea", "inverted", "Egyptian cat")],
        ("coffee", "layout", "typewriter keyboard"),
        ("chelsea", "tiles", "Egyptian cat"),
    ],
)
def test_it_answers_what_the_text_says(photograph: str, way: str, name: str) -> None:
    assert first(photograph, way)[0] == name


@pytest.mark.parametrize("way", ["layout", "tiles"])
def test_a_cat_served_wrongly_is_answered_more_surely_than_the_cat_it_was(way: str) -> None:
    assert first("chelsea", way)[1] > first("chelsea", "right")[1]


@pytest.mark.parametrize("photograph", [name for name in PHOTOGRAPHS if name != "chelsea"])
def test_cut_into_tiles_only_the_cat_keeps_its_name(photograph: str) -> None:
    assert first(photograph, "tiles")[0] != first(photograph, "right")[0]


def test_tiles_are_the_same_pixels_at_other_places() -> None:
    pixels = np.arange(8 * 9 * 3, dtype=np.uint8).reshape(8, 9, 3)[:, :8]
    laid = WAYS["tiles"](pixels)
    assert sorted(laid.ravel()) == sorted(WAYS["right"](pixels).ravel())
    squares = [
        {tuple(x[i : i + 2, j : j + 2].ravel()) for i in range(0, 8, 2) for j in range(0, 8, 2)}
        for x in (laid, WAYS["right"](pixels))
    ]
    assert squares[0] == squares[1] and (laid != WAYS["right"](pixels)).any()


def test_every_mistake_gives_numbers_that_the_network_takes() -> None:
    assert set(WAYS) == set(MISTAKES) == set(SHORT)
    for way in WAYS:
        look = compute(State("camera", way=way))[0].look
        assert look.features.shape == (1280,) and look.probabilities.sum() == pytest.approx(1, abs=1e-4)


# ---- the mistakes, one pixel at a time ----------------------------------------------------------------------------


def ways(*pixel: int) -> dict[str, list[float]]:
    """What becomes of a pixel in a picture of one colour, in its middle."""
    pixels = np.full((8, 8, 3), pixel, np.uint8)
    return {way: prepared(pixels)[1, 1].tolist() for way, prepared in WAYS.items() if way != "layout"}


def test_each_mistake_is_the_one_it_is_called() -> None:
    found = ways(0, 127, 255)
    assert found["right"] == found["half"] == found["quarter"] == [-127 / 128, 0, 1]
    assert found["bgr"] == [1, 0, -127 / 128]
    assert found["inverted"] == [1, 1 / 128, -127 / 128]
    assert found["unscaled"] == [0, 127, 255]
    assert found["wrapped"] == [129 / 128, 0, 1]  # 0 − 127 is 129 in eight bits
    assert found["twice"] == pytest.approx([(x - 127) / 128 for x in found["right"]])
    mean = ways(*np.round(255 * MEAN).astype(int).tolist())
    assert mean["constants"] == pytest.approx([0, 0, 0], abs=0.01)
    assert ways(255, 255, 255)["constants"] == pytest.approx([2.249, 2.429, 2.640], abs=1e-3)


def test_half_and_a_quarter_have_fewer_pixels_and_the_others_as_many() -> None:
    pixels = imagenet.starters()["rocket"].pixels
    sides = {way: prepared(pixels).shape for way, prepared in WAYS.items()}
    assert sides.pop("half") == (112, 112, 3) and sides.pop("quarter") == (56, 56, 3)
    assert set(sides.values()) == {pixels.shape}


def test_a_quarter_enlarged_has_its_pixels_and_leaves_more_than_one_place() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (served.SIDE, served.SIDE, 3), np.uint8)
    small, large = WAYS["quarter"](pixels), served.SIZES["enlarged"](pixels)
    assert large.shape == pixels.shape
    for row, column in ((0, 0), (1, 3), (3, 2)):
        np.testing.assert_array_equal(large[row::4, column::4], small)
    places = {len(x): list(efficientnet.maps_of(x, imagenet.weights()))[-1].shape[:2] for x in (small, large)}
    places[40] = list(efficientnet.maps_of(served.SIZES["forty"](pixels), imagenet.weights()))[-1].shape[:2]
    assert places == {24: (1, 1), 40: (2, 2), 96: (3, 3)}


def test_planes_taken_for_rows_keep_every_number() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (6, 6, 3), np.uint8)
    numbers = WAYS["layout"](pixels)
    planes = [efficientnet.normalised(pixels)[..., channel].ravel() for channel in range(3)]
    assert numbers.shape == (6, 6, 3) and numbers.ravel().tolist() == np.concatenate(planes).tolist()


def test_the_picture_is_what_rightly_served_gives_the_same_numbers() -> None:
    pixels = imagenet.starters()["chelsea"].pixels
    np.testing.assert_array_equal(served_lab.shown(WAYS["right"](pixels)), pixels)
    np.testing.assert_array_equal(served_lab.shown(WAYS["inverted"](pixels)), 255 - pixels)
    assert served_lab.shown(WAYS["unscaled"](pixels)).mean() > 250
    assert served_lab.shown(WAYS["twice"](pixels)).max() <= 1


def test_the_readouts_measure_what_is_served() -> None:
    told = drawings.readouts(kit.respond(served_lab, {"set": {"way": "unscaled"}})["regions"]["readouts"])
    assert told["Input"] == "128 × 128 × 3" and told["First name kept"] == "no"
    assert re.fullmatch(r"\d+ to 2\d\d", told["Numbers in it"])
    assert drawings.value(told["First map at 0 or 6"]) > 90
    median = 100 * fmean(finished()["unscaled share"])
    assert float(told["First share over many crops, median"].split()[0]) == pytest.approx(median, abs=0.51)
    right = drawings.readouts(kit.respond(served_lab, {"set": {"way": "right"}})["regions"]["readouts"])
    assert right["First name kept"] == "yes" and right["Beyond −1 … 1"] == "none"


# ---- the results --------------------------------------------------------------------------------------------------


def test_stored_results_are_what_serving_gives() -> None:
    for name, share in served.trial(3, ["right"]).items():
        assert finished()[name][3] == pytest.approx(share, abs=0.02 if name.endswith("share") else 0.001)


def test_halves_share_no_pixel() -> None:
    columns = np.broadcast_to(np.arange(224)[None, :, None], (224, 224, 3)).astype(np.uint8)
    rng = np.random.default_rng(0)
    for _ in range(5):
        assert crop(columns, False, rng).max() <= 111 and crop(columns, True, rng).min() >= 112


def test_a_head_names_what_is_apart() -> None:
    rng = np.random.default_rng(1)
    labels = np.repeat(np.arange(3), 5)
    centres = 5 * rng.standard_normal((3, 20))
    taught, asked = (centres[labels] + rng.standard_normal((15, 20)) for _ in range(2))
    assert (served.fitted(taught, labels, 3)(asked) == labels).all()


def test_the_chart_and_the_table_show_the_stored_results() -> None:
    regions = kit.respond(served_lab, {"set": {"way": "layout"}})["regions"]
    (chart,) = drawings.pictures(regions["results"])
    marks = {t.text: float(t.get("x", "")) for t in chart.iter("text") if (t.text or "").endswith("%")}
    zero, whole = marks["0 %"], marks["100 %"]
    dots = [float(dot.get("cx", "")) for dot in chart.iter("circle")]
    ends = re.findall(r"whisker[^>]*d=\"M(\S+) \S+H(\S+)\"", regions["results"])
    (table,) = drawings.tables(regions["measured"]).values()
    cells = [cell for _, *row in table[1:] for cell in row]
    stored = [finished()[f"{way} {measure}"] for way in WAYS for measure in MEASURES]
    for shares, dot, (low, high), cell in zip(stored, dots, ends, cells, strict=False):
        expected = [fmean(shares), min(shares), max(shares)]
        drawn = [(float(x) - zero) / (whole - zero) for x in (dot, low, high)]
        assert drawn == pytest.approx(expected, abs=0.002)
        assert [float(n) for n in re.findall(r"\d+", cell)] == pytest.approx([100 * n for n in expected], abs=0.51)
    assert len(ends) == len(cells) == len(stored) == len(dots) - len(MEASURES)  # the others are the legend's


@pytest.mark.parametrize(
    "rubbish",
    [{"state": {"photograph": "x", "way": "?", "picture": "9x9:!"}}, {"set": {"way": 3}}, {"acts": ["way:2"]}],
)
def test_rubbish_leads_to_a_valid_picture(rubbish: dict[str, Any]) -> None:
    assert kit.respond(served_lab, rubbish)["state"] == {"photograph": "coffee", "picture": "", "way": "bgr"}
