"""What the receptive-field calculator draws and says, compared with sets of pixels followed through the layers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from instruments import kit, receptive_field
from instruments.nn import effective_field
from tests.instruments import drawings

Window = tuple[int, int, int]
"""Length, stride and padding of a layer along one axis."""

CONV, POOL = (3, 1, 1), (2, 2, 0)
OWN = ["conv 8 k5 s2 p1", "max-pool k3 s2", "depthwise k3 p1 x2", "avg-pool k2 s2"]
STACKS: list[tuple[dict[str, Any], list[list[Window]]]] = [
    ({}, [[CONV], [POOL], [CONV], [POOL], [CONV]]),
    ({"set": {"convs": 4, "pools": 0, "size": 40}}, [[CONV]] * 4),
    ({"set": {"convs": 3, "pools": 3}, "acts": ["layer:1"]}, [[CONV], [POOL]] * 3),
    (
        {"state": {"network": "own", "layers": OWN, "size": 100}, "acts": ["layer:2"]},
        [[(5, 2, 1)], [(3, 2, 0)], [CONV, CONV], [POOL]],
    ),
]
ALL = pytest.mark.parametrize(("request_", "rows"), STACKS, ids=["first", "convs", "pools", "own"])


def pixels(windows: list[Window], unit: int) -> tuple[int, int]:
    """First and last pixel that a unit of the last window depends on, padding included; followed back one by one."""
    seen = {unit}
    for k, stride, padding in reversed(windows):
        seen = {at * stride - padding + tap for at in seen for tap in range(k)}
    return min(seen), max(seen)


def reach(windows: list[Window]) -> tuple[int, int, float]:
    """Field, jump and the first unit's centre, in pixels."""
    (first, last), (next_first, _) = pixels(windows, 0), pixels(windows, 1)
    return last - first + 1, next_first - first, (first + last + 1) / 2


def units(windows: list[Window], side: int) -> int:
    for k, stride, padding in windows:
        side = len(range(0, side + 2 * padding - k + 1, stride))
    return side


def flat(rows: list[list[Window]]) -> list[Window]:
    return [window for row in rows for window in row]


@ALL
def test_fields_jumps_and_centres_are_those_of_the_pixels(request_: dict[str, Any], rows: list[list[Window]]) -> None:
    made = kit.respond(receptive_field, request_)
    side = made["state"]["size"]
    shown = next(iter(drawings.tables(made["regions"]["layers"]).values()))[1:]
    windows = flat(rows)
    for place, line in enumerate(shown):
        until = flat(rows[: place + 1])
        field, jump, centre = reach(until)
        assert [drawings.value(cell) for cell in line[2:5]] == [field, jump, pytest.approx(centre, abs=0.05)]
        share = 100 * min(field, side) ** 2 / side**2
        least = 0.5 if share >= 10 else 0.05 if share >= 1 else 0.005
        assert drawings.value(line[5]) == pytest.approx(share, abs=least)
        assert drawings.value(line[6]) == behind(windows, len(until))
    field, jump, _ = reach(windows)
    readouts = drawings.readouts(made["regions"]["readouts"])
    assert drawings.value(readouts["RECEPTIVE FIELD"].removesuffix(" px")) == field
    assert drawings.value(readouts["FEATURE STRIDE (JUMP)"]) == jump
    assert readouts["TOTAL LAYERS"] == str(len(windows))


def behind(windows: list[Window], place: int) -> int:
    """How many units after the first `place` windows the last unit depends on."""
    first, last = pixels(windows[place:], 0)
    return last - first + 1


