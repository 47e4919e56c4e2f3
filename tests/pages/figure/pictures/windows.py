"""What the case's third figure is drawn with."""

from instruments.kit import Grid, svg, words


def place(n: int, width: int) -> str:
    """Draw five cells and a frame around three of them."""
    grid = Grid(1, 5, x=2, y=2, cell=width / 8)
    body = "".join(grid.frame("svg-thin", 0, cell) for cell in range(5)) + grid.frame("svg-window", 0, n, 1, 3)
    body += words("svg-label", 2, grid.height + 18, f"start: {n}", 12, "start")
    return svg(body, width, grid.height + 30, f"The window starts at cell {n} of 5.")
