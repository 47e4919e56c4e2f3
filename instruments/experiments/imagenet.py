"""The network trained on ImageNet, its classes' names and photographs to show it, from the files fetched for them.

Raises NotHere where a file has not been fetched (see `fetched`), and Damaged where one was cut short.
"""

from __future__ import annotations

from functools import cache
from zlib import decompress

import numpy as np

from instruments.data import fetched, photographs
from instruments.nn import efficientnet
from instruments.nn.efficientnet.packed_weights import CUT, Array, layers, unpacked


@cache
def backbone() -> dict[str, tuple[Array, Array]]:
    """The weights of the first 11 blocks."""
    return unpacked(fetched.content("backbone-features"), layers(0, CUT))


@cache
def exact_backbone() -> dict[str, tuple[Array, Array]]:
    """The same in double precision, for values that are printed: single precision rounds otherwise in each Python."""
    return {name: (w.astype(np.float64), b.astype(np.float64)) for name, (w, b) in backbone().items()}


@cache
def weights() -> efficientnet.Weights:
    """The whole network's."""
    return backbone() | unpacked(fetched.content("backbone-classes"), layers(CUT))


@cache
def names() -> list[str]:
    """What the thousand classes are called."""
    return decompress(fetched.content("class-names")).decode().split("\n")


@cache
def starters() -> dict[str, photographs.Photograph]:
    """The photographs at hand."""
    return photographs.unpacked(fetched.content("photographs"))
