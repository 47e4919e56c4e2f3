"""A reader's saved work, checked again: answers by the page's own judge, edited cells by running them.

Cells run in processes of their own that end after a minute; they are the reader's code and may do what any program of
whoever grades may do. Whether a task is right is found in yet another process, which runs none of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from press.blocks.block import Block
from press.blocks.cell import Cell
from press.blocks.exercises.answers import expected
from press.blocks.exercises.exercise import Exercise
from press.blocks.exercises.task import Task
from press.blocks.exercises.variants import version
from press.book import numbering, read
from press.book.model import Chapter
from press.cache import Cache
from press.execution import cells
from press.grading.report import FAILS, RUNS, Report, Row
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


def grade(root: Path, content: Path, saved: bytes, file: str = "") -> Report:
    """What came of the work in a saved file, called `file`. Raises AuthorErrors: the book has mistakes."""
    book, chapters, mistakes = read.book(content)
    if book is None or mistakes:
        raise AuthorErrors(mistakes)
    try:
        done = work(saved, [chapter.folder for chapter in chapters])
        chapter = next(each for each in chapters if each.folder == done.folder)
        links = numbering.links(book, chapter, numbering.table(book, chapters)[0])
        rows = {**_answers(root, content, chapter, links, done), **_code(root, chapter, links, done)}
    except NotWork as error:
        return Report(file, str(error))
    ordered = tuple(rows[block] for block in chapter.blocks if block in rows)
    return Report(file, "", done.name, done.saved, f"{book.title}: {chapter.title}", ordered)


Rows = dict[Block, Row]


def _answers(root: Path, content: Path, chapter: Chapter, links: Links, done: Work) -> Rows:
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
    return {
        block: _scored(block, Row(_words(links, "ex", block.name), block.name, *_shown(result, each["typed"])))
        for block, each, result in zip(exercises, now, found, strict=True)
    }


def _scored(block: Exercise | Task, row: Row) -> Row:
    worth = 1.0 if block.points is None else block.points
    return replace(row, points=worth if row.result == "right" else 0.0, of=worth)


def _shown(result: str, typed: str) -> tuple[str, str]:
    if result == "right":
        return result, ""
    return (result, f"typed: {typed[:LETTERS]}") if typed else ("no answer", "")


def _expected(block: Exercise, number: int, links: Links, evaluate: Evaluate) -> dict[str, str]:
    answer = expected(version(block, evaluate, number), lambda text: plain(text.source, links, evaluate))
    return {"answer": answer.answer, "kind": answer.kind, "tolerance": answer.tolerance, "unit": block.unit}


def _code(root: Path, chapter: Chapter, links: Links, done: Work) -> Rows:
    """Tasks, judged by their checks, and edited cells, run after the cells they need, edited or not."""
    tasks = {f"ex-{task.name}": task for task in cells.tasks(chapter)}
    _known(done.cells, [*(cell.name for cell in cells.cells(chapter)), *tasks], "cell")
    edited = [cell for cell in cells.cells(chapter) if cell.name in done.cells]
    outcomes = _outcomes(root, _runs(chapter, links, done, tasks, edited))
    return {
        **{
            task: _scored(task, _checked(_words(links, "ex", task.name), task.name, outcomes.get(name)))
            for name, task in tasks.items()
        },
        **{cell: _run_row(_words(links, "cell", cell.name), cell.name, outcomes[cell.name]) for cell in edited},
    }


def _runs(
    chapter: Chapter, links: Links, done: Work, tasks: Mapping[str, Task], edited: Iterable[Cell]
) -> dict[str, cells.Run]:
    """What is to be run, by name."""
    needs, _ = cells.needed(chapter)
    runs: dict[str, cells.Run] = {
        name: [(chapter.words.within(_words(links, "ex", task.name)), done.cells[name]), (CHECK, task.check.source)]
        for name, task in tasks.items()
        if name in done.cells
    }
    for cell in edited:
        runs[cell.name] = [
            (chapter.words.within(_words(links, "cell", part.name)), done.cells.get(part.name, part.source))
            for part in (*needs[cell.name], cell)
        ]
    return runs


def _outcomes(root: Path, runs: Mapping[str, cells.Run]) -> dict[str, cells.Outcome]:
    """What came of them. Raises NotWork where a run ends the process that starts all of them."""
    try:
        with cells.Runner(root, Cache(root / ".cache", "cells")) as runner:
            return runner.run(runs)
    except (RuntimeError, OSError) as error:
        raise NotWork("code in it ended the program that runs it") from error


def _run_row(words: str, name: str, outcome: cells.Outcome) -> Row:
    return Row(words, name, FAILS if outcome.message else RUNS, _details(outcome))


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
