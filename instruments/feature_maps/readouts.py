"""What a stack costs, in numbers."""

from __future__ import annotations

from html import escape
from math import prod
from typing import Any

from instruments import kit
from instruments.feature_maps.flow import Flow
from instruments.feature_maps.state import StackState
from instruments.nn import architectures


def readouts(state: StackState, flow: Flow) -> str:
    """The figures of a row of stages, or the totals of another stack, and what they mean."""
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
        ("PARAMETERS", kit.number(flow.total("params"))),
        ("MULTIPLY-ADDS", kit.number(flow.total("products"))),
        ("ACTIVATIONS PER IMAGE", kit.number(flow.total("activations"))),
    ]


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
    params, activations = flow.total("params"), flow.total("activations")
    batch = params // activations + 1
    return f"Activations outnumber parameters from a batch of {kit.number(batch)} on."
