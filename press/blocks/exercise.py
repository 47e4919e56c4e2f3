"""Exercise: a question whose answer the page can check; with other numbers as often as its numbers allow."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from markupsafe import Markup

from press.blocks.block import Block, NotebookContext, PageContext, Render
from press.blocks.exercise_variants import variants, version
from press.text.options import BlockSource, Options, halves, require
from press.text.places import Mistake, Text
from press.text.values import Evaluate

RULE = re.compile(r"^---+\s*$")
SLIP = re.compile(r"^(?P<answer>\{\{.*?\}\}|\S+?):\s+(?P<words>\S.*)$")
NUMBERS = re.compile(r"^(?P<name>[A-Za-z]\w*)\s*=\s*(?P<values>.+)$")
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
class Exercise(Block):
    """The answer is a number, or `true` / `false`.

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

    kind = "exercise"
    label = "ex"
    words = "EXERCISE"
    options = Options(required=("answer",), optional=("unit", "numbers"), repeated=("slip", "hint"))
    minutes = 2.0

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """A question, a line of dashes, an explanation; `slip` is a wrong answer and words, `numbers` names values."""
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
        )

    def sentences(self) -> tuple[Text, ...]:
        """Question, explanation, hints, and what is said to slips."""
        return (self.question, self.explanation, *self.hints, *(slip.words for slip in self.slips))

    def searched(self, evaluate: Evaluate) -> tuple[str, ...]:
        """The question with its first numbers; solutions stay out."""
        return (version(self, evaluate).question.source,)

    def html(self, page: PageContext, render: Render) -> Markup:
        """The first version; the others and all slips are kept back, or left out where solutions are hidden."""
        versions = variants(self, page.writer)
        several = bool(page.solutions and self.numbers)
        shown = [
            render(variant=variant, number=n, several=several, solutions=page.solutions)
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
        solution = _solution(notebook, asked) if notebook.solutions else ""
        return f"{head}\n\n{notebook.text(asked.question)}\n\n{solution}"


def _solution(notebook: NotebookContext, block: Exercise) -> str:
    answer = f"{notebook.text(block.answer)} {block.unit}".strip()
    explanation = notebook.text(block.explanation)
    return f"<details><summary>Answer and explanation</summary>\n\nAnswer: **{answer}**.\n\n{explanation}\n\n</details>"


def _numbers(text: Text, mistakes: list[Mistake]) -> Numbers:
    """`H = 224, 112; k = 7, 5` as names and values."""
    found = {}
    for part in text.source.split(";") if text else ():
        match = NUMBERS.match(part.strip())
        try:
            values = ast.literal_eval(f"({match['values']},)") if match else ()
        except (SyntaxError, ValueError):
            values = ()
        if not (match and values and all(isinstance(value, (int, float)) for value in values)):
            hint = "write names and values, as in H = 224, 112; k = 7, 5"
            mistakes.append(Mistake(text.place, f"cannot read the numbers “{part.strip()}”", hint))
        else:
            found[match["name"]] = values
    return tuple(found.items())


def _slips(texts: tuple[Text, ...], mistakes: list[Mistake]) -> Iterator[Slip]:
    for text in texts:
        match = SLIP.match(text.source)
        if match:
            yield Slip(Text(text.place, match["answer"]), Text(text.place, match["words"]))
        else:
            hint = "write slip: {{ 32 - 5 }}: what went wrong"
            mistakes.append(Mistake(text.place, "a slip is a wrong answer, a colon and words", hint))
