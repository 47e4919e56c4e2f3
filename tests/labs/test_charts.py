"""Charts of the labs: every line can be seen, and a chart says what its whiskers are."""

from __future__ import annotations

import re
from typing import Any

import pytest

from instruments import kit
from instruments.kit import charts
from instruments.kit.charts import Axis, Chart, Line
from instruments.labs import residual_lab, served_lab, shift_lab, transfer_lab

AXIS = Axis(0, 1, ((0, "0"), (1, "1")), "share")
WIDEST = 6.6
"""Units that a letter of the charts' monospaced 11-unit text takes."""
POINTS = [(0.0, 0.5), (1.0, 0.5)]


def whiskers(drawn: str) -> list[list[float]]:
    """Where the whiskers of each line stand, in the picture's units."""
    paths = re.findall(r'whisker" fill="none" d="([^"]*)"', drawn)
    return [[float(x) for x in re.findall(r"M(\S+) ", path)] for path in paths]


def notes(drawn: str) -> list[str]:
    """The texts below a chart."""
    return re.findall(r'<text class="svg-small"[^>]*>([^<]*)<', drawn)


def line(name: str) -> Line:
    return Line(name, POINTS, dots=True, low=[0.4, 0.4], high=[0.6, 0.6])


def test_no_whisker_hides_another() -> None:
    one, two, three = whiskers(Chart(AXIS, AXIS).draw([line("one"), line("two"), line("three")], "three alike"))
    for places in zip(one, two, three, strict=True):
        assert places[1] - places[0] == places[2] - places[1] == charts.ASIDE
    assert two == [Chart(AXIS, AXIS).x(x) for x, _ in POINTS]


def test_points_stand_on_their_whiskers_and_inside_the_picture() -> None:
    drawn = Chart(AXIS, AXIS).draw([line("one"), line("two"), line("three"), line("four")], "four alike")
    dots = [float(x) for x in re.findall(r'<circle[^>]* cx="([^"]*)"', drawn)]
    assert dots == [x for places in whiskers(drawn) for x in places]
    assert max(dots) + 3 <= Chart(AXIS, AXIS).width
    marks = [float(x) for x in re.findall(r'<text[^>]* x="([^"]*)"[^>]*text-anchor="end"', drawn)]
    assert marks and min(dots) - 3 > max(marks)


def test_a_line_without_whiskers_stays_on_its_values() -> None:
    drawn = Chart(AXIS, AXIS).draw([line("one"), Line("yours", POINTS, dots=True)], "one spread, one alone")
    dots = [float(x) for x in re.findall(r'class="bar-b" cx="([^"]*)"', drawn)]
    assert dots == [Chart(AXIS, AXIS).x(x) for x, _ in POINTS]


def test_a_note_stands_below_the_legend_and_inside_the_picture() -> None:
    drawn = Chart(AXIS, AXIS, note="what it is").draw([line("one"), line("two")], "a note")
    height = float(re.findall(r'viewBox="0 0 \S+ ([^"]*)"', drawn)[0])
    at = {text: float(y) for y, text in re.findall(r'<text[^>]* y="([^"]*)"[^>]*>([^<]*)<', drawn)}
    assert at["one"] < at["two"] < at["what it is"] <= height - 5


@pytest.mark.parametrize(
    ("lab", "region", "seeds"),
    [(shift_lab, "", 5), (residual_lab, "depths", 3), (transfer_lab, "", 10), (served_lab, "results", 10)],
    ids=["shift", "residual", "transfer", "served"],
)
def test_whiskers_are_explained_where_they_stand(lab: kit.Instrument[Any], region: str, seeds: int) -> None:
    regions = kit.respond(lab, {})["regions"]
    spread = [drawn for name, drawn in regions.items() if "whisker" in drawn and region in name]
    assert spread
    assert not [note for drawn in spread for note in notes(drawn) if charts.LEFT + WIDEST * len(note) > 360]
    assert all(f"whiskers: least to greatest of {seeds} seeds" in drawn for drawn in spread)
