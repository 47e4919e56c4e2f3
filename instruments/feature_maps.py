"""Instrument N2.2: what a stack of layers makes of an image: shapes, costs (EQ N2.3), and real maps of a photograph.

A stage is a "same" 3×3 convolution and a 2×2 pool. The stack is the stages of the sliders, a known network or the
reader's own; the photograph always goes through stages of 3×3 convolution, ReLU and max-pool.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from html import escape
from itertools import pairwise
from math import log10, prod
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from instruments import kit, stack_editor
from instruments.data import CREDIT, photograph, photograph_url
from instruments.kit import Choice, Option, Picture, Region, Slider, Toggle
from instruments.nn import architectures, geometry, ops, torch_stack
from instruments.nn.geometry import KINDS, Cost, ImpossibleLayer, Shape
from instruments.nn.kernels import kernel

Array = NDArray[Any]

LARGEST = 64
"""Longest side of a reader's own picture, px."""

SHOWN = 6
"""Channels per stage that the photograph's maps have."""

WIDTHS = (8, 16, 32, 64, 128)
NUMBERS = ("channels", "k", "stride", "padding", "dilation", "groups", "repeat", "norm")
STACKS = (
    Option("stages", "Stages"),
    *(Option(name, network.name) for name, network in architectures.NETWORKS.items()),
    Option("own", "Own stack"),
)


@dataclass(frozen=True)
class StackState:
    """The stack and its input, `layer` the selected row, and what the reader is told."""

    network: str = "stages"
    size: int = 224
    stages: int = 4
    width: int = 64
    log: bool = True
    layer: int = 0
    layers: tuple[str, ...] = ()
    depth: int = 3
    notice: str = ""


@dataclass(frozen=True)
class State(StackState):
    """What is shown: the stack, and a photograph of which the map (`stage`, `channel`) is enlarged."""

    stage: int = 1
    channel: int = 2
    picture: str = ""


CONTROLS: tuple[kit.Control, ...] = (
    Slider("size", "Input side", 32, 256, unit="px"),
    Slider("stages", "Stages", 1, 5),
    Choice("width", "First width", tuple(Option(width, str(width)) for width in WIDTHS)),
    Choice("network", "Stack", STACKS),
    Toggle("log", "Logarithmic bars", rare=True),
    Picture("picture", "Open a picture", LARGEST, rare=True),
    *stack_editor.controls(KINDS, NUMBERS),
)

REGIONS = (
    Region("volumes", "Volumes", "picture", place="stage"),
    Region("maps", "A photograph on its way", "picture", keys=True, place="beside"),
    Region("readouts", "Readouts", "readouts"),
    Region("enlarged", "One map and its kernel", "picture"),
    Region("values", "", "table"),
    Region("layers", "Layer by layer", "table", keys=True),
)


@dataclass(frozen=True)
class Flow:
    """A stack, the shape (C, H, W) it starts from and what each row costs."""

    stack: stack_editor.Stack
    input: Shape
    costs: tuple[Cost, ...]


@dataclass(frozen=True)
class Maps:
    """One stage of the photograph: kernels (C_out, C_in, 3, 3), sums and what ReLU and pool keep of them (C, H, W)."""

    kernels: Array
    sums: Array
    maps: Array


