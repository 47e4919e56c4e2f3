"""Runs that follow each other in one Python: what one leaves behind, the next does not find, or Python is replaced."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from press.book import read
from press.execution import cells

ROOT = Path(__file__).resolve().parents[2]

FOLLOWED = """
import json, os, sys
import numpy
from runtime.python import host

def follow(runs):
    if any("matplotlib" in code for cells in runs for _, code in cells):
        host.plot()
    host.FRESH.remember()
    answers = []
    for cells in runs:
        result = host.run(cells)
        answers.append([result.output, result.error and result.error.message, host.FRESH.put_back()])
    return answers

for runs in json.load(sys.stdin):
    if os.fork() == 0:
        print(json.dumps(follow(runs)), flush=True)
        os._exit(0)
    os.wait()
"""
"""Each list of runs in a process of its own, as in a worker."""

Answer = tuple[str, str | None, bool]
"""What a run printed, its error, whether Python is fresh after it."""


def follow(runs: list[list[list[tuple[str, str]]]], library: Path = ROOT) -> list[list[Answer]]:
    """`library` is one more folder on Python's path."""
    done = subprocess.run(
        [sys.executable, "-c", FOLLOWED],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}{os.pathsep}{library}", "HOME": "/nowhere"},
        input=json.dumps(runs),
        capture_output=True,
        text=True,
        check=True,
    )
    return [[tuple(answer) for answer in json.loads(line)] for line in done.stdout.splitlines()]


def one(*sources: str) -> list[list[tuple[str, str]]]:
    return [[("cell 1", source)] for source in sources]


