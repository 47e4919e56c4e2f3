"""The lab in which a trained network looks at a photograph: what it shows, and what the text says it does."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from instruments import kit
from instruments.data import fetched, photographs
from instruments.experiments import imagenet
from instruments.experiments.imagenet import names
from instruments.labs import photograph_lab
from instruments.labs.photograph_lab import State, compute
from instruments.nn import efficientnet
from instruments.nn.efficientnet.packed_weights import Damaged
from tests.instruments import drawings


def own(pixels: Any) -> str:
    height, width = pixels.shape[:2]
    return f"{width}x{height}:{b64encode(pixels.astype(np.uint8).tobytes()).decode()}"


def test_the_first_picture_is_whole() -> None:
    answer = kit.respond(photograph_lab, {})
    assert set(answer["regions"]) == {region.name for region in photograph_lab.REGIONS}
    assert all(answer["regions"].values())
    assert answer["sentence"].startswith("Cat at 224 × 224 pixels: ")
    shares = [float(found) for found in re.findall(r"<span>([\d.]+) %</span>", answer["regions"]["answers"])]
    assert len(shares) == 6 and sum(shares) == pytest.approx(100, abs=2)


def test_a_closed_list_names_what_is_not_on_it() -> None:
    assert not {"astronaut", "rocket", "woman", "person"} & set(names())
    look = compute(State("astronaut"))
    assert names()[look.ranked[0]] == "bobsled" and look.probabilities.max() > 0.3


def test_it_is_nearly_certain_of_a_space_shuttle_when_the_rocket_has_few_pixels() -> None:
    unsure, sure = compute(State("rocket")), compute(State("rocket", 96))
    assert unsure.probabilities.max() < 0.5
    assert names()[sure.ranked[0]] == "space shuttle" and sure.probabilities.max() > 0.95


def test_a_cat_and_a_cup_are_what_they_are() -> None:
    assert {names()[i] for i in compute(State()).ranked[:3]} == {"Egyptian cat", "tiger cat", "tabby"}
    assert names()[compute(State("coffee")).ranked[0]] == "espresso"


def test_the_answer_that_is_pressed_has_its_reasons_shown() -> None:
    answer = kit.respond(photograph_lab, {"set": {"why": False}, "acts": ["answer:2"]})
    assert answer["state"]["answer"] == 2 and answer["state"]["why"]
    assert answer["sentence"].endswith("speaks for tabby.")
    veil = [float(share) for share in re.findall(r'fill-opacity="([\d.]+)"', answer["regions"]["photograph"])]
    assert len(veil) == 49 and min(veil) == 0 and 0.5 < max(veil) <= photograph_lab.VEIL
    bare = kit.respond(photograph_lab, {"state": answer["state"], "set": {"why": False}})
    assert "fill-opacity" not in bare["regions"]["photograph"]


@pytest.mark.parametrize("shape", [(1, 1), (400, 3), (225, 400), (64, 48)])
def test_a_picture_of_one_s_own_goes_before_the_others(shape: tuple[int, int]) -> None:
    picture = own(np.random.default_rng(0).integers(0, 256, (*shape, 3)))
    answer = kit.respond(photograph_lab, {"set": {"size": 96, "picture": picture}})
    assert answer["state"]["photograph"] == "own" and answer["sentence"].startswith("Your picture at 96 × 96")
    again = kit.respond(photograph_lab, {"state": answer["state"], "set": {"photograph": "coffee"}})
    assert again["state"]["picture"] == "" and again["sentence"].startswith("Coffee")


def test_an_own_photograph_is_answered_like_the_same_one_at_hand() -> None:
    pixels = imagenet.starters()["camera"].pixels
    ours, theirs = compute(State("camera")), compute(State("own", picture=own(pixels)))
    np.testing.assert_array_equal(ours.probabilities, theirs.probabilities)


@pytest.mark.parametrize(
    "rubbish",
    [
        {"state": 3},
        {
            "state": {
                "photograph": "x",
                "size": 1e9,
                "way": "covered",
                "covered": "chelsea:0:224:AA==",
                "answer": 99,
                "picture": "9x9:!",
            }
        },
        {"state": {"way": "covered", "covered": "chelsea:0:224:AA=="}},
        {"set": {"photograph": "own", "picture": "1x1:AA==", "answer": -4}},
        {"acts": ["answer:99999999", "answer:", "point:photograph:3,4"]},
    ],
)
def test_rubbish_leads_to_a_valid_picture(rubbish: dict[str, Any]) -> None:
    state = kit.respond(photograph_lab, rubbish)["state"]
    assert (state["photograph"], state["size"], state["picture"]) == ("chelsea", 224, "")
    assert state["answer"] in range(5) and (state["way"], state["covered"]) == ("scores", "")


@pytest.mark.parametrize("size", [224, 96])
def test_multiply_adds_are_every_weight_times_the_places_it_serves(size: int) -> None:
    answer = kit.respond(photograph_lab, {"set": {"size": size}})
    weights = {name: w for name, (w, _) in imagenet.weights().items()}
    maps = [x.shape[0] for x in efficientnet.maps(compute(State(size=size)).pixels, imagenet.weights())]
    total = weights["stem"].size * maps[0] ** 2 + weights["head"].size * maps[-1] ** 2 + weights["classes"].size
    for i in range(len(maps) - 2):
        if f"expand {i}" in weights:
            total += weights[f"expand {i}"].size * maps[i] ** 2
        total += (weights[f"depthwise {i}"].size + weights[f"project {i}"].size) * maps[i + 1] ** 2
    assert drawings.readouts(answer["regions"]["readouts"])["Multiply-adds"] == f"{total / 1e6:.0f} million"


def covered(photograph: str, size: int) -> dict[str, Any]:
    """The answer after all places were covered."""
    steps = list(kit.work(photograph_lab, {"set": {"photograph": photograph, "size": size}, "acts": ["cover"]}))
    assert len(steps) >= 7
    return steps[-1]


def test_covering_a_place_costs_what_a_picture_with_that_square_grey_is_answered_less() -> None:
    answer = covered("coffee", 96)
    assert (answer["state"]["way"], answer["state"]["why"]) == ("covered", True)
    ((head, *lines),) = drawings.tables(answer["regions"]["reasons"]).values()
    assert head[1:] == [str(place) for place in range(7)]
    shown = np.array([[drawings.value(cell) for cell in line[1:]] for line in lines])
    look = compute(State("coffee", 96))
    first = look.ranked[0]
    for row, column in ((0, 0), (3, 3), (6, 6), (2, 5)):
        pixels = look.pixels.copy()
        edges = [round(96 * (place + by) / 7) for place in (row, column) for by in (-0.5, 1.5)]
        pixels[max(0, edges[0]) : edges[1], max(0, edges[2]) : edges[3]] = 127  # what the network takes for 0
        *_, last = efficientnet.maps(pixels, imagenet.weights())
        share = efficientnet.probabilities(efficientnet.scores(last, imagenet.weights()))[first]
        assert shown[row, column] == pytest.approx(100 * (look.probabilities[first] - share), abs=0.06)
    veil = [float(share) for share in re.findall(r'fill-opacity="([\d.]+)"', answer["regions"]["photograph"])]
    assert len(veil) == 49 and min(veil) == 0 and shown.ravel()[veil.index(0)] >= shown.max() - 0.7
    assert f"takes {kit.number(float(shown.max()), 1)} points from {names()[first]}." in answer["sentence"]


def test_what_was_covered_serves_every_answer_and_only_its_own_picture() -> None:
    state = covered("camera", 96)["state"]
    other = kit.respond(photograph_lab, {"state": state, "acts": ["answer:1"]})
    assert other["state"]["way"] == "covered" and names()[compute(State("camera", 96)).ranked[1]] in other["sentence"]
    assert other["limits"]["cover"]["disabled"] and not other["limits"]["way"]["hidden"]
    for change in ({"size": 128}, {"photograph": "rocket"}, {"picture": own(np.zeros((9, 9, 3)))}):
        fresh = kit.respond(photograph_lab, {"state": state, "set": change})
        assert (fresh["state"]["covered"], fresh["state"]["way"]) == ("", "scores")
        assert fresh["limits"]["way"]["hidden"] and not fresh["limits"]["cover"]["disabled"]


def test_a_smaller_square_is_the_mean_of_what_it_covers() -> None:
    pixels = np.arange(6 * 4 * 3, dtype=np.uint8).reshape(6, 4, 3)
    np.testing.assert_array_equal(kit.middle_square(pixels, 4), pixels[1:5])
    whole = np.full((500, 300, 3), 77, np.uint8)
    assert (kit.middle_square(whole, 128) == 77).all()
    halves = np.repeat(np.repeat(np.array([[0, 100], [100, 200]], np.uint8)[..., None], 3, 2), 8, 0).repeat(8, 1)
    small = kit.middle_square(halves, 2)[..., 0].astype(int)
    assert small[0, 0] < small[0, 1] < small[1, 1] and abs(small.mean() - 100) <= 1


def test_photographs_come_back_as_they_were() -> None:
    rng = np.random.default_rng(1)
    pixels = [rng.integers(0, 256, (224, 224, 3), np.uint8) for _ in photographs.PHOTOGRAPHS]
    found = photographs.unpacked(photographs.packed([b"jpeg"] * len(pixels), pixels))
    assert list(found) == list(photographs.PHOTOGRAPHS)
    for each, whole in zip(found.values(), pixels, strict=True):
        np.testing.assert_array_equal(each.pixels, whole)
        assert each.url == "data:image/jpeg;base64," + b64encode(b"jpeg").decode()


def test_missing_and_damaged_files_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fetched, "FOLDER", tmp_path)
    with pytest.raises(fetched.NotHere, match="the file backbone-features is not here yet"):
        imagenet.backbone.__wrapped__()
    for name in photograph_lab.FILES:
        (tmp_path / name).write_bytes(b"<html>")
    with pytest.raises(Damaged, match="arrived damaged"):
        imagenet.backbone.__wrapped__()
