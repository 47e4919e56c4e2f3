"""An exercise as often as its numbers allow: each time its own question, answer, explanation, hints and slips.

All of them are computed here, by the Python that also computes the figures of the text. Renders no page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from random import Random
from typing import TYPE_CHECKING, TypeVar

from markupsafe import Markup

from press.blocks.exercises.answers import UNKNOWN, Expected, NoAnswer, expected, is_right, slip
from press.text.markdown import Writer
from press.text.places import Mistake, Place, Text
from press.text.scanner.inline import VALUE
from press.text.values import Evaluate, Names

if TYPE_CHECKING:
    from press.blocks.exercises.exercise import Exercise

MOST = 12
T = TypeVar("T")


@dataclass(frozen=True)
class Variant:
    """One version of an exercise as a page shows it.

    `expected` is what the page's script compares with; slips are wrong answers in that form and words.
    """

    question: Markup
    choices: tuple[Markup, ...]
    expected: Expected
    explanation: Markup
    hints: tuple[Markup, ...]
    slips: tuple[tuple[str, Markup], ...]


def variants(block: Exercise, writer: Writer) -> list[Variant]:
    """All versions; the first has the first of all numbers. The writer is left with the mistakes met on the way.

    A work cited in one version is cited at the same anchor in each.
    """
    before = {key: list(anchors) for key, anchors in writer.citations.items()}
    first, *others = drawn = draws(block)
    found = [_variant(block, first, writer)]
    after = writer.citations
    for names in others:
        writer.citations = {key: list(anchors) for key, anchors in before.items()}
        found.append(_variant(block, names, writer))
    writer.citations = after
    places = [slip.answer.place for slip in block.slips]
    told: dict[Place, Mistake] = {}
    for names, variant in zip(drawn, found, strict=True):
        for mistake in _confusions(variant, names, places):
            told.setdefault(mistake.place, mistake)
    writer.mistakes += told.values()
    return found


def _confusions(variant: Variant, names: Names, places: list[Place]) -> Iterator[Mistake]:
    """Slips of one version that are right, or another slip: what is said to them would be said to other readers too."""
    version = f" where {', '.join(f'{name} = {value}' for name, value in names)}" if names else ""
    values = [value for value, _ in variant.slips]
    for n, value in enumerate(values):
        if value and is_right(value, variant.expected):
            yield Mistake(places[n], f"this slip is the right answer{version}")
        for other in range(n):
            if value and is_right(value, replace(variant.expected, answer=values[other], tolerance="")):
                line = places[other].line
                yield Mistake(places[n], f"this slip is the same answer as the one in line {line}{version}")


def version(block: Exercise, evaluate: Evaluate, number: int = 0) -> Exercise:
    """The exercise as it stands with its first numbers, or others of `draws`, whose count wraps around."""
    drawn = draws(block)
    names = drawn[number % len(drawn)]
    if not names:
        return block

    def filled(text: Text) -> Text:
        return Text(text.place, VALUE.sub(lambda match: evaluate(match[1], names), text.source))

    return replace(
        block,
        question=filled(block.question),
        answer=filled(block.answer),
        explanation=filled(block.explanation),
        hints=tuple(map(filled, block.hints)),
        choices=tuple(replace(choice, words=filled(choice.words)) for choice in block.choices),
        texts=tuple(map(filled, block.texts)),
        tolerance=filled(block.tolerance),
        slips=(),
        numbers=(),
    )


def draws(block: Exercise) -> list[Names]:
    """Values for the numbers: the author's first ones, then others, drawn from the exercise's name as a seed."""
    names = [name for name, _ in block.numbers]
    first, *others = product(*(values for _, values in block.numbers))
    drawn = Random(block.name).sample(others, min(MOST - 1, len(others)))
    return [tuple(zip(names, values, strict=True)) for values in (first, *drawn)]


def _variant(block: Exercise, names: Names, writer: Writer) -> Variant:
    def value(text: Text) -> str:
        return writer.value(text, names)

    def markup(text: Text) -> Markup:
        return Markup(writer.markdown(_filled(text, names, writer)))

    def line(text: Text) -> Markup:
        return Markup(writer.inline(_filled(text, names, writer)))

    answer = _told(lambda: expected(block, value), writer) or UNKNOWN
    return Variant(
        question=markup(block.question),
        choices=tuple(line(choice.words) for choice in block.choices),
        expected=answer,
        explanation=markup(block.explanation),
        hints=tuple(markup(hint) for hint in block.hints),
        slips=tuple(
            (_told(partial(slip, each.answer, answer, len(block.choices), value), writer) or "", line(each.words))
            for each in block.slips
        ),
    )


def _told(found: Callable[[], T], writer: Writer) -> T | None:
    """What is found; None, and a mistake unless one was told on the way, where it is no answer."""
    mistakes = len(writer.mistakes)
    try:
        return found()
    except NoAnswer as error:
        writer.mistakes += [] if len(writer.mistakes) > mistakes else [error.mistake]
        return None


def _filled(text: Text, names: Names, writer: Writer) -> Text:
    """In an exercise with numbers, values are computed everywhere, also between dollars."""
    return Text(text.place, writer.shown_value(text, names)) if names else text
