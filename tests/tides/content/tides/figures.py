"""Functions behind the figures of the chapter."""


def hours_between() -> float:
    """Hours between two high waters: half a lunar day."""
    return 24.84 / 2
