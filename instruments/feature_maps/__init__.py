"""Instrument N2.2: what layers make of an image: shapes and costs (EQ N2.3), a trained network's maps of a photograph.

The stack is the stages of the sliders, a known network or the reader's own: its numbers are geometry. Whatever it is,
the photograph goes through the first blocks of a network trained on ImageNet (`instruments.nn.efficientnet`).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from html import escape
from typing import Any

from instruments import kit, shown_photograph, stack_editor
from instruments.feature_maps.flow import compute, size, stack_of
from instruments.feature_maps.layer_table import layer_table
from instruments.feature_maps.look import STAGES, chosen, made_of, settled, sides
from instruments.feature_maps.look import compute as look
from instruments.feature_maps.map_rows import map_rows, stages_said
from instruments.feature_maps.one_map import KERNELS_ACROSS, KERNELS_DOWN, enlarged, first_kernels, photograph
from instruments.feature_maps.readouts import readouts
from instruments.feature_maps.state import MapState, StackState, State
from instruments.feature_maps.value_sum import tables, value_sum
from instruments.feature_maps.volumes import volumes
from instruments.kit import Choice, Option, Region, Slider, Toggle
from instruments.nn import architectures, geometry, torch_stack
from instruments.nn.geometry import KINDS, ImpossibleLayer

__all__ = ["CONTROLS", "FILES", "REGIONS", "State", "act", "assign", "limits", "normalise", "sentence", "view"]

FILES = ("backbone-features", "photographs")
WIDTHS = (8, 16, 32, 64, 128)
FIELDS = ("channels", "k", "stride", "padding", "dilation", "groups", "repeat", "norm")
STACKS = (
    Option("stages", "Stages"),
    *(Option(name, network.name) for name, network in architectures.NETWORKS.items()),
    Option("own", "Own stack"),
)

CHOSEN = "Choose a map"
ROWS = tuple(Option(row, name) for row, name in enumerate(STAGES.values()))
MOST = max(channels for _, channels in sides())

CONTROLS: tuple[kit.Control, ...] = (
    *shown_photograph.CHOICE,
    Slider("size", "Input side", 32, 256, unit="px"),
    Slider("stages", "Stages", 1, 5),
    Choice("width", "First width", tuple(Option(width, str(width)) for width in WIDTHS)),
    Choice("network", "Stack", STACKS),
    Choice(
        "stage",
        "Maps after",
        tuple(Option(row, name) for row, name in enumerate(STAGES.values())),
        group=CHOSEN,
        rare=True,
    ),
    Slider(
        "channel",
        "Map, the one that varies most first",
        0,
        max(channels for _, channels in sides()) - 1,
        group=CHOSEN,
        rare=True,
    ),
    Toggle("log", "Logarithmic bars", rare=True),
    *stack_editor.controls(KINDS, FIELDS),
)

REGIONS = (
    Region("maps", "A photograph in a trained network", "picture", keys=True, place="stage"),
    Region("enlarged", "The selected map", "picture", keys=True, place="beside"),
    Region("readouts", "Readouts", "readouts"),
    Region("photograph", "What its value has seen", "picture"),
    Region("sum", "Its value, written out", "text"),
    Region("volumes", "Volumes of the stack", "picture"),
    Region("kernels", "The trained network's first kernels", "picture"),
    Region("values", "", "table"),
    Region("layers", "Layer by layer", "table", keys=True),
)


def normalise(state: State) -> State:
    """Return the nearest state that can be shown."""
    if state.network == "own":
        lines = stack_editor.lines(architectures.read(state.layers)[: geometry.MOST_LAYERS])
        state = replace(state, layers=lines, depth=1 if state.depth == 1 else 3)
        state = state if lines and not _problem(state) else replace(state, network="stages")
    if state.network != "own":
        state = replace(state, layers=(), depth=_depth(state))
    return replace(
        settled(shown_photograph.settled(state)),
        width=state.width if state.width in WIDTHS else State.width,
        layer=min(max(0, state.layer), len(stack_of(state)) - 1),
    )


def _depth(state: State) -> int:
    network = architectures.NETWORKS.get(state.network)
    return network.input[0] if network else 3


def _problem(state: State) -> str:
    """Why the stack cannot be, or nothing."""
    try:
        geometry.costs(stack_of(state), (state.depth, state.size, state.size))
    except ImpossibleLayer as problem:
        return str(problem)
    return ""


def limits(state: State) -> dict[str, dict[str, Any]]:
    """Say what the state forbids, and what the selected layer's controls show."""
    return {
        "width": {"disabled": state.network != "stages"},
        "channel": {"max": sides()[state.stage][1] - 1},
        **stack_editor.limits(stack_of(state), state.layer, FIELDS, bool(state.notice)),
    }