def normalise(state: State) -> State:
    """Return the nearest state that can be shown."""
    if state.network == "own":
        lines = stack_editor.lines(architectures.read(state.layers)[: geometry.MOST_LAYERS])
        state = replace(state, layers=lines, depth=1 if state.depth == 1 else 3)
        state = state if lines and not _problem(state) else replace(state, network="stages")
    if state.network != "own":
        state = replace(state, layers=(), depth=_depth(state))
    if state.picture and kit.decoded(state.picture, LARGEST) is None:
        state = replace(state, picture="")
    return replace(
        state,
        width=state.width if state.width in WIDTHS else State.width,
        layer=min(max(0, state.layer), len(stack_of(state)) - 1),
        stage=min(max(0, state.stage), state.stages - 1),
        channel=min(max(0, state.channel), SHOWN - 1),
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


def stack_of(state: StackState) -> stack_editor.Stack:
    """Return the stack a state shows."""
    if state.network == "own":
        return architectures.read(state.layers)
    if state.network in architectures.NETWORKS:
        return architectures.read(architectures.NETWORKS[state.network].layers)
    return architectures.read(architectures.stages(state.stages, state.width))


def limits(state: State) -> dict[str, dict[str, Any]]:
    """Say what the state forbids, and what the selected layer's controls show."""
    return {
        "width": {"disabled": state.network != "stages"},
        **stack_editor.limits(stack_of(state), state.layer, NUMBERS, bool(state.notice)),
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
    """Select a row or a map, add, remove or move a layer."""
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
            return replace(state, stage=state.stage + down, channel=state.channel + right)
        case kit.Point("maps", stage, channel):
            return replace(state, stage=stage, channel=channel)
    return state


def _edited(state: State, stack: stack_editor.Stack, selected: int) -> State:
    if stack == stack_of(state):
        return replace(state, layer=selected)
    after = _tried(state, _own(state, stack))
    return after if after.notice else replace(after, layer=selected)


def compute(state: StackState) -> Flow:
    """Return the stack with its costs."""
    stack, start = stack_of(state), (state.depth, state.size, state.size)
    return Flow(stack, start, geometry.costs(stack, start))


def view(state: State) -> dict[str, str]:
    """Return the markup of every region."""
    return {
        **_stack_regions(kit.part(state, StackState)),
        **_map_regions(state.picture, state.stages, state.stage, state.channel),
    }


@lru_cache(maxsize=4)
def _stack_regions(state: StackState) -> dict[str, str]:
    """The regions that show the stack; the photograph does not matter."""
    flow = compute(state)
    return {"volumes": _volumes(state, flow), "readouts": _readouts(state, flow), "layers": _table(state, flow)}


@lru_cache(maxsize=4)
def _map_regions(picture: str, count: int, stage: int, channel: int) -> dict[str, str]:
    """The regions that show the photograph; the stack does not matter."""
    stages = stages_of(picture, count)
    return {
        "maps": _maps(picture, count, stage, channel),
        "enlarged": _enlarged(stages[stage], stage, channel),
        "values": _values(stages[stage], channel),
    }


def _readouts(state: StackState, flow: Flow) -> str:
    return kit.readouts(_stage_pairs(flow) if state.network == "stages" else _total_pairs(flow)) + _note(state, flow)


def _stage_pairs(flow: Flow) -> list[tuple[str, str]]:
    channels, height, width = flow.costs[-1].shape
    convs, pools = flow.costs[0::2], flow.costs[1::2]
    return [
        ("FINAL MAP", f"{height} × {width}"),
        ("FINAL CHANNELS", kit.number(channels)),
        ("ACTIVATIONS / STAGE", _listed(prod(cost.shape) for cost in pools)),
        ("BEFORE THE POOL", _listed(prod(cost.shape) for cost in convs)),
        ("PARAMETERS / STAGE", _listed(cost.params for cost in convs)),
        ("INPUT VALUES", kit.number(prod(flow.input))),
    ]


def _listed(values: Any) -> str:
    return " · ".join(kit.number(value, 0) for value in values)


def _total_pairs(flow: Flow) -> list[tuple[str, str]]:
    channels, height, width = flow.costs[-1].shape
    return [
        ("OUTPUT", f"{height} × {width} × {kit.number(channels)}" if height * width > 1 else kit.number(channels)),
        ("PARAMETERS", kit.number(_total(flow, "params"))),
        ("MULTIPLY-ADDS", kit.number(_total(flow, "products"))),
        ("ACTIVATIONS PER IMAGE", kit.number(_total(flow, "activations"))),
    ]


def _total(flow: Flow, name: str) -> int:
    return sum(getattr(cost, name) for cost in flow.costs)


def _note(state: StackState, flow: Flow) -> str:
    if state.network == "stages":
        note = "ACTIVATIONS / STAGE counts the values after each pool, BEFORE THE POOL those the convolution makes."
    else:
        network = architectures.NETWORKS.get(state.network)
        note = network.note if network else "Your own stack."
        note += " " + _balance(flow)
    return f'<p class="hint">{escape(note)}</p>'


def _balance(flow: Flow) -> str:
    """From which batch size on activations outnumber parameters."""
    params, activations = _total(flow, "params"), _total(flow, "activations")
    batch = params // activations + 1
    return f"Activations outnumber parameters from a batch of {kit.number(batch)} on."


def _volumes(state: StackState, flow: Flow) -> str:
    """Boxes to scale in height and width, their length growing with the root of the channels."""
    shapes = [flow.input, *_drawn(state, flow)]
    scale = 150 / max(shape[1] for shape in shapes)
    body, x = "", 36.0
    for i, shape in enumerate(shapes):
        box, width = _volume(shape, x, scale)
        kind = "volume vol-input" if i == 0 else "volume"
        body += f'<g class="{kind}">{box}</g>'
        x += width + 30
    label = "Volumes from input to output: " + ", then ".join(_size(shape) for shape in shapes)
    return kit.svg(body, x - 10, 256, label, longest=720)


def _drawn(state: StackState, flow: Flow) -> list[Shape]:
    """The volumes worth a box: after each pool, or the last one of each size."""
    shapes = [cost.shape for cost in flow.costs]
    if state.network == "stages":
        return shapes[1::2]
    last = [shape for shape, after in pairwise(shapes) if shape[1:] != after[1:] or shape[1] == 1]
    return [*last, shapes[-1]]


def _size(shape: Shape) -> str:
    return f"{shape[1]} × {shape[2]} × {kit.number(shape[0])}"


def _volume(shape: Shape, x: float, scale: float) -> tuple[str, float]:
    """One box seen from the side: the width of the map recedes to the upper right. Returns its drawing and width."""
    channels, height, width = shape
    length = min(140.0, 3.2 * channels**0.5)
    tall, lean = max(2.0, height * scale), max(1.0, width * scale * 0.32)
    top = 205 - tall
    front = kit.box("vol-front", x, top, length, tall)
    back = f"l{kit.plain(lean)} -{kit.plain(lean)}"
    upper = f"M{kit.plain(x)} {kit.plain(top)}{back}h{kit.plain(length)}l-{kit.plain(lean)} {kit.plain(lean)}z"
    side = f"M{kit.plain(x + length)} {kit.plain(top)}{back}v{kit.plain(tall)}l-{kit.plain(lean)} {kit.plain(lean)}z"
    middle = x + length / 2
    texts = kit.words("svg-label", middle, 222, f"{height} × {width}" if height > 1 else "1 × 1", 12)
    texts += kit.words("svg-small", middle, 240, f"× {kit.number(channels)}", 12)
    drawing = f'{front}<path class="vol-top" d="{upper}"/><path class="vol-side" d="{side}"/>{texts}'
    return drawing, max(length + lean, 44)


@cache
def stage_kernels(stage: int) -> Array:
    """Return the kernels (SHOWN, C_in, 3, 3) of a stage: edges and colours first, then seeded mixtures of edges."""
    upright, level = kernel("sobel-x", 3) / 4, kernel("sobel-y", 3) / 4
    oriented = [upright, level, (upright + level) / 2, (upright - level) / 2]
    if stage == 0:
        grey = np.full(3, 1 / 3)
        colours = [np.array([1.0, -1.0, 0.0]), np.array([-0.5, -0.5, 1.0])]
        blur = kernel("blur", 3)
        return np.stack(
            [np.multiply.outer(grey, edge) for edge in oriented] + [np.multiply.outer(c, blur) for c in colours]
        )
    draw = np.random.default_rng(stage)
    mixture = draw.normal(0, 0.6, (SHOWN, SHOWN))
    mixture[len(oriented) :] = np.abs(mixture[len(oriented) :])
    parts = [*oriented, *[kernel("blur", 3)] * (SHOWN - len(oriented))]
    return np.stack([np.multiply.outer(weights, part) for weights, part in zip(mixture, parts, strict=True)])


@lru_cache(maxsize=4)
def stages_of(picture: str, count: int) -> tuple[Maps, ...]:
    """Send the photograph, or the reader's picture, through `count` stages."""
    pixels = kit.decoded(picture, LARGEST) if picture else photograph()
    x: Array = (photograph() if pixels is None else pixels).transpose(2, 0, 1) / 255
    x = _enlarged_to(x - x.mean(axis=(1, 2), keepdims=True), 2**count)  # mean 0: the zero padding adds no edge
    stages = []
    for stage in range(count):
        kernels = stage_kernels(stage)
        sums = ops.conv2d(x[None], kernels, padding=1)[0]
        x = ops.max_pool2d(np.maximum(sums, 0), 2)
        stages.append(Maps(kernels, sums, x))
    return tuple(stages)


def _enlarged_to(x: Array, least: int) -> Array:
    """Repeat the pixels of a picture that is too small for its stages."""
    for axis in (1, 2):
        x = x.repeat(-(-least // x.shape[axis]), axis)
    return x


TILE = 76.0


def _maps(picture: str, count: int, stage: int, channel: int) -> str:
    """The picture, then one row of maps per stage, each graded to its own peak."""
    grid = kit.Grid(count, SHOWN, 2, 2 + TILE, TILE)
    body = _strips(picture, count) + grid.lines() + grid.frame("svg-focus", stage, channel) + grid.target("maps")
    label = f"{SHOWN} feature maps after each of {count} stages"
    source = "Your picture" if picture else CREDIT
    note = f"{source}. Each row is one stage of 3×3 convolution, ReLU and 2×2 max-pool, graded to each map's peak."
    return kit.svg(body, 74 + SHOWN * TILE, 4 + grid.height + TILE, label) + f'<p class="hint">{note}</p>'


@lru_cache(maxsize=4)
def _strips(picture: str, count: int) -> str:
    """The picture and its maps without what is selected."""
    stages = stages_of(picture, count)
    return _source(picture, stages[0].sums.shape) + "".join(_row(i, stage.maps) for i, stage in enumerate(stages))


def _source(picture: str, shape: tuple[int, ...]) -> str:
    """The picture above the first stage, as it is; its mean colour is taken away before the first convolution."""
    pixels = kit.decoded(picture, LARGEST) if picture else None
    url = photograph_url("thumbnail") if pixels is None else kit.png_url(pixels)
    place = f'x="2" y="2" width="{TILE - 6:.0f}" height="{TILE - 6:.0f}"'
    size = f"{shape[1]} × {shape[2]} × 3, its mean colour taken away"
    image = f'<image class="svg-photo" data-key="photograph-{crc32(url.encode()):x}" {place} href="{url}"/>'
    return image + kit.words("svg-label", TILE + 6, TILE / 2, size, 12, "start")


def _row(stage: int, maps: Array) -> str:
    """One strip of maps (C, H, W), side by side."""
    count, height, width = maps.shape
    peaks = maps.max(axis=(1, 2), keepdims=True)
    strip = (maps / np.where(peaks > 0, peaks, 1)).transpose(1, 0, 2).reshape(height, count * width)
    y = 2 + (stage + 1) * TILE
    grid = kit.Grid(1, count, 2, y, TILE)
    name = kit.words("svg-label", 10 + count * TILE, y + TILE / 2, f"{height} × {width}", 12, "start")
    return grid.shades(strip, 1, f"maps-stage-{stage}") + name


def _enlarged(chosen: Maps, stage: int, channel: int) -> str:
    """The selected channel's kernel, its signed sums, and what ReLU and the pool leave."""
    sums, kept, weights = chosen.sums[channel], chosen.maps[channel], chosen.kernels[channel]
    figures = [
        (_slices(weights), f"Kernel: one 3×3 slice for each of {len(weights)} input channels"),
        (_signed(sums), f"Sums, {sums.shape[0]} × {sums.shape[1]}, from {_range(sums)}"),
        (_kept(kept), f"After ReLU and pool, {kept.shape[0]} × {kept.shape[1]}, up to {kit.number(float(kept.max()))}"),
    ]
    return f'<p class="hint">Stage {stage + 1}, channel {channel + 1}</p>' + kit.panels(figures, 7)


def _values(chosen: Maps, channel: int) -> str:
    """The same as tables; of a large map the part around its peak."""
    kept = chosen.maps[channel]
    row, column = divmod(int(kept.argmax()), kept.shape[1])
    slices = enumerate(chosen.kernels[channel], start=1)
    tables = "".join(kit.grid_table(f"Kernel, input channel {i}", part) for i, part in slices)
    return kit.folded("values", "Values as tables", tables + kit.grid_table("Map that is kept", kept, row, column))


def _range(values: Array) -> str:
    return f"{kit.number(float(values.min()))} to {kit.number(float(values.max()))}"


def _slices(weights: Array) -> str:
    peak, body = float(np.abs(weights).max()), ""
    for i, part in enumerate(weights):
        grid = kit.Grid(3, 3, 2 + i % 3 * 66, 2 + i // 3 * 66, 20)
        body += grid.fills(kit.signed_levels(part, peak)) + grid.lines()
    return kit.svg(body, 198, 2 + -(-len(weights) // 3) * 66, "The kernel's slices", longest=198)


def _signed(values: Array) -> str:
    grid = _large(values)
    body = grid.signed_shades(values, float(np.abs(values).max()), "maps-sums") + grid.lines()
    return kit.svg(body, 204, grid.height + 4, "The signed sums", longest=260)


def _kept(values: Array) -> str:
    grid = _large(values)
    body = grid.shades(values, float(values.max()), "maps-kept") + grid.lines()
    return kit.svg(body, 204, grid.height + 4, "The map that is kept", longest=260)


def _large(values: Array) -> kit.Grid:
    rows, columns = values.shape
    return kit.Grid(rows, columns, 2, 2, 200 / columns)


def _table(state: StackState, flow: Flow) -> str:
    """Shape, parameters, multiply-adds and activations of every row, with bars."""
    peaks = [max(getattr(cost, name) for cost in flow.costs) for name in COLUMNS]
    rows = [
        (
            _size(cost.shape),
            *(
                _bar(getattr(cost, name), peak, kind, state.log)
                for (name, kind), peak in zip(COLUMNS.items(), peaks, strict=True)
            ),
            _memory(cost),
        )
        for cost in flow.costs
    ]
    sums = [kit.number(_total(flow, name)) for name in COLUMNS]
    notice = f'<p class="notice">{escape(state.notice)}</p>' if state.notice else ""
    head = ("output H × W × C", "parameters", "multiply-adds", "activations", "memory, float32")
    foot = ("", *sums, _mebibytes(4 * _total(flow, "activations")))
    return notice + stack_editor.table(flow.stack, state.layer, head, rows, foot)


COLUMNS = {"params": "bar-b", "products": "bar-c", "activations": "bar-d"}


def _bar(value: int, peak: int, kind: str, log: bool) -> str:
    share = (log10(1 + value) / log10(1 + peak) if log else value / peak) if peak else 0
    bar = kit.box(kind, 0, 0, 100 * share, 6)
    frame = 'class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"'
    return f"{kit.number(value)}<svg {frame}>{bar}</svg>"


def _memory(cost: Cost) -> str:
    return _mebibytes(4 * cost.activations)


def _mebibytes(count: int) -> str:
    return f"{kit.number(count / 2**20, 2)} MiB" if count >= 2**16 else f"{kit.number(count / 1024, 1)} KiB"


def sentence(state: State) -> str:
    """Say in one sentence what comes out."""
    if state.notice:
        return state.notice
    flow = compute(state)
    kept = stages_of(state.picture, state.stages)[state.stage].maps[state.channel]
    return (
        f"{_size(flow.input)} becomes {_size(flow.costs[-1].shape)}: {kit.number(_total(flow, 'params'))} parameters, "
        f"{kit.number(_total(flow, 'activations'))} activations per image. "
        f"Selected: {geometry.title(flow.stack[state.layer])}; map of stage {state.stage + 1}, "
        f"channel {state.channel + 1}, up to {kit.number(float(kept.max()))}."
    )
