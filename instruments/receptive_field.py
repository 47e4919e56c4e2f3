"""Instrument N2.3: how much of the image one unit of a stack sees (recursion of Araujo et al. 2019).

Lengths are pixels of the input. The unit looked at is (row, column) of the last layer's map. How strongly the pixels
of its field count is measured by `effective_field`; a state holds the result as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from math import exp
from typing import Any
from zlib import crc32

from instruments import kit, stack_editor
from instruments.data import CREDIT, photograph_url
from instruments.kit import Button, Choice, Option, Region, Slider
from instruments.nn import architectures, effective_field, geometry, ops, torch_stack
from instruments.nn.effective_field import Effective
from instruments.nn.geometry import Reach

KINDS = ("conv", "depthwise", "max-pool", "avg-pool", "bottleneck", "bottleneck-v1")
FIELDS = ("k", "stride", "padding", "dilation", "repeat")
STACKS = (
    Option("sliders", "Sliders"),
    *(Option(name, path.name) for name, path in architectures.PATHS.items()),
    Option("own", "Own stack"),
)


@dataclass(frozen=True)
class StackState:
    """`convs` and `pools` from the sliders, or a named `network`, or own `layers`; and what the reader is told.

    `layer` is the selected row, `size` the image's side in pixels.
    """

    convs: int = 3
    pools: int = 2
    network: str = "sliders"
    size: int = 64
    layer: int = 4
    layers: tuple[str, ...] = ()
    notice: str = ""


@dataclass(frozen=True)
class State(StackState):
    """What is shown: a stack and one of its units, (`row`, `column`), −1 the middle one.

    `measured` is the effective field of this stack over `draws` random networks, if it was measured.
    """

    row: int = -1
    column: int = -1
    draws: int = 100
    measured: str = ""


CONTROLS: tuple[kit.Control, ...] = (
    Slider("convs", "3×3 convolutions", 1, 10),
    Slider("pools", "2×2 pools", 0, 5),
    Slider("size", "Image side", 32, 512, unit="px"),
    Choice("network", "Stack", STACKS),
    Slider("draws", "Random networks", 20, 300, 20, group="Effective field", rare=True),
    Button("measure", "Measure", work=True, group="Effective field", rare=True),
    *stack_editor.controls(KINDS, FIELDS),
)

REGIONS = (
    Region("field", "One unit's view", "picture", keys=True, place="stage"),
    Region("pyramid", "All units behind it", "picture", place="beside"),
    Region("readouts", "Readouts", "readouts"),
    Region("recursion", "The recursion, step by step", "text"),
    Region("effective", "The effective field", "picture"),
    Region("layers", "Layer by layer", "table", keys=True),
)


@dataclass(frozen=True)
class Sight:
    """A stack, the reach after each of its rows, and how many units per axis its last row has (0: it does not fit)."""

    stack: stack_editor.Stack
    reaches: tuple[Reach, ...]
    units: int


def normalise(state: State) -> State:
    """Return the nearest state that can be shown."""
    if state.network == "own" and not architectures.read(state.layers):
        state = replace(state, network="sliders")
    state = replace(
        state,
        pools=min(state.pools, state.convs),
        layers=stack_editor.lines(_own(state.layers)) if state.network == "own" else (),
    )
    stack = stack_of(state)
    units = _units(stack, state.size)
    kept = state.measured if state.measured.startswith(_mark(stack)) and _measured(state) else ""
    return replace(
        state,
        layer=min(max(0, state.layer), len(stack) - 1),
        row=min(max(-1, state.row), units - 1),
        column=min(max(-1, state.column), units - 1),
        measured=kept,
    )


def _units(stack: stack_editor.Stack, side: int) -> int:
    """How many units per axis the last layer has on an image; 0 if a window does not fit."""
    for window in geometry.windows(stack):
        if window.extent > side + 2 * window.padding:
            return 0
        side = ops.output_size(side, window.extent, window.stride, window.padding)
    return side


def _mark(stack: stack_editor.Stack) -> str:
    """A sign of a stack, so that a measurement is not shown for another."""
    return f"{crc32(' '.join(stack_editor.lines(stack)).encode()):08x}:"


def _measured(state: State) -> Effective | None:
    return effective_field.read(state.measured.partition(":")[2])


def _own(lines: tuple[str, ...]) -> stack_editor.Stack:
    """Read an own stack; layers without a window do not belong here."""
    return tuple(layer for layer in architectures.read(lines) if layer.kind in KINDS)[: geometry.MOST_LAYERS]


def stack_of(state: StackState) -> stack_editor.Stack:
    """Return the stack a state shows."""
    if state.network == "own":
        return architectures.read(state.layers)
    if state.network == "sliders":
        return architectures.read(architectures.alternating(state.convs, state.pools))
    return architectures.read(architectures.PATHS[state.network].layers)


def limits(state: State) -> dict[str, dict[str, Any]]:
    """Say what the state forbids, and what the selected layer's controls show."""
    by_sliders = state.network == "sliders"
    return {
        "pools": {"max": min(5, state.convs), "disabled": not by_sliders},
        "convs": {"disabled": not by_sliders},
        "measure": {"disabled": compute(state).reaches[-1].field > effective_field.LARGEST_FIELD},
        **stack_editor.limits(stack_of(state), state.layer, FIELDS, bool(state.notice)),
    }


