"""Instrument N2.3: defaults of the brief, the recursion written out, published fields."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from instruments import kit, receptive_field
from instruments.nn import geometry
from tests.instruments.states import requests
from tests.instruments.test_kernel_explorer import text_of


def respond(**request: Any) -> dict[str, Any]:
    return kit.respond(receptive_field, request)


def words(markup: str) -> str:
    return " ".join(text_of(markup).split())


def test_defaults_are_those_of_the_brief() -> None:
    readouts = words(respond()["regions"]["readouts"])
    assert "RECEPTIVE FIELD 18 px" in readouts
    assert "FEATURE STRIDE (JUMP) 4" in readouts
    assert "TOTAL LAYERS 5" in readouts
    assert "ORDER conv-pool-conv-pool-conv" in readouts
    assert "TRACE r/j 3/1 · 4/2 · 8/2 · 10/4 · 18/4" in readouts


@pytest.mark.parametrize("convs", range(1, 11))
def test_sliders(convs: int) -> None:
    for pools in range(6):
        answer = respond(set={"convs": convs, "pools": pools})
        assert answer["state"]["pools"] == min(pools, convs)
        assert answer["limits"]["pools"]["max"] == min(5, convs)
        readouts = words(answer["regions"]["readouts"])
        assert f"FEATURE STRIDE (JUMP) {2 ** min(pools, convs)}" in readouts
        if pools == 0:
            assert f"RECEPTIVE FIELD {2 * convs + 1} px" in readouts


@pytest.mark.parametrize(("network", "field"), [("alexnet", "195"), ("vgg-16", "212"), ("inception-v3", "1,311")])
def test_known_networks(network: str, field: str) -> None:
    answer = respond(set={"network": network})
    assert f"RECEPTIVE FIELD {field} px FEATURE STRIDE (JUMP) 32" in words(answer["regions"]["readouts"])


def test_the_recursion_is_filled_in() -> None:
    text = words(respond()["regions"]["recursion"])
    assert "r = 10 + (3 − 1)·4 = 18, j = 4·1 = 4" in text


@given(requests(receptive_field))
@settings(max_examples=60)
def test_every_step_of_the_recursion_is_true(request: dict[str, Any]) -> None:
    state = kit.state_after(receptive_field, request)
    text = receptive_field.view(state)["recursion"]
    for item in text.split("<li")[1:]:
        steps = text_of("<li" + item).partition(": ")[2].replace("−", "-").replace("·", "*")
        for equation in steps.split(", "):
            _, left, right = equation.split(" = ")
            assert eval(left) == int(right)


@given(requests(receptive_field))
@settings(max_examples=40)
def test_units_behind_the_last_one_are_counted_by_the_windows(request: dict[str, Any]) -> None:
    sight = receptive_field.compute(kit.state_after(receptive_field, request))
    count, counts = 1, []
    for layer in reversed(list(geometry.windows(sight.stack))):
        count = (count - 1) * layer.stride + layer.dilation * (layer.k - 1) + 1
        counts.append(count)
    assert counts[-1] == sight.reaches[-1].field


def test_editing_a_preset_keeps_the_rest_of_it() -> None:
    before = respond(set={"network": "vgg-16"})
    after = kit.respond(receptive_field, {"state": before["state"], "acts": ["layer:0"], "set": {}})
    after = kit.respond(receptive_field, {"state": after["state"], "set": {"layer.k": 5, "layer.padding": 2}})
    assert after["state"]["network"] == "own"
    assert "RECEPTIVE FIELD 214 px" in words(after["regions"]["readouts"])


def test_the_unit_is_moved_by_pointer_and_key() -> None:
    first = respond(acts=["point:field:0,0"])
    assert (first["state"]["row"], first["state"]["column"]) == (0, 0)
    assert first["regions"]["field"] != respond()["regions"]["field"]
    moved = kit.respond(receptive_field, {"state": first["state"], "acts": ["key:field:right", "key:field:up"]})
    assert (moved["state"]["row"], moved["state"]["column"]) == (0, 1)
    far = respond(acts=["point:field:99,99"])
    assert (far["state"]["row"], far["state"]["column"]) == (15, 15)


def test_the_unit_grid_lies_on_the_fields_centres() -> None:
    sight = receptive_field.compute(receptive_field.State())
    assert sight.units == 16
    last = sight.reaches[-1]
    assert (last.start, last.start + 15 * last.jump) == (2.0, 62.0)
