"""All that is shown: the scene, what is selected in it, and what is said to the reader."""

from __future__ import annotations

from dataclasses import dataclass

from instruments.kernel_explorer.scene import Scene


@dataclass(frozen=True)
class Pointer:
    """The selected cell, coordinates from 0, and the value a stroke paints.

    `focus` says which grid it belongs to: the map (then its window in the input is marked and its sum written out) or
    the input (then the outputs it reaches are marked).
    """

    focus: str = "map"
    row: int = 2
    column: int = 4
    brush: float = 1.0

    @property
    def cell(self) -> tuple[int, int]:
        """The selected cell, (row, column)."""
        return self.row, self.column


@dataclass(frozen=True)
class State(Pointer, Scene):
    """`product` and `learn` say whether the matrix product and the learned kernel are shown.

    `notice` is what the reader is told.
    """

    product: bool = False
    learn: bool = False
    notice: str = ""
