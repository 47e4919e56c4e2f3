"""What readers' Python has not is a mistake where it is imported; what it has is known to the builder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from press.execution.dependencies import Sources
from press.execution.imports import BESIDES, COMPILED, USELESS, in_cells, in_instrument, modules
from press.processes import node
from press.text.places import Place, Text

ROOT = Path(__file__).resolve().parents[3]
HAVE = "readers have Python's standard library, numpy, in cells matplotlib, and what lies in instruments/"

CODE = {
    "import torch": f"1: readers' Python has no module “torch”; {HAVE}",
    "import scipy": '1: readers\' Python has no module “scipy”; list "scipy" in packages in chapter.toml',
    "x = 1\nfrom yaml.nodes import Node": '2: readers\' Python has no module “yaml”; list "pyyaml" in packages in',
    "import json, tkinter as tk": "1: readers' Python has no module “tkinter”",
    "import subprocess": "1: subprocess does nothing for readers: other programs cannot be started from a page",
    "def f():\n    import multiprocessing.pool": "2: multiprocessing does nothing for readers",
    "import cgi": "1: readers' Python has no module “cgi”",
    "import press.site": "1: readers' Python has no module “press”",
}
HARMLESS = (
    "import numpy.linalg, math, sys, dataclasses\nfrom collections import abc\nfrom instruments.nn import ops",
    "import matplotlib.pyplot as plt\nfrom PIL import Image",
    "try:\n    import torch\nexcept ImportError:\n    torch = None",
    "try:\n    import torch\nexcept (OSError, ModuleNotFoundError):\n    torch = None",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import scipy",
    "from . import neighbour",
    "print('import scipy')",
    "import (",
)


def told(code: str) -> list[str]:
    found = in_cells([Text(Place("x.md", 1), code)], ROOT)
    return [str(mistake).removeprefix("x.md:") for mistake in found]


@pytest.mark.parametrize("code", CODE)
def test_what_readers_lack_is_told_at_its_line(code: str) -> None:
    (mistake,) = told(code)
    assert mistake.startswith(CODE[code])


@pytest.mark.parametrize("code", HARMLESS)
def test_what_readers_have_is_not_mentioned(code: str) -> None:
    assert told(code) == []


def test_modules_of_listed_packages_are_known_in_cells_and_told_of() -> None:
    code = Text(Place("x.md", 1), "import sklearn.svm\nimport torch")
    (mistake,) = in_cells([code], ROOT, ["sklearn"])
    assert str(mistake) == f"x.md:2: readers' Python has no module “torch”; {HAVE.replace('lib,', 'lib, sklearn,')}"


def test_an_import_in_a_try_that_minds_something_else_is_told() -> None:
    assert len(told("try:\n    import torch\nexcept ValueError:\n    pass")) == 1


@pytest.mark.parametrize("name", ["kernel_explorer", "feature_maps", "receptive_field", "labs.train_cnn"])
def test_the_chapter_s_instruments_run_anywhere(name: str) -> None:
    assert list(in_instrument(f"instruments.{name}", Sources(ROOT), ROOT)) == []


def test_pyodide_has_just_what_the_builder_takes_it_to_have() -> None:
    asked = sorted(
        name
        for name in sys.stdlib_module_names | COMPILED
        if not name.startswith("_") and name not in ("this", "antigravity")
    )
    program = (
        f"const {{loadPyodide}} = await import({(ROOT / 'node_modules/pyodide/pyodide.mjs').as_uri()!r});"
        "const python = await loadPyodide();"
        f"console.log(python.runPython(`import importlib.util\n"
        f"' '.join(name for name in {asked!r} if importlib.util.find_spec(name))`)); process.exit(0);"
    )
    words = [str(node.executable()), "--input-type=module", "--eval", program]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=True)
    there = set(done.stdout.split())
    assert len(there) > 150
    assert there == {name for name in asked if name in modules(ROOT)}
    assert USELESS.keys() <= there
    assert not there & set(BESIDES) - {"__future__"}
