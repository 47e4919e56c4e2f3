"""Exercises with numbers: which ones are drawn, and that the first are the author's."""

from __future__ import annotations

from press.blocks.exercises.exercise import Exercise
from press.blocks.exercises.variants import MOST, draws
from press.text.places import Place, Text

AT = Place("x.md", 1)


def exercise(name: str, *numbers: tuple[str, tuple[float, ...]]) -> Exercise:
    return Exercise(AT, name, Text(AT, "q"), Text(AT, "1"), Text(AT, "e"), numbers=numbers)


def test_the_first_numbers_stand_first_and_none_comes_twice() -> None:
    first, *others = drawn = draws(exercise("a", ("H", (32, 28, 64, 40)), ("k", (5, 3, 7, 11))))
    assert dict(first) == {"H": 32, "k": 5} and others
    assert len(drawn) == len(set(drawn)) == MOST


def test_few_numbers_give_few_versions_and_none_gives_one() -> None:
    assert len(draws(exercise("a", ("H", (32, 28)), ("k", (5, 3, 7))))) == 6
    assert draws(exercise("a")) == [()]


def test_the_same_exercise_draws_the_same_and_another_one_others() -> None:
    numbers = ("H", tuple(range(40)))
    assert draws(exercise("a", numbers)) == draws(exercise("a", numbers)) != draws(exercise("b", numbers))
