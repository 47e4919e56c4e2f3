"""A reader's saved work, checked again: answers by the page's own judge, edited cells by running them.

Cells run in processes of their own that end after a minute; they are the reader's code and may do what any program of
whoever grades may do. Whether a task is right is found in yet another process, which runs none of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.blocks.exercise import Exercise
from press.blocks.exercise_answers import expected
from press.blocks.exercise_variants import version
from press.blocks.task import Task
from press.book import numbering, read
from press.book.model import Chapter
from press.cache import Cache
from press.execution import cells
from press.grading.saved_work import NotWork, Work, work
from press.processes import node
from press.processes.line_process import LineProcess
from press.text.labels import Label, Links
from press.text.places import AuthorErrors
from press.text.portable_markdown import plain
from press.text.suggestion import meant
from press.text.values import Evaluate, evaluator
from runtime.python.host import CHECK

LINES, LETTERS = 12, 200
"""So many lines of what a cell prints are shown, and so many letters of an answer."""


@dataclass(frozen=True)
class Row:
    """One exercise or cell: its number and name, what came of it, and details to print below."""

    words: str
    name: str
    result: str
    details: str = ""


@dataclass(frozen=True)
class Report:
    """Everything found in one file."""

    title: str
    rows: tuple[Row, ...]

    @property
    def passed(self) -> bool:
        """Whether every exercise is answered rightly and every edited cell runs."""
        return all(row.result in ("right", "runs") for row in self.rows)

    def __str__(self) -> str:
        wide = max((len(row.name) for row in self.rows), default=0)
        lines = [self.title, ""]
        for row in self.rows:
            lines.append(f"{row.words:<14}{row.name:<{wide + 2}}{row.result}")
            lines += [f"    {line}" for line in row.details.splitlines()]
        results = [row.result for row in self.rows]
        exercises = sum(row.words.startswith("EXERCISE") for row in self.rows)
        edited = len(self.rows) - exercises
        right, runs = results.count("right"), results.count("runs")
        return "\n".join([*lines, "", f"{right} of {exercises} right; {runs} of {edited} edited cells run."])


def grade(root: Path, content: Path, saved: bytes) -> Report:
    """What came of the work in a saved file. Raises saved_work.NotWork, or AuthorErrors: the book has mistakes."""
    book, chapters, mistakes = read.book(content)
    if book is None or mistakes:
        raise AuthorErrors(mistakes)
    done = work(saved, [chapter.folder for chapter in chapters])
    chapter = next(each for each in chapters if each.folder == done.folder)
    links = numbering.links(book, chapter, numbering.table(book, chapters)[0])
    rows = (*_answers(root, content, chapter, links, done), *_code(root, chapter, links, done))
    return Report(f"{book.title}: {chapter.title}", rows)


def _answers(root: Path, content: Path, chapter: Chapter, links: Links, done: Work) -> Sequence[Row]:
    exercises = [block for block in chapter.blocks if isinstance(block, Exercise)]
    for typed in (done.answers, done.solved):
        _known(typed, [block.name for block in chapter.blocks if isinstance(block, Exercise | Task)], "exercise")
    evaluate = evaluator(content / chapter.folder / "figures.py")

    def asked(block: Exercise, number: int, typed: str) -> dict[str, Any]:
        return {"typed": typed, "expected": _expected(block, number, links, evaluate)}

    now = [asked(each, done.variants.get(each.name, 0), done.answers.get(each.name, "")) for each in exercises]
    before = [asked(each, *done.solved.get(each.name, (0, ""))) for each in exercises]
    judge = LineProcess([str(node.executable()), str(root / "press" / "grading" / "judge.mjs")], root)
    try:
        results = judge.ask([*now, *before]).result()
    finally:
        judge.close()
    found = [late if early != "right" else early for late, early in zip(results, results[len(now) :], strict=False)]
    return [
        Row(_words(links, "ex", block.name), block.name, *_shown(result, each["typed"]))
        for block, each, result in zip(exercises, now, found, strict=True)
    ]


def _shown(result: str, typed: str) -> tuple[str, str]:
    if result == "right":
        return result, ""
    return (result, f"typed: {typed[:LETTERS]}") if typed else ("no answer", "")


def _expected(block: Exercise, number: int, links: Links, evaluate: Evaluate) -> dict[str, str]:
    answer = expected(version(block, evaluate, number), lambda text: plain(text.source, links, evaluate))
    return {"answer": answer.answer, "kind": answer.kind, "tolerance": answer.tolerance, "unit": block.unit}


def _code(root: Path, chapter: Chapter, links: Links, done: Work) -> Sequence[Row]:
    """Tasks, judged by their checks, and edited cells, run after the cells they need, edited or not."""
    written, tasks = cells.cells(chapter), {f"ex-{task.name}": task for task in cells.tasks(chapter)}
    _known(done.cells, [*(cell.name for cell in written), *tasks], "cell")
    needs, _ = cells.needed(chapter)
    runs: dict[str, cells.Run] = {
        name: [(_words(links, "ex", task.name).lower(), done.cells[name]), (CHECK, task.check.source)]
        for name, task in tasks.items()
        if name in done.cells
    }
    runs |= {
        cell.name: [
            (_words(links, "cell", part.name).lower(), done.cells.get(part.name, part.source))
            for part in (*needs[cell.name], cell)
        ]
        for cell in written
        if cell.name in done.cells
    }
    with cells.Runner(root, Cache(root / ".cache", "cells")) as runner:
        outcomes = runner.run(runs)
    edited = [cell.name for cell in written if cell.name in done.cells]
    return [
        *(_checked(_words(links, "ex", task.name), task.name, outcomes.get(name)) for name, task in tasks.items()),
        *(
            Row(
                _words(links, "cell", name),
                name,
                "fails" if outcomes[name].message else "runs",
                _details(outcomes[name]),
            )
            for name in edited
        ),
    ]


def _checked(words: str, name: str, outcome: cells.Outcome | None) -> Row:
    if outcome is None:
        return Row(words, name, "no answer")
    return Row(words, name, "wrong" if outcome.message else "right", _details(outcome))


def _details(outcome: cells.Outcome) -> str:
    lines = outcome.output.splitlines()
    left = [f"… {len(lines) - LINES} lines more"] if len(lines) > LINES else []
    where = f" ({outcome.cell}, line {outcome.line})" if outcome.line else ""
    return "\n".join([*lines[:LINES], *left, *([f"{outcome.message}{where}"] if outcome.message else [])])


def _known(names: Iterable[str], known: Sequence[str], kind: str) -> None:
    for name in names:
        if name not in known:
            raise NotWork(f"this chapter has no {kind} “{name}”; {meant(name, known)}".removesuffix("; "))


def _words(links: Links, kind: str, name: str) -> str:
    target = links.find(Label(kind, name))
    assert target
    return target.words