def assign(state: State, field: str, value: Any) -> State:
    """Set a control; editing a layer makes the stack an own one. What makes a layer impossible is refused."""
    if field == stack_editor.PASTED:
        return _pasted(state, str(value)) if str(value).strip() else state
    if field.startswith("layer."):
        return _tried(state, _own(state, stack_editor.changed(stack_of(state), state.layer, field, value)))
    if field == "network" and value == "own":
        return _own(state, stack_of(state))
    if field == "network":
        network = architectures.NETWORKS.get(value)
        return replace(state, network=value, size=network.input[1] if network else State.size, layer=0)
    if field in ("photograph", "picture"):
        return replace(shown_photograph.assigned(state, field, value), row=-1, column=-1, part=0)
    if field == "stage":
        return _selected(state, value, state.channel)
    if field == "channel":
        return _selected(state, state.stage, value)
    return _tried(state, replace(state, **{field: value})) if hasattr(state, field) else state


def _pasted(state: State, text: str) -> State:
    """Take over a stack that PyTorch wrote."""
    try:
        stack = torch_stack.read(text)
    except torch_stack.UnreadableStack as problem:
        return replace(state, notice=str(problem))
    return _tried(state, _own(state, stack))


def _own(state: State, stack: stack_editor.Stack) -> State:
    return replace(state, network="own", layers=stack_editor.lines(stack), depth=_depth(state))


def _tried(before: State, after: State) -> State:
    problem = _problem(after)
    return replace(before, notice=problem) if problem else after


def act(state: State, act: kit.Act) -> State:
    """Select a row, a map or a value, open a part of its sum; add, remove or move a layer."""
    stack = stack_of(state)
    match act:
        case kit.Key("layers"):
            return replace(state, layer=stack_editor.moved(len(stack), state.layer, act))
        case kit.RowPress("layer", row):
            return replace(state, layer=row)
        case kit.ButtonPress("layer", what):
            return _edited(state, *stack_editor.edited(stack, state.layer, what))
        case kit.Key("maps"):
            down, right = act.step
            return _selected(state, state.stage + down, state.channel + right)
        case kit.Point("maps-0" | "maps-1" | "maps-2" | "maps-3" | "maps-4" as row, _, channel):
            return _selected(state, int(row[-1]), channel)
        case kit.Point("kernels", row, column):
            kernel = KERNELS_ACROSS * min(row, KERNELS_DOWN - 1) + min(column, KERNELS_ACROSS - 1)
            return _selected(state, 0, look(state).order[0].index(kernel))
        case kit.Key("enlarged"):
            (row, column), (down, right) = chosen(state).place, act.step
            return replace(state, row=max(0, row + down), column=max(0, column + right), part=0)
        case kit.Point("value", row, column):
            return replace(state, row=row, column=column, part=0)
        case kit.RowPress("part", part):
            return replace(state, part=part)
    return state


def _selected(state: State, stage: int, channel: int) -> State:
    """Select a map, and in it its greatest value; staying on the same one changes nothing."""
    if (stage, channel) == (state.stage, state.channel):
        return state
    return replace(state, stage=stage, channel=channel, row=-1, column=-1, part=0)


def _edited(state: State, stack: stack_editor.Stack, selected: int) -> State:
    if stack == stack_of(state):
        return replace(state, layer=selected)
    after = _tried(state, _own(state, stack))
    return after if after.notice else replace(after, layer=selected)


def view(state: State) -> dict[str, str]:
    """Return the markup of every region."""
    return {**_stack_regions(kit.part(state, StackState)), **_map_regions(kit.part(state, MapState))}


@lru_cache(maxsize=4)
def _stack_regions(state: StackState) -> dict[str, str]:
    """The regions that show the stack; the photograph does not matter."""
    flow = compute(state)
    return {"volumes": volumes(state, flow), "readouts": readouts(state, flow), "layers": layer_table(state, flow)}


@lru_cache(maxsize=4)
def _map_regions(state: MapState) -> dict[str, str]:
    """The regions that show the photograph; the stack does not matter."""
    found = chosen(state)
    made = made_of(state, found)
    note = f"Each row the maps that vary most, of {stages_said()}; grey is 0, white a map's most, black its least."
    return {
        "maps": map_rows(state) + f'<p class="hint">{escape(note)}</p>',
        "enlarged": enlarged(found),
        "photograph": photograph(state, found),
        "sum": value_sum(made, found, state.part),
        "kernels": first_kernels(found),
        "values": tables(made, found, state.part),
    }


def sentence(state: State) -> str:
    """Say in one sentence what comes out."""
    if state.notice:
        return state.notice
    flow, found = compute(state), chosen(state)
    row, column = found.place
    return (
        f"{size(flow.input)} becomes {size(flow.costs[-1].shape)}: {kit.number(flow.total('params'))} parameters, "
        f"{kit.number(flow.total('activations'))} activations per image. "
        f"Selected: {geometry.title(flow.stack[state.layer])}; of the photograph {found.name}, "
        f"{kit.number(found.value)} at row {row}, column {column}."
    )
