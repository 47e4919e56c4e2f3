"""Exercise: a question whose answer the page can check; with other numbers as often as its numbers allow."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from markupsafe import Markup

from press.blocks.block import Block, NotebookContext, PageContext, Render
from press.blocks.exercises.points import in_words, points
from press.blocks.exercises.variants import variants, version
from press.text.options import BlockSource, Options, halves, require
from press.text.places import Mistake, Place, Text
from press.text.values import Evaluate

RULE = re.compile(r"^---+\s*$")
SLIP = re.compile(r"^(?P<answer>\{\{.*?\}\}|[^:]+?):\s+(?P<words>\S.*)$")
COMMA = re.compile(r"(?P<whole>\d+),(?P<part>\d+)")
"""Which may be a decimal's."""
NUMBERS = re.compile(r"^(?P<name>[A-Za-z]\w*)\s*=\s*(?P<values>.+)$")
NOTHING = Text(Place("", 0), "")
STATEMENTS = ("True", "False")
LETTERS = "ABCDEFGHIJKL"
"""What choices are called where they have no boxes to tick."""
Numbers = tuple[tuple[str, tuple[float, ...]], ...]
"""Names and the values each may take."""


def is_rule(line: str) -> bool:
    """Whether a line divides a question from its explanation."""
    return bool(RULE.match(line))


@dataclass(frozen=True)
class Slip:
    """A usual wrong answer to an exercise, and what to say to whoever gives it."""

    answer: Text
    words: Text


@dataclass(frozen=True)
class Choice:
    """One of several answers to choose from, and whether it is right."""

    words: Text
    right: bool


@dataclass(frozen=True)
class Exercise(Block):
    """The answer is a number, `true` or `false`, one or several of `choices`, or words that one of `texts` spells.

    With `numbers` the page offers it again with other ones; the first of each stand in the first version. Hints are
    given one after another.
    """

    question: Text
    answer: Text
    explanation: Text
    unit: str = ""
    numbers: Numbers = ()
    slips: tuple[Slip, ...] = ()
    hints: tuple[Text, ...] = ()
    choices: tuple[Choice, ...] = ()
    texts: tuple[Text, ...] = ()
    tolerance: Text = NOTHING
    points: float | None = None

    kind = "exercise"
    label = "ex"
    numbered = True
    options = Options(
        optional=("answer", "unit", "tolerance", "numbers", "points"),
        repeated=("right", "wrong", "text", "slip", "hint"),
    )
    minutes = 2.0

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """A question, a line of dashes, an explanation; `slip` is a wrong answer and words, `numbers` names values."""
        choices = _choices(source, mistakes)
        _check_answers(source, choices, mistakes)
        question, explanation = halves(source.body, is_rule)
        require(question, "this exercise asks nothing", source.place, mistakes)
        require(explanation, "this exercise has no explanation; write it below a line ---", source.place, mistakes)
        return cls(
            source.place,
            source.name,
            question,
            source.option("answer"),
            explanation,
            source.option("unit").source,
            _numbers(source.option("numbers"), mistakes),
            tuple(_slips(source.all("slip"), mistakes)),
            source.all("hint"),
            choices,
            source.all("text"),
            source.option("tolerance"),
            points(source.option("points"), mistakes),
        )

    def sentences(self) -> tuple[Text, ...]:
        """Question, choices, explanation, hints, and what is said to slips."""
        choices = (choice.words for choice in self.choices)
        return (self.question, *choices, self.explanation, *self.hints, *(slip.words for slip in self.slips))

    def searched(self, evaluate: Evaluate) -> tuple[str, ...]:
        """The question with its first numbers; solutions stay out."""
        return (version(self, evaluate).question.source,)

    def html(self, page: PageContext, render: Render) -> Markup:
        """The first version; the others and all slips are kept back, or left out where solutions are hidden."""
        versions = variants(self, page.writer)
        several = bool(page.solutions and self.numbers)
        worth = in_words(self.points, page.words)
        shown = [
            render(variant=variant, number=n, several=several, solutions=page.solutions, worth=worth)
            for n, variant in enumerate(versions)
        ]
        if page.solutions and (self.numbers or self.slips):
            page.kept_back[self.name] = [
                {"html": html if several else "", "slips": variant.slips}
                for html, variant in zip(shown, versions, strict=True)
            ]
        return shown[0]

    def notebook(self, head: str, notebook: NotebookContext) -> str:
        """The first version, its answer folded."""
        asked = version(self, notebook.evaluate)
        worth = f"({in_words(self.points, notebook.words)})" if self.points is not None else ""
        choices = "\n".join(f"- {LETTERS[n]}) {notebook.text(each.words)}" for n, each in enumerate(asked.choices))
        parts = (f"{head} {worth}".strip(), notebook.text(asked.question), choices)
        solution = _solution(notebook, asked) if notebook.solutions else ""
        return "\n\n".join((*(part for part in parts if part), solution))