@ALL
@pytest.mark.parametrize("unit", [None, (0, 0), (3, 1)], ids=str)
def test_the_fields_are_squares_to_scale_around_the_unit(
    request_: dict[str, Any], rows: list[list[Window]], unit: tuple[int, int] | None
) -> None:
    acts = [*request_.get("acts", []), *([f"point:field:{unit[0]},{unit[1]}"] if unit else [])]
    made = kit.respond(receptive_field, {**request_, "acts": acts})
    (picture,) = drawings.pictures(made["regions"]["field"])
    side, count = made["state"]["size"], units(flat(rows), made["state"]["size"])
    (image,) = picture.iter("image")
    zero, scale = float(image.get("x", "")), float(image.get("width", "")) / side
    row, column = unit or (count // 2, count // 2)
    chosen = made["state"]["layer"]
    order = [place for place in range(len(rows)) if place != chosen]
    squares = drawings.boxes(picture, "field-line") + drawings.boxes(picture, "field-now")
    for place, (x, y, width, height) in zip([*order, chosen], squares, strict=True):
        field, jump, start = reach(flat(rows[: place + 1]))
        assert width / scale == height / scale == pytest.approx(field, abs=0.01 / scale)
        for corner, number in ((y, row), (x, column)):
            middle = (corner - zero) / scale + field / 2
            first, last = pixels(flat(rows), number)
            assert abs(middle - (first + last + 1) / 2) <= jump / 2 + 0.02 / scale
            assert (middle - start) / jump == pytest.approx(round((middle - start) / jump), abs=0.02 / scale)
    (hit,) = (rect for rect in picture.iter("rect") if rect.get("data-grid") == "field")
    assert hit.get("data-rows") == hit.get("data-cols") == str(count)
    corner, width = float(hit.get("x", "")), float(hit.get("width", ""))
    for number in (0, count - 1):
        first, last = pixels(flat(rows), number)
        centre = (corner + (number + 0.5) * width / count - zero) / scale
        assert centre == pytest.approx((first + last + 1) / 2, abs=0.03 / scale)


@ALL
def test_the_pyramid_has_every_unit_behind_the_last_one(request_: dict[str, Any], rows: list[list[Window]]) -> None:
    made = kit.respond(receptive_field, request_)
    (picture,) = drawings.pictures(made["regions"]["pyramid"])
    windows, chosen = flat(rows), made["state"]["layer"]
    field = reach(windows)[0]
    now = drawings.boxes(picture, "field-bar-now")
    bars = sorted(drawings.boxes(picture, "field-bar") + now, key=lambda box: box[1])
    assert now == [bars[chosen + 1]]
    said = picture.get("aria-label", "").rpartition(": ")[2].split(", ")
    ticks = {
        float(path.get("d", "").split()[1].partition("v")[0]): path.get("d", "").count("M")
        for path in picture.iter("path")
        if path.get("class") == "svg-grid"
    }
    for place, (x, y, width, _) in enumerate(bars):
        until = flat(rows[:place])
        count, jump = behind(windows, len(until)), reach(until)[1] if until else 1
        assert width == pytest.approx(count * jump * 420 / field, abs=0.02)
        assert x + width / 2 == pytest.approx(212, abs=0.02)
        assert said[place] == str(count)
        assert ticks.get(y, 0) == (count - 1 if 1 < count <= 150 else 0)


def test_the_effective_field_is_drawn_as_it_was_measured() -> None:
    *_, made = kit.work(receptive_field, {"set": {"draws": 20}, "acts": ["measure"]})
    result = effective_field.read(made["state"]["measured"].partition(":")[2])
    assert result
    markup, field = made["regions"]["effective"], 18
    readouts = drawings.readouts(markup)
    assert drawings.value(readouts["EFFECTIVE FIELD"].split()[2]) == pytest.approx(4 * result.sigma, abs=0.051)
    assert drawings.value(readouts["OF THE THEORETICAL"]) == pytest.approx(400 * result.sigma / field, abs=0.51)
    heat, profile = drawings.pictures(markup)
    (mask,) = drawings.masks(heat).values()
    np.testing.assert_allclose(mask, 15 * result.heat, atol=0.5 + 1e-6)
    cells = len(result.heat)
    pixel = 240 / (cells * -(-result.side // cells))
    ((x, y, width, height),) = drawings.boxes(heat, "svg-focus")
    assert (width, height) == pytest.approx((field * pixel, field * pixel), abs=0.02)
    (circle,) = heat.iter("circle")
    assert float(circle.get("r", "")) == pytest.approx(2 * result.sigma * pixel, abs=0.01)
    middle = (float(circle.get("cx", "")), float(circle.get("cy", "")))
    assert (x + width / 2, y + height / 2) == pytest.approx(middle, abs=0.02)
    columns = [sum(row[place] for row in result.heat.tolist()) for place in range(cells)]
    bars = drawings.boxes(profile, "mag-5")
    assert [height / max(bar[3] for bar in bars) for *_, height in bars] == pytest.approx(
        [column / max(columns) for column in columns if column], abs=0.001
    )
    assert all(bar[1] + bar[3] == pytest.approx(142, abs=0.02) for bar in bars)


@pytest.mark.parametrize(("network", "side"), [("vgg-16", 224), ("alexnet", 224)])
def test_a_known_network_comes_with_the_image_it_was_made_for(network: str, side: int) -> None:
    made = kit.respond(receptive_field, {"set": {"network": network}})
    assert made["state"]["size"] == side
    assert made["state"]["layer"] == len(next(iter(drawings.tables(made["regions"]["layers"]).values()))) - 2
