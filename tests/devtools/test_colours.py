"""The colours of tokens.css, by day and by night: readable, and the two signs of a map equally visible.

Contrast is that of WCAG 2.2; colour blindness is simulated with the matrices of Machado, Oliveira and Fernandes (2009),
severity 1; distances are Euclidean in OKLab (Ottosson 2020).
"""

import math
import re
from itertools import pairwise
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "assets" / "css" / "tokens.css").read_text(encoding="utf-8")
SURFACES = ("paper", "panel", "sunk", "tint", "hover")
TEXTS = ("ink", "quiet", "faint", "accent", "right", "wrong")
CODE = ("code-ink", "syn-keyword", "syn-string", "syn-number", "syn-function", "syn-builtin", "syn-comment")
SIGHT = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}

Colour = tuple[float, ...]
"""Linear red, green, blue in [0, 1]."""


def colours(night: bool) -> dict[str, Colour]:
    """Every token that is a colour."""
    pairs = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\)", TOKENS))
    same = re.findall(r"--([\w-]+): (#\w{6});", TOKENS)
    found = {name: linear(pair.split(", ")[night]) for name, pair in pairs.items()}
    found |= {name: linear(code) for name, code in same}
    return found | {name: found[other] for name, other in re.findall(r"--([\w-]+): var\(--([\w-]+)\)", TOKENS)}


def linear(code: str) -> Colour:
    shares = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)


def luminance(colour: Colour) -> float:
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), colour, strict=True))


def contrast(one: Colour, other: Colour) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def times(matrix: tuple[Colour, ...], vector: Colour) -> Colour:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def oklab(colour: Colour) -> Colour:
    cones = ((0.4122214708, 0.5363325363, 0.0514459929), (0.2119034982, 0.6806995451, 0.1073969566))
    lms = times((*cones, (0.0883024619, 0.2817188376, 0.6299787005)), colour)
    opponents = ((0.2104542553, 0.7936177850, -0.0040720468), (1.9779984951, -2.4285922050, 0.4505937099))
    return times((*opponents, (0.0259040371, 0.7827717662, -0.8086757660)), tuple(math.cbrt(x) for x in lms))


def seen(colour: Colour, sight: str) -> Colour:
    return oklab(tuple(min(1.0, max(0.0, share)) for share in times(SIGHT[sight], colour)))


@pytest.fixture(params=[False, True], ids=["day", "night"])
def shown(request: pytest.FixtureRequest) -> dict[str, Colour]:
    return colours(request.param)


def test_text_is_readable_on_every_surface(shown: dict[str, Colour]) -> None:
    pairs = [(text, surface) for text in TEXTS for surface in SURFACES]
    pairs += [(word, surface) for word in CODE for surface in ("code-bg", "code-active-line", "code-error")]
    pairs += [("on-accent", "accent"), ("right", "right-tint"), ("wrong", "wrong-tint"), ("ink", "code-selection")]
    assert {pair: contrast(shown[pair[0]], shown[pair[1]]) for pair in pairs if weak(shown, pair, 4.5)} == {}


def test_outlines_of_controls_can_be_seen(shown: dict[str, Colour]) -> None:
    pairs = [(line, surface) for line in ("edge", "focus") for surface in ("paper", "panel", "sunk")]
    assert [pair for pair in pairs if weak(shown, pair, 3)] == []


def test_a_number_is_readable_on_every_step(shown: dict[str, Colour]) -> None:
    steps = [(scale, n) for scale in ("neg", "pos", "mag") for n in range(1, 9)]
    inks = [(f"on-{'low' if n < 5 else 'mid' if n == 5 else 'high'}", f"{scale}-{n}") for scale, n in steps]
    inks += [("on-low", "zero"), ("on-low", "mag-0")]
    assert {pair: contrast(shown[pair[0]], shown[pair[1]]) for pair in inks if weak(shown, pair, 4.5)} == {}


def weak(shown: dict[str, Colour], pair: tuple[str, str], least: float) -> bool:
    return contrast(shown[pair[0]], shown[pair[1]]) < least


def test_negatives_are_as_visible_as_positives(shown: dict[str, Colour]) -> None:
    for n in range(1, 9):
        negative, positive = (contrast(shown[f"{sign}-{n}"], shown["zero"]) for sign in ("neg", "pos"))
        assert negative == pytest.approx(positive, rel=0.03)


@pytest.mark.parametrize("scale", ["neg", "pos", "mag"])
def test_a_scale_grows_evenly_away_from_nothing(shown: dict[str, Colour], scale: str) -> None:
    start = shown["mag-0" if scale == "mag" else "zero"]
    lightness = [oklab(colour)[0] for colour in (start, *(shown[f"{scale}-{n}"] for n in range(1, 9)))]
    assert all(0.01 < abs(after - before) < 0.12 for before, after in pairwise(lightness))
    assert lightness in (sorted(lightness), sorted(lightness, reverse=True))


@pytest.mark.parametrize("sight", SIGHT)
def test_signs_differ_for_every_kind_of_sight(shown: dict[str, Colour], sight: str) -> None:
    for n in range(2, 9):
        assert math.dist(seen(shown[f"neg-{n}"], sight), seen(shown[f"pos-{n}"], sight)) > 0.045
