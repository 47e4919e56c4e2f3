"""A check judges code that would rather judge itself: whatever that code does, only right values pass."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from press.cache import Cache
from press.execution import cells
from runtime.python import host
from runtime.python.plain_data import DEEPEST, LARGEST, NotData, Other, decoded, encoded, parsed

ROOT = Path(__file__).resolve().parents[2]
CHECK = """
import numpy as np

assert isinstance(double(np.ones(2)), np.ndarray), "double must return an array"
assert np.array_equal(double(np.arange(3.0)), [0, 2, 4]), "twice 0, 1, 2 is 0, 2, 4"
for n in range(5):
    assert double(n) == 2 * n, f"twice {n} is not {double(n)}"
"""
RIGHT = "def double(x):\n    return x + x"
WRONG = "def double(x):\n    return x"


def verdict(source: str, check: str = CHECK) -> str:
    """The verdict's words on a reader's code, empty if it passes."""
    result = host.run([("exercise 1", source)], check=check)
    if result.error and result.error.cell != host.CHECK:
        return f"stopped: {result.error.message}"
    error = host.verdict(check, result.claims)
    return error.message if error else ""


def test_right_code_passes() -> None:
    assert verdict(RIGHT) == ""


def test_wrong_code_is_told_what_is_wrong() -> None:
    assert verdict(WRONG) == "AssertionError: twice 0, 1, 2 is 0, 2, 4"


CLAIMS = "from runtime.python.task_check import Claims\nClaims.text = property(lambda self: %r)"
CHEATS = {
    "its own assertion error": "import builtins\nclass Never(Exception): pass\nbuiltins.AssertionError = Never",
    "numpy's comparison": "import numpy as np\nnp.array_equal = lambda *a: True",
    "Python's functions": "isinstance = lambda *a: True\nrange = lambda n: []",
    "names of the check": "n = np = 1\n__name__ = 'check'",
    "the host's functions": "from runtime.python import host, task_check\nhost._execute = lambda *a, **k: None",
    "the end of Python": "import os\nos._exit(0)",
    "no claims": CLAIMS % "",
    "claims of another function": CLAIMS % json.dumps({"names": {"other": None}, "calls": []}),
    "no calls": CLAIMS % json.dumps({"names": {"double": None}, "calls": []}),
    "an outcome written to every open file": (
        "import json, os, struct\nwords = json.dumps(['', '', '', 0, 0.0, '']).encode()\nfor n in range(3, 64):\n"
        "    try: os.write(n, struct.pack('!i', len(words)) + words)\n    except OSError: pass"
    ),
    "a result that agrees with everything": (
        "class Yes:\n    def __eq__(self, other): return True\n    def __array__(self, *a, **k): return 1\n"
        "def double(x): return Yes()"
    ),
    "an array that agrees with everything": (
        "import numpy as np\nclass Yes(np.ndarray):\n    def __eq__(self, other): return np.True_\n"
        "def double(x): return np.asarray(x).view(Yes)"
    ),
    "an exception": "def double(x):\n    raise AssertionError",
}


@pytest.fixture(scope="module")
def cheats() -> dict[str, cells.Outcome]:
    runs: dict[str, cells.Run] = {
        what: [("exercise 1", f"{WRONG}\n{how}"), (host.CHECK, CHECK)] for what, how in CHEATS.items()
    }
    runs["nothing"] = [("exercise 1", RIGHT), (host.CHECK, CHECK)]
    with cells.Runner(ROOT, Cache(ROOT / ".cache", "cells")) as runner:
        return runner.run(runs)


@pytest.mark.parametrize("what", CHEATS)
def test_no_cheat_passes(cheats: dict[str, cells.Outcome], what: str) -> None:
    assert cheats[what].message
    assert not cheats["nothing"].message


FORGED = {
    "nothing": "",
    "no JSON": "{",
    "other JSON": "[]",
    "no calls": '{"names": {"double": null}, "calls": []}',
    "calls that are none": '{"names": {"double": null}, "calls": [1, 2]}',
    "deep": '{"names": {}, "calls": ' + "[" * 100_000,
    "long": " " * (LARGEST + 1),
    "unknown data": '{"names": {"double": null}, "calls": [{"gave": ["pickle", "x"]}]}',
    "a name of Python's": json.dumps({"names": {"isinstance": [True]}, "calls": []}),
    "an exception that is none": '{"names": {"double": null}, "calls": [{"raised": "exit", "words": "0"}]}',
    "the end of Python": '{"names": {"double": null}, "calls": [{"raised": "SystemExit", "words": "0"}]}',
}


@pytest.mark.parametrize("claims", FORGED.values(), ids=FORGED)
def test_forged_claims_do_not_pass(claims: str) -> None:
    assert host.verdict(CHECK, claims) is not None


def test_a_check_may_expect_an_exception() -> None:
    check = (
        "try:\n    root(-1)\nexcept ValueError as error:\n    assert 'below' in str(error), 'say why'\n"
        "else:\n    assert False, 'refuse'"
    )
    assert verdict("def root(x):\n    raise ValueError('below zero')", check) == ""
    assert verdict("def root(x):\n    raise ValueError('no')", check) == "AssertionError: say why"
    assert verdict("def root(x):\n    return 0", check) == "AssertionError: refuse"
    assert verdict("def root(x):\n    return [][1]", check) == "stopped: IndexError: list index out of range"


def test_a_check_sees_values_not_what_they_were_computed_from() -> None:
    assert verdict("x = [1, (2, 'a')]", "x.append(3)\nassert x == [1, (2, 'a'), 3], 'no'") == ""
    assert verdict("def f(x):\n    x.append(1)", "y = []\nf(y)\nassert y == [], 'changed'") == ""


def test_too_many_calls_are_refused() -> None:
    assert "1000 times" in verdict("def f(): return 1", "while f(): pass")


numbers = arrays.arrays(st.sampled_from(["<i8", "<f8", "|b1", "|u1", "<c16", "<f4"]), arrays.array_shapes(min_side=0))
simple = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
values = st.recursive(
    simple | numbers,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=9,
)


@given(values)
def test_data_cross_unchanged(value: object) -> None:
    back = decoded(parsed(json.dumps(encoded(value))))
    assert repr(back) == repr(value)


def test_what_is_no_data_is_named() -> None:
    assert decoded(encoded([len, np.float64(1.5), {1: object()}])) == [
        Other("builtin_function_or_method"),
        np.float64(1.5),
        {1: Other("object")},
    ]
    deep: list[object] = []
    for _ in range(DEEPEST + 5):
        deep = [deep]
    assert "<list>" in repr(decoded(encoded(deep)))
    circle: list[object] = []
    circle.append(circle)
    assert "<list>" in repr(decoded(encoded(circle)))


@pytest.mark.parametrize(
    "data",
    [
        ["numbers", "|O", [1], ""],
        ["numbers", "<f8", [2], base64.b64encode(bytes(8)).decode()],
        ["numbers", "<f8", [-1], base64.b64encode(bytes(8)).decode()],
        ["numbers", "<f8", [1], "?"],
        ["numbers", "<f8", [10**9], ""],
        ["dict", [[], 1]],
        ["dict", [["list"], 1]],
        ["set", 1],
        {"a": 1},
        [],
    ],
)
def test_only_data_are_read(data: object) -> None:
    with pytest.raises(NotData):
        decoded(data)
