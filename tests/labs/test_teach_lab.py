"""The lab in which a reader teaches the trained network: what is learned, what is shown, what becomes of pictures."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from typing import Any

import numpy as np
import pytest

from instruments import kit
from instruments.data import make_textures, textures
from instruments.experiments import teaching
from instruments.experiments.imagenet import backbone, names
from instruments.experiments.teaching import CUTS, DECAY, RATE, STEPS, part, softmax, standardised, wilson
from instruments.labs import teach_lab
from instruments.labs.teach_lab import State, compute, features


def own(pixels: Any) -> str:
    height, width = pixels.shape[:2]
    return f"{width}x{height}:{b64encode(pixels.astype(np.uint8).tobytes()).decode()}"


def noise(seed: int, *shape: int) -> str:
    return own(np.random.default_rng(seed).integers(0, 256, (*(shape or (9, 9)), 3)))


def opened(**pictures: list[str]) -> dict[str, Any]:
    """The answer when a reader has begun with no pictures and opened some."""
    empty = kit.respond(teach_lab, {"acts": ["empty"]})["state"]
    return kit.respond(teach_lab, {"state": empty, "set": pictures})


def text(markup: str) -> str:
    return re.sub(r"<[^>]*>", " ", markup)


# ---- the head -----------------------------------------------------------------------------------------------------


def descended(x: Any, labels: Any, kinds: int) -> tuple[Any, Any]:
    """Weights (kinds, d) and biases after as many steps down the cross-entropy, in the weights themselves."""
    w, b = np.zeros((kinds, x.shape[1])), np.zeros(kinds)
    for _ in range(STEPS):
        slope = (softmax(x @ w.T + b) - np.eye(kinds)[labels]) / len(x)
        w, b = w - RATE * (slope.T @ x + DECAY * w), b - RATE * slope.sum(0)
    return w, b


def test_each_head_is_what_descent_in_its_weights_gives() -> None:
    rng = np.random.default_rng(0)
    x, labels = rng.standard_normal((7, 20)) + 3, np.array([0, 0, 1, 1, 1, 2, 2])
    head = teaching.taught(x, labels, 3)
    w, b = descended(standardised(x, x)[0], labels, 3)
    new = rng.standard_normal((4, 20)) + 3
    expected = softmax((new - head.mean) / head.scale @ w.T + b)
    np.testing.assert_allclose(head.probabilities(new), expected, atol=1e-9)
    for i in range(7):
        rest = np.delete(x, i, 0)
        scaled, mean, scale = standardised(rest, rest)
        w, b = descended(scaled, np.delete(labels, i), 3)
        np.testing.assert_allclose(head.left_out[i], (x[i] - mean) / scale @ w.T + b, atol=1e-9)


def test_a_feature_that_is_always_the_same_counts_for_nothing() -> None:
    x = np.random.default_rng(1).standard_normal((4, 3))
    x[:, 0] = 7
    head = teaching.taught(x, np.array([0, 0, 1, 1]), 2)
    strange = x[:1] + np.array([[1.0, 0, 0]])
    np.testing.assert_allclose(head.probabilities(strange), head.probabilities(x[:1]), atol=1e-9)


@pytest.mark.parametrize(("rights", "n", "low", "high"), [(15, 15, 0.796, 1), (0, 10, 0, 0.278), (8, 10, 0.490, 0.943)])
def test_intervals_are_wilson_s(rights: int, n: int, low: float, high: float) -> None:
    assert wilson(rights, n) == pytest.approx((low, high), abs=1e-3)


# ---- the textures -------------------------------------------------------------------------------------------------


def test_stored_results_are_what_teaching_gives() -> None:
    found = teaching.results(make_textures.pixels(), [0])
    stored = {name: counts[:1] for name, counts in teaching.finished().items()}
    assert found == stored


def test_a_piece_has_the_features_of_its_pixels() -> None:
    pixels = make_textures.pixels()["gravel-6"]
    whole = teaching.looked_at(pixels, backbone())
    np.testing.assert_allclose(features("gravel-6"), whole, rtol=1e-3, atol=1e-3)
    np.testing.assert_array_equal(features(own(pixels)), whole)
    spans = [part(source, cut) for source in ("trained", "random") for cut in CUTS] + [part("pixels", 0)]
    assert [span.start for span in spans[1:]] == [span.stop for span in spans[:-1]] and spans[0].start == 0
    assert len(whole[spans[-1]]) == 3 * teaching.PIXELS**2


def test_pieces_come_back_as_they_were() -> None:
    rows = np.random.default_rng(0).standard_normal((len(textures.NAMES), 5)).astype(np.float16)
    found = textures.unpacked(textures.packed([name.encode() for name in textures.NAMES], rows))
    for name, row in zip(textures.NAMES, rows, strict=True):
        assert found[name].url == "data:image/jpeg;base64," + b64encode(name.encode()).decode()
        np.testing.assert_array_equal(found[name].features, row)


def test_no_class_of_imagenet_is_one_of_the_textures() -> None:
    called = [name for name in names() if re.search("brick|grass|lawn|gravel", name)]
    assert called == ["grasshopper", "lawn mower"]


# ---- the lab ------------------------------------------------------------------------------------------------------


def test_the_first_picture_is_whole() -> None:
    answer = kit.respond(teach_lab, {})
    assert set(answer["regions"]) == {region.name for region in teach_lab.REGIONS}
    assert all(answer["regions"].values())
    stored = {name: counts[0] for name, counts in teaching.finished().items()}
    for name, case in (("ImageNet’s weights", "trained 11"), ("random weights", "random 11"), ("pixels", "pixels")):
        assert f"{name} {stored[f'left out {case}']} of 15" in answer["sentence"]
    judged = answer["regions"]["judged"]
    assert judged.count('class="is-best"') == 9 and judged.count("it is ") == 9 - stored["asked trained 11"]
    pixels = kit.respond(teach_lab, {"set": {"source": "pixels"}})
    assert pixels["regions"]["judged"].count("✗ it is ") == 9 - stored["asked pixels"]
    assert pixels["limits"]["cut"]["hidden"]


def test_a_reader_s_pictures_take_the_place_of_textures_and_are_looked_at_one_by_one() -> None:
    answer = kit.respond(teach_lab, {"set": {"kind2": [noise(0), noise(1, 30, 200), noise(0)]}})
    assert answer["state"]["kind1"] == State.kind1 and len(answer["state"]["kind2"]) == 2
    assert all(entry.startswith("128x128:") for entry in answer["state"]["kind2"])
    assert (answer["state"]["step"], answer["state"]["phase"]) == (0, "ready")
    assert "Brick" in text(answer["regions"]["kinds"]) and "Grass" not in text(answer["regions"]["kinds"])
    steps = list(kit.work(teach_lab, {"state": answer["state"], "acts": ["start"]}))
    assert [step["state"]["step"] for step in steps] == list(range(1, 13))
    assert [step["regions"]["kinds"].count("is-new") for step in steps] == list(range(11, -1, -1))
    assert steps[-1]["state"]["phase"] == "finished" and "Taught with 12 pictures" in steps[-1]["sentence"]


def test_pictures_to_judge_are_judged_at_once_and_never_taught() -> None:
    before = kit.respond(teach_lab, {})
    pixels = make_textures.pixels()
    answer = kit.respond(teach_lab, {"set": {"asked": [own(pixels["grass-7"]), own(pixels["brick-7"])]}})
    assert answer["state"]["phase"] == "finished" and answer["regions"]["cuts"] == before["regions"]["cuts"]
    best = re.findall(r'class="is-best"><span>(\w+)', answer["regions"]["judged"])
    assert best == ["Grass", "Brick"]


def test_five_of_a_kind_are_enough_and_the_last_nine_are_judged() -> None:
    answer = opened(kind1=[noise(seed) for seed in range(7)], asked=[noise(seed) for seed in range(11)])
    assert len(answer["state"]["kind1"]) == 5 and len(answer["state"]["asked"]) == 9
    assert answer["state"]["asked"][-1] == teach_lab.normalise(State(asked=(noise(10),))).asked[0]
    six = kit.respond(teach_lab, {"state": answer["state"], "set": {"kind1": [noise(9)]}})
    assert "5 pictures of a kind are enough: 1 picture left out." in text(six["regions"]["kinds"])
    assert six["sentence"] == "5 pictures of a kind are enough: 1 picture left out.", "it is read out as well"


def test_a_picture_that_is_pressed_goes() -> None:
    answer = kit.respond(teach_lab, {"acts": ["kind1:1", "asked:0"]})
    assert answer["state"]["kind1"] == tuple(name for name in State.kind1 if name != "brick-1")
    assert answer["state"]["asked"] == State.asked[1:] and answer["state"]["phase"] == "ready"


def test_nothing_begins_with_one_kind() -> None:
    answer = opened(kind1=[noise(0), noise(1)])
    assert answer["limits"]["start"]["disabled"] and "Two kinds need" in answer["sentence"]
    assert list(kit.work(teach_lab, {"state": answer["state"], "acts": ["start"]})) == []
    assert kit.respond(teach_lab, {"state": answer["state"], "acts": ["start"]})["state"]["phase"] == "ready"


def test_a_kind_of_one_picture_is_taught_and_not_left_out() -> None:
    start = opened(kind1=[noise(0)], kind3=[noise(1)], asked=[noise(0)])["state"]
    *_, last = kit.work(teach_lab, {"state": start, "acts": ["start"]})
    assert "every kind needs two" in last["sentence"] and "whisker" not in last["regions"]["cuts"].split("whiskers")[0]
    assert 'class="is-best"><span>A' in last["regions"]["judged"]


def test_a_kind_is_called_what_the_reader_says_but_a_texture_keeps_its_name() -> None:
    named = kit.respond(teach_lab, {"set": {"name1": "<b>Mug", "name2": "Lawn"}})
    assert "Mug" not in named["regions"]["kinds"] and named["limits"]["name1"]["disabled"]
    mine = kit.respond(teach_lab, {"state": named["state"], "set": {"kind1": [noise(0)]}})
    assert "&lt;b&gt;Mug" in mine["regions"]["kinds"] and "<b>Mug" not in mine["regions"]["kinds"]
    assert not mine["limits"]["name1"]["disabled"] and mine["limits"]["name2"]["disabled"]


@pytest.mark.parametrize(
    "rubbish",
    [
        {"state": 3},
        {"state": {"source": "x", "cut": 4, "step": 99, "phase": "?", "asked": ["brick-9", "9x9:!"]}},
        {"set": {"kind1": "brick-1", "kind2": [noise(0)[:-4]], "kind3": 7, "asked": ["x" * 300_000]}},
        {"acts": ["kind1:99", "kind4:0", "asked:", "start:1"]},
    ],
)
def test_rubbish_leads_to_a_valid_picture(rubbish: dict[str, Any]) -> None:
    state = kit.respond(teach_lab, rubbish)["state"]
    assert (state["kind1"], state["kind2"], state["kind3"]) == (State.kind1, State.kind2, State.kind3)
    assert (state["source"], state["cut"], state["phase"]) == ("trained", 11, "finished")


def test_a_full_state_is_small_enough_for_a_message() -> None:
    full = [noise(seed, 240, 135) for seed in range(24)]
    answer = opened(kind1=full[:5], kind2=full[5:10], kind3=full[10:15], asked=full[15:])
    assert compute(State(**answer["state"])) is None  # nothing is taught before the reader says so
    assert len(json.dumps(answer)) < 3e6
