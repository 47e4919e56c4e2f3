"""Runs the chapter's cells in CPython, so that the page can show what they print.

The work is done by `runtime/python/host.py`, the same code that runs them in the reader's browser, in a process of
its own for each cell: one that hangs or crashes ends the build with a message, not the builder with it. `python -m
press.execution.cells` is the process that starts these; it has numpy loaded and waits for the next cell.
"""

from __future__ import annotations

import ast
import json
import multiprocessing
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any

from press.blocks.cell import Cell
from press.blocks.exercises.task import Task
from press.book.model import Chapter
from press.cache import Cache, Inputs
from press.execution.dependencies import Sources
from press.execution.imports import imported, plots
from press.execution.listed_packages import installed
from press.processes import process_group
from press.processes.line_process import LineProcess
from press.text.labels import Label, Links
from press.text.places import Mistake, Text
from press.text.suggestion import meant
from runtime.python.errors import Failure
from runtime.python.host import CHECK
from runtime.python.output import Part, Parts, text
from runtime.python.pictures import Picture

SECONDS = 60
LARGEST = 40_000_000
"""Bytes of an answer."""
RUNS = "from runtime.python import host\nfrom runtime.python.figures import backend, style"
"""What runs every cell."""
Run = Sequence[tuple[str, str]]
"""Names and sources: the last is the cell, the others are what it needs; a check may follow, called CHECK."""


@dataclass(frozen=True)
class Outcome:
    """What a cell put out; where it failed, the message and the line of which cell (named as readers see it)."""

    parts: Parts = ()
    message: str = ""
    cell: str = ""
    line: int = 0
    seconds: float = 0.0
    """Processor time, without the start of Python."""

    @property
    def output(self) -> str:
        """What it printed."""
        return text(self.parts)


def _kept(outcome: Outcome) -> bytes:
    return json.dumps(asdict(outcome)).encode()


def _found(fields: dict[str, Any]) -> Outcome:
    """An outcome from JSON. Raises ValueError where its parts are none."""
    return Outcome(**{**fields, "parts": tuple(map(_part, fields["parts"]))})


def _part(part: object) -> Part:
    match part:
        case str():
            return part
        case {
            "kind": "svg" | "png" | "tex" as kind,
            "content": str(content),
            "width": int(width),
            "height": int(height),
        }:
            return Picture(kind, content, width, height, str(part["alt"]), str(part["values"]))  # type: ignore[index]
    raise ValueError(part)


def cells(chapter: Chapter) -> tuple[Cell, ...]:
    """The chapter's cells in reading order."""
    return tuple(block for block in chapter.blocks if isinstance(block, Cell))


def tasks(chapter: Chapter) -> tuple[Task, ...]:
    """The chapter's tasks in reading order."""
    return tuple(block for block in chapter.blocks if isinstance(block, Task))


def _unsolved(task: Task) -> str:
    return f"{task.name} unsolved"


def _solved(task: Task) -> str:
    return f"{task.name} solved"


def needed(chapter: Chapter) -> tuple[dict[str, tuple[Cell, ...]], list[Mistake]]:
    """For every cell the cells to run before it, in order; unknown and circular needs are mistakes."""
    by_name = {cell.name: cell for cell in cells(chapter)}
    mistakes: list[Mistake] = []

    def before(cell: Cell, path: tuple[str, ...]) -> list[Cell]:
        found: list[Cell] = []
        for name in cell.needs:
            if name not in by_name:
                mistakes.append(Mistake(cell.place, f"needs an unknown cell “{name}”", meant(name, by_name)))
            elif name in path:
                circle = " → ".join((*path, name))
                mistakes.append(Mistake(by_name[path[0]].place, f"cells need each other in a circle: {circle}"))
            else:
                found += [*before(by_name[name], (*path, name)), by_name[name]]
        return list(dict.fromkeys(found))

    return {name: tuple(before(cell, (name,))) for name, cell in by_name.items()}, mistakes


Needs = Mapping[str, tuple[Cell, ...]]


def outputs(chapter: Chapter, links: Links, needs: Needs, runner: Runner) -> tuple[dict[str, Outcome], list[Mistake]]:
    """What came of every cell and task of the chapter, by the name of the run.

    A failing cell is a mistake at the line that failed, and so is a task whose check does not tell its solution from
    what the reader begins with.
    """
    mistakes: list[Mistake] = []
    outcomes = _outcomes(_runs(chapter, links, needs), runner)
    places = {_shown(chapter, links, cell): cell.place for cell in cells(chapter)}
    for outcome in outcomes.values():
        if outcome.message and outcome.cell in places:
            what = f"this cell fails: {outcome.message}"
            mistakes.append(Mistake(places[outcome.cell].below(outcome.line), what, _needed(chapter, outcome.message)))
    for task in tasks(chapter):
        if task.start and task.check and task.solution:
            mistakes += _proof(task, outcomes)
    return outcomes, mistakes


