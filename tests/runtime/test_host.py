"""Cells run in CPython by the code that runs them in the browser."""

from __future__ import annotations

import io
import sys
import types
import warnings
from pathlib import Path

import pytest

from runtime.python import host

PRINTS = {
    "nothing": ("", ""),
    "a value": ("1 + 1", "2\n"),
    "a text value keeps its quotes": ("'a'", "'a'\n"),
    "None is not shown": ("None", ""),
    "an assignment is not shown": ("a = 1", ""),
    "only the last value": ("1\n2", "2\n"),
    "print and value": ("print('a')\n3", "a\n3\n"),
    "no line break at the end": ("print('a', end='')", "a"),
    "standard error as well": ("import sys\nprint('a', file=sys.stderr)", "a\n"),
    "colours are stripped": (r"print('\x1b[31mred\x1b[0m')", "red\n"),
    "control characters are escaped": (r"print('a\0b\x07')", "a\\x00b\\x07\n"),
    "a lone surrogate is escaped": (r"print('\udc80')", "\\udc80\n"),
    "emoji and right-to-left marks stay": (r"print('😀 \u202e')", "😀 \u202e\n"),
    "a carriage return goes back": (r"print('abc\rd')", "dbc\n"),
    "progress is one line": (
        r"for i in range(0, 101, 10): print(f'\r{i:3d} %', end='', flush=True)" + "\nprint(' done')",
        "100 % done\n",
    ),
    "progress that ends in a carriage return": (r"print('1/2', end='\r')" + "\n" + r"print('2/2', end='\r')", "2/2"),
    "an erased line": (r"print('long words\r\x1b[Kshort')", "short\n"),
    "lines of Windows": (r"print('a\r\nb')", "a\nb\n"),
    "leaving": ("import sys\nprint(1)\nsys.exit(0)\nprint(2)", "1\n"),
    "leaving without a word": ("print(1)\nraise SystemExit", "1\n"),
    "dataclasses find their module": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: 'int'\nA(1)",
        "A(x=1)\n",
    ),
    "it is the program": ("__name__", "'__main__'\n"),
}


@pytest.mark.parametrize(("source", "output"), PRINTS.values(), ids=PRINTS)
def test_prints(source: str, output: str) -> None:
    result = host.run([("cell 1", source)])
    assert (result.output, result.error) == (output, None)


FAILS = {
    "unknown name": ("a = 1\nb", "NameError: name 'b' is not defined", 2),
    "in a function": ("def f():\n    return 1 / 0\n\nf()", "ZeroDivisionError: division by zero", 2),
    "in a library": ("import json\n\njson.loads('{')", "json.decoder.JSONDecodeError: Expecting property name", 3),
    "syntax": ("x = 1\ny = = 2", "SyntaxError: invalid syntax", 2),
    "indentation": ("if 1:\nx", "IndentationError: expected an indented block after 'if' statement on line 1", 2),
    "exit": ("import sys\nsys.exit(3)", "exited with 3", None),
    "exit with words": ("import sys\nsys.exit('no data')", "exited with no data", None),
    "an exception without a message": ("raise ValueError", "ValueError", 1),
    "an exception that cannot be shown": (
        "class E(Exception):\n    def __str__(self): 1 / 0\nraise E",
        "E: <exception str() failed>",
        3,
    ),
    "not an exception": ("raise 1", "TypeError: exceptions must derive from BaseException", 1),
    "endless recursion": ("def f(): f()\nf()", "RecursionError: maximum recursion depth exceeded", 1),
    "a keyboard interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt", 1),
}


@pytest.mark.parametrize(("source", "message", "line"), FAILS.values(), ids=FAILS)
def test_fails(source: str, message: str, line: int | None) -> None:
    error = host.run([("cell 1", source)]).error
    assert error is not None
    assert error.message.startswith(message)
    assert error.line == line
    assert __file__ not in error.traceback
    assert "runtime" not in error.traceback


HINTS = {
    "import torch": "“torch” is not available",
    "import torch.nn": "“torch” is not available",
    "def f(): f()\nf()": "called itself too many times",
    "raise MemoryError": "Out of memory",
    "await x": "await works only inside",
    'raise RuntimeError("can\'t start new thread")': "single one",
    "raise OSError(138, 'emscripten does not support processes.')": "Other programs",
    "from urllib.error import URLError\nraise URLError('x')": "no network",
    "1 / 0": "",
}


@pytest.mark.parametrize(("source", "hint"), HINTS.items(), ids=HINTS)
def test_hints(source: str, hint: str) -> None:
    error = host.run([("cell 1", source)]).error
    assert error is not None
    assert hint in error.hint
    assert bool(error.hint) == bool(hint)


def test_a_cause_is_told() -> None:
    error = host.run([("cell 1", "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError from e")]).error
    assert error is not None
    assert "direct cause" in error.traceback
    assert error.line == 4


def test_needed_cells_run_first_and_unseen() -> None:
    result = host.run([("cell 1", "a = 1\nprint('no')\n5"), ("cell 2", "b = a + 1"), ("cell 3", "print(a, b)")])
    assert result.output == "1 2\n"


def test_a_needed_cell_that_fails_is_named() -> None:
    result = host.run([("cell 1", "\n1 / 0"), ("cell 2", "print(1)")])
    assert result.output == ""
    assert result.error is not None
    assert (result.error.cell, result.error.line) == ("cell 1", 2)


