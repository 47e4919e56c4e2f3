"""Instrument N2.2: defaults and figures of the brief, refusals, real maps."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from instruments import feature_maps, kit
from instruments.feature_maps import flow as flows
from instruments.nn import geometry
from tests.instruments.states import requests
from tests.instruments.test_kernel_explorer import text_of


def respond(**request: Any) -> dict[str, Any]:
    return kit.respond(feature_maps, request)


def test_defaults_are_those_of_the_brief() -> None:
    readouts = respond()["regions"]["readouts"]
    for name, value in [
        ("FINAL MAP", "14 × 14"),
        ("FINAL CHANNELS", "512"),
        ("ACTIVATIONS / STAGE", "802,816 · 401,408 · 200,704 · 100,352"),
        ("BEFORE THE POOL", "3,211,264 · 1,605,632 · 802,816 · 401,408"),
        ("PARAMETERS / STAGE", "1,792 · 73,856 · 295,168 · 1,180,160"),
        ("INPUT VALUES", "150,528"),
    ]:
        assert f"{name} {value}" in " ".join(text_of(readouts).split())


def test_sizes_are_rounded_down() -> None:
    assert "FINAL MAP 1 × 1" in " ".join(text_of(respond(set={"size": 33, "stages": 5})["regions"]["readouts"]).split())


@pytest.mark.parametrize(
    ("network", "total"),
    [("alexnet", "60,965,224"), ("vgg-16", "138,357,544"), ("resnet-50", "25,557,032"), ("mobilenet", "4,231,976")],
)
def test_networks_show_published_totals(network: str, total: str) -> None:
    answer = respond(set={"network": network})
    assert total in answer["regions"]["readouts"]
    assert total in answer["regions"]["layers"]


def test_activations_of_vgg_outnumber_its_parameters_near_a_batch_of_nine() -> None:
    assert "from a batch of 10 on" in respond(set={"network": "vgg-16"})["regions"]["readouts"]


def test_an_impossible_layer_says_why_and_changes_nothing() -> None:
    before = respond(set={"network": "lenet-5"})
    refused = kit.respond(feature_maps, {"state": {**before["state"], "layer": 2}, "set": {"layer.groups": 4}})
    assert "4 groups do not divide 6 and 16 channels" in refused["sentence"]
    assert "notice" in refused["regions"]["layers"]
    assert {**refused["state"], "notice": ""} == {**before["state"], "layer": 2}


def test_editing_a_layer_makes_the_stack_ones_own() -> None:
    answer = respond(set={"layer.channels": 32})
    assert answer["state"]["network"] == "own"
    assert answer["state"]["layers"][0] == "conv 32 k3 p1"
    assert answer["limits"]["layer.channels"]["value"] == 32
    more = kit.respond(feature_maps, {"state": answer["state"], "acts": ["layer:add", "layer:later"]})
    assert len(more["state"]["layers"]) == 9
    assert more["state"]["layer"] == 2
    fewer = kit.respond(feature_maps, {"state": more["state"], "acts": ["layer:remove"]})
    assert len(fewer["state"]["layers"]) == 8


def test_every_kind_of_layer_can_be_chosen() -> None:
    for kind in geometry.KINDS:
        answer = respond(set={"layer.kind": kind})
        assert answer["limits"]["layer.kind"]["value"] == kind or answer["state"]["notice"]


@given(requests(feature_maps))
@settings(max_examples=50)
def test_totals_are_the_sums_of_the_rows(request: dict[str, Any]) -> None:
    state = kit.state_after(feature_maps, request)
    flow = flows.compute(state)
    table = feature_maps.view(state)["layers"]
    foot = table.split("<tfoot>")[1]
    for name in ("params", "products", "activations"):
        assert f">{kit.number(sum(getattr(cost, name) for cost in flow.costs), 0)}<" in foot
    assert table.count("<tr") == len(flow.stack) + 2


def test_a_picture_of_ones_own_replaces_the_photograph() -> None:
    picture = "2x2:" + "AAAA" * 2 + "////" * 2
    answer = respond(set={"picture": picture}, acts=["point:value:3,4"])
    assert "Your picture" in answer["regions"]["photograph"]
    assert (answer["state"]["picture"], answer["state"]["photograph"]) == (picture, "own")
    back = kit.respond(feature_maps, {"state": answer["state"], "set": {"photograph": "coffee"}})
    assert (back["state"]["picture"], back["state"]["row"]) == ("", -1)
    assert respond(set={"picture": "no"})["state"]["picture"] == ""


def test_maps_are_chosen_by_pointer_and_key() -> None:
    state = respond(acts=["point:maps-2:0,3"])["state"]
    assert (state["stage"], state["channel"]) == (2, 3)
    state = respond(acts=["key:maps:down", "key:maps:right", "key:maps:up", "key:maps:up", "key:maps:up"])["state"]
    assert (state["stage"], state["channel"]) == (0, 3)


def test_a_map_further_on_in_its_row_is_reached_by_key_and_the_last_one_stays() -> None:
    keys = ["point:maps-0:0,5", *["key:maps:right"] * 40]
    answer = respond(acts=keys)
    assert answer["state"]["channel"] == 31
    assert "svg-focus" not in answer["regions"]["maps"], "it is not among those shown"


def test_another_map_begins_at_its_greatest_value_and_the_same_one_keeps_the_place() -> None:
    state = respond(acts=["point:maps-2:0,3", "point:value:5,6", "part:2", "point:maps-2:0,3"])["state"]
    assert (state["row"], state["column"], state["part"]) == (5, 6, 2)
    state = kit.respond(feature_maps, {"state": state, "acts": ["point:maps-2:0,4"]})["state"]
    assert (state["row"], state["column"], state["part"]) == (-1, -1, 0)


def test_a_place_outside_a_smaller_map_is_moved_into_it() -> None:
    state = respond(state={"stage": 4, "channel": 999, "row": 100, "column": 13, "part": 77})["state"]
    assert (state["channel"], state["row"], state["column"], state["part"]) == (111, 13, 13, 5)


@pytest.mark.parametrize("kernel", [0, 13, 31])
def test_a_kernel_that_is_pressed_shows_its_map(kernel: int) -> None:
    answer = respond(acts=[f"point:kernels:{kernel // 8},{kernel % 8}"])
    assert f"layer 1, channel {kernel + 1}," in answer["sentence"]
