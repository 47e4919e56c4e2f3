"""Instrument N2.1: one kernel slides over one image, every product in sight (EQ N2.1, EQ N2.3).

Coordinates are (row, column) from 0. `focus` says which grid the selected cell belongs to: the map (then its window
in the input is marked and its sum written out) or the input (then the outputs it reaches are marked).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instruments import kit
from instruments.data import CREDIT, photograph
from instruments.kit import Button, Choice, Option, Picture, Region, Slider, Toggle
from instruments.nn import ops
from instruments.nn.kernels import drawing, kernel

Array = NDArray[Any]

DRAWN = 9
"""Side of the drawn and painted inputs, px."""

LARGEST = 64
"""Longest side of a reader's own picture, px."""

WHITE = 255
"""The brightest grey of a picture; drawings end at 1."""

LARGEST_DRAWN = 225
"""More cells than this are filled by a picture, not one by one."""

SHIFTS = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
FARTHEST = 4

INPUTS = (
    Option("seven", "Seven"),
    Option("bar", "Bar"),
    Option("checkerboard", "Checkerboard"),
    Option("gradient", "Gradient"),
    Option("photograph", "Photograph"),
    Option("painted", "Painted"),
    Option("own", "Own picture"),
)
KERNELS = (
    Option("edge", "Edge"),
    Option("blur", "Blur"),
    Option("sharpen", "Sharpen"),
    Option("identity", "Identity"),
    Option("sobel-x", "Sobel x"),
    Option("sobel-y", "Sobel y"),
    Option("emboss", "Emboss"),
    Option("motion", "Motion blur"),
    Option("own", "Own"),
)


@dataclass(frozen=True)
class State:
    """What is shown; `pixels` are the painted input and `weights` the own kernel, row by row."""

    kernel: str = "edge"
    size: int = 3
    stride: int = 1
    padding: int = 0
    flip: bool = False
    source: str = "seven"
    product: bool = False
    down: int = 0
    right: int = 0
    focus: str = "map"
    row: int = 2
    column: int = 4
    brush: float = 1.0
    pixels: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    picture: str = ""
    notice: str = ""


CONTROLS: tuple[kit.Control, ...] = (
    Choice("kernel", "Kernel", KERNELS),
    Choice("size", "Kernel size", tuple(Option(k, f"{k} × {k}") for k in (1, 3, 5, 7))),
    Slider("stride", "Stride S", 1, 3),
    Slider("padding", "Padding P", 0, 3, unit="px"),
    Choice("source", "Input", INPUTS),
    Picture("picture", "Open a picture", LARGEST),
    Toggle("flip", "Flip the kernel (true convolution)"),
    Toggle("product", "Show as one matrix product (im2col)"),
    Button("nudge:left", "←", group="Nudge the input by one pixel"),
    Button("nudge:up", "↑", group="Nudge the input by one pixel"),
    Button("nudge:down", "↓", group="Nudge the input by one pixel"),
    Button("nudge:right", "→", group="Nudge the input by one pixel"),
    Button("nudge:back", "Back", group="Nudge the input by one pixel"),
)

REGIONS = (
    Region("input", "Input", "picture", keys=True),
    Region("kernel", "Kernel", "picture"),
    Region("map", "Feature map", "picture", keys=True),
    Region("readouts", "Readouts", "readouts"),
    Region("arithmetic", "The sum, written out", "text"),
    Region("shift", "Before and after the nudge", "picture"),
    Region("product", "The same as one matrix product", "picture", keys=True),
    Region("values", "", "table"),
)


@dataclass(frozen=True)
class Maps:
    """The arrays of a state: still and nudged input (H, W), kernel as typed and as applied (k, k), map (H_out, W_out).

    `still_map` is the map of the input that was not nudged. `bright` says that the input is a picture in greys.
    """

    still: Array
    input: Array
    typed: Array
    applied: Array
    still_map: Array
    map: Array
    bright: bool