def _solution(notebook: NotebookContext, block: Exercise) -> str:
    explanation = notebook.text(block.explanation)
    right = ", ".join(LETTERS[n] for n, choice in enumerate(block.choices) if choice.right)
    text = notebook.text(block.texts[0]) if block.texts else ""
    answer = right or text or f"{_number_or_statement(notebook, block)} {block.unit}".strip()
    told = notebook.words("exercise.answer", answer=f"**{answer}**.")
    folded = f"<details><summary>{notebook.words('exercise.explanation')}</summary>"
    return f"{folded}\n\n{told}\n\n{explanation}\n\n</details>"


def _number_or_statement(notebook: NotebookContext, block: Exercise) -> str:
    answer = notebook.text(block.answer).capitalize()
    return notebook.words("exercise.yes" if answer == "True" else "exercise.no") if answer in STATEMENTS else answer


def _choices(source: BlockSource, mistakes: list[Mistake]) -> tuple[Choice, ...]:
    """The lines `right` and `wrong` in the order in which they were typed."""
    found = [Choice(text, right=sort == "right") for sort in ("right", "wrong") for text in source.all(sort)]
    found.sort(key=lambda choice: choice.words.place.line)
    if found and len({choice.right for choice in found}) == 1:
        missing = "wrong" if found[0].right else "right"
        mistakes.append(
            Mistake(found[0].words.place, f"none of these choices is {missing}", f"add a line {missing}: …")
        )
    if len(found) > len(LETTERS):
        mistakes.append(Mistake(found[len(LETTERS)].words.place, f"these are more than {len(LETTERS)} choices"))
    seen: set[str] = set()
    for choice in found:
        if choice.words.source in seen:
            mistakes.append(Mistake(choice.words.place, f"“{choice.words.source}” is a choice already"))
        seen.add(choice.words.source)
    return tuple(found[: len(LETTERS)])


def _check_answers(source: BlockSource, choices: tuple[Choice, ...], mistakes: list[Mistake]) -> None:
    """There is one way to answer, and what belongs to numbers stands beside a number."""
    answer, texts = source.option("answer"), source.all("text")
    ways = [text for text in (answer, *texts[:1], *(choice.words for choice in choices[:1])) if text]
    if not ways:
        hint = "add a line answer: …, or text: …, or lines right: … and wrong: …, below the opening"
        mistakes.append(Mistake(source.place, "this exercise has no answer", hint))
    mistakes += [
        Mistake(way.place, "this exercise is answered in another way already", "keep one of answer, text and right")
        for way in sorted(ways, key=lambda way: way.place)[1:]
    ]
    for option in ("unit", "tolerance"):
        if source.option(option) and ways and not answer:
            mistakes.append(Mistake(source.option(option).place, f"“{option}” belongs to a number", "write answer: …"))


def _numbers(text: Text, mistakes: list[Mistake]) -> Numbers:
    """`H = 224, 112; k = 7, 5` as names and values."""
    found = {}
    for part in text.source.split(";") if text else ():
        match = NUMBERS.match(part.strip())
        try:
            values = ast.literal_eval(f"({match['values']},)") if match else ()
        except (SyntaxError, ValueError):
            values = ()
        if comma := COMMA.search(part):
            hint = f"write {comma['whole']}.{comma['part']}, or {comma['whole']}, {comma['part']} for two values"
            mistakes.append(Mistake(text.place, f"a comma parts two values, as in “{comma[0]}”", hint))
        if match and values and all(isinstance(value, (int, float)) for value in values):
            found[match["name"]] = values
        elif not comma:
            hint = "write names and values, as in H = 224, 112; k = 7, 5"
            mistakes.append(Mistake(text.place, f"cannot read the numbers “{part.strip()}”", hint))
    return tuple(found.items())


def _slips(texts: tuple[Text, ...], mistakes: list[Mistake]) -> Iterator[Slip]:
    for text in texts:
        match = SLIP.match(text.source)
        if match:
            yield Slip(Text(text.place, match["answer"]), Text(text.place, match["words"]))
        else:
            hint = "write slip: {{ 32 - 5 }}: what went wrong"
            mistakes.append(Mistake(text.place, "a slip is a wrong answer, a colon and words", hint))
