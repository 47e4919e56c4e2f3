"""Instrument N2.1: defaults of the brief, sums that equal cells, three ways that agree, equivariance."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments import kernel_explorer as explorer
from instruments import kit
from instruments.kernel_explorer import learning, nudge, reach
from instruments.kernel_explorer.scene import compute
from instruments.nn import ops
from instruments.nn.kernels import drawing, kernel
from tests.instruments import drawings
from tests.instruments.states import requests

EDGE = [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]


def respond(**request: Any) -> dict[str, Any]:
    return kit.respond(explorer, request)


def state_of(**request: Any) -> explorer.State:
    return kit.state_after(explorer, request)


def text_of(markup: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", markup))


def test_defaults_are_those_of_the_brief() -> None:
    maps = compute(explorer.State())
    assert maps.input.shape == (9, 9)
    assert set(np.unique(maps.input)) == {0, 1}
    assert maps.applied.tolist() == EDGE
    assert maps.map.shape == (7, 7)
    readouts = respond()["regions"]["readouts"]
    assert "<dt>OUTPUT SIZE</dt><dd>7 × 7</dd>" in readouts
    assert "<dt>PARAMS REUSED</dt><dd>49×</dd>" in readouts


def test_presets() -> None:
    assert kernel("sharpen", 3).tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    assert kernel("sobel-x", 3).tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert kernel("sobel-y", 3).tolist() == [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
    assert kernel("emboss", 3).tolist() == [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]
    np.testing.assert_allclose(kernel("blur", 3), 1 / 9)


@pytest.mark.parametrize("k", [1, 3, 5, 7])
@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("edge", 0),
        ("blur", 1),
        ("sharpen", 1),
        ("identity", 1),
        ("sobel-x", 0),
        ("sobel-y", 0),
        ("emboss", 1),
        ("motion", 1),
    ],
)
def test_kernels_keep_their_sum_in_every_size(name: str, k: int, total: int) -> None:
    assert kernel(name, k).shape == (k, k)
    assert abs(kernel(name, k).sum() - total) < 1e-12


def test_identity_gives_the_inner_input_and_a_flat_one_gives_nothing_under_edge() -> None:
    maps = compute(state_of(set={"kernel": "identity"}))
    assert (maps.map == maps.input[1:-1, 1:-1]).all()
    flat = state_of(set={"source": "painted"})
    assert not compute(flat).map.any()
    assert not compute(replace(flat, pixels=(1.0,) * 81)).map.any()


@pytest.mark.parametrize("source", ["seven", "bar", "checkerboard", "gradient", "photograph"])
def test_inputs_are_brightness(source: str) -> None:
    values = compute(state_of(set={"source": source})).input
    assert values.min() >= 0
    assert values.max() <= (255 if source == "photograph" else 1)
    assert source != "photograph" or (values == np.floor(values)).all()
    assert np.unique(values).size > 1


@given(requests(explorer))
@settings(max_examples=60)
def test_the_written_sum_is_the_cell_and_all_three_views_agree(request: dict[str, Any]) -> None:
    state = replace(kit.state_after(explorer, request), focus="map")
    state = explorer.normalise(state)
    maps = compute(state)
    cell = maps.map[state.row, state.column]
    assert abs((reach.window_of(state, maps) * maps.applied).sum() - cell) < 1e-9
    geometry = state.stride, state.padding, state.dilation
    slow = ops.conv2d(maps.input[None, None], maps.applied[None, None], None, *geometry)[0, 0]
    np.testing.assert_allclose(maps.map, slow, atol=1e-9)
    columns = ops.im2col(maps.input[None, None], state.size, *geometry)[0]
    np.testing.assert_allclose(maps.applied.reshape(-1) @ columns, maps.map.ravel(), atol=1e-9)
    written = text_of(explorer.view(state)["arithmetic"])
    assert f"S({state.row}, {state.column}) =" in written
    assert written.rstrip().endswith(kit.number(float(cell)))


def test_a_written_sum_adds_up() -> None:
    text = text_of(respond(acts=["point:map:2,4"])["regions"]["arithmetic"]).replace("−", "-")
    products = re.findall(r"(-?[\d.]+)·\(?(-?[\d.]+)\)?", text)
    assert len(products) == 9
    assert sum(float(value) * float(weight) for value, weight in products) == -6
    assert text.split("=")[-1].strip() == "-6"


def test_an_input_pixel_marks_the_outputs_that_read_it() -> None:
    answer = respond(acts=["point:input:4,4"])
    assert "is read by 9 outputs" in answer["regions"]["arithmetic"]
    assert 'class="svg-reach"' in answer["regions"]["map"]
    assert "is read by 1 output," in respond(acts=["point:input:0,0"])["regions"]["arithmetic"]


@given(requests(explorer))
@settings(max_examples=60)
def test_outputs_said_to_be_reached_are_those_that_change(request: dict[str, Any]) -> None:
    state = explorer.normalise(replace(kit.state_after(explorer, request), focus="input"))
    maps = compute(state)
    touched = maps.input.copy()
    touched[state.row, state.column] += 1
    ones, geometry = np.ones((1, 1, *maps.applied.shape)), (state.stride, state.padding, state.dilation)
    before, after = (ops.conv2d(x[None, None], ones, None, *geometry) for x in (maps.input, touched))
    reached = int((np.abs(after - before) > 0.5).sum())
    written = text_of(explorer.view(state)["arithmetic"])
    assert f"is read by {reached} output" in written


def test_rows_that_no_window_reads_are_veiled() -> None:
    assert "svg-dropped" not in respond()["regions"]["input"]
    answer = respond(set={"stride": 3, "size": 5})
    assert answer["regions"]["input"].count("svg-dropped") == 2
    assert "1 row, 1 column" in answer["regions"]["readouts"]


def test_flip_turns_the_kernel() -> None:
    plain, flipped = (compute(state_of(set={"kernel": "sobel-x", "flip": flip})) for flip in (False, True))
    assert (flipped.applied == plain.typed[::-1, ::-1]).all()
    assert (flipped.map == -plain.map).all()


def test_painting_turns_a_pixel_over_and_goes_on_with_its_value() -> None:
    state = state_of(acts=["press:input:0,0", "drag:input:0,1", "drag:input:1,1"])
    pixels = np.reshape(state.pixels, (9, 9))
    assert state.source == "painted"
    assert pixels[0, :2].tolist() == [1, 1]
    assert pixels[1, 1] == 1
    erased = ["press:input:1,1", "drag:input:1,2"]
    state = kit.state_after(explorer, {"state": vars(state), "acts": erased})
    assert np.reshape(state.pixels, (9, 9))[1, 1:3].tolist() == [0, 0]


def test_painting_by_keyboard() -> None:
    state = state_of(acts=["key:input:up", "key:input:home", "key:input:enter"])
    assert state.focus == "input"
    assert np.reshape(state.pixels, (9, 9))[state.row, 0] == 1


def test_a_photograph_is_not_painted() -> None:
    state = state_of(set={"source": "photograph"}, acts=["press:input:3,3"])
    assert state.source == "photograph"
    assert state.pixels == ()


def test_weights_are_typed_and_rubbish_says_so() -> None:
    state = state_of(set={"weight.0": "1/9", "weight.8": "−2"})
    assert state.kernel == "own"
    assert list(state.weights) == [1 / 9, -1, -1, -1, 8, -1, -1, -1, -2]
    refused = respond(set={"weight.0": "two"})
    assert refused["state"]["kernel"] == "edge"
    assert "is no weight" in refused["regions"]["kernel"]
    assert "is no weight" in refused["sentence"]


def test_an_own_kernel_keeps_its_middle_when_the_size_changes() -> None:
    first = state_of(set={"weight.4": "7"})
    wide = kit.state_after(explorer, {"state": vars(first), "set": {"size": 5}})
    assert np.reshape(wide.weights, (5, 5))[2, 2] == 7
    assert np.reshape(wide.weights, (5, 5))[0].tolist() == [0] * 5
    back: explorer.State = kit.state_after(explorer, {"state": vars(wide), "set": {"size": 3}})
    assert back.weights == first.weights


@given(requests(explorer), st.sampled_from(["up", "down", "left", "right"]))
@settings(max_examples=40)
def test_a_nudge_moves_the_map_along_exactly_at_stride_one(request: dict[str, Any], way: str) -> None:
    state = kit.state_after(explorer, request)
    state = explorer.normalise(replace(state, stride=1, padding=0, down=0, right=0))
    state = explorer.act(state, kit.ButtonPress("nudge", way))
    maps = compute(state)
    before, after = nudge.overlap(maps.still_map, maps.map, state.down, state.right)
    assert nudge.same_values(before, after).all()


def test_a_nudge_is_measured_and_can_be_taken_back() -> None:
    answer = respond(acts=["nudge:right"])
    assert "Input moved by 1 px right" in answer["regions"]["shift"]
    assert "42 of 42 (100 %)" in answer["regions"]["shift"]
    maps = compute(state_of(acts=["nudge:right"]))
    equal = int((maps.still_map == maps.map).sum())
    assert f"{equal} of 49" in answer["regions"]["shift"]
    assert respond(acts=["nudge:right", "nudge:back"])["regions"]["shift"] == ""


def test_the_matrix_product_points_back_at_the_map() -> None:
    state = state_of(set={"product": True}, acts=["point:product:3,17"])
    assert (state.row, state.column) == (2, 3)
    assert "49 of 49 products equal" in explorer.view(state)["product"]


def test_the_sizes_of_a_dilated_kernel_are_those_that_fit() -> None:
    wide = respond(set={"dilation": 2})
    assert "<dt>OUTPUT SIZE</dt><dd>5 × 5</dd>" in wide["regions"]["readouts"]
    assert "⌊(9 − 5 + 2·0) / 1⌋ + 1 = 5; the taps reach over 2·(3 − 1) + 1 = 5 pixels" in wide["regions"]["readouts"]
    assert [state_of(set={"size": k, "dilation": 3}).dilation for k in (1, 3, 5, 7)] == [1, 3, 2, 1]


def errors_of(**request: Any) -> list[float]:
    markup = respond(**request)["regions"]["learned"]
    return [drawings.value(cell) for cell in re.findall(r"<td>([^<]+)</td>", markup)]


def test_a_kernel_is_found_again_as_far_as_its_input_tells_kernels_apart() -> None:
    assert respond()["regions"]["learned"] == ""
    seven = errors_of(set={"learn": True, "kernel": "sobel-x"})
    assert seven == sorted(seven, reverse=True) and seven[-1] == 0
    bar = respond(set={"learn": True, "kernel": "sobel-x", "source": "bar"})["regions"]["learned"]
    assert "apart in 3 of 9 directions" in bar
    for request in ({"source": "bar"}, {"source": "photograph", "dilation": 2}, {"flip": True, "padding": 1}):
        state = state_of(set={"kernel": "sobel-x", **request})
        kernels, _ = learning.descended(state)
        maps, slow = compute(state), np.zeros((3, 3))
        windows = ops.im2col(maps.input[None, None], 3, 1, state.padding, state.dilation)[0]
        rate = 1 / np.linalg.norm(windows, 2) ** 2
        for _ in range(10):
            slow -= rate * (windows @ (windows.T @ slow.ravel() - maps.map.ravel())).reshape(3, 3)
        np.testing.assert_allclose(kernels[0], slow, atol=1e-6)


def test_own_pictures() -> None:
    assert "Open a picture first" in respond(set={"source": "own"})["sentence"]
    tiny = state_of(set={"picture": "1x1:////"})
    assert tiny.source == "own"
    assert compute(tiny).input.tolist() == [[255] * 9] * 9
    wide = state_of(set={"picture": "64x1:" + "AAAA" * 64})
    assert compute(wide).input.shape == (9, 64)
    assert state_of(set={"picture": "not a picture"}).source == "seven"


def test_the_seven_is_drawn() -> None:
    assert drawing("seven").shape == (9, 9)
    assert drawing("seven")[1].sum() == 7
