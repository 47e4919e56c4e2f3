"""Files that are too large to travel with every page: an instrument that has FILES finds them here by name.

The build makes them in this folder. In the browser the page fetches them when a reader turns to the instrument, and its
worker lays them down in the same place.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / ".cache" / "fetched"


class NotHere(Exception):
    """A file that nobody has fetched or made."""


def content(name: str) -> bytes:
    """The bytes of a file. Raises NotHere."""
    try:
        return (FOLDER / name).read_bytes()
    except OSError as error:
        raise NotHere(f"the file {name} is not here yet") from error
