"""Editing a stack of layers: controls for the selected row, acts on rows, the table they stand in.

A stack is a tuple of lines as `geometry` reads them, `selected` the place of one. Whether an edit makes sense is the
instrument's to say, by trying it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from instruments import kit
from instruments.kit import Button, Choice, Control, Number, Option, Text, Toggle
from instruments.nn import torch_stack
from instruments.nn.geometry import FIELDS, KINDS, LARGEST, MOST_LAYERS, Layer, title, with_field, write

Stack = tuple[Layer, ...]

LABELS = {
    "channels": "Channels",
    "k": "Kernel",
    "stride": "Stride",
    "padding": "Padding",
    "dilation": "Dilation",
    "groups": "Groups",
    "repeat": "Repeats",
}
GROUP = "Edit the layers: the selected one"
PASTED = "layer.pasted"
"""The control for a whole stack as PyTorch writes it, to be read by `torch_stack`."""


def controls(kinds: Iterable[str], fields: Iterable[str]) -> tuple[Control, ...]:
    """Make the controls for the selected layer, for stacks of these kinds and these fields."""
    options = tuple(Option(kind, KINDS[kind]) for kind in kinds)
    numbers = tuple(
        Number(f"layer.{name}", LABELS[name], 0 if name == "padding" else 1, LARGEST[name], group=GROUP, rare=True)
        for name in fields
        if name != "norm"
    )
    norm = (Toggle("layer.norm", "Batch norm", group=GROUP, rare=True),) if "norm" in fields else ()
    buttons = (
        Button("layer:add", "Add a layer after it", group=GROUP, rare=True),
        Button("layer:remove", "Remove it", group=GROUP, rare=True),
        Button("layer:earlier", "Move up", group=GROUP, rare=True),
        Button("layer:later", "Move down", group=GROUP, rare=True),
    )
    example = "Sequential((0): Conv2d(1, 6, kernel_size=(5, 5)) (1): ReLU() …"
    pasted = Text(PASTED, "Or paste a stack that PyTorch printed", torch_stack.LONGEST, example, GROUP, rare=True)
    return (Choice("layer.kind", "Kind", options, group=GROUP, rare=True), *numbers, *norm, *buttons, pasted)


def limits(stack: Stack, selected: int, fields: Iterable[str], refused: bool) -> dict[str, dict[str, Any]]:
    """Return the values of the selected layer's controls and what cannot be done to it.

    A pasted text stays where it is while it is `refused`, to be mended.
    """
    layer = stack[selected]
    values: dict[str, dict[str, Any]] = {"layer.kind": {"value": layer.kind}, PASTED: {} if refused else {"value": ""}}
    for name in fields:
        values[f"layer.{name}"] = {"value": getattr(layer, name), "disabled": name not in FIELDS[layer.kind]}
    values["layer:add"] = {"disabled": len(stack) >= MOST_LAYERS}
    values["layer:remove"] = {"disabled": len(stack) == 1}
    values["layer:earlier"] = {"disabled": selected == 0}
    values["layer:later"] = {"disabled": selected == len(stack) - 1}
    return values


def changed(stack: Stack, selected: int, field: str, value: Any) -> Stack:
    """Set "layer.FIELD" of the selected layer; what cannot be read changes nothing."""
    name, layer = field.removeprefix("layer."), stack[selected]
    if name == "kind" and value in KINDS:
        layer = of_kind(str(value), layer)
    elif name == "norm":
        layer = replace(layer, norm=str(value).lower() in ("true", "1"))
    elif name in LARGEST and str(value).strip().isdecimal() and len(str(value)) < 10:
        layer = with_field(layer, name, int(value))
    return (*stack[:selected], layer, *stack[selected + 1 :])


def of_kind(kind: str, before: Layer) -> Layer:
    """Make a layer of another kind of one: its usual sizes, its width kept."""
    width = max(before.channels, 4)
    usual = {
        "conv": Layer(kind, width, 3, padding=1),
        "depthwise": Layer(kind, k=3, padding=1),
        "max-pool": Layer(kind, k=2, stride=2),
        "avg-pool": Layer(kind, k=2, stride=2),
        "global-pool": Layer(kind),
        "dense": Layer(kind, width),
    }
    return usual.get(kind) or Layer(kind, width // 4 * 4)


def edited(stack: Stack, selected: int, what: str) -> tuple[Stack, int]:
    """Carry out add, remove, earlier or later on the selected layer; other words change nothing."""
    before, layer, after = stack[:selected], stack[selected], stack[selected + 1 :]
    if what == "add" and len(stack) < MOST_LAYERS:
        return (*before, layer, layer, *after), selected + 1
    if what == "remove" and len(stack) > 1:
        return (*before, *after), min(selected, len(stack) - 2)
    if what == "earlier" and before:
        return (*before[:-1], layer, before[-1], *after), selected - 1
    if what == "later" and after:
        return (*before, after[0], layer, *after[1:]), selected + 1
    return stack, selected


def moved(count: int, selected: int, act: kit.Key) -> int:
    """Move the selection by an arrow key, Home or End."""
    place = {"home": 0, "end": count - 1}.get(act.key, selected + act.step[0])
    return min(max(place, 0), count - 1)


def lines(stack: Stack) -> tuple[str, ...]:
    """Write a stack as lines."""
    return tuple(map(write, stack))


def table(
    stack: Stack,
    selected: int,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    foot: Sequence[str] = (),
    widths: bool = True,
) -> str:
    """Write the stack as a table whose first column selects a row; cells are markup, `foot` the sums."""
    names = [title(layer, widths) for layer in stack]
    body = "".join(_row(i, name, i == selected, cells) for i, (name, cells) in enumerate(zip(names, rows, strict=True)))
    sums = f'<tfoot><tr><td></td><th scope="row">Sum</th>{_cells(foot)}</tr></tfoot>' if foot else ""
    return kit.scrolling(f"{kit.table_head(('', 'Layer', *head))}<tbody>{body}</tbody>{sums}", "layer-table")


def _row(place: int, name: str, selected: bool, cells: Sequence[str]) -> str:
    mark = ' class="selected"' if selected else ""
    button = (
        f'<button type="button" class="layer" data-press="layer:{place}" data-key="layer-{place}" '
        f'aria-pressed="{"true" if selected else "false"}">{escape(name)}</button>'
    )
    return f'<tr{mark}><td class="num">{place + 1}</td><th scope="row">{button}</th>{_cells(cells)}</tr>'


def _cells(cells: Sequence[str]) -> str:
    return "".join(f'<td class="num">{cell}</td>' for cell in cells)
