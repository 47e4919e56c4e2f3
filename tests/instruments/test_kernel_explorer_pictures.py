"""What the kernel explorer draws, read back and compared with sums made by plain loops."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from instruments import kernel_explorer as explorer
from instruments import kit
from instruments.data import photograph
from instruments.nn.kernels import drawing, kernel
from tests.instruments import drawings
from tests.instruments.drawings import Array, Element

REQUESTS: list[dict[str, Any]] = [
    {},
    {"set": {"padding": 1}, "acts": ["point:map:7,7"]},
    {"set": {"padding": 1, "stride": 2}, "acts": ["point:map:3,4"]},
    {"set": {"kernel": "sobel-x", "flip": True, "source": "gradient"}, "acts": ["point:map:0,6"]},
    {"set": {"size": 5, "stride": 3, "kernel": "blur", "padding": 2}, "acts": ["point:map:2,0"]},
    {"set": {"size": 5, "stride": 3, "kernel": "emboss"}, "acts": ["point:input:8,3"]},
    {"set": {"size": 7, "padding": 3, "source": "checkerboard"}, "acts": ["point:input:0,8"]},
    {"set": {"size": 1, "stride": 2, "weight.0": "−3/7"}, "acts": ["point:input:1,2"]},
    {"set": {"kernel": "sharpen", "padding": 1}, "acts": ["nudge:right", "nudge:down", "nudge:down", "key:map:end"]},
    {"set": {"kernel": "motion", "size": 5}, "acts": ["press:input:0,0", "drag:input:0,1", "nudge:left"]},
    {"set": {"kernel": "sobel-y", "stride": 2, "weight.3": "0,25"}, "acts": ["nudge:up", "point:input:4,4"]},
    {"set": {"dilation": 2, "kernel": "emboss", "padding": 2}, "acts": ["point:map:7,7"]},
    {"set": {"dilation": 3, "padding": 1, "stride": 2}, "acts": ["nudge:right", "point:input:4,5"]},
]
PHOTOGRAPHS: list[dict[str, Any]] = [
    {"set": {"source": "photograph"}, "acts": ["point:map:20,31"]},
    {"set": {"source": "photograph", "kernel": "sobel-x", "stride": 2, "padding": 1}, "acts": ["point:map:9,0"]},
    {"set": {"source": "photograph", "size": 5, "kernel": "blur"}, "acts": ["nudge:left", "point:map:5,7"]},
    {"set": {"source": "photograph"}, "acts": ["point:input:20,11"]},
    {"set": {"source": "photograph", "stride": 3, "size": 7}, "acts": ["point:input:63,63"]},
    {"set": {"source": "photograph", "size": 5, "dilation": 2, "kernel": "sobel-x"}, "acts": ["point:map:9,40"]},
]
ANY = pytest.mark.parametrize("request_", REQUESTS + PHOTOGRAPHS, ids=str)
DRAWN = pytest.mark.parametrize("request_", REQUESTS, ids=str)
PHOTOGRAPHED = pytest.mark.parametrize("request_", PHOTOGRAPHS, ids=str)


def answer(request: dict[str, Any], **more: Any) -> dict[str, Any]:
    return kit.respond(explorer, {**request, "set": {**request.get("set", {}), **more}})


# ---- the same by plain loops --------------------------------------------------------------------------------------


def still(state: dict[str, Any]) -> Array:
    if state["source"] == "photograph":
        return np.array([[grey(*map(int, pixel)) for pixel in line] for line in photograph().tolist()], float)
    if state["source"] == "painted":
        return np.reshape(state["pixels"], (9, 9))
    return drawing(state["source"])


def grey(red: int, green: int, blue: int) -> int:
    return round((299 * red + 587 * green + 114 * blue) / 1000 + 1e-9)


def nudged(state: dict[str, Any]) -> Array:
    before, height, width = still(state), *still(state).shape
    after = np.zeros((height, width))
    for row in range(height):
        for column in range(width):
            i, j = row - state["down"], column - state["right"]
            if 0 <= i < height and 0 <= j < width:
                after[row, column] = before[i, j]
    return after


def applied(state: dict[str, Any]) -> Array:
    k = state["size"]
    typed = np.reshape(state["weights"], (k, k)) if state["kernel"] == "own" else kernel(state["kernel"], k)
    return np.array([[typed[k - 1 - m, k - 1 - n] for n in range(k)] for m in range(k)]) if state["flip"] else typed


def window(state: dict[str, Any], i: int, j: int) -> list[tuple[int, int]]:
    """The places (row, column) that an output reads, row by row; some may lie in the padding."""
    top, left = i * state["stride"] - state["padding"], j * state["stride"] - state["padding"]
    taps = [m * state["dilation"] for m in range(state["size"])]
    return [(top + m, left + n) for m in taps for n in taps]


def places(state: dict[str, Any], length: int) -> int:
    """How many windows fit on a padded axis."""
    last_tap = (state["size"] - 1) * state["dilation"]
    return len([top for top in range(0, length, state["stride"]) if top + last_tap < length])


def at(x: Array, place: tuple[int, int]) -> float:
    row, column = place
    return float(x[row, column]) if 0 <= row < x.shape[0] and 0 <= column < x.shape[1] else 0.0


def outputs(state: dict[str, Any], x: Array) -> Array:
    """The map: as many outputs as windows fit."""
    rows, columns = (places(state, n + 2 * state["padding"]) for n in x.shape)
    weights = applied(state).ravel()
    return np.array(
        [
            [
                sum(at(x, place) * w for place, w in zip(window(state, i, j), weights, strict=True))
                for j in range(columns)
            ]
            for i in range(rows)
        ]
    )


def graded(values: Array, peak: float) -> Array:
    """Strengths from −8 to 8; only 0 is 0."""
    levels = np.zeros(values.shape, int)
    for place, number in np.ndenumerate(values):
        if abs(number) > 1e-9 * peak > 0:
            levels[place] = (1 if number > 0 else -1) * max(1, int(min(abs(number) / peak, 1) * 8 + 0.5))
    return levels


def peak(*maps: Array) -> float:
    return max(float(np.abs(values).max()) for values in maps)


# ---- the grids ----------------------------------------------------------------------------------------------------


def first(markup: str) -> Element:
    return drawings.pictures(markup)[0]


@DRAWN
def test_the_input_is_filled_and_printed(request_: dict[str, Any]) -> None:
    made = answer(request_)
    picture, x = first(made["regions"]["input"]), nudged(made["state"])
    (fill,) = drawings.fills(picture)
    assert (fill.x, fill.y, fill.cell) == (2 + 40 * made["state"]["padding"], 2 + 40 * made["state"]["padding"], 40)
    np.testing.assert_array_equal(fill.levels, graded(x, 1))
    np.testing.assert_allclose(drawings.numbers(picture, fill), x, atol=0.005)


@DRAWN
def test_the_map_is_filled_and_printed(request_: dict[str, Any]) -> None:
    made = answer(request_)
    picture, sums = first(made["regions"]["map"]), outputs(made["state"], nudged(made["state"]))
    (fill,) = drawings.fills(picture)
    np.testing.assert_array_equal(fill.levels, graded(sums, peak(sums)))
    np.testing.assert_allclose(drawings.numbers(picture, fill), sums, atol=0.005 + 1e-9)


@PHOTOGRAPHED
def test_a_photograph_is_shown_in_its_greys_and_its_map_in_proportion(request_: dict[str, Any]) -> None:
    made = answer(request_)
    x = nudged(made["state"])
    sums = outputs(made["state"], x)
    np.testing.assert_array_equal(drawings.pixels(first(made["regions"]["input"])), x)
    shown = drawings.masks(first(made["regions"]["map"]))
    assert len(shown) == 2
    for name, mask in shown.items():
        part = np.maximum(sums if name.startswith("pos-8") else -sums, 0)
        np.testing.assert_allclose(mask, 15 * part / peak(sums), atol=0.5 + 1e-6)


@ANY
def test_the_kernel_is_typed_in_and_coloured(request_: dict[str, Any]) -> None:
    made = answer(request_)
    state, markup = made["state"], made["regions"]["kernel"]
    k, weights = state["size"], applied({**made["state"], "flip": False})
    found = re.findall(r'<td class="([^"]*)"><input[^>]* value="([^"]*)" data-field="weight\.(\d+)"', markup)
    assert [int(place) for _, _, place in found] == list(range(k * k))
    np.testing.assert_allclose([drawings.value(shown) for _, shown, _ in found], weights.ravel(), atol=0.005)
    assert [drawings.level(name) for name, _, _ in found] == graded(weights, peak(weights)).ravel().tolist()
    turned = drawings.pictures(markup)
    assert bool(turned) == state["flip"]
    if turned:
        np.testing.assert_array_equal(drawings.fills(turned[0])[0].levels, graded(applied(state), peak(weights)))


# ---- what is marked -----------------------------------------------------------------------------------------------


def grid_of(made: dict[str, Any], region: str) -> tuple[float, float, float]:
    """Corner and side of a cell of a grid, from the area that takes the pointer."""
    picture = first(made["regions"][region])
    ((x, y, width, _),) = drawings.boxes(picture, "svg-hit")
    (hit,) = (rect for rect in picture.iter("rect") if rect.get("data-grid") == region)
    return x, y, width / int(hit.get("data-cols", ""))


def marks(made: dict[str, Any], region: str, kind: str) -> list[tuple[float, ...]]:
    grid = grid_of(made, region)
    return [drawings.cells(box, *grid) for box in drawings.boxes(first(made["regions"][region]), kind)]


@ANY
def test_the_window_and_the_outputs_of_the_selected_cell_are_marked(request_: dict[str, Any]) -> None:
    made = answer(request_)
    state = made["state"]
    here = (state["row"], state["column"])
    if state["focus"] == "map":
        assert marks(made, "map", "svg-focus") == [(*here, 1, 1)] and not marks(made, "map", "svg-reach")
        taps = window(state, *here)
        whole = [(*taps[0], state["size"], state["size"])]
        assert marks(made, "input", "svg-reach") == (
            whole if state["dilation"] == 1 else [(*tap, 1, 1) for tap in taps]
        )
        return
    assert marks(made, "input", "svg-focus") == [(*here, 1, 1)] and not marks(made, "input", "svg-reach")
    readers = reading(state, here)
    found = [
        {(i + row, j + column) for row in range(round(rows)) for column in range(round(columns))}
        for i, j, rows, columns in marks(made, "map", "svg-reach")
    ]
    assert found == ([set(readers)] if readers and state["dilation"] == 1 else [{reader} for reader in readers])


def reading(state: dict[str, Any], pixel: tuple[int, int]) -> list[tuple[int, int]]:
    """The outputs whose windows hold a pixel, row by row."""
    rows, columns = outputs_shape(state)
    return [(i, j) for i in range(rows) for j in range(columns) if pixel in window(state, i, j)]


def outputs_shape(state: dict[str, Any]) -> tuple[int, ...]:
    return tuple(places(state, n + 2 * state["padding"]) for n in still(state).shape)


@ANY
def test_what_no_window_reads_is_veiled(request_: dict[str, Any]) -> None:
    made = answer(request_)
    state, (rows, columns), P = made["state"], still(made["state"]).shape, made["state"]["padding"]
    read = {place for i, j in np.ndindex(*outputs_shape(state)) for place in window(state, i, j)}
    unread_rows = [r for r in range(-P, rows + P) if not any(row == r for row, _ in read)]
    unread_columns = [c for c in range(-P, columns + P) if not any(column == c for _, column in read)]
    height, width = rows + 2 * P, columns + 2 * P
    assert marks(made, "input", "svg-pad") == ([(-P, -P, height, width)] if P else [])
    wanted = [(r, -P, 1, width) for r in unread_rows] + [(-P, c, height, 1) for c in unread_columns]
    assert marks(made, "input", "svg-dropped") == wanted
    shown = drawings.readouts(made["regions"]["readouts"])
    assert ("NEVER READ" in shown) == bool(wanted)
    if wanted:
        counts = [int(count) for count in re.findall(r"\d+", shown["NEVER READ"])]
        assert counts == [len(unread_rows), len(unread_columns)]


# ---- what is written ----------------------------------------------------------------------------------------------


@ANY
def test_the_sum_is_written_out(request_: dict[str, Any]) -> None:
    made = answer(request_)
    state, x, text = made["state"], nudged(made["state"]), drawings.words(made["regions"]["arithmetic"])
    weights, here = applied(state).ravel(), (state["row"], state["column"])
    if state["focus"] == "map":
        found = re.findall(r"([−\d.,]+)·\(?(−?[\d./]+)\)?", text)
        taps = window(state, *here)
        read = [at(x, place) for place in taps]
        np.testing.assert_allclose([drawings.value(v) for v, _ in found], read, atol=0.005)
        np.testing.assert_allclose([drawings.value(w) for _, w in found], weights, atol=0.005)
        inside = all(0 <= row < x.shape[0] and 0 <= column < x.shape[1] for row, column in taps)
        assert ("outside the input" in text) == (not inside)
        total = sum(v * w for v, w in zip(read, weights, strict=True))
        assert drawings.value(text.rpartition("= ")[2]) == pytest.approx(total, abs=0.005 + 1e-9)
        assert drawings.value(re.findall(r" is (\S+)\.$", made["sentence"])[0]) == pytest.approx(total, abs=0.006)
        return
    readers = reading(state, here)
    found = re.findall(r"S\((\d+), (\d+)\) by (−?[\d./]+)", text)
    assert [(int(i), int(j)) for i, j, _ in found] == readers
    used = [weights[window(state, i, j).index(here)] for i, j in readers]
    np.testing.assert_allclose([drawings.value(w) for _, _, w in found], used, atol=0.005)
    assert f"is read by {len(readers)} output" in text and f"is read by {len(readers)} output" in made["sentence"]


@ANY
def test_sizes_are_read_out(request_: dict[str, Any]) -> None:
    made = answer(request_)
    rows, columns = outputs_shape(made["state"])
    shown = drawings.readouts(made["regions"]["readouts"])
    assert shown["OUTPUT SIZE"] == f"{rows} × {columns}"
    assert drawings.value(shown["PARAMS REUSED"].removesuffix("×")) == rows * columns
    assert shown["SHARED WEIGHTS"] == f"{made['state']['size'] ** 2} + 1 bias"
    assert drawings.value(shown["DENSE LAYER INSTEAD"].split()[0]) == rows * columns * still(made["state"]).size


@ANY
def test_tables_say_the_same(request_: dict[str, Any]) -> None:
    made = answer(request_)
    state, x = made["state"], nudged(made["state"])
    arrays = {"Input": x, "Kernel as applied": applied(state), "Feature map": outputs(state, x)}
    found = drawings.tables(made["regions"]["values"])
    for caption, (head, *lines) in found.items():
        name = caption.partition(", rows")[0]
        values = arrays.get(name)
        if values is None:
            assert name == "Feature map before the nudge"
            values = outputs(state, still(state))
        columns = [int(column) for column in head if column]
        rows = [int(line[0]) for line in lines]
        assert (rows, columns) == (list(range(values.shape[0])), list(range(values.shape[1]))) or "rows" in caption
        part = values[np.ix_(rows, columns)]
        np.testing.assert_allclose([[drawings.value(v) for v in line[1:]] for line in lines], part, atol=0.005 + 1e-9)
        if name == ("Feature map" if state["focus"] == "map" else "Input"):
            assert state["row"] in rows and state["column"] in columns
    assert {caption.partition(", rows")[0] for caption in found} >= set(arrays)


# ---- the matrix product -------------------------------------------------------------------------------------------


@ANY
def test_the_matrix_product_is_that_of_the_windows(request_: dict[str, Any]) -> None:
    made = answer(request_, product=True)
    state, x = made["state"], nudged(made["state"])
    sums, markup = outputs(state, x), made["regions"]["product"]
    picture, bright = first(markup), state["source"] == "photograph"
    shown = places_shown(state, sums.shape) if bright else list(np.ndindex(*sums.shape))
    columns = np.array([[at(x, place) for place in window(state, i, j)] for i, j in shown]).T
    drawn = drawings.fills(picture)
    row, below = drawn[0], drawn[-1]
    np.testing.assert_array_equal(row.levels[0], graded(applied(state), peak(applied(state))).ravel())
    np.testing.assert_array_equal(below.levels[0], graded(sums, peak(sums))[tuple(np.transpose(shown))])
    if bright:
        np.testing.assert_array_equal(drawings.pixels(picture), columns)
        assert f"(row {shown[0][0]} of the map)" in markup
    else:
        np.testing.assert_array_equal(drawn[1].levels, graded(columns, 1))
    assert f"{len(shown)} of {len(shown)} products equal" in markup
    (hit,) = (rect for rect in picture.iter("rect") if rect.get("data-grid") == "product")
    taps = state["size"] ** 2
    assert (hit.get("data-rows"), hit.get("data-cols")) == (str(taps), str(len(shown)))
    ((x0, y0, across, down),) = drawings.boxes(picture, "svg-hit")
    assert (across, down) == (10 * len(shown), 10 * taps) and x0 >= row.x + 10 * taps
    assert (row.y, below.x, row.cell, below.cell) == (below.y, x0, 10, 10) and below.y >= y0 + down
    marked = [drawings.cells(box, below.x, below.y, below.cell) for box in drawings.boxes(picture, "svg-focus")]
    here = (state["row"], state["column"])
    assert marked == ([(0, shown.index(here), 1, 1)] if state["focus"] == "map" else [])


def places_shown(state: dict[str, Any], shape: tuple[int, ...]) -> list[tuple[int, int]]:
    """One row of outputs: that of the selected one, or of one whose window's centre is nearest the selected pixel."""
    row = state["row"]
    if state["focus"] == "input":
        centres = [window(state, i, 0)[state["size"] ** 2 // 2][0] for i in range(shape[0])]
        row = max(i for i in range(shape[0]) if centres[i] <= max(state["row"], centres[0]))
    return [(row, j) for j in range(shape[1])]


def test_the_product_of_a_photograph_follows_a_selected_pixel() -> None:
    made = kit.respond(explorer, {"set": {"source": "photograph", "product": True}, "acts": ["point:input:20,11"]})
    assert "(row 19 of the map)" in made["regions"]["product"]
    column = kit.respond(explorer, {"state": made["state"], "acts": ["point:product:4,33"]})["state"]
    assert (column["focus"], column["row"], column["column"]) == ("map", 19, 33)


# ---- the nudge ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("acts", [["nudge:right"], ["nudge:up", "nudge:left", "nudge:left"], ["nudge:down"] * 4])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("name", ["edge", "blur"])
def test_before_and_after_are_drawn_and_measured(acts: list[str], stride: int, name: str) -> None:
    made = kit.respond(explorer, {"set": {"stride": stride, "kernel": name}, "acts": acts})
    state, markup = made["state"], made["regions"]["shift"]
    x, moved = still(state), nudged(state)
    maps = outputs(state, x), outputs(state, moved)
    pairs = [(x, moved, 1), (*maps, stride), (pooled(maps[0]), pooled(maps[1]), 2 * stride)]
    rows = next(iter(drawings.tables(markup).values()))[1:]
    for (before, after, step), picture, row in zip(pairs, drawings.pictures(markup), rows, strict=True):
        strongest = 1 if row[0] == "Input" else peak(before, after)
        one, two = drawings.fills(picture)
        np.testing.assert_array_equal(one.levels, graded(before, strongest))
        np.testing.assert_array_equal(two.levels, graded(after, strongest))
        same = np.abs(before - after) < 1e-9
        seen = (before != 0) | (after != 0)
        assert row[1].split(" (")[0] == f"{same.sum()} of {same.size}"
        assert row[2].split(" (")[0] == f"{(same & seen).sum()} of {seen.sum()}"
        assert row[3].split(" (")[0] == along(before, after, state, step)


def pooled(values: Array) -> Array:
    rows, columns = (n // 2 for n in values.shape)
    return np.array([[values[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max() for j in range(columns)] for i in range(rows)])


def along(before: Array, after: Array, state: dict[str, Any], step: int) -> str:
    """How many values stand, after the nudge, so many whole cells further on."""
    if state["down"] % step or state["right"] % step:
        return f"cannot: {distance(state)} is no whole cell of {step} px"
    down, right, equal, count = state["down"] // step, state["right"] // step, 0, 0
    for i, j in np.ndindex(*before.shape):
        if 0 <= i + down < after.shape[0] and 0 <= j + right < after.shape[1]:
            count += 1
            equal += abs(before[i, j] - after[i + down, j + right]) < 1e-9
    return f"{equal} of {count}" if count else "none to compare"


def distance(state: dict[str, Any]) -> str:
    parts = [(abs(state["down"]), "down" if state["down"] > 0 else "up")]
    parts += [(abs(state["right"]), "right" if state["right"] > 0 else "left")]
    return " and ".join(f"{count} px {way}" for count, way in parts if count)
