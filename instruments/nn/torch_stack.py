"""Reads a stack of layers as PyTorch writes it: what `print(nn.Sequential(...))` prints, or the code that makes it.

Only layers with a square window, dense layers and global pooling are layers here; what changes neither a shape nor a
field (activations, normalisation, dropout) is passed over. Names and defaults are those of torch.nn 2.x.
"""

from __future__ import annotations

import ast
import re

from instruments.nn.geometry import LARGEST, MOST_LAYERS, Layer

LONGEST = 20_000
"""Characters of a text that is read."""

CONVOLUTION = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups")
POOL = ("kernel_size", "stride", "padding")
ARGUMENTS = {
    "Conv2d": CONVOLUTION,
    "LazyConv2d": CONVOLUTION[1:],
    "MaxPool2d": (*POOL, "dilation"),
    "AvgPool2d": POOL,
    "AdaptiveAvgPool2d": ("output_size",),
    "Linear": ("in_features", "out_features"),
    "LazyLinear": ("out_features",),
}
"""Positional arguments by the name of a layer that counts."""
PASSED_OVER = re.compile(
    r"(Batch|Layer|Group|Instance|Sync)Norm\w*|LocalResponseNorm|Dropout\w*|Flatten|Identity|Softmax\w*|"
    r"\w*ReLU\w*|GELU|SiLU|ELU|SELU|CELU|Mish|Sigmoid|Tanh|Hardswish|Hardsigmoid|Hardtanh|LogSoftmax"
)
HOLDERS = {"Sequential", "ModuleList"}
CALL = re.compile(r"\b([A-Z]\w*)\s*\(")
NAMED = re.compile(r"\(\w+\)\s*:")


class UnreadableStack(ValueError):
    """A text that is no stack of layers known here; says which part and why."""


def read(text: str) -> tuple[Layer, ...]:
    """Read the layers of a text in its order. UnreadableStack names the first part that is none."""
    if len(text) > LONGEST:
        raise UnreadableStack(f"The text is longer than {LONGEST:,} characters.")
    layers: list[Layer] = []
    text, at = NAMED.sub("", text), 0
    while call := CALL.search(text, at):
        name, at = call[1], call.end()
        if name in HOLDERS:
            continue
        end = _closing(text, at)
        layers += _layer(name, text[at:end])
        at = end
    if not layers:
        raise UnreadableStack("No layer was found. Paste what print(model) prints for an nn.Sequential.")
    if len(layers) > MOST_LAYERS:
        raise UnreadableStack(f"That is {len(layers)} layers; at most {MOST_LAYERS} can be shown.")
    return tuple(layers)


def _closing(text: str, at: int) -> int:
    """Where the bracket that was opened before `at` is closed."""
    depth = 1
    for place in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if not depth:
            return place
    raise UnreadableStack("A bracket is never closed.")


def _layer(name: str, arguments: str) -> list[Layer]:
    """The layer a call makes, none if it is passed over."""
    if name not in ARGUMENTS:
        if PASSED_OVER.fullmatch(name):
            return []
        known = ", ".join(ARGUMENTS)
        raise UnreadableStack(f"{name} is not known here; known are {known}, activations and normalisation.")
    values = _arguments(name, arguments)
    if name.endswith("Linear"):
        return [Layer("dense", _whole(name, "out_features", values))]
    if name == "AdaptiveAvgPool2d":
        return [_global_pool(name, values)]
    k = _whole(name, "kernel_size", values)
    if name in ("AvgPool2d", "MaxPool2d"):
        if _whole(name, "dilation", values, 1) > 1:
            raise UnreadableStack(f"{name}: a dilated window is not known here.")
        kind = "max-pool" if name == "MaxPool2d" else "avg-pool"
        return [Layer(kind, 1, k, _whole(name, "stride", values, k), _whole(name, "padding", values, 0))]
    return [_convolution(name, k, values)]


def _convolution(name: str, k: int, values: dict[str, object]) -> Layer:
    dilation, groups = _whole(name, "dilation", values, 1), _whole(name, "groups", values, 1)
    padding = values.get("padding", 0)
    if padding == "same":
        if k % 2 == 0:
            raise UnreadableStack(f"{name}: padding 'same' of an even window has no middle here.")
        values = {**values, "padding": dilation * (k - 1) // 2}
    elif padding == "valid":
        values = {**values, "padding": 0}
    channels = _whole(name, "out_channels", values)
    layer = Layer(
        "conv",
        channels,
        k,
        _whole(name, "stride", values, 1),
        _whole(name, "padding", values, 0),
        groups,
        dilation=dilation,
    )
    if groups > 1 and groups == channels == values.get("in_channels"):
        return Layer("depthwise", k=k, stride=layer.stride, padding=layer.padding, dilation=dilation)
    return layer


def _global_pool(name: str, values: dict[str, object]) -> Layer:
    if values.get("output_size") not in (1, (1, 1)):
        raise UnreadableStack(f"{name}: only output_size=1, the mean of a whole map, is known here.")
    return Layer("global-pool")


def _arguments(name: str, arguments: str) -> dict[str, object]:
    """Read a call's arguments by their names; values are literals."""
    try:
        call = ast.parse(f"f({arguments.strip()})", mode="eval").body
        assert isinstance(call, ast.Call)
        positional = zip(ARGUMENTS[name], call.args, strict=False)
        named = [*positional, *((each.arg or "", each.value) for each in call.keywords)]
        return {key: ast.literal_eval(value) for key, value in named if key in ARGUMENTS[name]}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UnreadableStack(
            f"{name}({arguments.strip()[:60]}) cannot be read: its numbers must stand in it."
        ) from None


def _whole(name: str, key: str, values: dict[str, object], default: int | None = None) -> int:
    """A number of a call; of two equal ones, such as (3, 3), the one."""
    value = values.get(key, default)
    if isinstance(value, tuple) and len(set(value)) == 1:
        value = value[0]
    if isinstance(value, tuple):
        raise UnreadableStack(f"{name}: {key}={value} is not square; windows here are.")
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnreadableStack(f"{name} has no {key}, or one that is no whole number.")
    field = {"kernel_size": "k", "out_channels": "channels", "out_features": "channels"}.get(key, key)
    least = 0 if field == "padding" else 1
    if not least <= value <= LARGEST[field]:
        raise UnreadableStack(f"{name}: {key}={value} is not from {least} to {LARGEST[field]}.")
    return value
