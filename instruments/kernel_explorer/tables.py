"""The values as tables."""

from __future__ import annotations

from instruments import kit
from instruments.data import CREDIT
from instruments.kernel_explorer.product import columns_of
from instruments.kernel_explorer.reach import other_cell, selected_output
from instruments.kernel_explorer.scene import Maps
from instruments.kernel_explorer.state import State


def tables(state: State, maps: Maps) -> str:
    """Every grid as a table; of a large one what is around the selected cell."""
    at = (state.row, state.column) if state.focus == "input" else other_cell(state)
    out = selected_output(state, maps)
    tables = kit.grid_table("Input", maps.input, *at) + kit.grid_table("Kernel as applied", maps.applied)
    tables += kit.grid_table("Feature map", maps.map, *out)
    if state.product:
        columns, _, selected = columns_of(state, maps)
        tables += kit.grid_table("Matrix of windows", columns, 0, selected or 0)
    if state.down or state.right:
        tables += kit.grid_table("Feature map before the nudge", maps.still_map, *out)
    credit = f'<p class="hint">{CREDIT}</p>' if state.source == "photograph" else ""
    return kit.folded("values", "Values as tables", tables) + credit
