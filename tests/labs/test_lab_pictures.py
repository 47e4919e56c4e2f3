"""What the labs draw, read back by the marks of their own axes, and compared with the stored results and the data."""

from __future__ import annotations

import json
import math
import re
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import pytest

from instruments import kit
from instruments.data.digits import digits
from instruments.experiments import lenet, transfer
from instruments.labs import residual_lab, shift_lab, train_cnn, transfer_lab
from tests.instruments import drawings
from tests.instruments.drawings import Element

DATA = Path(__file__).resolve().parents[2] / "instruments" / "data"
Points = list[tuple[float, float]]


class Scale:
    """From a place in the picture to a value: through the marks written beside an axis."""

    def __init__(self, marks: dict[float, float]) -> None:
        (self.first, low), (last, high) = min(marks.items()), max(marks.items())
        self.low, self.slope = low, (high - low) / (last - self.first)
        for place, value in marks.items():
            assert self(place) == pytest.approx(value, abs=abs(self.slope) * 0.06), "marks are not evenly to scale"

    def __call__(self, place: float) -> float:
        return self.low + (place - self.first) * self.slope


def scales(picture: Element) -> tuple[Scale, Scale]:
    """The horizontal and the vertical axis; shares are written in per cent."""
    texts = [text for text in picture.iter("text") if text.get("class") == "svg-number" and (text.text or "").strip()]
    across = {float(t.get("x", "")): mark(t) for t in texts if t.get("text-anchor") == "middle"}
    up = {float(t.get("y", "")): mark(t) for t in texts if t.get("text-anchor") == "end"}
    return Scale(across), Scale(up)


def mark(text: Element) -> float:
    shown = {"first": "0", "last": "1"}.get(text.text or "", text.text or "")
    number = float(shown.replace("%", "").replace("px", ""))
    return number / 100 if "%" in shown else number


def lines(picture: Element) -> dict[str, Points]:
    """The points of each line by its class, in the picture's units."""
    found = {}
    for path in picture.iter("path"):
        kind = path.get("class", "")
        if kind.startswith("line ") and "whisker" not in kind and "h22" not in path.get("d", ""):
            places = path.get("d", "")[1:].split()
            found[kind] = [(float(x), float(y)) for x, y in zip(places[::2], places[1::2], strict=True)]
    return found


def whiskers(picture: Element) -> dict[str, Points]:
    """Low and high end of each whisker, in the picture's units, by the class of their line."""
    return {
        path.get("class", "").removesuffix(" whisker"): [
            (float(low), float(high)) for low, high in re.findall(r"M\S+ (\S+)V([\d.]+)", path.get("d", ""))
        ]
        for path in picture.iter("path")
        if "whisker" in path.get("class", "")
    }


def check(markup: str, rows: list[Points], spreads: list[Points] | None = None, log: bool = False) -> None:
    """Compare each line with its values (x, y), and whiskers with their (least, greatest)."""
    (picture,) = drawings.pictures(markup)
    if log:
        for text in picture.iter("text"):
            if text.get("text-anchor") == "end":
                text.text = str(math.log10(float(text.text or "")))
    compare(picture, rows, spreads)


def compare(picture: Element, rows: list[Points], spreads: list[Points] | None = None) -> None:
    """The same with a picture whose axes are marked in the values' own units."""
    across, up = scales(picture)
    aside = 4 * (len(rows) - 1) / 2 if spreads else 0
    assert len(lines(picture)) == len(rows)
    for place, (points, row) in enumerate(zip(lines(picture).values(), rows, strict=True)):
        shift = 4 * place - aside if spreads else 0
        places = [across(x - shift) for x, _ in points]
        assert places == pytest.approx([x for x, _ in row], abs=abs(across.slope) * 0.11)
        assert [up(y) for _, y in points] == pytest.approx([y for _, y in row], abs=abs(up.slope) * 0.06)
    for points, row in zip(whiskers(picture).values(), spreads or [], strict=True):
        ends = [(up(low), up(high)) for low, high in points]
        assert np.array(ends) == pytest.approx(np.array(row), abs=abs(up.slope) * 0.06)


