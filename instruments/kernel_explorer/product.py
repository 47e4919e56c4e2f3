"""The same as one matrix product: the kernel as a row, every window as a column, outputs below (Falk's scheme)."""

from __future__ import annotations

from instruments import kit
from instruments.kernel_explorer.fills import brightness, peak_of, signed
from instruments.kernel_explorer.nudge import same_values
from instruments.kernel_explorer.reach import selected_output
from instruments.kernel_explorer.scene import Array, Maps, compute
from instruments.kernel_explorer.state import State
from instruments.nn import ops


def product(state: State, maps: Maps) -> str:
    """Draw the three matrices; of a picture's windows those of one row of outputs."""
    columns, outputs, selected = columns_of(state, maps)
    taps, count = columns.shape
    left, top = kit.Grid(1, taps, 2, 2 + (taps + 1) * 10, 10), 2 + (taps + 1) * 10
    x = 2 + (taps + 1) * 10
    windows, sums = kit.Grid(taps, count, x, 2, 10), kit.Grid(1, count, x, top, 10)
    body = signed(left, maps.applied.reshape(1, -1), peak_of(maps.applied), "") + left.lines()
    body += brightness(windows, columns, maps.bright) + windows.frame("svg-rule", 0, 0, taps, count)
    body += signed(sums, outputs[None], peak_of(maps.map), "") + sums.frame("svg-rule", 0, 0, 1, count)
    if selected is not None:
        body += windows.frame("svg-reach", 0, selected, taps) + sums.frame("svg-focus", 0, selected)
    body += windows.target("product")
    label = f"1 by {taps} kernel row times {taps} by {count} matrix of windows gives {count} outputs"
    picture = kit.svg(body, x + windows.width + 2, top + 12, label)
    return picture + f'<p class="hint">{_agreement(state, maps, columns, outputs)}</p>'


def columns_of(state: State, maps: Maps) -> tuple[Array, Array, int | None]:
    """The windows as columns, their outputs, the selected one; of a picture only the row of the selected output."""
    columns = ops.im2col(maps.input[None, None], state.size, state.stride, state.padding, state.dilation)[0]
    outputs, width = maps.map.ravel(), maps.map.shape[1]
    row, column = selected_output(state, maps)
    first, last = (row * width, (row + 1) * width) if maps.bright else (0, outputs.size)
    selected = row * width + column - first if state.focus == "map" else None
    return columns[:, first:last], outputs[first:last], selected


def _agreement(state: State, maps: Maps, columns: Array, outputs: Array) -> str:
    product = maps.applied.reshape(-1) @ columns
    equal = int(same_values(product, outputs).sum())
    part = f" (row {selected_output(state, maps)[0]} of the map)" if maps.bright else ""
    return (
        f"Kernel row (1 × {columns.shape[0]}) times matrix of windows ({columns.shape[0]} × {columns.shape[1]}){part}: "
        f"{equal} of {outputs.size} products equal the feature map. Neighbouring windows overlap, so a pixel stands in "
        "the matrix many times: memory is traded for one fast product."
    )


def output_of_column(state: State, column: int) -> tuple[int, int]:
    """The output that a column of the matrix product computes."""
    maps = compute(state)
    width = maps.map.shape[1]
    return selected_output(state, maps)[0] if maps.bright else column // width, column % width
