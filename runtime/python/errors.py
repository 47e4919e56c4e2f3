"""An exception in a reader's code, in words: the last line, a hint of ours, a traceback of the reader's lines only.

Knows nothing of running or printing. Explaining never raises, whatever the exception does.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from traceback import StackSummary, TracebackException

from runtime.python.output_stream import visible

LONGEST = 4_000
"""Characters of a message or a traceback that are shown."""

OUT_OF_MEMORY = "Out of memory: Python in a page holds a few gigabytes at most. Make the arrays smaller, or keep fewer."
NO_NETWORK = "Python has no network in this page. Put the data into the cell, or run the cell on your own computer."

PROMPT = "A prompt is no Python: leave out >>>, ... and In [1]: at the beginning of lines, and the lines of output."

HINTS: tuple[tuple[type[BaseException], str, str], ...] = (
    (MemoryError, "", OUT_OF_MEMORY),
    (ValueError, "array is too big", OUT_OF_MEMORY),
    (
        RecursionError,
        "",
        "A function called itself too many times: here a few hundred calls deep is the limit. "
        "Check the case that should end the recursion.",
    ),
    (
        RuntimeError,
        "can't start new thread",
        "Threads cannot start here: Python in a page has a single one. Call the function directly.",
    ),
    (RuntimeError, "TLS", NO_NETWORK),
    (
        RuntimeError,
        "event loop|stack switch|run_sync",
        "A cell cannot run an asyncio event loop. Call plain functions instead.",
    ),
    (NameError, "name 'In' is not defined", PROMPT),
    (
        SyntaxError,
        "'await' outside",
        "A cell is plain Python: await works only inside an async function.",
    ),
    (
        OSError,
        "processes|subprocess",
        "Other programs cannot be started from a page.",
    ),
    (
        OSError,
        "urlopen error|[Hh]ost|getaddrinfo|[Ss]ocket|[Cc]onnection|[Nn]ame resolution|Operation not supported",
        NO_NETWORK,
    ),
)
"""Exception, a sign in its text, our sentence: the first that fits is shown."""

AT_HAND = ["numpy", "matplotlib", "PIL"]
"""Modules besides the standard library that cells of this page can import; those that its chapter lists join them."""

QUOTES = "Python knows straight quotes only, \"…\" and '…': type them anew."
HIDDEN = "A character that cannot be seen, or an unusual space, stands here; the editor marks it. Type a plain space."
LINES: tuple[tuple[str, str], ...] = (
    (r"(>>>|\.\.\.(?= ))", PROMPT),
    (r"[!%]*\s*(pip|conda) +install\b", "Nothing can be installed here: cells have {have}."),
    (r"[!%?]|[\w.]+\?", "Lines with %, ! or ? are commands of a notebook, not Python. Take them out."),
)
"""How a line begins that is no Python, our sentence."""


@dataclass(frozen=True)
class Failure:
    """What a reader sees of an exception; `line` counts from 1 in the cell called `cell`, None: no line is to blame."""

    kind: str
    message: str
    hint: str
    traceback: str
    cell: str
    line: int | None


def explain(error: BaseException, cells: Collection[str]) -> Failure:
    """Put `error` into words; `cells` are the file names of the reader's code, all other frames are left out."""
    try:
        return _exit(error) if isinstance(error, SystemExit) else _failure(error, cells)
    except BaseException:  # a hostile exception must still end in a sentence
        kind = _short(type(error).__name__)
        return Failure(kind, kind, OUT_OF_MEMORY if isinstance(error, MemoryError) else "", "", "", None)


def _exit(error: SystemExit) -> Failure:
    code = error.code
    message = "exited" if code is None else f"exited with {code}"
    return Failure("SystemExit", _short(message), "", "", "", None)


def _failure(error: BaseException, cells: Collection[str]) -> Failure:
    # Lines are looked up when they are shown: those of a library's frames may not have been fetched yet.
    report = TracebackException.from_exception(error, compact=True, lookup_lines=False)
    frames = [frame for frame in report.stack if frame.filename in cells]
    cell, line = (frames[-1].filename, frames[-1].lineno) if frames else ("", None)
    if isinstance(error, SyntaxError) and error.filename in cells:
        cell, line = str(error.filename), error.lineno
    lines = list(report.format_exception_only())
    message = lines[-1] if isinstance(error, SyntaxError) else lines[0]
    for part in _chain(report):
        part.stack = StackSummary.from_list([frame for frame in part.stack if frame.filename in cells])
    trace = "".join(report.format())
    kind = _short(type(error).__name__)
    return Failure(kind, _short(message.rstrip()), _short(hint(error, message)), _short(trace), cell, line)


def _chain(report: TracebackException) -> Iterator[TracebackException]:
    """The report and every report it was caused by or groups."""
    yield report
    for part in (report.__cause__, report.__context__, *(report.exceptions or ())):
        if part is not None:
            yield from _chain(part)


def hint(error: BaseException, message: str) -> str:
    """Our sentence for what a page cannot do, or an empty text; `message` is the error's last line."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _missing(error.name.partition(".")[0])
    if isinstance(error, SyntaxError) and (words := _pasted(error.text or "", message)):
        return words
    return next((words for kind, sign, words in HINTS if isinstance(error, kind) and re.search(sign, message)), "")


def _pasted(line: str, message: str) -> str:
    """What is to be said of a line that Python cannot read, if it looks like a notebook's, a terminal's or a page's."""
    if "invalid non-printable character" in message:
        return HIDDEN
    if re.search("invalid character '[“”„‘’‚]'", message):
        return QUOTES
    words = next((words for start, words in LINES if re.match(start, line.strip())), "")
    return words.replace("{have}", _have())


def _missing(module: str) -> str:
    if module in sys.stdlib_module_names:
        return f"“{module}” is a part of Python that does not exist in a browser."
    if module == "IPython":
        return "display is at hand in every cell, without IPython: take this import out."
    if module in AT_HAND:
        return f"The page brings “{module}” where it reads import {module} in the code: write the import in this form."
    return (
        f"“{module}” is not available in this page: cells have {_have()}. "
        "To use it, copy the cell and run it with Python on your own computer."
    )


def _have() -> str:
    *most, last = AT_HAND
    return f"Python's standard library, {', '.join(most)} and {last}"


def _short(text: str) -> str:
    """`text` made showable, its middle cut when it is long."""
    text = visible(text)
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 2]}\n…\n{text[-LONGEST // 2 :]}"
