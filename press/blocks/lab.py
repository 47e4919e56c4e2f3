"""Lab: an instrument about networks that learn, or have learned; counted by itself."""

from __future__ import annotations

from dataclasses import dataclass

from press.blocks.instrument import Instrument


@dataclass(frozen=True)
class Lab(Instrument):
    """An edition may leave it out."""

    kind = "lab"
    label = "lab"
    numbered = True
    book_wide = False