def assign(state: State, field: str, value: Any) -> State:
    """Set a control; editing a layer makes the stack an own one."""
    if field == stack_editor.PASTED:
        return _pasted(state, str(value)) if str(value).strip() else state
    if field.startswith("layer."):
        return _with_stack(state, stack_editor.changed(stack_of(state), state.layer, field, value), state.layer)
    if field == "network":
        if value == "own":
            return _with_stack(state, stack_of(state), state.layer)
        side = architectures.PATHS[value].side if value in architectures.PATHS else State.size
        state = replace(state, network=value, size=side, layers=(), row=-1, column=-1)
        return replace(state, layer=len(stack_of(state)) - 1)
    if field in ("convs", "pools"):
        state = normalise(replace(state, **{field: value}))
        return replace(state, layer=len(stack_of(state)) - 1)
    return replace(state, **{field: value}) if hasattr(state, field) else state


def _pasted(state: State, text: str) -> State:
    """Take over the layers with a window of a stack that PyTorch wrote."""
    try:
        stack = tuple(layer for layer in torch_stack.read(text) if layer.kind in KINDS)
    except torch_stack.UnreadableStack as problem:
        return replace(state, notice=str(problem))
    if not stack:
        return replace(state, notice="None of these layers has a window, so each unit sees everything.")
    return _with_stack(state, stack, len(stack) - 1)


def _with_stack(state: State, stack: stack_editor.Stack, selected: int) -> State:
    bad = next((layer for layer in stack if layer.kind not in KINDS or 2 * layer.padding > layer.extent > 1), None)
    if bad:
        return replace(
            state,
            notice=f"{geometry.title(bad, widths=False)}: padding {bad.padding} exceeds half the window {bad.extent}.",
        )
    return replace(state, network="own", layers=stack_editor.lines(stack), layer=selected)


def act(state: State, act: kit.Act) -> State:
    """Select, add, remove or move a layer; choose the unit."""
    stack = stack_of(state)
    match act:
        case kit.Key("layers"):
            return replace(state, layer=stack_editor.moved(len(stack), state.layer, act))
        case kit.RowPress("layer", row):
            return replace(state, layer=row)
        case kit.ButtonPress("layer", what):
            new, selected = stack_editor.edited(stack, state.layer, what)
            return replace(state, layer=selected) if new == stack else _with_stack(state, new, selected)
        case kit.Key("field"):
            return _moved(state, *act.step)
        case kit.Point("field", row, column):
            return replace(state, row=row, column=column)
    return state