def normalise(state: State) -> State:
    """Return the nearest state that can be shown."""
    if state.source == "own" and kit.decoded(state.picture, LARGEST) is None:
        state = replace(state, source="seven", picture="")
    pixels = tuple(min(1.0, max(0.0, value)) for value in state.pixels)
    pixels = pixels if len(pixels) == DRAWN**2 else (0.0,) * DRAWN**2 if state.source == "painted" else ()
    state = replace(
        state,
        size=min((1, 3, 5, 7), key=lambda k: abs(k - state.size)),
        padding=min(state.padding, state.size // 2),
        down=min(FARTHEST, max(-FARTHEST, state.down)),
        right=min(FARTHEST, max(-FARTHEST, state.right)),
        focus="input" if state.focus == "input" else "map",
        brush=min(1.0, max(0.0, state.brush)),
        pixels=pixels,
        weights=_weights(state),
    )
    rows, columns = _focused(state).shape
    return replace(state, row=min(max(state.row, 0), rows - 1), column=min(max(state.column, 0), columns - 1))


def _weights(state: State) -> tuple[float, ...]:
    """The own kernel for the chosen size: kept around its centre, framed with zeros."""
    if state.kernel != "own":
        return ()
    side = round(len(state.weights) ** 0.5)
    if side * side != len(state.weights) or side not in (1, 3, 5, 7):
        return tuple(kernel("identity", state.size).ravel().tolist())
    frame = max(0, (state.size - side) // 2)
    wide = np.pad(np.reshape(state.weights, (side, side)), frame)
    cut = (len(wide) - state.size) // 2
    kept = wide[cut : len(wide) - cut, cut : len(wide) - cut]
    return tuple(np.clip(kept, -99, 99).ravel().tolist())


def limits(state: State) -> dict[str, dict[str, Any]]:
    """Say what the state forbids."""
    still = state.down == state.right == 0
    return {"padding": {"max": state.size // 2}, "nudge:back": {"disabled": still}}


def assign(state: State, field: str, value: Any) -> State:
    """Set a control; "weight.N" is the N-th weight of the kernel."""
    if field.startswith("weight."):
        return _with_weight(state, field.removeprefix("weight."), str(value))
    if field == "kernel" and value == "own":
        return replace(state, kernel="own", weights=tuple(compute(state).typed.ravel().tolist()))
    if field == "source" and value == "own" and kit.decoded(state.picture, LARGEST) is None:
        return replace(state, notice="Open a picture first: it is read here in the page and sent nowhere.")
    if field == "picture":
        readable = kit.decoded(value, LARGEST) is not None
        return replace(state, source="own", picture=value) if readable else state
    return replace(state, **{field: value}) if hasattr(state, field) else state


def _with_weight(state: State, place: str, text: str) -> State:
    weights = compute(state).typed.ravel().tolist()
    value = kit.parsed(text)
    if value is None or not place.isdecimal() or int(place) >= len(weights):
        return replace(state, notice=f"“{text[:20]}” is no weight: write a number such as −1, 0.25 or 1/9.")
    weights[int(place)] = min(99.0, max(-99.0, value))
    return replace(state, kernel="own", weights=tuple(weights))


def act(state: State, act: str) -> State:
    """Point at a cell, paint one, move by key, nudge the input."""
    verb, _, rest = act.partition(":")
    if verb in ("point", "press", "drag"):
        return _pointed(state, act, rest.partition(":")[0])
    if verb == "key":
        return _moved(state, *rest.partition(":")[::2])
    if act == "nudge:back":
        return replace(state, down=0, right=0)
    if verb == "nudge" and rest in SHIFTS:
        down, right = SHIFTS[rest]
        return replace(state, down=state.down + down, right=state.right + right)
    return state


def _pointed(state: State, act: str, grid: str) -> State:
    verb = act.partition(":")[0]
    cell = kit.cell_in(act, f"{verb}:{grid}")
    if cell is None or grid not in ("input", "map", "product"):
        return state
    if grid == "product":
        row, column = _output_of_column(state, cell[1])
        return replace(state, focus="map", row=row, column=column)
    state = normalise(replace(state, focus=grid, row=cell[0], column=cell[1]))
    return state if verb == "point" or grid != "input" else _painted(state, first=verb == "press")


def _painted(state: State, first: bool) -> State:
    """Turn the selected pixel over; while dragging, go on with the value of the first one."""
    if _is_picture(state):
        return state
    values = compute(state).still.copy()
    row, column = state.row - state.down, state.column - state.right
    if not (0 <= row < DRAWN and 0 <= column < DRAWN):
        return state
    brush = (0.0 if values[row, column] >= 0.5 else 1.0) if first else state.brush
    values[row, column] = brush
    return replace(state, source="painted", pixels=tuple(values.ravel().tolist()), brush=brush)


def _moved(state: State, region: str, key: str) -> State:
    if region not in ("input", "map", "product"):
        return state
    focus = "input" if region == "input" else "map"
    if focus != state.focus:
        row, column = _other_cell(state)
        return normalise(replace(state, focus=focus, row=row, column=column))
    if key == "enter" and focus == "input":
        return _painted(state, first=True)
    rows, columns = _focused(state).shape
    down, right = SHIFTS.get(key, (0, 0))
    column = {"home": 0, "end": columns - 1}.get(key, state.column + right)
    return replace(state, row=min(max(state.row + down, 0), rows - 1), column=min(max(column, 0), columns - 1))


def _other_cell(state: State) -> tuple[int, int]:
    """The cell of the other grid that belongs to the selected one: the window's centre, or the first output reached."""
    k, S, P = state.size, state.stride, state.padding
    if state.focus == "map":
        return state.row * S - P + k // 2, state.column * S - P + k // 2
    return (state.row + P - k // 2) // S, (state.column + P - k // 2) // S


def _output_of_column(state: State, column: int) -> tuple[int, int]:
    """The output that a column of the matrix product computes."""
    width = compute(state).map.shape[1]
    return state.row if _is_picture(state) else column // width, column % width


def _is_picture(state: State) -> bool:
    return state.source in ("photograph", "own")


def _focused(state: State) -> Array:
    maps = compute(state)
    return maps.map if state.focus == "map" else maps.input


def compute(state: State) -> Maps:
    """Return the arrays of a state."""
    return _computed(_unpointed(state))


def _unpointed(state: State) -> State:
    """The state but for what a moving pointer changes."""
    return replace(state, focus="map", row=0, column=0, brush=1.0, product=False, notice="")


@lru_cache(maxsize=8)
def _computed(state: State) -> Maps:
    still = _source(state)
    typed = np.reshape(state.weights, (state.size, state.size)) if state.weights else kernel(state.kernel, state.size)
    applied = typed[::-1, ::-1] if state.flip else typed
    nudged = _shifted(still, state.down, state.right)
    still_map = ops.correlate2d(still, applied, state.stride, state.padding)
    moved_map = still_map if nudged is still else ops.correlate2d(nudged, applied, state.stride, state.padding)
    return Maps(still, nudged, typed, applied, still_map, moved_map, _is_picture(state))


def _source(state: State) -> Array:
    """The input before the nudge, (H, W): drawings from 0 to 1, pictures in whole greys from 0 to 255."""
    if state.source == "painted":
        return np.reshape(state.pixels, (DRAWN, DRAWN)) if state.pixels else np.zeros((DRAWN, DRAWN))
    if not _is_picture(state):
        return drawing(state.source)
    own = kit.decoded(state.picture, LARGEST) if state.source == "own" else photograph()
    if own is None:
        return drawing("seven")
    grey: Array = (own.astype(int) @ np.array([299, 587, 114]) + 500) // 1000 * 1.0
    for axis, length in enumerate(grey.shape):
        grey = grey.repeat(-(-DRAWN // length), axis)  # a picture too small for the kernel is enlarged
    return grey


def _shifted(image: Array, down: int, right: int) -> Array:
    """The image moved by whole pixels; zeros come in."""
    if down == right == 0:
        return image
    height, width = image.shape
    moved = np.zeros_like(image)
    moved[max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)] = image[
        max(0, -down) : height + min(0, -down), max(0, -right) : width + min(0, -right)
    ]
    return moved


def view(state: State) -> dict[str, str]:
    """Return the markup of every region."""
    maps, still = compute(state), _unpointed(state)
    drawn = _drawn(still)
    notice = f'<p class="notice">{escape(state.notice)}</p>' if state.notice else ""
    return {
        "input": _input_picture(state, maps, drawn["input"]),
        "kernel": drawn["kernel"] + notice,
        "map": _map_picture(state, maps.map, drawn["map"]),
        "readouts": drawn["readouts"],
        "arithmetic": _arithmetic(state, maps),
        "shift": _shift(still) if state.down or state.right else "",
        "product": _product(state, maps) if state.product else "",
        "values": _tables(state, maps),
    }


@lru_cache(maxsize=4)
def _drawn(state: State) -> dict[str, str]:
    """What a moving pointer leaves as it is: the grids without marks, the kernel, the readouts."""
    maps = compute(state)
    return {
        "input": _input_cells(state, maps),
        "map": _map_cells(maps.map),
        "kernel": _kernel_grid(state, maps),
        "readouts": _readouts(state, maps),
    }


def _input_picture(state: State, maps: Maps, cells: str) -> str:
    """The input and the window of the selected output, or the selected pixel."""
    grid, P = _input_grid(state, maps), state.padding
    body = cells + _input_marks(state, grid) + grid.target("input", paint=not maps.bright, sights=True)
    width, height = (side + 2 * P * grid.cell + 4 for side in (grid.width, grid.height))
    label = f"Input, {grid.rows} by {grid.columns} pixels" + (f", {P} pixels of zeros around" if P else "")
    picture = kit.svg(body, width, height, label, DRAWN if maps.bright else grid.columns + 2 * P)
    hint = '<p class="hint" data-js>Press or drag to paint; by touch, tap a pixel twice; by keys, Enter.</p>'
    return picture if maps.bright else picture + hint


def _input_grid(state: State, maps: Maps) -> kit.Grid:
    rows, columns = maps.input.shape
    cell = 360 / columns if maps.bright else 40
    return kit.Grid(rows, columns, 2 + state.padding * cell, 2 + state.padding * cell, cell)


def _input_cells(state: State, maps: Maps) -> str:
    """The input with its padding and what no window reads."""
    grid = _input_grid(state, maps)
    body = _padding(grid, state.padding) + _brightness(grid, maps.input, maps.bright)
    if not maps.bright:
        body += grid.texts(maps.input, kit.magnitude_levels(maps.input, 1), name=kit.magnitude_name)
    return body + grid.lines() + _dropped(state, grid)


def _padding(grid: kit.Grid, P: int) -> str:
    return grid.frame("svg-pad", -P, -P, grid.rows + 2 * P, grid.columns + 2 * P) if P else ""


def _dropped(state: State, grid: kit.Grid) -> str:
    """Veil the rows and columns that no window reads, padding included."""
    P = state.padding
    height, width = grid.rows + 2 * P, grid.columns + 2 * P
    rows = [grid.frame("svg-dropped", i - P, -P, 1, width) for i in _unread(state, grid.rows)]
    return "".join(rows + [grid.frame("svg-dropped", -P, j - P, height, 1) for j in _unread(state, grid.columns)])


def _unread(state: State, n: int) -> list[int]:
    """Places on a padded axis of n pixels, counted from the padding's edge, that no window reads."""
    out = ops.output_size(n, state.size, state.stride, state.padding)
    read = {i * state.stride + m for i in range(out) for m in range(state.size)}
    return [place for place in range(n + 2 * state.padding) if place not in read]


def _input_marks(state: State, grid: kit.Grid) -> str:
    if state.focus == "input":
        return grid.frame("svg-focus", state.row, state.column)
    S, P, k = state.stride, state.padding, state.size
    return grid.frame("svg-reach", state.row * S - P, state.column * S - P, k, k)


def _map_picture(state: State, values: Array, cells: str) -> str:
    """The map and the selected output, or the outputs that read the selected pixel."""
    grid = _map_grid(values)
    body = cells + _map_marks(state, grid) + grid.target("map")
    label = f"Feature map, {grid.rows} by {grid.columns}, from {_range(values)}"
    return kit.svg(body, grid.width + 4, grid.height + 4, label, DRAWN if _is_large(values) else grid.columns)


def _is_large(values: Array) -> bool:
    """Whether a grid has too many cells to print their values."""
    return values.size > LARGEST_DRAWN


def _map_grid(values: Array) -> kit.Grid:
    rows, columns = values.shape
    return kit.Grid(rows, columns, 2, 2, 360 / columns if _is_large(values) else 40)


def _map_cells(values: Array) -> str:
    grid = _map_grid(values)
    body = _signed(grid, values, _peak(values), "explorer-map")
    body += "" if _is_large(values) else grid.texts(values, kit.signed_levels(values, _peak(values)))
    return body + grid.lines()


def _map_marks(state: State, grid: kit.Grid) -> str:
    if state.focus == "map":
        return grid.frame("svg-focus", state.row, state.column)
    rows, columns = _reached(state, state.row, grid.rows), _reached(state, state.column, grid.columns)
    if not rows or not columns:
        return ""
    return grid.frame("svg-reach", rows[0], columns[0], len(rows), len(columns))


def _reached(state: State, place: int, out: int) -> range:
    """The outputs on one axis whose windows read the input's `place`."""
    last = place + state.padding
    return range(max(0, -(-(last - state.size + 1) // state.stride)), min(out - 1, last // state.stride) + 1)


def _peak(values: Array) -> float:
    return float(np.abs(values).max())


def _range(values: Array) -> str:
    return f"{kit.number(float(values.min()))} to {kit.number(float(values.max()))}"


def _kernel_grid(state: State, maps: Maps) -> str:
    """The weights as fields to type in, coloured by their values."""
    peak = _peak(maps.typed)
    lines = maps.typed.tolist()
    rows = "".join(
        "<tr>" + "".join(_weight(i * state.size + j, (i, j), w, peak) for j, w in enumerate(line)) + "</tr>"
        for i, line in enumerate(lines)
    )
    label = f"{state.size} by {state.size} kernel"
    grid = f'<table class="kernel-grid" style="--cells:{state.size}" aria-label="{label}"><tbody>{rows}</tbody></table>'
    total = f'<p class="hint">Sum of the weights: {kit.fraction(float(maps.typed.sum()))}</p>'
    return grid + total + (_turned(maps.applied) if state.flip else "")


def _weight(place: int, cell: tuple[int, int], weight: float, peak: float) -> str:
    return (
        f'<td class="{kit.signed_class(weight, peak)}"><input type="text" inputmode="decimal" autocomplete="off" '
        f'size="4" value="{kit.fraction(weight)}" data-field="weight.{place}" data-key="weight-{place}" '
        f'aria-label="Weight {cell[0]}, {cell[1]}"></td>'
    )


def _turned(applied: Array) -> str:
    grid = kit.Grid(len(applied), len(applied), 2, 2, 24)
    levels = kit.signed_levels(applied, _peak(applied))
    body, label = grid.fills(levels) + grid.lines(), "The kernel as applied"
    picture = kit.svg(body, grid.width + 4, grid.height + 4, label, longest=96)
    return f'<p class="hint">Applied turned by 180°:</p>{picture}'


def _readouts(state: State, maps: Maps) -> str:
    rows, columns = maps.map.shape
    outputs, pixels = rows * columns, maps.input.size
    weights = state.size**2
    dropped = [len(_unread(state, n)) for n in maps.input.shape]
    pairs = [
        ("OUTPUT SIZE", f"{rows} × {columns}"),
        ("PARAMS REUSED", f"{kit.number(outputs, 0)}×"),
        ("SHARED WEIGHTS", f"{weights} + 1 bias"),
        ("DENSE LAYER INSTEAD", f"{kit.number(pixels * outputs, 0)} weights"),
    ]
    if any(dropped):
        pairs.append(("NEVER READ", f"{_count(dropped[0], 'row')}, {_count(dropped[1], 'column')}"))
    return kit.readouts(pairs) + f'<p class="hint">{_geometry(state, maps)}</p>'


def _geometry(state: State, maps: Maps) -> str:
    """EQ N2.3 with the numbers of this state."""
    n, k, P, S = maps.input.shape[0], state.size, state.padding, state.stride
    size = f"⌊({n} − {k} + 2·{P}) / {S}⌋ + 1 = {maps.map.shape[0]}"
    return size if n == maps.input.shape[1] else size + " rows"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _arithmetic(state: State, maps: Maps) -> str:
    return _window_sum(state, maps) if state.focus == "map" else _uses(state, maps)


def _window_sum(state: State, maps: Maps) -> str:
    """The products of the selected output and their sum."""
    i, j = state.row, state.column
    window = window_of(state, maps)
    rows = "".join(
        "<li>" + " + ".join(_product_text(v, w) for v, w in zip(*pair, strict=True)) + "</li>"
        for pair in zip(window.tolist(), maps.applied.tolist(), strict=True)
    )
    total = kit.number(float(maps.map[i, j]))
    outside = "" if _inside(state, maps) else " Pixels outside the input count as 0."
    return (
        f'<div class="arithmetic"><p>S({i}, {j}) is the sum of {_count(window.size, "product")}, '
        f"pixel · weight:{outside}</p><ol>{rows}</ol>"
        f'<p class="sum">S({i}, {j}) = <b>{total}</b></p></div>'
    )


def window_of(state: State, maps: Maps) -> Array:
    """Return what the selected output reads, (k, k), zeros from the padding included."""
    P, S, k = state.padding, state.stride, state.size
    framed = np.pad(maps.input, P)
    return framed[state.row * S : state.row * S + k, state.column * S : state.column * S + k]


def _inside(state: State, maps: Maps) -> bool:
    P, S, k = state.padding, state.stride, state.size
    places = zip((state.row, state.column), maps.input.shape, strict=True)
    return all(place * S >= P and place * S - P + k <= n for place, n in places)


def _product_text(value: float, weight: float) -> str:
    written = kit.fraction(weight)
    plain = written if weight >= 0 and "/" not in written else f"({written})"
    kind = "product" if value * weight else "product is-zero"
    return f'<span class="{kind}">{kit.number(value)}·{plain}</span>'


def _uses(state: State, maps: Maps) -> str:
    """The outputs that read the selected pixel, each with its own weight."""
    rows, columns = (_reached(state, at, n) for at, n in zip((state.row, state.column), maps.map.shape, strict=True))
    value = kit.number(float(maps.input[state.row, state.column]))
    uses = len(rows) * len(columns)
    head = f"Pixel ({state.row}, {state.column}) = {value} is read by {_count(uses, 'output')}"
    if not uses:
        return f'<div class="arithmetic"><p>{head}: no window reaches it.</p></div>'
    offset = state.row + state.padding, state.column + state.padding
    S = state.stride
    lines = [[_use(maps, (i, j), (offset[0] - i * S, offset[1] - j * S)) for j in columns] for i in rows]
    items = "".join(f"<li>{', '.join(line)}</li>" for line in lines)
    return f'<div class="arithmetic"><p>{head}, each through another place of the kernel:</p><ol>{items}</ol></div>'


def _use(maps: Maps, output: tuple[int, int], tap: tuple[int, int]) -> str:
    weight = kit.fraction(float(maps.applied[tap]))
    return f'<span class="product">S({output[0]}, {output[1]}) by {weight}</span>'


@lru_cache(maxsize=2)
def _shift(state: State) -> str:
    """Input, map and pooled map before and after the nudge, with the share of values that stayed or moved along."""
    S, maps = state.stride, compute(state)
    pairs = [("Input", maps.still, maps.input, 1), ("Feature map", maps.still_map, maps.map, S)]
    if min(maps.map.shape) >= 2:
        before, after = (ops.max_pool2d(values, 2) for values in (maps.still_map, maps.map))
        pairs.append(("Max-pooled 2 × 2", before, after, 2 * S))
    figures = [(_before_after(name, before, after, maps.bright), name) for name, before, after, _ in pairs]
    rows = [(name, _shares(before, after, state, step)) for name, before, after, step in pairs]
    moved = f"Input moved by {_nudge(state)}; zeros come in at the edge"
    head = ("", "unchanged in place", "of those not 0 both times", "moved along exactly")
    return kit.panels(figures, 14) + kit.table(moved, head, rows)


def _nudge(state: State) -> str:
    parts = [
        f"{abs(count)} px {names[count > 0]}"
        for count, names in ((state.down, ("up", "down")), (state.right, ("left", "right")))
        if count
    ]
    return " and ".join(parts)


def _before_after(name: str, before: Array, after: Array, bright: bool) -> str:
    peak = max(_peak(before), _peak(after))
    rows, columns = before.shape
    cell, key = 120 / columns, f"explorer-{name.split()[0].lower()}"
    body = ""
    for x, values in ((1.0, before), (141.0, after)):
        grid = kit.Grid(rows, columns, x, 1, cell)
        if name == "Input":
            body += _brightness(grid, values, bright) + grid.lines()
        else:
            body += _signed(grid, values, peak, f"{key}-{x:.0f}") + grid.lines()
    body += kit.words("svg-label", 131, 1 + rows * cell / 2, "→", 16)
    return kit.svg(body, 262, rows * cell + 2, f"{name} before and after the nudge", longest=300)


def _brightness(grid: kit.Grid, values: Array, bright: bool) -> str:
    """Fill a grid with values from 0 to 1: greys for a picture, magnitudes for a drawing."""
    if bright:
        return grid.photo(values / WHITE)
    return grid.fills(kit.magnitude_levels(values, 1), kit.magnitude_name)


def _signed(grid: kit.Grid, values: Array, peak: float, key: str) -> str:
    """Fill a grid with signed values; a large one as a picture."""
    if _is_large(values):
        return grid.signed_shades(values, peak, key)
    return grid.fills(kit.signed_levels(values, peak))


def _shares(before: Array, after: Array, state: State, step: int) -> tuple[str, str, str]:
    """Measured shares of equal values, as text; a map can move along only by whole cells."""
    same = same_values(before, after)
    seen = (before != 0) | (after != 0)
    if state.down % step or state.right % step:
        along = f"cannot: {_nudge(state)} is no whole cell of {step} px"
    else:
        pair = overlap(before, after, state.down // step, state.right // step)
        along = _of(same_values(*pair))
    return _of(same), _of(same[seen]), along


def _of(same: Array) -> str:
    return (
        f"{same.sum()} of {same.size} ({kit.percent(int(same.sum()), same.size)})" if same.size else "none to compare"
    )


def same_values(before: Array, after: Array) -> Array:
    """Compare two maps value by value; rounding errors do not count."""
    return np.asarray(np.abs(before - after) < 1e-9)


def overlap(before: Array, after: Array, down: int, right: int) -> tuple[Array, Array]:
    """Cut from two maps the cells that correspond when the map moves along by whole cells."""
    rows, columns = before.shape
    down, right = (max(-n, min(n, by)) for by, n in ((down, rows), (right, columns)))
    return (
        before[max(0, -down) : rows - max(0, down), max(0, -right) : columns - max(0, right)],
        after[max(0, down) : rows + min(0, down), max(0, right) : columns + min(0, right)],
    )


def _product(state: State, maps: Maps) -> str:
    """The kernel as a row, every window as a column, the outputs below their columns (Falk's scheme)."""
    columns, outputs, selected = _columns(state, maps)
    taps, count = columns.shape
    left, top = kit.Grid(1, taps, 2, 2 + (taps + 1) * 10, 10), 2 + (taps + 1) * 10
    x = 2 + (taps + 1) * 10
    windows, sums = kit.Grid(taps, count, x, 2, 10), kit.Grid(1, count, x, top, 10)
    body = _signed(left, maps.applied.reshape(1, -1), _peak(maps.applied), "") + left.lines()
    body += _brightness(windows, columns, maps.bright) + windows.frame("svg-rule", 0, 0, taps, count)
    body += _signed(sums, outputs[None], _peak(maps.map), "") + sums.frame("svg-rule", 0, 0, 1, count)
    if selected is not None:
        body += windows.frame("svg-reach", 0, selected, taps) + sums.frame("svg-focus", 0, selected)
    body += windows.target("product")
    label = f"1 by {taps} kernel row times {taps} by {count} matrix of windows gives {count} outputs"
    picture = kit.svg(body, x + windows.width + 2, top + 12, label)
    return picture + f'<p class="hint">{_agreement(state, maps, columns, outputs)}</p>'


def _columns(state: State, maps: Maps) -> tuple[Array, Array, int | None]:
    """The windows as columns, their outputs, the selected one; of a picture only one row of outputs."""
    columns = ops.im2col(maps.input[None, None], state.size, state.stride, state.padding)[0]
    outputs, width = maps.map.ravel(), maps.map.shape[1]
    row = state.row if state.focus == "map" else 0
    column = state.column if state.focus == "map" else None
    if maps.bright:
        part = slice(row * width, (row + 1) * width)
        return columns[:, part], outputs[part], column
    return columns, outputs, None if column is None else row * width + column


def _agreement(state: State, maps: Maps, columns: Array, outputs: Array) -> str:
    product = maps.applied.reshape(-1) @ columns
    equal = int(same_values(product, outputs).sum())
    part = f" (row {state.row if state.focus == 'map' else 0} of the map)" if maps.bright else ""
    return (
        f"Kernel row (1 × {columns.shape[0]}) times matrix of windows ({columns.shape[0]} × {columns.shape[1]}){part}: "
        f"{equal} of {outputs.size} products equal the feature map. Neighbouring windows overlap, so a pixel stands in "
        "the matrix many times: memory is traded for one fast product."
    )


def _tables(state: State, maps: Maps) -> str:
    at = (state.row, state.column) if state.focus == "input" else _other_cell(state)
    out = (state.row, state.column) if state.focus == "map" else _other_cell(state)
    tables = kit.grid_table("Input", maps.input, *at) + kit.grid_table("Kernel as applied", maps.applied)
    tables += kit.grid_table("Feature map", maps.map, *out)
    if state.product:
        columns, _, selected = _columns(state, maps)
        tables += kit.grid_table("Matrix of windows", columns, 0, selected or 0)
    if state.down or state.right:
        tables += kit.grid_table("Feature map before the nudge", maps.still_map, *out)
    credit = f'<p class="hint">{CREDIT}</p>' if state.source == "photograph" else ""
    return kit.folded("values", "Values as tables", tables) + credit


def sentence(state: State) -> str:
    """Say in one sentence what is selected."""
    maps = compute(state)
    if state.notice:
        return state.notice
    rows, columns = maps.map.shape
    if state.focus == "map":
        value = kit.number(float(maps.map[state.row, state.column]))
        return f"Output row {state.row}, column {state.column} of {rows} × {columns} is {value}."
    value = kit.number(float(maps.input[state.row, state.column]))
    reached = len(_reached(state, state.row, rows)) * len(_reached(state, state.column, columns))
    return f"Input row {state.row}, column {state.column} is {value} and is read by {_count(reached, 'output')}."