def _needed(chapter: Chapter, message: str) -> str:
    """What to write where a cell lacks a name that another one makes, or nothing."""
    lacking = re.match(r"NameError: name '(\w+)' is not defined", message)
    makers = [cell.name for cell in cells(chapter) if lacking and lacking[1] in _made(cell.source)]
    return f'cell “{makers[0]}” makes it; needs="{makers[0]}" in the braces runs that one before' if makers else ""


def _made(source: str) -> set[str]:
    """The names that a cell leaves to those that need it; none of one that Python cannot read."""
    with suppress(SyntaxError, ValueError):
        return {name for statement in ast.parse(source).body for name in _bound(statement)}
    return set()


def _bound(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _proof(task: Task, outcomes: Mapping[str, Outcome]) -> Iterator[Mistake]:
    """Mistakes in a task's code."""
    start, unsolved, solved = (outcomes[name(task)] for name in (Task.run, _unsolved, _solved))
    if start.message:
        yield _failure(task.start, start, "the code to start from fails")
    elif not unsolved.message:
        yield Mistake(task.check.place, "the code to start from passes the check already", "assert what it lacks")
    if solved.message and solved.cell == CHECK:
        yield _failure(task.check, solved, "the solution does not pass the check")
    elif solved.message:
        yield _failure(task.solution, solved, "the solution fails")


def _failure(code: Text, outcome: Outcome, what: str) -> Mistake:
    return Mistake(code.place.below(max(outcome.line - 1, 0)), f"{what}: {outcome.message}")


def ahead(chapter: Chapter, links: Links, needs: Needs, runner: Runner) -> None:
    """Has the cells run whose outcomes are not known and will be wanted."""
    runs = _runs(chapter, links, needs)
    runner.ahead({name: run for name, run in runs.items() if runner.known(run) is None})


def _runs(chapter: Chapter, links: Links, needs: Needs) -> dict[str, Run]:
    runs = {cell.name: _run(chapter, links, (*needs[cell.name], cell)) for cell in cells(chapter)}
    for task in tasks(chapter):
        name, check = _shown(chapter, links, task), (CHECK, task.check.source)
        runs[task.run()] = [(name, task.start.source)]
        runs[_unsolved(task)] = [(name, task.start.source), check]
        runs[_solved(task)] = [(name, task.solution.source), check]
    return runs


def _run(chapter: Chapter, links: Links, parts: Iterable[Cell]) -> Run:
    return [(_shown(chapter, links, cell), cell.source) for cell in parts]


def _shown(chapter: Chapter, links: Links, cell: Cell | Task) -> str:
    """A cell's name in tracebacks, in the page and here: `cell 2.1`, `exercise 2.3`."""
    target = links.find(Label(cell.label, cell.name))
    return chapter.words.within(target.words) if target else cell.name


def _outcomes(runs: Mapping[str, Run], runner: Runner) -> dict[str, Outcome]:
    """Earlier outcomes where nothing changed, fresh ones for the rest; what hung or crashed is tried again."""
    known = {name: outcome for name, run in runs.items() if (outcome := runner.known(run))}
    fresh = runner.run({name: run for name, run in runs.items() if name not in known})
    for name, outcome in fresh.items():
        if not outcome.message or outcome.line:
            runner.remember(runs[name], outcome)
    return {name: known.get(name) or fresh[name] for name in runs}


class Runner:
    """Runs cells, each in a process of its own; use it as a context manager, which ends the process that starts them.

    That process starts only when there is a cell to run.
    """

    def __init__(self, root: Path, cache: Cache) -> None:
        self._root, self._sources, self._cache = root, Sources(root), cache
        one_thread = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # a process with threads cannot be forked safely
        self._starter = LineProcess([sys.executable, "-m", "press.execution.cells"], root, one_thread)
        self._ahead: dict[str, Future[Any]] = {}

    def known(self, run: Run) -> Outcome | None:
        """What came of a run when it was last made of the same."""
        found = self._cache.find(self._inputs(run))
        return _found(json.loads(found)) if found else None

    def remember(self, run: Run, outcome: Outcome) -> None:
        """Have `known` say it from now on."""
        self._cache.store(self._inputs(run), _kept(outcome))

    def _inputs(self, run: Run) -> Inputs:
        """All that an outcome depends on: the cells, and the Python that they import and that runs them."""
        sources = [source for _, source in run]
        python = self._sources.digest("\n".join((RUNS, *sources)))
        packages = installed(imported(sources), self._root)
        return {"cells": json.dumps(run), "python": python, **({"packages": packages} if packages else {})}

    def ahead(self, runs: Mapping[str, Run]) -> None:
        """Have runs done that will be wanted."""
        if runs:
            self._ahead[json.dumps(dict(runs))] = self._starter.ask(dict(runs))

    def run(self, runs: Mapping[str, Run]) -> dict[str, Outcome]:
        """The outcomes of runs, which take place side by side."""
        if not runs:
            return {}
        answer = self._ahead.pop(json.dumps(dict(runs)), None) or self._starter.ask(dict(runs))
        return {name: _found(fields) for name, fields in answer.result().items()}

    def __enter__(self) -> Runner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._starter.close()


def main() -> None:
    """Answer each line of runs on standard input with a line of outcomes on standard output."""
    import numpy as np  # noqa: F401 - so that no cell has to wait for it

    import runtime.python.host  # noqa: F401

    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # what was started ends with it
    multiprocessing.set_start_method("spawn" if sys.platform == "win32" else "fork")
    sys.stdout, answers = sys.stderr, sys.stdout
    for line in sys.stdin:
        runs = json.loads(line)
        started = {name: _start(_perform, run) for name, run in runs.items()}
        try:
            outcomes = {name: asdict(_judged(started.pop(name), run)) for name, run in runs.items()}
        finally:
            for process, _ in started.values():
                process_group.end(process)
        answers.write(json.dumps(outcomes) + "\n")
        answers.flush()


Started = tuple[multiprocessing.Process, Connection]


def _start(work: Callable[..., Answer], *given: object) -> Started:
    """A process of its own for `work`, and where it will tell its answer."""
    here, there = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.Process(target=_tell, args=(there, work, *given), daemon=True)
    process.start()
    there.close()
    return process, here


def _tell(there: Connection, work: Callable[..., Answer], *given: object) -> None:
    """In the process of its own."""
    process_group.lead()
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 0)
    os.dup2(quiet, 1)
    there.send_bytes(json.dumps(work(*given)).encode())


