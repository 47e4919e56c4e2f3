"""The border between page and instruments: what the page sends is read once, and instruments are what kit says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments import feature_maps, kernel_explorer, kit, receptive_field
from instruments.kit import acts
from instruments.labs import (
    photograph_lab,
    residual_lab,
    scene_lab,
    served_lab,
    shift_lab,
    teach_lab,
    train_cnn,
    transfer_lab,
)

# mypy compares each instrument's optional functions with kit's protocols here
ACTING: tuple[
    kit.Acts[kernel_explorer.State],
    kit.Acts[feature_maps.State],
    kit.Acts[receptive_field.State],
    kit.Acts[train_cnn.State],
    kit.Acts[shift_lab.State],
    kit.Acts[residual_lab.State],
    kit.Acts[transfer_lab.State],
    kit.Acts[photograph_lab.State],
    kit.Acts[teach_lab.State],
    kit.Acts[scene_lab.State],
] = (
    *(kernel_explorer, feature_maps, receptive_field),
    *(train_cnn, shift_lab, residual_lab, transfer_lab, photograph_lab, teach_lab, scene_lab),
)
ASSIGNING: tuple[
    kit.Assigns[kernel_explorer.State],
    kit.Assigns[feature_maps.State],
    kit.Assigns[receptive_field.State],
    kit.Assigns[train_cnn.State],
    kit.Assigns[shift_lab.State],
    kit.Assigns[residual_lab.State],
    kit.Assigns[transfer_lab.State],
    kit.Assigns[photograph_lab.State],
    kit.Assigns[teach_lab.State],
    kit.Assigns[served_lab.State],
] = (
    *(kernel_explorer, feature_maps, receptive_field),
    *(train_cnn, shift_lab, residual_lab, transfer_lab, photograph_lab, teach_lab, served_lab),
)
LIMITING: tuple[
    kit.HasLimits[kernel_explorer.State],
    kit.HasLimits[feature_maps.State],
    kit.HasLimits[receptive_field.State],
    kit.HasLimits[train_cnn.State],
    kit.HasLimits[shift_lab.State],
    kit.HasLimits[residual_lab.State],
    kit.HasLimits[transfer_lab.State],
    kit.HasLimits[teach_lab.State],
    kit.HasLimits[scene_lab.State],
] = (
    *(kernel_explorer, feature_maps, receptive_field),
    *(train_cnn, shift_lab, residual_lab, transfer_lab, teach_lab, scene_lab),
)
WORKING: tuple[
    kit.Works[receptive_field.State],
    kit.Works[train_cnn.State],
    kit.Works[shift_lab.State],
    kit.Works[residual_lab.State],
    kit.Works[transfer_lab.State],
    kit.Works[teach_lab.State],
] = (receptive_field, train_cnn, shift_lab, residual_lab, transfer_lab, teach_lab)


@pytest.mark.parametrize("instruments", [ACTING, ASSIGNING, LIMITING, WORKING], ids=["act", "assign", "limits", "work"])
def test_every_instrument_is_what_kit_says(instruments: tuple[Any, ...]) -> None:
    assert set(instruments) <= {kit.load(name) for name in kit.instruments()}


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("key:map:up", kit.Key("map", "up")),
        ("key:map:", kit.Key("map", "")),
        ("key:layers:end", kit.Key("layers", "end")),
        ("point:map:3,4", kit.Point("map", 3, 4)),
        ("press:input:0,0", kit.Press("input", 0, 0)),
        ("drag:input:12,63", kit.Drag("input", 12, 63)),
        ("layer:7", kit.RowPress("layer", 7)),
        ("layer:add", kit.ButtonPress("layer", "add")),
        ("nudge:left", kit.ButtonPress("nudge", "left")),
        ("start", kit.ButtonPress("start", "")),
        ("a:b:c", kit.ButtonPress("a", "b:c")),
    ],
)
def test_acts(text: str, act: kit.Act) -> None:
    assert acts.read(text) == act


MALFORMED = "point:map point:map:3 point:map:3, point:map:-1,2 drag:map:1,x press:map:²,1 press:: point:map:123456789,1"


@pytest.mark.parametrize("text", [*MALFORMED.split(), "x" * 41])
def test_what_is_no_act(text: str) -> None:
    assert acts.read(text) is None


@given(st.sampled_from(["point", "press", "drag"]), st.integers(0, 99_999_999), st.integers(0, 99_999_999))
def test_a_cell_is_read_as_it_was_sent(verb: str, row: int, column: int) -> None:
    act = acts.read(f"{verb}:map:{row},{column}")
    assert isinstance(act, kit.Point | kit.Press | kit.Drag)
    assert (type(act).__name__.lower(), act.grid, act.row, act.column) == (verb, "map", row, column)


@given(st.text(max_size=60))
def test_whatever_is_sent_is_an_act_or_nothing(text: str) -> None:
    acts.read(text)
    for name in ("kernel_explorer", "train_cnn"):
        assert kit.state_after(kit.load(name), {"acts": [text, 3, None, [text]]})


@pytest.mark.parametrize(
    ("key", "step"), [("up", (-1, 0)), ("down", (1, 0)), ("left", (0, -1)), ("right", (0, 1)), ("enter", (0, 0))]
)
def test_arrow_keys_are_steps(key: str, step: tuple[int, int]) -> None:
    assert kit.Key("map", key).step == step


@dataclass(frozen=True)
class Scene:
    side: int = 1


@dataclass(frozen=True)
class State(Scene):
    row: int = 0


def test_states_that_differ_elsewhere_have_equal_parts() -> None:
    parts = {kit.part(State(side=2, row=row), Scene) for row in range(3)}
    assert parts == {Scene(2)}
    assert kit.part(State(side=3), Scene) not in parts


@pytest.mark.parametrize(
    ("name", "names"),
    [
        (
            "kernel_explorer",
            "kernel size stride dilation learn padding flip source product down right "
            "focus row column brush pixels weights picture notice",
        ),
        (
            "feature_maps",
            "network size stages width log layer stage channel layers depth picture notice photograph row column part",
        ),
        ("receptive_field", "convs pools network size layer row column draws layers measured notice"),
    ],
)
def test_fields_keep_the_names_that_addresses_and_kept_states_have(name: str, names: str) -> None:
    assert set(kit.respond(kit.load(name), {})["state"]) == set(names.split())