def _moved(state: State, down: int, right: int) -> State:
    """Move the unit by so many rows and columns."""
    row, column = _unit(state, compute(state))
    return replace(state, row=max(0, row + down), column=max(0, column + right))


def _unit(state: State, sight: Sight) -> tuple[int, int]:
    """The unit looked at; the middle one until another is chosen."""
    middle = sight.units // 2
    return middle if state.row < 0 else state.row, middle if state.column < 0 else state.column


def work(state: State) -> Iterator[dict[str, str] | State]:
    """Measure the effective field draw by draw; the last answer is the state that holds the result."""
    sight = compute(state)
    if sight.reaches[-1].field > effective_field.LARGEST_FIELD:
        return
    every, result = -(-state.draws // 40), None
    for result in effective_field.measured(sight.stack, state.draws):
        if result.draws % every == 0:
            yield {"effective": _effective(result, sight.reaches[-1], state.draws)}
    if result:
        yield normalise(replace(state, measured=_mark(sight.stack) + effective_field.write(result)))


def compute(state: StackState) -> Sight:
    """Return the stack and what each of its layers sees."""
    stack = stack_of(state)
    return Sight(stack, geometry.reaches(stack), _units(stack, state.size))


def view(state: State) -> dict[str, str]:
    """Return the markup of every region."""
    sight = compute(state)
    return {
        "field": _field(state, sight),
        **_stack_regions(kit.part(state, StackState)),
        "effective": _effective_or_offer(state, sight),
    }


@lru_cache(maxsize=4)
def _stack_regions(state: StackState) -> dict[str, str]:
    """The regions that show the stack; the unit and what was measured do not matter."""
    sight = compute(state)
    return {
        "pyramid": _pyramid(state, sight) + _pyramid_note(state, sight),
        "readouts": _readouts(state, sight),
        "recursion": _recursion(state, sight),
        "layers": _table(state, sight),
    }


def _readouts(state: StackState, sight: Sight) -> str:
    last = sight.reaches[-1]
    windows = sum(1 for _ in geometry.windows(sight.stack))
    pairs = [
        ("RECEPTIVE FIELD", f"{kit.number(last.field)} px"),
        ("FEATURE STRIDE (JUMP)", kit.number(last.jump)),
        ("TOTAL LAYERS", str(windows)),
    ]
    if windows <= 20:
        pairs.append(("ORDER", "-".join(_short(layer) for layer in geometry.windows(sight.stack))))
    if len(sight.reaches) <= 20:
        pairs.append(("TRACE r/j", " · ".join(f"{reach.field}/{reach.jump}" for reach in sight.reaches)))
    return kit.readouts(pairs) + _note(state)


def _short(layer: geometry.Layer) -> str:
    return "pool" if layer.kind.endswith("pool") else "conv"


def _note(state: StackState) -> str:
    path = architectures.PATHS.get(state.network)
    if not path:
        return ""
    source = "Araujo et al. 2019 give the same." if path.published else ""
    return f'<p class="hint">{escape(path.note)} {source}</p>'


def _field(state: State, sight: Sight) -> str:
    note = f"One unit's field per layer, to scale on an image of {state.size} × {state.size} px. {CREDIT}."
    return _photograph(state, sight) + f'<p class="hint">{note}</p>'


def _pyramid_note(state: StackState, sight: Sight) -> str:
    note = "Every unit the last one depends on, along one axis, to scale; labels: field / jump."
    if any(layer.dilation > 1 for layer in sight.stack):
        note += " A dilated layer passes over some of the units before it; they are drawn all the same."
    return f'<p class="hint">{note} Shaded: what layer {state.layer + 1} sees.</p>'


def _photograph(state: State, sight: Sight) -> str:
    """Squares of every layer's field over the photograph; where they leave it, they see padding."""
    side, last, chosen = state.size, sight.reaches[-1], sight.reaches[state.layer]
    margin = min(side, last.field / 2)
    scale = 400 / (side + 2 * margin)
    grid = kit.Grid(1, 1, 2 + margin * scale, 2 + margin * scale, side * scale)
    place = f'x="{kit.plain(grid.x)}" y="{kit.plain(grid.y)}" width="{kit.plain(grid.cell)}"'
    body = kit.box("svg-pad", 2, 2, 400, 400)
    body += f'<image class="svg-photo" data-key="field-photograph" {place} href="{photograph_url()}"/>'
    centre = _place(state, sight)
    squares = [reach for i, reach in enumerate(sight.reaches) if i != state.layer]
    body += "".join(_square("field-line", reach, centre, grid.x, scale) for reach in squares)
    body += _square("field-now", chosen, centre, grid.x, scale) + _targets(sight, grid.x, scale)
    label = f"Layer {state.layer + 1} sees {chosen.field} by {chosen.field} of {side} by {side} pixels"
    return kit.svg(body, 404, 404, label, longest=404)


def _place(state: State, sight: Sight) -> tuple[float, float]:
    """The centre (y, x) of the unit looked at; the image's where none fits."""
    if not sight.units:
        return state.size / 2, state.size / 2
    last, (row, column) = sight.reaches[-1], _unit(state, sight)
    return last.start + row * last.jump, last.start + column * last.jump


def _square(kind: str, reach: Reach, centre: tuple[float, float], zero: float, scale: float) -> str:
    """The field of this layer's unit nearest the last layer's unit."""
    y, x = (reach.start + round((at - reach.start) / reach.jump) * reach.jump - reach.field / 2 for at in centre)
    return kit.box(kind, zero + x * scale, zero + y * scale, reach.field * scale, reach.field * scale)


def _targets(sight: Sight, zero: float, scale: float) -> str:
    """The area whose cells are the last layer's units."""
    last, n = sight.reaches[-1], sight.units
    if not n:
        return ""
    corner = zero + (last.start - last.jump / 2) * scale
    return kit.Grid(n, n, corner, corner, last.jump * scale).target("field")


ROW = 26
MOST_UNITS = 150


def _pyramid(state: StackState, sight: Sight) -> str:
    """One row of units per layer, the input on top; each unit as wide as its jump."""
    last, width = sight.reaches[-1], 420
    scale = width / last.field
    rows = [Reach(1, 1, 0.5), *sight.reaches]
    chosen = sight.reaches[state.layer]
    top, bottom = 14.0, (state.layer + 1) * ROW + 6.0
    half, unit = chosen.field * scale / 2, min(chosen.jump, last.field) * scale / 2
    middle = 2 + width / 2
    body = (
        f'<path class="field-cone" d="M{kit.plain(middle - half)} {top}H{kit.plain(middle + half)}'
        f'L{kit.plain(middle + unit)} {bottom}H{kit.plain(middle - unit)}z"/>'
    )
    for i, reach in enumerate(rows):
        body += _unit_row(i, reach, last, scale, middle, i == state.layer + 1)
        name = "input" if i == 0 else f"{reach.field} / {reach.jump}"
        body += kit.words("svg-label", width + 14, i * ROW + 10, name, 12, "start")
    label = "Units per layer that the last unit depends on: " + ", ".join(str(_count(last, reach)) for reach in rows)
    return kit.svg(body, width + 90, len(rows) * ROW, label, longest=520)


def _count(last: Reach, reach: Reach) -> int:
    """How many units of a layer, on one axis, the last unit depends on."""
    return (last.field - reach.field) // reach.jump + 1


def _unit_row(row: int, reach: Reach, last: Reach, scale: float, middle: float, chosen: bool) -> str:
    count, y = _count(last, reach), row * ROW + 4
    width = count * reach.jump * scale
    x = middle - width / 2
    body = kit.box("field-bar-now" if chosen else "field-bar", x, y, width, 12)
    if 1 < count <= MOST_UNITS:
        step = reach.jump * scale
        ticks = "".join(f"M{kit.plain(x + i * step)} {y}v12" for i in range(1, count))
        body += f'<path class="svg-grid" d="{ticks}"/>'
    return body


def _recursion(state: StackState, sight: Sight) -> str:
    """Each row's step with its numbers filled in."""
    before, items = Reach(1, 1, 0.5), ""
    for i, (layer, reach) in enumerate(zip(sight.stack, sight.reaches, strict=True)):
        mark = ' class="selected"' if i == state.layer else ""
        items += f"<li{mark}>{escape(geometry.title(layer, widths=False))}: {_step(layer, before, reach)}</li>"
        before = reach
    return (
        "<p>r grows by (k − 1)·j, times the dilation, then j is multiplied by the stride; before the first layer "
        "r = j = 1.</p>"
        f'<ol class="arithmetic" tabindex="0">{items}</ol>'
    )


def _step(layer: geometry.Layer, before: Reach, after: Reach) -> str:
    terms, jump = [], before.jump
    for window in geometry.windows([layer]):
        if window.k > 1:
            spread = f"{window.dilation}·" if window.dilation > 1 else ""
            terms.append(f"{spread}({window.k} − 1)·{jump}")
        jump *= window.stride
    grown = " + ".join([str(before.field), *_gathered(terms)])
    strides = "".join(f"·{window.stride}" for window in geometry.windows([layer]) if window.stride > 1)
    return f"r = {grown} = {after.field}, j = {before.jump}{strides or '·1'} = {after.jump}"


def _gathered(terms: Sequence[str]) -> list[str]:
    """Join equal neighbours: ["a", "a", "b"] -> ["2·a", "b"]."""
    groups: list[tuple[str, int]] = []
    for term in terms:
        if groups and groups[-1][0] == term:
            groups[-1] = term, groups[-1][1] + 1
        else:
            groups.append((term, 1))
    return [term if count == 1 else f"{count}·{term}" for term, count in groups]


def _effective_or_offer(state: State, sight: Sight) -> str:
    result, last = _measured(state) if state.measured else None, sight.reaches[-1]
    if result:
        return _effective(result, last, result.draws)
    if last.field > effective_field.LARGEST_FIELD:
        text = f"A field of {kit.number(last.field)} px is too large to measure here; up to 600 px can be."
    else:
        text = (
            f"The field is {kit.number(last.field)} px wide, but do all its pixels count alike? Measure: random "
            "weights, a random image, the gradient of one unit back to every pixel, again and again."
        )
    return f'<p class="hint">{text}</p>'


def _effective(result: Effective, last: Reach, wanted: int) -> str:
    """The heat map with the theoretical field and two standard deviations, and the profile with the fitted Gaussian."""
    outside = "not 0" if result.leaked else "exactly 0"
    pairs = [
        ("EFFECTIVE FIELD", f"4σ = {kit.number(4 * result.sigma, 1)} px"),
        ("OF THE THEORETICAL", f"{kit.number(100 * 4 * result.sigma / last.field, 0)} %"),
        ("GAUSSIAN FIT, R²", kit.number(result.fit)),
        ("OUTSIDE THE FIELD", outside),
        ("RANDOM NETWORKS", f"{result.draws} of {wanted}"),
    ]
    progress = f'<progress value="{result.draws}" max="{wanted}" aria-label="Random networks measured"></progress>'
    pictures = [
        (
            _heat(result, last),
            "Squared gradient of one unit: the square is the theoretical field, the circle two standard deviations.",
        ),
        (_profile(result, last), "The same, summed over rows; the line is the Gaussian of that standard deviation."),
    ]
    bar = progress if result.draws < wanted else ""
    return bar + kit.panels(pictures, 15) + kit.readouts(pairs) + _heat_table(result)


def _heat_table(result: Effective) -> str:
    middle = len(result.heat) // 2
    block = -(-result.side // len(result.heat))
    caption = f"Per cent of the strongest gradient, cells of {block} × {block} px"
    return kit.folded("heat", "The heat map as a table", kit.grid_table(caption, 100 * result.heat, middle, middle, 0))


def _scale(result: Effective) -> float:
    """Units of the picture per pixel: the kept cells fill 240 units and may reach beyond the last pixel."""
    cells = len(result.heat)
    return 240 / (cells * -(-result.side // cells))


def _heat(result: Effective, last: Reach) -> str:
    cells = len(result.heat)
    grid, scale = kit.Grid(cells, cells, 2, 2, 240 / cells), _scale(result)
    middle, half = 2 + result.side / 2 * scale, last.field / 2 * scale
    body = grid.shades(result.heat, 1, "field-heat")
    body += kit.box("svg-focus", middle - half, middle - half, 2 * half, 2 * half)
    centre = f'cx="{kit.plain(middle)}" cy="{kit.plain(middle)}" r="{kit.plain(2 * result.sigma * scale)}"'
    label = f"Heat map of the gradient over {result.side} by {result.side} pixels, strongest in the middle"
    return kit.svg(body + f'<circle class="svg-reach" {centre}/>', 244, 244, label, longest=300)


def _profile(result: Effective, last: Reach) -> str:
    """Bars of the heat map's columns and the Gaussian of the same area."""
    columns = result.heat.sum(axis=0)
    scale, cells = _scale(result), len(columns)
    width, middle = 240 / cells, 2 + result.side / 2 * scale
    spread = result.sigma * scale or 1.0
    curve = [exp(-(((i + 0.5) * width + 2 - middle) ** 2) / (2 * spread**2)) for i in range(cells)]
    top = float(columns.sum()) / (sum(curve) or 1)
    peak = max(float(columns.max()), top) or 1.0
    bars = "".join(
        kit.box("mag-5", 2 + i * width, 142 - 136 * value / peak, width, 136 * value / peak)
        for i, value in enumerate(columns.tolist())
        if value
    )
    points = " ".join(
        f"{kit.plain(2 + (i + 0.5) * width)},{kit.plain(142 - 136 * top * value / peak)}"
        for i, value in enumerate(curve)
    )
    half = last.field / 2 * scale
    ends = f'<path class="svg-focus" d="M{kit.plain(middle - half)} 142v8M{kit.plain(middle + half)} 142v8"/>'
    axis = '<path class="svg-axis" d="M2 142h240"/>'
    label = f"Profile of the gradient: standard deviation {kit.number(result.sigma, 1)} px, field {last.field} px"
    return kit.svg(f'{bars}{axis}{ends}<polyline class="svg-reach" points="{points}"/>', 244, 152, label, longest=300)


def _table(state: StackState, sight: Sight) -> str:
    rows = [
        (
            kit.number(reach.field),
            kit.number(reach.jump),
            kit.number(reach.start, 1),
            _share(reach, state.size),
            kit.number(_count(sight.reaches[-1], reach)),
        )
        for reach in sight.reaches
    ]
    notice = f'<p class="notice">{escape(state.notice)}</p>' if state.notice else ""
    head = ("field r, px", "jump j, px", "first centre, px", "share of the image", "units behind the last one")
    return notice + stack_editor.table(sight.stack, state.layer, head, rows, widths=False)


def _share(reach: Reach, side: int) -> str:
    share = 100 * min(reach.field, side) ** 2 / side**2
    return f"{kit.number(share, 0 if share >= 10 else 1 if share >= 1 else 2)} %"


def sentence(state: State) -> str:
    """Say in one sentence what is selected."""
    if state.notice:
        return state.notice
    sight = compute(state)
    reach = sight.reaches[state.layer]
    unit = "Unit row {}, column {}".format(*_unit(state, sight)) + f" of {sight.units} × {sight.units}."
    return (
        f"Layer {state.layer + 1} of {len(sight.stack)}, {geometry.title(sight.stack[state.layer], widths=False)}: "
        f"receptive field {reach.field} px, jump {reach.jump}, {_share(reach, state.size)} of the image. "
        f"{unit if sight.units else 'The image is too small for this stack.'}"
    )
