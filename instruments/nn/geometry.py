"""A network as a list of layers: what each makes of its input's shape, what it costs, how far it sees.

A layer is also a line of text, such as "conv 64 k3 s1 p1", so that a state can hold it. Computes no activations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import prod
from typing import Any

from instruments.nn.ops import output_size

Shape = tuple[int, int, int]
"""(channels, height, width) of one image's activations."""

SPATIAL = ("conv", "depthwise", "max-pool", "avg-pool", "bottleneck", "bottleneck-v1")
KINDS = {
    "conv": "Convolution",
    "depthwise": "Depthwise convolution",
    "max-pool": "Max-pooling",
    "avg-pool": "Average pooling",
    "global-pool": "Global average pooling",
    "dense": "Dense",
    "bottleneck": "Residual bottleneck (stride on the 3×3)",
    "bottleneck-v1": "Residual bottleneck (stride on the first 1×1)",
}
FIELDS = {
    "conv": ("channels", "k", "stride", "padding", "dilation", "groups", "repeat", "norm"),
    "depthwise": ("k", "stride", "padding", "dilation", "repeat", "norm"),
    "max-pool": ("k", "stride", "padding"),
    "avg-pool": ("k", "stride", "padding"),
    "global-pool": (),
    "dense": ("channels",),
    "bottleneck": ("channels", "stride", "repeat"),
    "bottleneck-v1": ("channels", "stride", "repeat"),
}
"""What can be chosen for each kind."""

LARGEST = {"channels": 16384, "k": 15, "stride": 16, "padding": 64, "dilation": 64, "groups": 1024, "repeat": 64}
LETTERS = {"k": "k", "s": "stride", "p": "padding", "d": "dilation", "g": "groups", "x": "repeat"}
"""What a letter before a number means in a layer's line of text."""
MOST_LAYERS = 80


class ImpossibleLayer(ValueError):
    """A layer that cannot read what comes before it; says why."""


@dataclass(frozen=True)
class Layer:
    """One row of a stack; `repeat` copies of it follow each other, only the first with its stride.

    A bottleneck's `channels` are those it ends with, four times its inner width. `norm` stands for batch norm in
    place of a bias: two parameters per channel instead of one.
    """

    kind: str
    channels: int = 1
    k: int = 1
    stride: int = 1
    padding: int = 0
    groups: int = 1
    repeat: int = 1
    norm: bool = False
    dilation: int = 1

    @property
    def extent(self) -> int:
        """Pixels from the first to the last tap of its window: k unless it is dilated (Yu and Koltun 2016)."""
        return self.dilation * (self.k - 1) + 1


@dataclass(frozen=True)
class Cost:
    """What a layer gives and takes for one image: output shape, parameters, multiply-adds, activations kept."""

    shape: Shape
    params: int
    products: int
    activations: int


@dataclass(frozen=True)
class Reach:
    """The field of a layer's units: size and jump in pixels, centre of the first unit (0.5: the first pixel's)."""

    field: int
    jump: int
    start: float


def parse(text: str) -> Layer | None:
    """Read "conv 64 k3 s2 p1 d2 g2 x3 bn"; None if it is no layer."""
    kind, *marks = text.split()[:9] or [""]
    if kind not in KINDS:
        return None
    layer = Layer(kind)
    for mark in marks:
        name, digits = LETTERS.get(mark[0], "channels"), mark.lstrip("".join(LETTERS))
        if mark == "bn":
            layer = replace(layer, norm=True)
        elif digits.isdecimal() and len(digits) < 7:
            layer = with_field(layer, name, int(digits))
        else:
            return None
    return layer


def with_field(layer: Layer, name: str, value: int) -> Layer:
    """Set a number of a layer to the nearest possible value."""
    least = 0 if name == "padding" else 1
    change: dict[str, Any] = {name: min(LARGEST[name], max(least, value))}
    return replace(layer, **change)


def write(layer: Layer) -> str:
    """Write a layer as `parse` reads it."""
    fields = FIELDS[layer.kind]
    marks = [str(layer.channels)] if "channels" in fields else []
    plain = Layer(layer.kind)
    marks += [
        f"{letter}{getattr(layer, name)}"
        for letter, name in LETTERS.items()
        if name in fields and (name == "k" or getattr(layer, name) != getattr(plain, name))
    ]
    return " ".join([layer.kind, *marks, *(["bn"] if layer.norm and "norm" in fields else [])])


def title(layer: Layer, widths: bool = True) -> str:
    """Name a layer for the reader: "conv 3×3, 64, stride 2"; without its channels where they do not matter."""
    if layer.kind == "global-pool":
        return "global average pool"
    if layer.kind == "dense":
        return f"dense {layer.channels:,}"
    times = f" (×{layer.repeat})" if layer.repeat > 1 else ""
    stride = f", stride {layer.stride}" if layer.stride > 1 else ""
    if layer.kind.startswith("bottleneck"):
        return f"bottleneck{f' {layer.channels:,}' if widths else ''}{stride}{times}"
    short = {"conv": "conv", "depthwise": "depthwise", "max-pool": "max-pool", "avg-pool": "avg-pool"}[layer.kind]
    width = f", {layer.channels:,}" if layer.kind == "conv" and widths else ""
    groups = f", {layer.groups} groups" if layer.kind == "conv" and layer.groups > 1 else ""
    pad = f", pad {layer.padding}" if layer.padding else ""
    spread = f", dilation {layer.dilation}" if layer.dilation > 1 else ""
    return f"{short} {layer.k}×{layer.k}{width}{groups}{stride}{pad}{spread}{times}"


