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

WORDS = {
    "out_of_memory": "Out of memory: Python in a page holds a few gigabytes at most. "
    "Make the arrays smaller, or keep fewer.",
    "no_network": "Python has no network in this page. "
    "Put the data into the cell, or run the cell on your own computer.",
    "prompt": "A prompt is no Python: leave out >>>, ... and In [1]: at the beginning of lines, "
    "and the lines of output.",
    "recursion": "A function called itself too many times: here a few hundred calls deep is the limit. "
    "Check the case that should end the recursion.",
    "no_threads": "Threads cannot start here: Python in a page has a single one. Call the function directly.",
    "no_event_loop": "A cell cannot run an asyncio event loop. Call plain functions instead.",
    "no_await": "A cell is plain Python: await works only inside an async function.",
    "no_programs": "Other programs cannot be started from a page.",
    "no_files": "Cells have no files but those they write themselves: put the data into the code.",
    "quotes": "Python knows straight quotes only, \"…\" and '…': type them anew.",
    "hidden": "A character that cannot be seen, or an unusual space, stands here; the editor marks it. "
    "Type a plain space.",
    "nothing_to_install": "Nothing can be installed here: cells have {have}.",
    "notebook_commands": "Lines with %, ! or ? are commands of a notebook, not Python. Take them out.",
    "no_browser_module": "“{module}” is a part of Python that does not exist in a browser.",
    "display": "display is at hand in every cell, without IPython: take this import out.",
    "import_form": "The page brings “{module}” where it reads import {module} in the code: "
    "write the import in this form.",
    "no_module": "“{module}” is not available in this page: cells have {have}. "
    "To use it, copy the cell and run it with Python on your own computer.",
    "have": "Python's standard library, {most} and {last}",
}
"""What this Python says of an error besides Python's own words; a page in another language brings its own."""

HINTS: tuple[tuple[type[BaseException], str, str], ...] = (
    (MemoryError, "", "out_of_memory"),
    (ValueError, "array is too big", "out_of_memory"),
    (RecursionError, "", "recursion"),
    (RuntimeError, "can't start new thread", "no_threads"),
    (RuntimeError, "TLS", "no_network"),
    (RuntimeError, "event loop|stack switch|run_sync", "no_event_loop"),
    (NameError, "name 'In' is not defined", "prompt"),
    (SyntaxError, "'await' outside", "no_await"),
    (FileNotFoundError, "", "no_files"),
    (OSError, "processes|subprocess", "no_programs"),
    (
        OSError,
        "urlopen error|[Hh]ost|getaddrinfo|[Ss]ocket|[Cc]onnection|[Nn]ame resolution|Operation not supported",
        "no_network",
    ),
)
"""Exception, a sign in its text, the name of our sentence: the first that fits is shown."""

AT_HAND = ["numpy", "matplotlib", "PIL"]
"""Modules besides the standard library that cells of this page can import; those that its chapter lists join them."""

LINES: tuple[tuple[str, str], ...] = (
    (r"(>>>|\.\.\.(?= ))", "prompt"),
    (r"[!%]*\s*(pip|conda) +install\b", "nothing_to_install"),
    (r"[!%?]|[\w.]+\?", "notebook_commands"),
)
"""How a line begins that is no Python, the name of our sentence."""


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
        return Failure(kind, kind, WORDS["out_of_memory"] if isinstance(error, MemoryError) else "", "", "", None)


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
    found = (name for kind, sign, name in HINTS if isinstance(error, kind) and re.search(sign, message))
    return next((WORDS[name] for name in found), "")


def _pasted(line: str, message: str) -> str:
    """What is to be said of a line that Python cannot read, if it looks like a notebook's, a terminal's or a page's."""
    if "invalid non-printable character" in message:
        return WORDS["hidden"]
    if re.search("invalid character '[“”„‘’‚]'", message):
        return WORDS["quotes"]
    found = (WORDS[name] for start, name in LINES if re.match(start, line.strip()))
    return next(found, "").replace("{have}", _have())


def _missing(module: str) -> str:
    name = "no_module"
    if module in sys.stdlib_module_names:
        name = "no_browser_module"
    elif module == "IPython":
        name = "display"
    elif module in AT_HAND:
        name = "import_form"
    return WORDS[name].replace("{have}", _have()).replace("{module}", module)


def _have() -> str:
    *most, last = AT_HAND
    return WORDS["have"].replace("{most}", ", ".join(most)).replace("{last}", last)


def _short(text: str) -> str:
    """`text` made showable, its middle cut when it is long."""
    text = visible(text)
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 2]}\n…\n{text[-LONGEST // 2 :]}"
