"""What the case's second figure is drawn with."""

from instruments.kit import Grid, svg


def row(width: int) -> str:
    """Draw five cells."""
    return svg(Grid(1, 5, x=1, y=1, cell=width / 8).lines(), width, width / 8 + 2, "Five cells.")