PUT_BACK = {
    "a handler of the log": (
        "import logging\nlogging.basicConfig(level=10)\nlogging.getLogger('a').propagate = False",
        "import logging\nlogging.root.handlers, logging.root.level, logging.getLogger('a').propagate",
        "([], 30, True)\n",
    ),
    "a function of a module that the run was the first to use": (
        "import numpy as np\nnp.fft.fft = None",
        "import numpy as np\nnp.fft.fft([1, 0]).real",
        "array([1., 1.])\n",
    ),
    "a method of a class": (
        "from fractions import Fraction\nFraction.__add__ = lambda a, b: 5",
        "from fractions import Fraction\nFraction(1, 2) + 1",
        "Fraction(3, 2)\n",
    ),
    "a method that was not there": (
        "import collections\ncollections.Counter.mine = 1",
        "import collections\nhasattr(collections.Counter, 'mine')",
        "False\n",
    ),
    "the defaults of a function": (
        "import textwrap\ntextwrap.dedent.__defaults__ = ('x',)",
        "import textwrap\ntextwrap.dedent.__defaults__ is None",
        "True\n",
    ),
    "the code of a function": (
        "import textwrap\ntextwrap.dedent.__code__ = (lambda text: 5).__code__",
        "import textwrap\ntextwrap.dedent(' a')",
        "'a'\n",
    ),
    "the keyword defaults of a function": (
        "import json\njson.dumps.__kwdefaults__['indent'] = 1",
        "import json\njson.dumps([1])",
        "'[1]'\n",
    ),
    "an attribute of a function": ("import os\nos.walk.mine = 1", "import os\nhasattr(os.walk, 'mine')", "False\n"),
    "an instance of a module": (
        "import json\njson._default_decoder.scan_once = None",
        "import json\njson.loads('[1]')",
        "[1]\n",
    ),
    "a dictionary of a module": (
        "import mimetypes\nmimetypes.types_map.clear()",
        "import mimetypes\nlen(mimetypes.types_map) > 9",
        "True\n",
    ),
    "the host": (
        "from runtime.python import host\nhost.explain = host.run = None",
        "1 / 0",
        "ZeroDivisionError: division by zero",
    ),
    "a finder of modules": ("import sys\nsys.meta_path.insert(0, 5)", "import cmd\ncmd.PROMPT", "'(Cmd) '\n"),
    "a hook of the path": ("import sys\nsys.path_hooks.clear()", "import sys\nlen(sys.path_hooks) > 0", "True\n"),
    "a module of its own": (
        "import sys, types\nsys.modules['helper'] = types.ModuleType('helper')",
        "import helper",
        "ModuleNotFoundError: No module named 'helper'",
    ),
    "a module from a file of its own": (
        "import os, sys\nopen('helper.py', 'w').write('x = 1')\nsys.path.insert(0, os.getcwd())\nimport helper",
        "import sys\nopen('helper.py', 'w').write('x = 22')\nsys.path.insert(0, '')\nimport helper\nhelper.x",
        "22\n",
    ),
    "a module that was replaced": ("import sys\nsys.modules['json'] = None", "import json\njson.dumps(1)", "'1'\n"),
    "a trace": ("import sys\nsys.settrace(lambda *a: None)", "import sys\nsys.gettrace() is None", "True\n"),
    "a trace of threads": (
        "import threading\nthreading.settrace(print)",
        "import threading\nthreading.gettrace() is None",
        "True\n",
    ),
    "a profile": ("import sys\nsys.setprofile(lambda *a: None)", "import sys\nsys.getprofile() is None", "True\n"),
    "the collector": (
        "import gc\ngc.disable()\ngc.set_threshold(1)\ngc.callbacks.append(print)",
        "import gc\ngc.isenabled(), gc.get_threshold()[0] > 1, gc.callbacks",
        "(True, True, [])\n",
    ),
    "what is shown": (
        "import sys\nsys.displayhook = sys.excepthook = None",
        "import sys\nsys.displayhook is sys.__displayhook__",
        "True\n",
    ),
    "a file elsewhere": (
        "open('/tmp/left-behind', 'w').write('x')",
        "import os\nos.path.exists('/tmp/left-behind')",
        "False\n",
    ),
    "a folder elsewhere": (
        "import os\nos.makedirs('/tmp/left/behind')\nopen('/tmp/left/behind/x', 'w').close()",
        "import os\nos.path.exists('/tmp/left')",
        "False\n",
    ),
    "letters that cannot be encoded": (
        "import codecs\ncodecs.register_error('strict', codecs.ignore_errors)",
        "'é'.encode('ascii')",
        "UnicodeEncodeError",
    ),
    "a context of decimals": (
        "import decimal\ndecimal.getcontext().prec = 2",
        "import decimal\ndecimal.getcontext().prec",
        "28\n",
    ),
    "the context that others are made from": (
        "import decimal\ndecimal.DefaultContext.prec = 3\ndecimal.DefaultContext.traps[decimal.Inexact] = True",
        "import decimal, threading\ndecimal.DefaultContext.prec, decimal.DefaultContext.traps[decimal.Inexact]",
        "(28, False)\n",
    ),
    "what csv reads": (
        "import csv\ncsv.field_size_limit(3)",
        "import csv\nnext(csv.reader(['a long field,b']))",
        "['a long field', 'b']\n",
    ),
    "the generator of random numbers": (
        "import numpy as np\nnp.random.set_bit_generator(np.random.PCG64(7))",
        "import numpy as np\ntype(np.random.get_bit_generator()).__name__",
        "'MT19937'\n",
    ),
    "a dictionary of a kind of its own": (
        "import http, collections, codecs\nimport numpy as np\nnp._core.numerictypes.sctypeDict['int'] = float\n"
        "import logging.config, json.encoder, email.charset, mimetypes\nmimetypes.types_map['.zz'] = 'a/b'",
        "import numpy as np\nnp._core.numerictypes.sctypeDict['int'].__name__",
        "'int",
    ),
    "what a function has from the one around it": (
        "import numpy as np\nnp.printoptions.__closure__[0].cell_contents = None",
        "import numpy as np\nwith np.printoptions(precision=2): print(np.array([1 / 3]))",
        "[0.33]\n",
    ),
    "where modules are found": (
        "import sys\nsys.path_importer_cache['/mine'] = 5",
        "import sys\n'/mine' in sys.path_importer_cache",
        "False\n",
    ),
}


@pytest.fixture(scope="module")
def put_back() -> dict[str, list[Answer]]:
    followed = follow([one(first, second) for first, second, _ in PUT_BACK.values()])
    return dict(zip(PUT_BACK, followed, strict=True))


@pytest.mark.parametrize("what", PUT_BACK)
def test_the_next_run_finds_nothing_of_it(put_back: dict[str, list[Answer]], what: str) -> None:
    first, second = put_back[what]
    assert first[1] is None
    assert first[2], "Python would have been replaced, at a cost"
    assert (second[1] or second[0]).startswith(PUT_BACK[what][2])


