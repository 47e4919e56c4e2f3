"""The sum of the selected output, written out; or the outputs that use the selected pixel (EQ N2.1)."""

from __future__ import annotations

from instruments import kit
from instruments.kernel_explorer.reach import is_inside, reached, window_of
from instruments.kernel_explorer.scene import Maps
from instruments.kernel_explorer.state import State


def arithmetic(state: State, maps: Maps) -> str:
    """What the selected cell is, product by product or use by use."""
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
    outside = "" if is_inside(state, maps) else " Pixels outside the input count as 0."
    return (
        f'<div class="arithmetic"><p>S({i}, {j}) is the sum of {kit.counted(window.size, "product")}, '
        f"pixel · weight:{outside}</p><ol>{rows}</ol>"
        f'<p class="sum">S({i}, {j}) = <b>{total}</b></p></div>'
    )


def _product_text(value: float, weight: float) -> str:
    written = kit.fraction(weight)
    plain = written if weight >= 0 and "/" not in written else f"({written})"
    kind = "product" if value * weight else "product is-zero"
    return f'<span class="{kind}">{kit.number(value)}·{plain}</span>'


def _uses(state: State, maps: Maps) -> str:
    """The outputs that read the selected pixel, each with its own weight."""
    rows, columns = (reached(state, at, n) for at, n in zip((state.row, state.column), maps.map.shape, strict=True))
    value = kit.number(float(maps.input[state.row, state.column]))
    uses = len(rows) * len(columns)
    head = f"Pixel ({state.row}, {state.column}) = {value} is read by {kit.counted(uses, 'output')}"
    if not uses:
        return f'<div class="arithmetic"><p>{head}: no window reaches it.</p></div>'
    offset = state.row + state.padding, state.column + state.padding
    S, d = state.stride, state.dilation
    lines = [[_use(maps, (i, j), ((offset[0] - i * S) // d, (offset[1] - j * S) // d)) for j in columns] for i in rows]
    items = "".join(f"<li>{', '.join(line)}</li>" for line in lines)
    return f'<div class="arithmetic"><p>{head}, each through another place of the kernel:</p><ol>{items}</ol></div>'


def _use(maps: Maps, output: tuple[int, int], tap: tuple[int, int]) -> str:
    weight = kit.fraction(float(maps.applied[tap]))
    return f'<span class="product">S({output[0]}, {output[1]}) by {weight}</span>'
