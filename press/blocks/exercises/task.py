"""Task: an exercise in Python, solved by code that passes a check which readers do not see."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from markupsafe import Markup

from press.blocks.block import NotebookContext, PageContext, Render, Titled
from press.blocks.exercises.exercise import is_rule
from press.blocks.exercises.points import in_words, points
from press.text.options import BlockSource, Options, halves, require
from press.text.places import Mistake, Text
from press.text.split import FENCE, fence_end
from press.text.suggestion import meant
from press.text.values import Evaluate

PARTS = ("start", "check", "solution")


@dataclass(frozen=True)
class Task(Titled):
    """Solved by code after which `check` runs to its end.

    The build proves that `solution` does so and `start`, what the reader begins with, does not.
    """

    question: Text
    start: Text
    check: Text
    solution: Text
    explanation: Text
    hints: tuple[Text, ...] = ()
    points: float | None = None

    kind = "task"
    label = "ex"
    numbered = True
    options = Options(required=("title",), optional=("points",), repeated=("hint",))
    minutes = 2.0

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """A body that holds the fences `python start`, `python check` and `python solution`."""
        body, explanation = halves(source.body, is_rule)
        question, parts = _parts(body, mistakes)
        require(question, "this task asks nothing", source.place, mistakes)
        require(explanation, "this task has no explanation; write it below a line ---", source.place, mistakes)
        for part in PARTS:
            if part not in parts:
                hint = f"add a fence that opens with ```python {part}"
                mistakes.append(Mistake(source.place, f"this task has no {part}", hint))
        start, check, solution = (parts.get(part, Text(source.place, "")) for part in PARTS)
        mistakes += _silent(check)
        title, hints = source.option("title").source, source.all("hint")
        worth = points(source.option("points"), mistakes)
        return cls(source.place, source.name, title, question, start, check, solution, explanation, hints, worth)

    def sentences(self) -> tuple[Text, ...]:
        """Question, explanation and hints."""
        return (self.question, self.explanation, *self.hints)

    def code(self) -> str:
        """What the reader begins with."""
        return self.start.source

    def run(self) -> str:
        """The run of that; no cell can have its name."""
        return f"{self.name} started"

    def searched(self, evaluate: Evaluate) -> tuple[str, ...]:
        """The question and what the reader begins with."""
        return (self.question.source, f"```\n{self.start.source}```")

    def html(self, page: PageContext, render: Render) -> Markup:
        """The question and the code to begin with; the check is kept back."""
        page.kept_back[self.name] = self.check.source
        hints = [Markup(page.writer.markdown(hint)) for hint in self.hints]
        worth = in_words(self.points, page.words)
        return render(output=page.outputs[self.run()], tips=hints, solutions=page.solutions, worth=worth)

    def notebook(self, head: str, notebook: NotebookContext) -> str:
        """The question, the solution folded; the code to begin with follows in a cell of the notebook."""
        solution = _solution(notebook, self) if notebook.solutions else ""
        worth = f" ({in_words(self.points, notebook.words)})" if self.points is not None else ""
        return f"{head}{worth}\n\n{notebook.text(self.question)}\n\n{solution}"


def _solution(notebook: NotebookContext, block: Task) -> str:
    solution = f"```python\n{block.solution.source}```\n\n{notebook.text(block.explanation)}"
    return f"<details><summary>{notebook.words('exercise.solution')}</summary>\n\n{solution}\n\n</details>"


def _parts(body: Text, mistakes: list[Mistake]) -> tuple[Text, dict[str, Text]]:
    """The question, which is what stands outside the fences of a task, and the code in them by their names."""
    lines, parts = body.source.split("\n"), {}
    asked, at = [], 0
    while at < len(lines):
        fence = FENCE.match(lines[at])
        language, _, part = (fence["info"] if fence else "").strip().partition(" ")
        if not fence or language != "python" or not part:
            asked.append(lines[at])
            at += 1
            continue
        if part not in PARTS:
            mistakes.append(Mistake(body.place.below(at), f"a task has no part “{part}”", meant(part, PARTS)))
        end, _ = fence_end(lines, at)
        parts[part] = Text(body.place.below(at + 1), "\n".join(lines[at + 1 : end]) + "\n")
        asked += [""] * (end + 1 - at)
        at = end + 1
    return Text(body.place, "\n".join(asked).rstrip()), parts


def _silent(check: Text) -> Iterator[Mistake]:
    """Assertions without words: their failure would tell the reader nothing."""
    try:
        tree = ast.parse(check.source)
    except SyntaxError:
        return  # the build runs it and says so
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and node.msg is None:
            hint = 'write assert …, "what is wrong, in words"'
            yield Mistake(check.place.below(node.lineno - 1), "this assertion says nothing when it fails", hint)
