"""The stack that a state shows, and what each of its layers costs (EQ N2.3)."""

from __future__ import annotations

from dataclasses import dataclass

from instruments import kit, stack_editor
from instruments.feature_maps.state import StackState
from instruments.nn import architectures, geometry
from instruments.nn.geometry import Cost, Shape


@dataclass(frozen=True)
class Flow:
    """A stack, the shape (C, H, W) it starts from and what each row costs."""

    stack: stack_editor.Stack
    input: Shape
    costs: tuple[Cost, ...]

    def total(self, name: str) -> int:
        """Sum one kind of cost: "params", "products" or "activations"."""
        return sum(getattr(cost, name) for cost in self.costs)


def stack_of(state: StackState) -> stack_editor.Stack:
    """Return the stack a state shows."""
    if state.network == "own":
        return architectures.read(state.layers)
    if state.network in architectures.NETWORKS:
        return architectures.read(architectures.NETWORKS[state.network].layers)
    return architectures.read(architectures.stages(state.stages, state.width))


def compute(state: StackState) -> Flow:
    """Return the stack with its costs."""
    stack, start = stack_of(state), (state.depth, state.size, state.size)
    return Flow(stack, start, geometry.costs(stack, start))


def size(shape: Shape) -> str:
    """Write a shape as H × W × C."""
    return f"{shape[1]} × {shape[2]} × {kit.number(shape[0])}"
