"""The lab that reads a whole scene: one pass against windows, scenes and finds, what a reader does and is told."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest

from instruments import kit
from instruments.data.digits import split
from instruments.experiments import scene
from instruments.experiments.scene import DIGIT, JUMP, MARGIN, NOTHING, SIDE, WINDOW, Find, Scene, finished, one_pass
from instruments.labs import scene_lab
from instruments.labs.scene_lab import State, compute
from instruments.nn.layers import Conv, Dense, Flatten, Relu
from instruments.nn.network import Network
from instruments.nn.pooling import MaxPool
from instruments.nn.windows import Array
from tests.instruments import drawings


def ask(state: dict[str, Any] | None = None, *acts: str, **wishes: Any) -> dict[str, Any]:
    return kit.respond(scene_lab, {"state": state or {}, "acts": acts, "set": wishes})


# ---- one pass -----------------------------------------------------------------------------------------------------


def alone(net: Network, pixels: Array) -> Array:
    """The scores of every window JUMP pixels apart, each read alone by the plain network: (classes, 14, 14)."""
    places = range(0, SIDE - WINDOW + 1, JUMP)
    rows = [[net.forward(pixels[None, None, i : i + WINDOW, j : j + WINDOW])[0] for j in places] for i in places]
    return np.array(rows).transpose(2, 0, 1)


@pytest.mark.parametrize("name", ["background", "digits"])
def test_one_pass_gives_what_each_window_gives_alone(name: str) -> None:
    pixels = compute(State()).scene.pixels()
    net = scene.trained(name)
    np.testing.assert_allclose(one_pass(net, pixels), alone(net, pixels), atol=1e-5)


def test_with_padding_one_pass_gives_something_else() -> None:
    rng = np.random.default_rng(0)
    body = [Conv(1, 4, 3, rng, padding=1), Relu(), MaxPool(), Conv(4, 8, 3, rng, padding=1), Relu(), MaxPool()]
    net = Network([*body, Flatten(), Dense(8 * 3 * 3, 11, rng)])
    pixels = compute(State()).scene.pixels()
    whole, windows = one_pass(net, pixels)[:, :14, :14], alone(net, pixels)
    assert np.abs(whole - windows).max() > 0.2 * np.abs(windows).max()


def test_the_jump_is_the_product_of_the_strides_and_the_field_the_window() -> None:
    r, jump = 1, 1
    for k, s in ((3, 1), (2, 2), (3, 1), (2, 2), (2, 1)):
        r, jump = r + (k - 1) * jump, jump * s
    assert (r, jump) == (WINDOW, JUMP)


def test_a_dense_layer_is_a_convolution_with_its_weights() -> None:
    rng = np.random.default_rng(1)
    dense, x = Dense(3 * 2 * 2, 5, rng), rng.standard_normal((3, 4, 6, 1)).astype(np.float32)
    dense.weights["bias"][:] = rng.standard_normal(5)
    found = scene.as_convolution(dense, 3).forward(x)[..., 0]
    for i, j in np.ndindex(3, 5):
        expected = dense.weights["weights"] @ x[:, i : i + 2, j : j + 2, 0].ravel() + dense.weights["bias"]
        np.testing.assert_allclose(found[:, i, j], expected, rtol=1e-5)


def test_multiply_adds_are_those_of_every_layer() -> None:
    for side in (WINDOW, SIDE):
        conv, pooled = side - 2, (side - 2) // 2
        second, last = pooled - 2, (pooled - 2) // 2 - 1
        expected = 9 * 16 * conv**2 + 9 * 16 * 32 * second**2 + 4 * 32 * 11 * last**2
        assert scene.products("background", side) == expected


# ---- scenes and finds ---------------------------------------------------------------------------------------------


def images() -> tuple[Array, Array]:
    data = split(np.random.default_rng(0))
    return data.train, data.train_labels


def test_digits_stand_apart_and_a_window_can_have_each_in_its_middle() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        corners = scene.made(*images(), rng).corners
        assert corners.min() >= MARGIN and corners.max() + DIGIT + MARGIN <= SIDE
        for i, j in np.ndindex(5, 5):
            assert i == j or np.abs(corners[i] - corners[j]).max() >= scene.APART


@pytest.mark.parametrize("tolerance", [1, 2])
def test_windows_are_named_by_what_stands_in_their_middle(tolerance: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("EXAMPLES", 200), ("STROKES", 0), ("NOISE", 0)):
        monkeypatch.setattr(scene, name, value)
    digits, labels = images()
    windows, classes = scene.examples(digits, labels, tolerance, np.random.default_rng(4))
    assert (classes == NOTHING).sum() == 100
    for window, name in zip(windows[:, 0], classes, strict=True):
        near = [MARGIN + by for by in range(-tolerance, tolerance + 1)]
        cut = [window[i : i + DIGIT, j : j + DIGIT] for i in near for j in near]
        held = {label for part in cut for label in labels[(digits[:, 0] == part).all(axis=(1, 2))].tolist()}
        assert (name in held) if name != NOTHING else not held


def test_finds_are_peaks_that_keep_a_digits_side_apart() -> None:
    shares = np.zeros((10, 14, 14))
    shares[3, 2, 2], shares[7, 3, 3], shares[5, 2, 4], shares[1, 9, 0] = 0.99, 0.95, 0.92, 0.5
    assert scene.found(shares, JUMP, 0.9) == [Find(11, 11, 3, 0.99), Find(11, 19, 5, 0.92)]
    assert len(scene.found(shares, JUMP, 0.5)) == 3 and shares[3, 2, 2] == 0.99


def test_a_find_is_right_once_and_only_with_the_right_name_in_the_right_place() -> None:
    here = Scene(np.zeros((2, 8, 8)), np.array([3, 5]), np.array([[10, 10], [30, 30]]), np.zeros(0), np.zeros(0))
    finds = [Find(12, 7, 3, 1), Find(9, 10, 3, 0.9), Find(30, 30, 3, 0.9), Find(30, 35, 5, 0.9), Find(26, 34, 5, 0.9)]
    assert scene.rights(finds, here) == [True, False, False, False, True]


def test_stored_results_are_what_the_stored_weights_give() -> None:
    scenes = scene.tests(0, split(np.random.default_rng(0)))
    for name in ("background", "digits"):
        for measure, value in scene.tested(scene.trained(name), "pass", scenes).items():
            assert finished()[f"{name} pass {measure}"][0] == pytest.approx(value, abs=0.05 + 1e-9)


def test_a_training_begins_with_the_same_windows_for_both_networks_and_takes_as_many_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scene, "EXAMPLES", 640)
    runs = {name: run for name, _, run in scene.trainings(7)}
    assert len({run.steps for run in runs.values()}) == 1
    both, digits = runs["background"], runs["digits"]
    np.testing.assert_array_equal(both.images[both.labels != NOTHING], digits.images)


# ---- what a reader does -------------------------------------------------------------------------------------------


def test_the_first_picture_is_whole() -> None:
    answer = ask()
    assert set(answer["regions"]) == {region.name for region in scene_lab.REGIONS}
    assert all(answer["regions"].values())


def test_a_digit_follows_the_pointer_that_has_hold_of_it_and_stays_in_the_scene() -> None:
    row, column = compute(State()).scene.corners[2].tolist()
    held = ask(None, f"press:scene:{row + 1},{column + 5}")["state"]
    moved = ask(held, "drag:scene:40,33")["state"]
    assert moved["corners"][4:6] == (39, 28) and moved["ink"] == ()
    assert ask(moved, "drag:scene:65,0")["state"]["corners"][4:6] == (SIDE - DIGIT, 0)


def test_a_digit_that_is_moved_by_jumps_is_found_as_far_off() -> None:
    state = State(corners=(10, 10, 10, 40, 50, 8, 30, 26, 50, 50))
    finds = {(find.row, find.column, find.digit) for find in compute(state).finds}
    other = State(corners=(14, 18, *state.corners[2:]))
    there = {(find.row, find.column, find.digit) for find in compute(other).finds}
    gone, come = finds - there, there - finds
    assert {(row + 4, column + 8, digit) for row, column, digit in gone} == come and len(come) == 1


def test_elsewhere_the_pointer_draws_and_the_drawing_is_cleared() -> None:
    drawn = ask({"corners": [50, 50] * 5}, "press:scene:5,5", "drag:scene:5,9")["state"]
    assert drawn["ink"] == tuple(5 * SIDE + column for column in range(5, 10))
    assert scene_lab.shown(State(ink=drawn["ink"])).strokes[5, 7] == 1
    apart = ask(drawn, "press:scene:20,20")
    assert apart["state"]["ink"] == (*drawn["ink"], 20 * SIDE + 20) and not apart["limits"]["clear"]["disabled"]
    cleared = ask(apart["state"], "clear")
    assert cleared["state"]["ink"] == () and cleared["limits"]["clear"]["disabled"]


def test_keys_take_the_next_digit_and_move_it() -> None:
    row, column = compute(State()).scene.corners[1].tolist()
    state = ask(None, "key:scene:enter", "key:scene:left", "key:scene:left", "key:scene:up")["state"]
    assert state["corners"][2:4] == (row - 1, column - 2) and state["held"] == 1


def test_a_new_scene_forgets_what_was_moved_and_drawn_and_keeps_the_settings() -> None:
    state = ask(None, "key:scene:up", "press:scene:0,0", reader="digits", threshold="0.99")["state"]
    fresh = ask(state, "new")["state"]
    assert fresh == {**ask()["state"], "scene": state["scene"] + 1, "reader": "digits", "threshold": "0.99"}
    assert ask({"scene": 99}, "new")["state"]["scene"] == 0


def test_pictures_show_the_scene_the_shares_and_the_finds() -> None:
    for reader, step in (("pass", 4), ("windows", 1)):
        reading = compute(State(reader=reader))
        regions = ask(reader=reader)["regions"]
        (drawing,), (heat,) = (drawings.pictures(regions[name]) for name in ("scene", "heat"))
        (ink,), (shares,) = (drawings.masks(picture).values() for picture in (drawing, heat))
        np.testing.assert_allclose(ink / 15, np.clip(reading.scene.pixels(), 0, 1), atol=0.034)
        np.testing.assert_allclose(shares / 15, reading.shares.max(axis=0), atol=0.034)
        framed = {drawings.cells(box, 0, 0, scene_lab.CELL)[:2] for box in drawings.boxes(drawing, "svg-focus")}
        assert framed == {(find.row, find.column) for find in reading.finds} and framed
        for picture in (drawing, heat):
            assert [text.text for text in picture.iter("text")] == [str(find.digit) for find in reading.finds]
        (image,) = (image for mask in heat.iter("mask") for image in mask.iter("image"))
        first = float(image.get("x", "")) / scene_lab.CELL + step / 2
        assert first == WINDOW / 2  # the first answer stands in the middle of the first window


def test_readouts_say_what_is_found_here_and_in_many_scenes() -> None:
    told = drawings.readouts(ask(threshold="0.97", reader="digits")["regions"]["readouts"])
    found, false = (finished()[f"digits pass 0.97 {measure}"] for measure in ("found", "false"))
    said = [float(n) for n in re.findall(r"[\d.]+", told["Over many scenes"])]
    shares = [100 * share for share in (np.mean(found), min(found), max(found))]
    assert said == pytest.approx([*shares, np.mean(false), min(false), max(false)], abs=0.51)
    assert told["Largest difference"] == "–"
    assert int(told["Digits named"][0]) + int(told["False finds"]) == len(
        compute(State(threshold="0.97", reader="digits")).finds
    )


def test_the_windows_are_compared_with_one_pass() -> None:
    told = drawings.readouts(ask(reader="windows")["regions"]["readouts"])
    assert told["Largest difference"] == "0" and told["Of the 2,809 windows"] == "269.3 million"


@pytest.mark.parametrize(
    "rubbish",
    [
        {"state": {"corners": [1, 2], "ink": [-1, "x"], "held": -7, "pen": 1e9, "grip": 64}},
        {"state": {"corners": [999, -4] * 5, "ink": [5000] * 400, "scene": -3}, "acts": ["press:scene:66,0", "new:1"]},
        {"set": {"reader": "?", "threshold": "0.5", "ink": "x"}, "acts": ["drag:scene:0,0", "key:scene:home"]},
    ],
)
def test_rubbish_leads_to_a_valid_picture(rubbish: dict[str, Any]) -> None:
    answer = kit.respond(scene_lab, rubbish)
    assert json.dumps(answer) and all(answer["regions"].values())
    assert kit.respond(scene_lab, {"state": answer["state"]})["state"] == answer["state"]