def copies(layer: Layer) -> Iterator[Layer]:
    """Give the repeats one by one: the stride belongs to the first."""
    if layer.repeat == 1:
        yield layer
        return
    yield replace(layer, repeat=1)
    yield from [replace(layer, repeat=1, stride=1)] * (layer.repeat - 1)


@lru_cache(maxsize=16)
def costs(stack: tuple[Layer, ...], shape: Shape) -> tuple[Cost, ...]:
    """Follow one image of `shape` through the stack: a Cost per row. ImpossibleLayer names the row that fails."""
    rows = []
    for place, layer in enumerate(stack):
        try:
            parts = []
            for copy in copies(layer):
                parts.append(_cost(copy, shape))
                shape = parts[-1].shape
        except ValueError as error:
            raise ImpossibleLayer(f"Layer {place + 1}, {title(layer)}, is impossible here: {error}.") from None
        rows.append(_summed(parts))
    return tuple(rows)


def _summed(parts: Sequence[Cost]) -> Cost:
    if len(parts) == 1:
        return parts[0]
    return Cost(
        parts[-1].shape,
        sum(part.params for part in parts),
        sum(part.products for part in parts),
        sum(part.activations for part in parts),
    )


def _cost(layer: Layer, shape: Shape) -> Cost:
    if layer.kind == "dense":
        size = prod(shape)
        return Cost((layer.channels, 1, 1), (size + 1) * layer.channels, size * layer.channels, layer.channels)
    if layer.kind == "global-pool":
        return Cost((shape[0], 1, 1), 0, 0, shape[0])
    if layer.kind.endswith("-pool"):
        return _pool_cost(layer, shape)
    if layer.kind.startswith("bottleneck"):
        return _bottleneck_cost(layer, shape)
    if layer.kind == "depthwise":
        layer = replace(layer, channels=shape[0], groups=shape[0])
    return _conv_cost(layer, shape)


def _pool_cost(layer: Layer, shape: Shape) -> Cost:
    if 2 * layer.padding > layer.k:
        raise ValueError(f"padding {layer.padding} exceeds half the window {layer.k}")
    out = _after(layer, shape, shape[0])
    return Cost(out, 0, 0, prod(out))


def _conv_cost(layer: Layer, shape: Shape) -> Cost:
    if shape[0] % layer.groups or layer.channels % layer.groups:
        raise ValueError(f"{layer.groups} groups do not divide {shape[0]} and {layer.channels} channels")
    out = _after(layer, shape, layer.channels)
    depth = layer.k**2 * shape[0] // layer.groups
    return Cost(out, (depth + (2 if layer.norm else 1)) * layer.channels, depth * prod(out), prod(out))


def _bottleneck_cost(layer: Layer, shape: Shape) -> Cost:
    """Sum the three convolutions and, where the shape changes, the projection beside them."""
    if layer.channels % 4:
        raise ValueError(f"its {layer.channels} channels are no multiple of 4")
    parts, now = [], shape
    for part in path(layer):
        parts.append(_conv_cost(part, now))
        now = parts[-1].shape
    if layer.stride > 1 or shape[0] != layer.channels:
        parts.insert(0, _conv_cost(Layer("conv", layer.channels, 1, layer.stride, norm=True), shape))
    return _summed(parts)


def path(layer: Layer) -> tuple[Layer, ...]:
    """Unfold a layer into the windows an image passes through one after the other."""
    if not layer.kind.startswith("bottleneck"):
        return (layer,)
    first, second = (layer.stride, 1) if layer.kind == "bottleneck-v1" else (1, layer.stride)
    width = layer.channels // 4
    return (
        Layer("conv", width, 1, first, norm=True),
        Layer("conv", width, 3, second, 1, norm=True),
        Layer("conv", layer.channels, 1, norm=True),
    )


def _after(layer: Layer, shape: Shape, channels: int) -> Shape:
    H, W = (output_size(n, layer.extent, layer.stride, layer.padding) for n in shape[1:])
    return channels, H, W


def windows(stack: Iterable[Layer]) -> Iterator[Layer]:
    """Give every window on the way through a stack, repeats and bottlenecks unfolded."""
    for layer in stack:
        for copy in copies(layer):
            yield from path(copy)


@lru_cache(maxsize=16)
def reaches(stack: tuple[Layer, ...]) -> tuple[Reach, ...]:
    """Trace the receptive field: a Reach per row (the recursion of Araujo et al. 2019)."""
    field, jump, start, rows = 1, 1, 0.5, []
    for layer in stack:
        for window in windows([layer]):
            field += (window.extent - 1) * jump
            start += ((window.extent - 1) / 2 - window.padding) * jump
            jump *= window.stride
        rows.append(Reach(field, jump, start))
    return tuple(rows)