LEFT_BEHIND = {
    "a name": ("a = 1", "'a' in globals()", "False\n"),
    "a builtin": ("import builtins\nbuiltins.len = None", "len([1])", "1\n"),
    "standard output": ("import sys, io\nsys.stdout = io.StringIO()", "print(1)", "1\n"),
    "a number of a module": ("import math\nmath.pi = 3", "import math\nmath.pi > 3", "True\n"),
    "numpy's functions": ("import numpy as np\nnp.sum = None", "import numpy as np\nprint(np.sum([1]))", "1\n"),
    "numpy's error state": (
        "import numpy as np\n_ = np.seterr(all='raise')",
        "import numpy as np\nnp.geterr()['over']",
        "'warn'\n",
    ),
    "numpy's print options": (
        "import numpy as np\nnp.set_printoptions(precision=1)",
        "import numpy as np\nprint(np.array([1.25]))",
        "[1.25]\n",
    ),
    "warning filters": (
        "import warnings\nwarnings.simplefilter('error')",
        "import warnings\nlen(warnings.filters)",
        "0\n",
    ),
    "a folder": ("import os\nos.mkdir('x')\nos.chdir('x')", "import os\nos.listdir()", "[]\n"),
    "the search path": ("import sys\nsys.path.clear()", "import csv", ""),
    "the environment": ("import os\nos.environ.clear()", "import os\nlen(os.environ) > 0", "True\n"),
    "the recursion limit": (
        "import sys\nsys.setrecursionlimit(60)",
        "import sys\nsys.getrecursionlimit() > 60",
        "True\n",
    ),
    "text without a line break": ("print('a', end='')", "print('b')", "b\n"),
}


@pytest.mark.parametrize(("first", "second", "output"), LEFT_BEHIND.values(), ids=LEFT_BEHIND)
def test_a_run_leaves_nothing_behind(first: str, second: str, output: str) -> None:
    with warnings.catch_warnings():
        warnings.resetwarnings()
        assert host.run([("cell 1", first)]).error is None
        result = host.run([("cell 1", second)])
    assert (result.output, result.error) == (output, None)


def test_a_seed_is_forgotten() -> None:
    seeded = "import random, numpy as np\nrandom.seed(0)\nnp.random.seed(0)"
    numbers = "import random, numpy as np\nprint(random.random(), np.random.rand())"
    drawn = set()
    for _ in range(3):
        host.run([("cell 1", seeded)])
        drawn.add(host.run([("cell 1", numbers)]).output)
    assert len(drawn) == 3


def test_the_caller_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    main, out = sys.modules["__main__"], sys.stdout
    host.run([("cell 1", "import os, sys\nopen('x', 'w').close()\nsys.stdout = None\n1 / 0")])
    assert sys.modules["__main__"] is main
    assert sys.stdout is out
    assert Path.cwd() == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_input_says_what_to_do_instead() -> None:
    error = host.run([("cell 1", "input('name? ')")]).error
    assert error is not None
    assert "input() cannot ask here" in error.message


def test_text_arrives_while_the_cell_runs() -> None:
    heard: list[str] = []
    source = "import time\nfor i in range(3):\n    print(i)\n    time.sleep(.06)"
    host.run([("cell 1", source)], lambda added, tail, lines, characters: heard.append(added))
    assert "".join(heard) == "0\n1\n2\n"
    assert len(heard) >= 3


def test_a_generator_of_views_is_asked_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    views = [{"regions": {"map": "<p>1</p>"}}, {"regions": {"map": "<p>2</p>"}}]
    kit = types.ModuleType("instruments.kit")
    kit.load = lambda name: name  # type: ignore[attr-defined]
    kit.work = lambda module, request: iter(views)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "instruments.kit", kit)
    work = host.Work("any", "{}")
    assert [work.step() for _ in range(3)] == [
        '{"regions": {"map": "<p>1</p>"}}',
        '{"regions": {"map": "<p>2</p>"}}',
        "",
    ]


def test_the_reader_has_no_standard_input() -> None:
    assert host.run([("cell 1", "import sys\nsys.stdin.read()")]).output == "''\n"
    assert not isinstance(sys.stdin, io.StringIO)


# ---- checks -------------------------------------------------------------------------------------------------------


def test_a_check_runs_in_the_namespace_of_the_cell_and_prints_nothing() -> None:
    result = host.run([("cell 1", "x = 2\nprint('mine')")], check="print('unseen')\nassert x == 2")
    assert (result.output, result.error) == ("mine\n", None)


def test_a_failed_check_says_so_in_its_own_name() -> None:
    error = host.run([("cell 1", "x = 2\nprint('mine')")], check="assert x == 3, 'x should be 3'").error
    assert error and (error.cell, error.line, error.message) == ("check", 1, "AssertionError: x should be 3")


def test_an_error_of_the_cell_during_its_check_is_the_cells() -> None:
    error = host.run([("cell 1", "def f():\n    return 1 / 0")], check="f()").error
    assert error and (error.cell, error.line) == ("cell 1", 2)


def test_a_cell_that_ends_python_does_not_pass() -> None:
    check = "assert x == 1, 'x'"
    assert host.verdict(check, host.run([("cell 1", "raise SystemExit\nx = 1")], check=check).claims)


def test_a_needed_cell_that_ends_python_is_named() -> None:
    error = host.run([("cell 1", "raise SystemExit"), ("cell 2", "print(1)")]).error
    assert error and error.message == "exited"


@pytest.mark.parametrize("odd", ["\r", "\r\n", "\x0c\n", "  # \u2028 \x0b \x1c \x85\n"])
def test_a_traceback_quotes_the_line_that_failed(odd: str) -> None:
    error = host.run([("cell 1", f"a = 1{odd}b = 2{odd}1 / 0{odd}c = 3")]).error
    assert error and error.line == 3
    assert "    1 / 0" in error.traceback
