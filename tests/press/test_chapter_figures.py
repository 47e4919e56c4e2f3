"""What the chapter's figures show agrees with counting and plain loops."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from types import ModuleType

import pytest

from press.blocks.figure import Figure
from press.book import read
from press.text.drawn_svg import NARROW, WIDE, drawn_svg
from press.text.own_module import load

CONTENT = Path(__file__).resolve().parents[2] / "content"
PICTURES = CONTENT / "cnn" / "pictures"
FIGURES = [block for block in read.book(CONTENT)[1][0].blocks if isinstance(block, Figure) and block.draw]


def pictures(name: str) -> ModuleType:
    return load(PICTURES / f"{name}.py")


def words(svg: str) -> str:
    return drawn_svg(svg, WIDE).words


def texts(svg: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<text.*?</text>", svg)]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_nothing_leaves_the_picture(figure: Figure) -> None:
    function = getattr(load(CONTENT / "cnn" / figure.module), figure.function)
    for n, width in product(range(figure.frames), (WIDE, NARROW)):
        svg = function(n, width) if figure.frames > 1 else function(width)
        drawn = drawn_svg(svg, width)
        assert drawn.width == width
        for x, size, anchor, text in re.findall(
            r'<text[^>]* x="([\d.-]+)"[^>]*font-size="([\d.]+)" text-anchor="(\w+)"[^>]*>(.*?)</text>', svg
        ):
            length = 0.61 * float(size) * len(re.sub(r"<[^>]+>|&\w+;", "", text))
            left = float(x) - {"start": 0.0, "middle": length / 2, "end": length}[anchor]
            assert left >= -1
            assert left + length <= width + 1, text


def test_the_window_s_sums_are_those_of_loops() -> None:
    convolution = pictures("convolution")
    image, kernel = convolution.STROKES, convolution.DIAGONAL
    for visited, (row, column) in enumerate(product(range(5), range(9)), start=1):
        total = sum(image[row + m, column + n] * kernel[m, n] for m in range(3) for n in range(3))
        said = words(convolution.slide(visited, WIDE))
        assert said.startswith(f"{visited} of 45: window at row {row}, column {column}: ")
        assert said.endswith(f" = {total:.0f}.") if total else said.endswith("so is the sum.")
    assert "empty" in words(convolution.slide(0, WIDE))


def test_two_places_of_six_keep_the_pooled_value() -> None:
    pooling = pictures("pooling")
    stays = [place for place in range(6) if "pooled value stays" in words(pooling.six(place, WIDE))]
    assert stays == [2, 3]
    assert [texts(pooling.six(place, WIDE)).count("✓ stays") for place in range(6)] == [2] * 6


def test_windows_are_counted_and_lost_pixels_named() -> None:
    channels = pictures("channels")
    for case, (stride, padding) in enumerate(product((1, 2, 3), (0, 1))):
        starts = [at for at in range(-padding, 10 + padding, stride) if at + 3 <= 10 + padding]
        unread = [at for at in range(10) if not any(start <= at < start + 3 for start in starts)]
        said = words(channels.windows(case, WIDE))
        assert f": {len(starts)} windows" in said
        assert ("never read" in said) == bool(unread)
        assert all(f"pixel {at}" in said for at in unread)


def test_the_field_is_what_can_be_reached() -> None:
    transfer = pictures("transfer")
    for layer in range(6):
        reached = {0}
        for side, stride in reversed(transfer.LAYERS[:layer]):
            reached = {n * stride + m for n in reached for m in range(side)}
        said = words(transfer.field(layer, WIDE))
        assert f"= {len(reached)} pixels" in said if layer else "one pixel" in said


def test_weights_of_blocks_are_those_of_their_convolutions() -> None:
    drawn = texts(pictures("architectures").blocks(WIDE))
    assert "residual block, 73,728 weights" in drawn
    assert f"bottleneck, {256 * 64 + 9 * 64 * 64 + 64 * 256:,} weights" in drawn
