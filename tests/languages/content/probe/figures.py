"""A figure in words that are no language's that the page knows."""

DOT = '<circle cx="4" cy="4" r="2"/>'


def dot(width: int) -> str:
    """One point."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 9" aria-label="Точка">{DOT}</svg>'