def stored(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def series(columns: list[list[float]], at: list[float]) -> tuple[Points, Points]:
    """Means over the seeds at each place, and their least and greatest."""
    means = [(x, fmean(column)) for x, column in zip(at, columns, strict=True)]
    return means, [(min(column), max(column)) for column in columns]


@pytest.mark.parametrize("head", ["dense", "mean"])
@pytest.mark.parametrize(("region", "trained"), [("centred", 0), ("moved", 2)])
def test_accuracies_under_shifts_are_drawn_where_they_are(region: str, trained: int, head: str) -> None:
    rows, spreads = [], []
    for kind in ("max", "average", "stride", "blur"):
        columns = [list(column) for column in zip(*stored("shifts")[f"{kind} {head} {trained}"], strict=True)]
        means, ends = series(columns, [0, 1, 2])
        rows.append(means)
        spreads.append(ends)
    check(kit.respond(shift_lab, {"set": {"head": head}})["regions"][region], rows, spreads)


def test_the_table_of_shifts_has_the_stored_accuracies() -> None:
    for head in ("dense", "mean"):
        (rows,) = drawings.tables(kit.respond(shift_lab, {"set": {"head": head}})["regions"]["table"]).values()
        known = [runs for name, runs in stored("shifts").items() if f" {head} " in name]
        for line, runs in zip(rows[1:], known, strict=True):
            for cell, column in zip(line[1:], zip(*runs, strict=True), strict=True):
                shown = [float(number) for number in re.findall(r"[\d.]+", cell)]
                assert shown == pytest.approx([100 * of(column) for of in (fmean, min, max)], abs=0.51)


def depths(kind: str, depth: int, what: str) -> list[list[float]]:
    """One list for every place in the runs: the values of the seeds."""
    return [list(column) for column in zip(*(run[what] for run in stored("depths")[f"{kind} {depth}"]), strict=True)]


def test_losses_by_depth_are_those_of_the_last_steps() -> None:
    at = sorted({int(name.split()[1]) for name in stored("depths")})
    rows, spreads = [], []
    for kind in ("plain", "residual"):
        ends = [[fmean(run["losses"][-3:]) for run in stored("depths")[f"{kind} {depth}"]] for depth in at]
        means, spread = series(ends, [float(depth) for depth in at])
        rows.append(means)
        spreads.append(spread)
    check(kit.respond(residual_lab, {})["regions"]["depths"], rows, spreads)


@pytest.mark.parametrize("depth", [4, 20])
def test_losses_and_gradients_of_a_depth_are_drawn_where_they_are(depth: int) -> None:
    regions = kit.respond(residual_lab, {"set": {"depth": depth}})["regions"]
    losses, gradients = [], []
    for kind in ("plain", "residual"):
        columns = depths(kind, depth, "losses")
        losses.append([(6.0 * step, min(2.5, fmean(column))) for step, column in enumerate(columns, start=1)])
        for when in ("first", "last"):
            lengths = [fmean(map(math.log10, column)) for column in depths(kind, depth, when)]
            gradients.append([(place / (len(lengths) - 1), length) for place, length in enumerate(lengths)])
    check(regions["losses"], losses)
    check(regions["gradients"], gradients, log=True)


METHODS = ("scratch", "frozen", "tuned", "gentle")


@pytest.mark.parametrize(
    ("region", "case", "at"),
    [("labels", "moving {} 720", [1, 2, 5, 10, 50]), ("budgets", "moving 10 {}", [30, 60, 120, 240, 720])],
)
def test_transfers_are_drawn_where_they_were(region: str, case: str, at: list[int]) -> None:
    (picture,) = drawings.pictures(kit.respond(transfer_lab, {})["regions"][region])
    for text in picture.iter("text"):
        if (text.text or "").isdigit():
            text.text = str(math.log2(int(text.text or "")))
    rows, spreads = [], []
    for method in METHODS:
        columns = [stored("transfer")[f"{case.format(n)} {method}"] for n in at]
        means, ends = series(columns, [math.log2(n) for n in at])
        rows.append(means)
        spreads.append(ends)
    compare(picture, rows, spreads)


def test_transfers_are_written_as_they_were() -> None:
    table, _ = drawings.tables(kit.respond(transfer_lab, {})["regions"]["table"]).values()
    assert len(table) == 1 + (len(stored("transfer")) - 4) / len(METHODS)
    for case, *cells in table[1:]:
        shots, budget, training = re.fullmatch(r"(\d+) labels, (\d+) steps, (\w+)", case).groups()  # type: ignore[union-attr]
        for method, cell in zip(METHODS, cells, strict=True):
            shares = stored("transfer")[f"{training} {shots} {budget} {method}"]
            shown = [float(number) for number in re.findall(r"[\d.]+", cell)]
            assert shown == pytest.approx([100 * of(shares) for of in (fmean, min, max)], abs=0.51)


def test_backbone_and_head_learn_at_the_rates_that_are_told() -> None:
    _, (head, *rows) = drawings.tables(kit.respond(transfer_lab, {})["regions"]["table"]).values()
    for method, (_, *cells) in zip(METHODS, rows, strict=True):
        for steps, cell in zip(head[1:], cells, strict=True):
            run, _, _ = transfer._adaptation(transfer.Settings("moving", 1, int(steps)), method)
            before = run.network.values.copy()
            run.step()  # Adam's first step moves a weight by the rate, whatever its gradient
            moved = abs(run.network.values - before)
            at = run.network.start(transfer.HEAD)
            backbone, of_head = map(float, cell.split(" · "))
            assert moved[:at].max() == pytest.approx(backbone, rel=1e-3)
            assert moved[at:].max() == pytest.approx(of_head, rel=1e-3)


def test_a_case_that_was_not_tried_says_so() -> None:
    answer = kit.respond(transfer_lab, {"set": {"shots": "2", "budget": "60"}})
    assert "not tried" in answer["sentence"]
    assert drawings.readouts(answer["regions"]["readouts"])["From scratch"] == "not tried"


# ---- the lab that learns digits -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lesson() -> lenet.Course:
    return lenet.restored()


@pytest.fixture(scope="module")
def regions() -> dict[str, str]:
    shown: dict[str, str] = kit.respond(train_cnn, {})["regions"]
    return shown


def test_loss_and_accuracy_are_drawn_where_they_were(lesson: lenet.Course, regions: dict[str, str]) -> None:
    losses = lesson.losses
    parts = [losses[start : start + 8] for start in range(0, len(losses), 8)]
    ends = [min(len(losses), 8 * (place + 1)) for place in range(len(parts))]
    check(regions["loss"], [[(end / 41, min(2.5, fmean(part))) for end, part in zip(ends, parts, strict=True)]])
    chart, _, table = regions["accuracy"].partition("<details")
    check(chart, [[(float(epoch), share) for epoch, share in enumerate(lesson.accuracies)]])
    (rows,) = drawings.tables(table).values()
    shown = [drawings.value(row[1]) for row in rows[1:]]
    assert shown == pytest.approx([100 * share for share in lesson.accuracies], abs=0.051)


def test_accuracies_are_counted(lesson: lenet.Course) -> None:
    read = [row.index(max(row)) for row in lesson.shares.tolist()]
    right = sum(one == other for one, other in zip(read, lesson.data.test_labels.tolist(), strict=True))
    assert lesson.accuracies[-1] == pytest.approx(right / len(read))


def test_every_mistake_is_in_its_cell_of_the_table(lesson: lenet.Course, regions: dict[str, str]) -> None:
    counts = [[0] * 10 for _ in range(10)]
    for row, label in zip(lesson.shares.tolist(), lesson.data.test_labels.tolist(), strict=True):
        counts[label][row.index(max(row))] += 1
    (rows,) = drawings.tables(regions["confusion"]).values()
    assert [[int(cell.replace("·", "0")) for cell in row[1:]] for row in rows[1:]] == counts
    assert [row[0] for row in rows[1:]] == rows[0][1:] == list("0123456789")
    shades = re.findall(r"<td(?: class=\"mag-(\d)\")?>(\d+|·)</td>", regions["confusion"])
    most = max(4, *(counts[i][j] for i in range(10) for j in range(10) if i != j))
    for place, (shade, _) in enumerate(shades):
        i, j = divmod(place, 10)
        wanted = 0 if i == j or not counts[i][j] else max(1, int(8 * counts[i][j] / most + 0.5))
        assert int(shade or 0) == wanted


def strengths(image: Any) -> Any:
    """Ink from 0 to 1 in eight strengths; whatever is not 0 is seen."""
    return [[max(1, int(8 * ink + 0.5)) if ink else 0 for ink in row] for row in np.asarray(image).tolist()]


@pytest.mark.parametrize("example", [0, 7, 499])
def test_the_digit_in_front_of_the_network_is_one_of_the_data(lesson: lenet.Course, example: int) -> None:
    made = kit.respond(train_cnn, {"state": {"example": example}})["regions"]
    image = lesson.data.test[example, 0]
    digit = drawings.fills(drawings.pictures(made["draw"])[1])[0]
    assert digit.levels.tolist() == strengths(image)
    whole, labels = digits()
    (place,) = [n for n, other in enumerate(whole) if (other == np.round(image * 16)).all()][:1]
    assert f"test digit {example + 1}: {labels[place]}" in made["draw"]


def test_probabilities_are_as_long_as_they_are_large(lesson: lenet.Course, regions: dict[str, str]) -> None:
    outputs = lesson.network.forward(lesson.data.test[:1])[0].astype(float)
    shares = [math.exp(output) / sum(map(math.exp, outputs)) for output in outputs]
    (picture,) = drawings.pictures(regions["reading"])
    best = drawings.boxes(picture, "bar-b")
    bars = sorted(drawings.boxes(picture, "bar-a") + best, key=lambda bar: bar[1])
    assert [width for _, _, width, _ in bars] == pytest.approx([max(0.5, 144 * share) for share in shares], abs=0.01)
    assert best == [bars[shares.index(max(shares))]]
    texts = [text.text or "" for text in picture.iter("text")]
    assert texts[::2] == list("0123456789")
    assert [drawings.value(text) for text in texts[1::2]] == pytest.approx([100 * share for share in shares], abs=0.051)


def test_the_worst_mistakes_are_drawn_with_their_labels(lesson: lenet.Course, regions: dict[str, str]) -> None:
    shares, labels = lesson.shares.tolist(), lesson.data.test_labels.tolist()
    wrong = [place for place, row in enumerate(shares) if row.index(max(row)) != labels[place]]
    worst = sorted(wrong, key=lambda place: -max(shares[place]))[:6]
    shown = [drawings.fills(picture)[0].levels.tolist() for picture in drawings.pictures(regions["mistakes"])]
    assert shown == [strengths(lesson.data.test[place, 0]) for place in worst]
    said = re.findall(r"<figcaption>(\d) read as (\d), (\d+) %", regions["mistakes"])
    assert [(int(is_), int(read)) for is_, read, _ in said] == [
        (labels[place], shares[place].index(max(shares[place]))) for place in worst
    ]
    assert [int(share) for *_, share in said] == pytest.approx([100 * max(shares[place]) for place in worst], abs=0.51)


def test_kernels_are_drawn_on_one_scale(lesson: lenet.Course, regions: dict[str, str]) -> None:
    kernels = lesson.network.layers[0].weights["kernels"][:, 0].astype(float)
    strongest = max(abs(weight) for weight in kernels.ravel())
    (picture,) = drawings.pictures(regions["kernels"])
    shown = {name.partition("-")[0]: mask for name, mask in drawings.masks(picture).items()}
    assert set(shown) == {"pos", "neg"}
    for place, weights in enumerate(kernels):
        top, left = 4 * (place // 6), 4 * (place % 6)
        for sign, name in ((1, "pos"), (-1, "neg")):
            seen = shown[name][top : top + 3, left : left + 3]
            np.testing.assert_allclose(seen, 15 * np.maximum(sign * weights, 0) / strongest, atol=0.5 + 1e-4)


def test_feature_maps_are_those_of_plain_loops(lesson: lenet.Course, regions: dict[str, str]) -> None:
    """The first convolution, ReLU and max-pool, pixel by pixel."""
    image = np.pad(lesson.data.test[0, 0].astype(float), 1)
    weights = lesson.network.layers[0].weights
    kernels, biases = weights["kernels"][:, 0].astype(float), weights["bias"].astype(float)
    maps = np.zeros((len(kernels), 8, 8))
    for channel, i, j in np.ndindex(*maps.shape):
        maps[channel, i, j] = max(0, (image[i : i + 3, j : j + 3] * kernels[channel]).sum() + biases[channel])
    halves = maps.reshape(len(kernels), 4, 2, 4, 2).max((2, 4))
    first, second, _ = drawings.pictures(regions["maps"])
    for picture, wanted, columns in ((first, maps, 8), (second, halves, 12)):
        (shown,) = drawings.masks(picture).values()
        for place, values in enumerate(wanted):
            side = len(values) + 1
            top, left = side * (place // columns), side * (place % columns)
            seen = shown[top : top + side - 1, left : left + side - 1]
            np.testing.assert_allclose(seen, 15 * values / wanted.max(), atol=0.5 + 1e-4)


def test_digits_are_drawn_as_the_networks_get_them() -> None:
    def rows(**settings: str) -> list[Any]:
        drawn = drawings.pictures(kit.respond(transfer_lab, {"set": settings})["regions"]["digits"])
        strips = [next(iter(drawings.masks(picture).values())) for picture in drawn]
        return [[strip[:, 17 * i : 17 * i + 16] for i in range(5)] for strip in strips]

    moving, served = rows()
    still, _ = rows(training="still")
    assert all((still[0] == other).all() for other in still)
    assert not any((moving[0] == other).all() for other in moving[1:])
    ink = [picture > 4 for picture in moving]
    assert all(abs(int(other.sum()) - int(ink[0].sum())) <= 2 for other in ink), "not one digit in five places"
    inverted = rows(way="inverted")[1]
    assert all(np.abs(one + other - 15.0).max() <= 1 for one, other in zip(served, inverted, strict=True))


def test_a_stroke_is_as_wide_as_the_pen_and_is_fitted() -> None:
    made = kit.respond(train_cnn, {"acts": ["press:draw:10,10", "drag:draw:10,20"]})["regions"]["draw"]
    board, seen = (drawings.fills(picture)[0].levels for picture in drawings.pictures(made))
    path = [(10, column) for column in range(10, 21)]
    for row, column in np.ndindex(32, 32):
        near = any((row - i) ** 2 + (column - j) ** 2 < 7 for i, j in path)
        assert board[row, column] == (8 if near else 0)
    assert board.any() and seen.any()
    rows = [row for row in range(8) if seen[row].any()]
    assert seen[rows].all() and all(one + 1 == other for one, other in pairwise(rows)), "not over the whole width"
