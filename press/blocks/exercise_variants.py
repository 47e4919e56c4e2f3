"""An exercise as often as its numbers allow: each time its own question, answer, explanation, hints and slips.

All of them are computed here, by the Python that also computes the figures of the text. Renders no page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from random import Random
from typing import TYPE_CHECKING

from markupsafe import Markup

from press.text.markdown import Writer
from press.text.places import Mistake, Text
from press.text.scanner.inline import VALUE
from press.text.values import Evaluate, Names

if TYPE_CHECKING:
    from press.blocks.exercise import Exercise

MOST = 12
ANSWER = re.compile(r"true|false|-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")


@dataclass(frozen=True)
class Variant:
    """One version of an exercise as a page shows it.

    `answer` is what the page's script compares: digits with a point, `true` or `false`; `shown` the same for people.
    Slips are wrong answers in that form and words.
    """

    question: Markup
    answer: str
    shown: str
    explanation: Markup
    hints: tuple[Markup, ...]
    slips: tuple[tuple[str, Markup], ...]


def variants(block: Exercise, writer: Writer) -> list[Variant]:
    """All versions; the first has the first of all numbers. The writer is left with the mistakes met on the way.

    A work cited in one version is cited at the same anchor in each.
    """
    before = {key: list(anchors) for key, anchors in writer.citations.items()}
    first, *others = draws(block)
    found = [_variant(block, first, writer)]
    after = writer.citations
    for names in others:
        writer.citations = {key: list(anchors) for key, anchors in before.items()}
        found.append(_variant(block, names, writer))
    writer.citations = after
    for slip, (value, _) in zip(block.slips, found[0].slips, strict=True):
        if value == found[0].answer:
            writer.mistakes.append(Mistake(slip.answer.place, "this slip is the right answer"))
    return found


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
    def markup(text: Text) -> Markup:
        return Markup(writer.markdown(_filled(text, names, writer)))

    answer, shown = _answer(block.answer, names, writer)
    return Variant(
        question=markup(block.question),
        answer=answer,
        shown=shown,
        explanation=markup(block.explanation),
        hints=tuple(markup(hint) for hint in block.hints),
        slips=tuple(_slips(block, names, writer)),
    )


def _slips(block: Exercise, names: Names, writer: Writer) -> Iterator[tuple[str, Markup]]:
    for slip in block.slips:
        value, _ = _answer(slip.answer, names, writer)
        yield value, Markup(writer.inline(_filled(slip.words, names, writer)))


def _filled(text: Text, names: Names, writer: Writer) -> Text:
    """In an exercise with numbers, values are computed everywhere, also between dollars."""
    return Text(text.place, writer.value(text, names)) if names else text


def _answer(text: Text, names: Names, writer: Writer) -> tuple[str, str]:
    """An answer as scripts compare it and as people read it."""
    mistakes = len(writer.mistakes)
    shown = writer.value(text, names)
    answer = shown.replace(",", "")
    if text and len(writer.mistakes) == mistakes and not ANSWER.fullmatch(shown):
        hint = "write a number as 1,000.5, or true or false"
        writer.mistakes.append(Mistake(text.place, f"“{shown}” is not an answer", hint))
    return answer, shown
