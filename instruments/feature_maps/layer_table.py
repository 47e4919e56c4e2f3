"""The stack layer by layer: shapes, costs and bars."""

from __future__ import annotations

from html import escape
from math import log10

from instruments import kit, stack_editor
from instruments.feature_maps.flow import Flow, size
from instruments.feature_maps.state import StackState
from instruments.nn.geometry import Cost

COLUMNS = {"params": "bar-b", "products": "bar-c", "activations": "bar-d"}


def layer_table(state: StackState, flow: Flow) -> str:
    """Shape, parameters, multiply-adds and activations of every row, with bars."""
    peaks = [max(getattr(cost, name) for cost in flow.costs) for name in COLUMNS]
    rows = [
        (
            size(cost.shape),
            *(
                _bar(getattr(cost, name), peak, kind, state.log)
                for (name, kind), peak in zip(COLUMNS.items(), peaks, strict=True)
            ),
            _memory(cost),
        )
        for cost in flow.costs
    ]
    sums = [kit.number(flow.total(name)) for name in COLUMNS]
    notice = f'<p class="notice">{escape(state.notice)}</p>' if state.notice else ""
    head = ("output H × W × C", "parameters", "multiply-adds", "activations", "memory, float32")
    foot = ("", *sums, _mebibytes(4 * flow.total("activations")))
    return notice + stack_editor.table(flow.stack, state.layer, head, rows, foot)


def _bar(value: int, peak: int, kind: str, log: bool) -> str:
    share = (log10(1 + value) / log10(1 + peak) if log else value / peak) if peak else 0
    bar = kit.box(kind, 0, 0, 100 * share, 6)
    frame = 'class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"'
    return f"{kit.number(value)}<svg {frame}>{bar}</svg>"


def _memory(cost: Cost) -> str:
    return _mebibytes(4 * cost.activations)


def _mebibytes(count: int) -> str:
    return f"{kit.number(count / 2**20, 2)} MiB" if count >= 2**16 else f"{kit.number(count / 1024, 1)} KiB"