Answer = tuple[list[Any], str, str, int, float, str]
"""An outcome's fields, and claims."""


def _judged(started: Started, run: Run) -> Outcome:
    """What came of a run; of one with a check, what the check says of its claims in a process that ran none of it."""
    outcome, claims = _end(started, run[-1][0])
    name, check = run[-1]
    if name != CHECK or (outcome.message and outcome.cell != CHECK):
        return outcome
    return _end(_start(_verdict, check, claims), CHECK)[0]


def _end(started: Started, name: str) -> tuple[Outcome, str]:
    """The outcome, and claims. The process ran anybody's code: what it answers is data, and may be anything."""
    process, answer = started
    try:
        if not answer.poll(SECONDS):
            return Outcome((), f"it did not end within {SECONDS} s", name), ""
        return _read(json.loads(answer.recv_bytes(LARGEST)))
    except EOFError:
        process.join()
        return Outcome((), f"Python ended with status {process.exitcode}", name), ""
    except (OSError, ValueError, RecursionError):
        return Outcome((), "it answered nonsense, or too much", name), ""
    finally:
        process_group.end(process)
        answer.close()


def _read(answer: object) -> tuple[Outcome, str]:
    """Raises ValueError for what is no `Answer`."""
    match answer:
        case [list(parts), str(message), str(cell), int(line), float(seconds), str(claims)]:
            return Outcome(tuple(map(_part, parts)), message, cell, line, seconds), claims
    raise ValueError(answer)


def _perform(run: Run) -> Answer:
    from runtime.python import host

    check = run[-1][1] if run[-1][0] == CHECK else ""
    if plots(code for _, code in run):
        host.plot()
    start = time.process_time()
    result = host.run([(name, code) for name, code in run if name != CHECK], check=check)
    seconds = time.process_time() - start
    parts = [part if isinstance(part, str) else asdict(part) for part in result.parts]
    return ([] if check else parts, *_failed(result.error), seconds, result.claims)


def _verdict(check: str, claims: str) -> Answer:
    from runtime.python import host

    return ([], *_failed(host.verdict(check, claims)), 0.0, "")


def _failed(error: Failure | None) -> tuple[str, str, int]:
    if error is None:
        return "", "", 0
    return "; ".join(filter(None, (error.message, error.hint))), error.cell, error.line or 0


if __name__ == "__main__":
    main()