REPLACED = {
    "javascript": "import sys, types\nimport js",
    "javascript that is hidden": "import sys\ntry:\n    import js\nexcept ImportError:\n    sys.modules.pop('js', 0)",
    "a class that was registered": "import collections.abc\ncollections.abc.Sequence.register(int)",
    "what others hold": "import gc\ngc.get_referents(vars(str))[0]['upper'] = str.lower",
    "C": "import ctypes\nctypes.string_at(id(1), 1)",
    "a file of the library": "import os\nos.utime('/etc/hostname')",
    "a thread": "import threading, time\nthreading.Thread(target=time.sleep, args=(5,), daemon=True).start()",
    "a file that stays open": "import os, sys\nsys.intern('x')\nos.open('/etc/hostname', os.O_RDONLY)",
}


@pytest.fixture(scope="module")
def replaced() -> dict[str, list[Answer]]:
    return dict(zip(REPLACED, follow([one(source) for source in REPLACED.values()]), strict=True))


@pytest.mark.parametrize("what", REPLACED)
def test_after_this_python_is_replaced(replaced: dict[str, list[Answer]], what: str) -> None:
    assert not replaced[what][0][2]


ORDINARY = (
    "import numpy as np\nnp.linalg.inv(np.eye(3)), np.random.default_rng(1).normal(), np.random.rand()",
    "import re\nre.sub('(a|b)+', 'c', 'abba')",
    "import numpy as np\nnp.polynomial.Polynomial([1, 2]), np.ma.array([1]), np.einsum('ij->ji', np.eye(2)).shape",
    "from datetime import datetime\ndatetime.strptime('2020', '%Y')",
    "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int = 1\nA()",
    "import enum, typing, decimal, fractions, statistics, csv, pprint, copy, abc, io, heapq, bisect, string, calendar",
    "import unittest, doctest, argparse, logging, pathlib, tempfile, zipfile, pickle, inspect, traceback, timeit",
    "import tempfile\nwith tempfile.NamedTemporaryFile('w') as file:\n    file.write('x')",
    "import functools\n@functools.cache\ndef f(n): return n and f(n - 1)\nf(50)",
    "import logging\nlogging.warning('careful')",
    "import warnings\nwarnings.warn('careful')",
    "import contextlib, urllib.parse, html, base64, hashlib, hmac, secrets, uuid, struct, array, queue, random",
    "help(len)",
    "raise ValueError('x')",
)


def test_ordinary_runs_keep_python_and_run_again() -> None:
    """Twice in one Python: what a library keeps for itself is no reason to replace it, and works the second time."""
    (answers,) = follow([one(*ORDINARY, *ORDINARY)])
    assert [source for source, answer in zip(ORDINARY * 2, answers, strict=True) if not answer[2]] == []
    half = len(ORDINARY)
    for source, first, second in zip(ORDINARY, answers[:half], answers[half:], strict=True):
        assert first[1] == second[1], source
        assert first[1] is None or "raise" in source


def test_no_cell_of_the_chapter_wears_python_out() -> None:
    _, chapters, _ = read.book(ROOT / "content")
    runs: list[Any] = []
    for chapter in chapters:
        needs, _ = cells.needed(chapter)
        runs += [[(part.name, part.source) for part in (*needs[cell.name], cell)] for cell in cells.cells(chapter)]
        runs += [[(task.name, task.solution.source)] for task in cells.tasks(chapter)]
    assert len(runs) > 5
    (answers,) = follow([runs * 2])
    assert [error for _, error, _ in answers if error] == []
    assert all(fresh for _, _, fresh in answers)
    assert answers[: len(runs)] == answers[len(runs) :]


def test_what_a_library_does_while_it_is_imported_is_not_the_run_s_doing(tmp_path: Path) -> None:
    """Scipy, imported in a browser, calls functions of C; a reader who does that has Python replaced."""
    calls = "import ctypes\n_ = ctypes.string_at(id(1), 1)\n"
    (tmp_path / "library_with_c.py").write_text(calls, encoding="utf-8")
    again = "import sys, library_with_c\nprint('library_with_c' in sys.modules)"
    (runs,) = follow([one("import library_with_c", again, calls)], library=tmp_path)
    assert runs == [("", None, True), ("True\n", None, True), ("", None, False)]
