"""Runs a reader's cells and answers for instruments; the same in the browser's worker and at build time.

A run starts from a fresh namespace: the cells it needs come first, unseen, then the cell itself. This file names no
page and no engine.
"""

from __future__ import annotations

import ast
import contextlib
import contextvars
import importlib
import io
import json
import linecache
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from runtime.python import numeric_warnings, pictures
from runtime.python.errors import AT_HAND, WORDS, Failure, explain
from runtime.python.integer_width import widen
from runtime.python.isolation import Fresh, fresh_start
from runtime.python.output import Frame, Output, Parts, text
from runtime.python.output_stream import Emit
from runtime.python.plain_data import NotData
from runtime.python.task_check import Claims, Unanswered, claimed

Cell = tuple[str, str]
"""A name, shown as the file name in tracebacks ("cell 2.1"), and Python source."""


@dataclass(frozen=True)
class Result:
    """What a run put out, how it failed (None: it did not), and what a check asked of it, see `examine`."""

    parts: Parts
    error: Failure | None
    claims: str = ""

    @property
    def output(self) -> str:
        """What it printed."""
        return text(self.parts)


PACKAGES = "/packages/"
"""Where a browser has what the chapter brings, see `runtime/worker/worker.js`."""
CHECK = "check"
"""The name, in tracebacks, of code that checks a reader's."""


FRESH = Fresh()
"""Keeps apart runs in one Python: after each, `put_back` says whether another may follow. It must `remember` before."""


def prepare(packages: Iterable[str] = (), words: Iterable[tuple[str, str]] = ()) -> None:
    """Before readers' cells run in this Python: whole numbers are as wide as on their desktops.

    `packages` are modules that the page's chapter brings besides; what is said of missing ones names them. `words` are
    what is said of errors, by its names, in a page whose language is not English.
    """
    brought = list(packages)
    widen(except_below=PACKAGES if brought else "")
    AT_HAND.extend(brought)
    WORDS.update(words)


def plot() -> None:
    """Before cells that plot run in this Python: make matplotlib the book's. Raises ImportError where it is missing."""
    importlib.import_module("runtime.python.figures.style").prepare()


def run(cells: Sequence[Cell], emit: Emit | None = None, check: str = "", frame: Frame | None = None) -> Result:
    """Run the last of `cells` after the others, in one fresh namespace; only the last one's output counts.

    The value of a last expression is shown as in a notebook. `check` is Python that asks things of the code
    afterwards, unseen; whether it passes is for `verdict` to say, elsewhere. Never raises for anything the cells do.
    """
    output, main, claims = Output(emit, frame), types.ModuleType("__main__"), Claims()
    try:
        error = contextvars.copy_context().run(_run, cells, output, main, check, claims)
    finally:
        vars(main).clear()  # large arrays must not wait for the collector
    return Result(output.finish(), error, claims.text if check else "")


def _run(cells: Sequence[Cell], output: Output, main: types.ModuleType, check: str, claims: Claims) -> Failure | None:
    """Run in a context of its own, where numpy keeps its print options and error state."""
    *needed, last = cells
    for name, source in (*cells, (CHECK, check)):
        _show_lines(name, source)
    try:
        with fresh_start(main), FRESH.watching():
            for cell in needed:
                with _showing_in(Output()):
                    _execute(cell, vars(main), echo=False)
            with _showing_in(output), _leaving(), _figures():
                _execute(last, vars(main), echo=True)
            if check:
                with _showing_in(Output()):
                    _execute((CHECK, check), claims.record(check, vars(main)), echo=False)
    except BaseException as error:  # SystemExit and KeyboardInterrupt are a reader's doing as well
        return explain(error, {CHECK, *(name for name, _ in cells)})
    return None


def verdict(check: str, claims: str) -> Failure | None:
    """How `check` fails on what was claimed of a reader's code, None if it passes. Runs none of that code."""
    return contextvars.copy_context().run(_verdict, check, claims)


def _verdict(check: str, claims: str) -> Failure | None:
    _show_lines(CHECK, check)
    try:
        with _showing_in(Output()):
            _execute((CHECK, check), {"__name__": CHECK, **claimed(claims)}, echo=False)
    except (NotData, Unanswered) as error:
        return Failure(type(error).__name__, f"this code could not be checked: {error}", "", "", CHECK, None)
    except BaseException as error:
        return explain(error, {CHECK})
    return None


def _show_lines(name: str, source: str) -> None:
    """Let tracebacks quote code that has no file. Its lines end where Python ends them, and nowhere else."""
    linecache.cache[name] = (len(source), None, list(io.StringIO(source, newline=None)), name)


@contextlib.contextmanager
def _showing_in(output: Output) -> Iterator[None]:
    pictures.SHOW.set(output.show)
    pictures.begin()
    with contextlib.redirect_stdout(output.printed), contextlib.redirect_stderr(output.printed):
        yield


@contextlib.contextmanager
def _figures() -> Iterator[None]:
    """Figures that are open in the end are shown, those of code that failed as well."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(Exception):  # the first failure is the one to tell
            pictures.finish()
        raise
    pictures.finish()


@contextlib.contextmanager
def _leaving() -> Iterator[None]:
    """A program that ends itself and says that all is well has not failed."""
    try:
        yield
    except SystemExit as error:
        if error.code not in (None, 0):
            raise


def _execute(cell: Cell, namespace: dict[str, Any], echo: bool) -> None:
    name, source = cell
    tree = ast.parse(source, name)
    last = tree.body.pop() if echo and tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec", dont_inherit=True), namespace)
    if isinstance(last, ast.Expr):
        pictures.show_last(eval(compile(ast.Expression(last.value), name, "eval", dont_inherit=True), namespace))


def respond(module: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """The instrument's answer to a request; raises KeyError for an unknown instrument."""
    kit = importlib.import_module("instruments.kit")
    answer: dict[str, Any] = kit.respond(kit.load(module), request)
    return answer


def work(module: str, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Long work of an instrument, one answer per step; raises KeyError for an unknown instrument."""
    kit = importlib.import_module("instruments.kit")
    steps: Iterator[dict[str, Any]] = kit.work(kit.load(module), request)
    return steps


def run_json(cells: str, emit: Emit, check: str = "", frame: Frame | None = None) -> str:
    """`run` for the worker: text in, text out. The output has gone through `emit` and `frame`."""
    parts = [(name, source) for name, source in json.loads(cells)]
    result = run(parts, emit, check, frame)
    note = numeric_warnings.note([source for _, source in parts], result.output)
    return json.dumps({"error": result.error and asdict(result.error), "claims": result.claims, "note": note})


def verdict_json(check: str, claims: str) -> str:
    """`verdict` for the worker: text in, text out."""
    error = verdict(check, claims)
    return json.dumps({"error": error and asdict(error)})


def respond_json(module: str, request: str) -> str:
    """`respond` for the worker: text in, text out. A mistake in the instrument's Python comes back as its last line."""
    try:
        return json.dumps(respond(module, json.loads(request)))
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> str:
    return json.dumps({"failure": explain(error, ()).message})


class Work:
    """`work` for the worker, which asks for the next step whenever it has listened for messages."""

    def __init__(self, module: str, request: str) -> None:
        self._steps = work(module, json.loads(request))

    def step(self) -> str:
        """The next answer, or an empty text when the work is done."""
        try:
            answer = next(self._steps, None)
        except Exception as error:
            self._steps = iter(())
            return _failed(error)
        return "" if answer is None else json.dumps(answer)
