"""What the trained network makes of a photograph: its maps, and which of them are shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from instruments import shown_photograph
from instruments.experiments.imagenet import exact_backbone
from instruments.feature_maps.state import MapState
from instruments.nn import efficientnet
from instruments.nn.efficientnet import BLOCKS, SIDE, contributions
from instruments.nn.efficientnet.packed_weights import CUT

Array = NDArray[Any]

STAGES = {0: "layer 1", 3: "block 3", 5: "block 5", 8: "block 8", CUT: f"block {CUT}"}
"""Maps that are shown, by their numbers among `efficientnet.maps`: the last ones of a size, or of a width."""
NUMBERS = tuple(STAGES)
PARTS = 6
"""Parts of a block's sum that are written out."""

S = TypeVar("S", bound=MapState)


@dataclass(frozen=True)
class Look:
    """A photograph (224, 224, 3) uint8, every map of it (H, W, C), and channels in their order by stage."""

    pixels: Array
    maps: tuple[Array, ...]
    order: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Chosen:
    """The selected map (H, W): the number of its maps, its channel, and the selected value's place."""

    number: int
    channel: int
    map: Array
    place: tuple[int, int]

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{STAGES[self.number]}, channel {self.channel + 1}"

    @property
    def value(self) -> float:
        """The selected value."""
        return float(self.map[self.place])


@lru_cache(maxsize=2)
def looked(photograph: str, picture: str) -> Look:
    """Send the photograph, or the reader's own picture, through the first blocks."""
    pixels = shown_photograph.square(photograph, picture, SIDE)
    maps = tuple(islice(efficientnet.maps_of(prepared(pixels), exact_backbone()), CUT + 1))
    order = (np.argsort(-maps[number].std(axis=(0, 1)), kind="stable") for number in STAGES)
    return Look(pixels, maps, tuple(tuple(channels.tolist()) for channels in order))


def prepared(pixels: Array) -> Array:
    """The numbers that the network is given, in double precision."""
    return np.asarray(efficientnet.normalised(pixels), np.float64)


def compute(state: MapState) -> Look:
    """Look at the photograph of a state."""
    return looked(state.photograph, state.picture)


def chosen(state: MapState) -> Chosen:
    """Find the map and the value that are selected; (−1, −1) is the map's greatest."""
    look, number = compute(state), NUMBERS[state.stage]
    channel = look.order[state.stage][state.channel]
    found = look.maps[number][..., channel]
    row, column = state.row, state.column
    if row < 0 or column < 0:
        row, column = divmod(int(abs(found).argmax()), found.shape[1])
    return Chosen(number, channel, found, (row, column))


def settled(state: S) -> S:
    """Return the nearest state whose stage, channel, value and part there are."""
    stage = min(max(0, state.stage), len(NUMBERS) - 1)
    side, channels = sides()[stage]
    return replace(
        state,
        stage=stage,
        channel=min(max(0, state.channel), channels - 1),
        row=min(max(-1, state.row), side - 1),
        column=min(max(-1, state.column), side - 1),
        part=min(max(0, state.part), PARTS - 1),
    )


def sides() -> tuple[tuple[int, int], ...]:
    """The side and the channels of each stage's maps."""
    every = contributions.sides(CUT, SIDE)
    return tuple((every[n], BLOCKS[n - 1].c_out if n else efficientnet.STEM) for n in NUMBERS)


def made_of(state: MapState, found: Chosen) -> contributions.Sums | contributions.Mixture:
    """What the selected value is made of: one sum in the first layer, a mixture of sums after a block."""
    look, weights = compute(state), exact_backbone()
    if found.number == 0:
        return contributions.of_stem(prepared(look.pixels), weights, found.place, found.channel)
    before = look.maps[found.number - 1]
    return contributions.of_block(before, weights, found.number - 1, found.place, found.channel)
