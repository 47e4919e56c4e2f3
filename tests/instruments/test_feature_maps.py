"""Instrument N2.2: defaults and figures of the brief, refusals, real maps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from instruments import feature_maps, kit
from instruments.data import photograph
from instruments.nn import geometry, ops
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
    flow = feature_maps.compute(state)
    table = feature_maps.view(state)["layers"]
    foot = table.split("<tfoot>")[1]
    for name in ("params", "products", "activations"):
        assert f">{kit.number(sum(getattr(cost, name) for cost in flow.costs), 0)}<" in foot
    assert table.count("<tr") == len(flow.stack) + 2


def test_the_photograph_really_goes_through_the_stages() -> None:
    stages = feature_maps.stages_of("", 3)
    x = photograph().transpose(2, 0, 1) / 255
    x = x - x.mean(axis=(1, 2), keepdims=True)
    for stage in stages:
        sums = ops.conv2d(x[None], stage.kernels, padding=1)[0]
        np.testing.assert_allclose(stage.sums, sums)
        x = ops.max_pool2d(np.maximum(sums, 0), 2)
        np.testing.assert_allclose(stage.maps, x)
        assert (x.max(axis=(1, 2)) > 0).all(), "a dead channel shows nothing"


def test_a_picture_of_ones_own_replaces_the_photograph() -> None:
    picture = "2x2:" + "AAAA" * 2 + "////" * 2
    answer = respond(set={"picture": picture})
    assert "Your picture" in answer["regions"]["maps"]
    assert answer["state"]["picture"] == picture
    assert respond(set={"picture": "no"})["state"]["picture"] == ""


def test_maps_are_chosen_by_pointer_and_key() -> None:
    state = respond(acts=["point:maps:2,3"])["state"]
    assert (state["stage"], state["channel"]) == (2, 3)
    state = respond(acts=["key:maps:down", "key:maps:right", "key:maps:up", "key:maps:up", "key:maps:up"])["state"]
    assert (state["stage"], state["channel"]) == (0, 3)
