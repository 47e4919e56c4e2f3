"""The chapter's exercises, in all their versions: answers found by counting, and the replies that wrong ways meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from press.blocks.exercises import Exercise
from press.blocks.exercises.variants import draws, version
from press.book import read
from press.text.values import evaluator

CONTENT = Path(__file__).resolve().parents[3] / "content"
EXERCISES = {
    block.name: block for block in read.book(CONTENT)[1][0].blocks if isinstance(block, Exercise) and block.numbers
}
evaluate = evaluator(CONTENT / "cnn" / "figures.py")
Numbers = dict[str, int]


def windows(first: int, last: int, k: int, step: int = 1) -> int:
    """How many windows of k rows fit into the rows from `first` to before `last`."""
    return sum(start + k <= last for start in range(first, last, step))


def steady_shift(strides: tuple[int, ...]) -> int:
    """The least shift of a row of pixels that moves the values of the last layer by one place."""
    starts = list(range(400))
    for stride in strides:
        starts = starts[::stride]
    return next(by for by in count(1) if [start + by for start in starts[:5]] == starts[1:6])


def seen(layers: list[tuple[int, int]]) -> int:
    """How many pixels one value depends on."""
    reached = {0}
    for k, step in reversed(layers):
        reached = {n * step + m for n in reached for m in range(k)}
    return len(reached)


COUNTED: dict[str, Callable[[Numbers], int]] = {
    "valid-size": lambda n: windows(0, n["N"], n["k"]),
    "kernel-gradient": lambda n: windows(0, n["N"], n["k"]) ** 2,
    "smallest-shift": lambda n: steady_shift((n["a"], n["p"], n["b"])),
    "layer-parameters": lambda n: sum(1 + sum(n["k"] ** 2 for _ in range(n["C"])) for _ in range(n["D"])),
    "resnet-stem": lambda n: windows(-n["P"], n["H"] + n["P"], n["k"], 2),
    "cost": lambda n: windows(-1, n["H"] + 1, 3, 2) ** 2 * 2 * n["C"] * 9 * n["C"],
    "budget": lambda n: next(d for d in count(1) if (d + 1) * (1 + 9 * n["C"]) > n["B"]),
    "new-head": lambda n: sum(1 + n["C"] for _ in range(n["n"])),
    "resnet-field": lambda n: seen([(n["a"], 2), (n["p"], 2), (n["c"], 1)]),
}

WRONG: dict[str, dict[str, Callable[[Numbers], int]]] = {
    "smallest-shift": {
        "strides multiply": lambda n: n["a"] + n["p"] + n["b"],
        "not only the coarsest": lambda n: max(n.values()),
    },
    "resnet-stem": {
        "forgot the + 1": lambda n: windows(-n["P"], n["H"] + n["P"], n["k"], 2) - 1,
        "one side only": lambda n: windows(0, n["H"] + n["P"], n["k"], 2),
        "left the padding out": lambda n: windows(0, n["H"], n["k"], 2),
        "rounded up": lambda n: windows(-n["P"], n["H"] + n["P"] + 1, n["k"], 2),
        "left the stride out": lambda n: windows(-n["P"], n["H"] + n["P"], n["k"]),
    },
    "resnet-field": {
        "left the jump out": lambda n: seen([(n["a"], 1), (n["p"], 1), (n["c"], 1)]),
        "The pool has a stride": lambda n: seen([(n["a"], 2), (n["p"], 1), (n["c"], 1)]),
    },
}
"""Ways to go wrong and words of the reply to each."""


def versions(block: Exercise) -> Iterator[tuple[Numbers, int]]:
    for number, drawn in enumerate(draws(block)):
        answer = version(block, evaluate, number).answer.source
        yield {name: int(value) for name, value in drawn}, int(answer.replace(",", ""))


@pytest.mark.parametrize("name", EXERCISES)
def test_every_answer_is_what_counting_gives(name: str) -> None:
    for numbers, answer in versions(EXERCISES[name]):
        assert answer == COUNTED[name](numbers), numbers


@pytest.mark.parametrize("name", WRONG)
def test_no_wrong_way_leads_to_the_answer_and_each_meets_its_own_reply(name: str) -> None:
    block = EXERCISES[name]
    for numbers, answer in versions(block):
        drawn = tuple(numbers.items())
        replies: dict[int, list[str]] = {}
        for slip in block.slips:
            value = (
                evaluate(slip.answer.source.strip("{} "), drawn) if "{{" in slip.answer.source else slip.answer.source
            )
            replies.setdefault(int(value.replace(",", "")), []).append(slip.words.source)
        for words, way in WRONG[name].items():
            assert way(numbers) != answer, (words, numbers)
            (reply,) = replies[way(numbers)]
            assert words in reply, numbers


def test_the_row_where_the_last_window_ends_is_the_one_told() -> None:
    block = EXERCISES["resnet-stem"]
    for number, drawn in enumerate(draws(block)):
        n = {name: int(value) for name, value in drawn}
        starts = [start for start in range(0, n["H"] + 2 * n["P"], 2) if start + n["k"] <= n["H"] + 2 * n["P"]]
        told = version(block, evaluate, number).explanation.source
        assert f"the last window ends at row {starts[-1] + n['k']}," in told
        assert starts[-1] + n["k"] == n["H"] + 2 * n["P"] - 1, "one row is left over, as the text says"
