"""What does not exist in a page: each a sentence of ours that says what to do instead."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.reader import Cell

SENTENCES = {
    "input('x')": "input() cannot ask here",
    "import sys\nsys.stdin.readline()\ninput()": "input() cannot ask here",
    "import pandas": "“pandas” is not available in this page",
    "import torch": "not available in this page: cells have Python's standard library, numpy, matplotlib and PIL",
    "from IPython.display import display": "display is at hand in every cell, without IPython: take this import out",
    "from torch import nn": "“torch” is not available in this page",
    "import tkinter": "“tkinter” is a part of Python that does not exist in a browser",
    "import threading\nthreading.Thread(target=print).start()": "Threads cannot start here",
    "from concurrent.futures import ThreadPoolExecutor as P\nP().submit(print)": "Threads cannot start here",
    "import subprocess\nsubprocess.run(['ls'])": "Other programs cannot be started",
    "import multiprocessing\nmultiprocessing.Process(target=print).start()": "does not exist in a browser",
    "import urllib.request\nurllib.request.urlopen('http://example.org')": "Python has no network in this page",
    "import urllib.request\nurllib.request.urlopen('https://example.org')": "Python has no network in this page",
    "import asyncio\nasyncio.run(asyncio.sleep(0))": "cannot run an asyncio event loop",
    "await f()": "await works only inside an async function",
}


@pytest.mark.parametrize(("source", "sentence"), SENTENCES.items(), ids=SENTENCES)
def test_a_sentence_of_ours(cell: Cell, source: str, sentence: str) -> None:
    cell.run(source)
    expect(cell.error).to_contain_text(sentence)
    assert "micropip" not in (cell.error.text_content() or "")


ERRORS = {
    "exit": ("import sys\nsys.exit(3)", "exited with 3", None),
    "syntax": ("a = 1\nb = = 2", "SyntaxError: invalid syntax", 2),
    "a name in line 4": ("a = 1\n\n\nb", "NameError: name 'b' is not defined", 4),
    "inside numpy": ("import numpy as np\nnp.ones(3) @ np.ones(4)", "ValueError", 2),
}


@pytest.mark.parametrize(("source", "message", "line"), ERRORS.values(), ids=ERRORS)
def test_an_error_shows_the_readers_lines_only(cell: Cell, source: str, message: str, line: int | None) -> None:
    cell.run(source)
    expect(cell.error.locator(".error-message")).to_contain_text(message)
    trace = cell.error.locator("pre").text_content() if line else ""
    for internal in ("/lib/", "/pack/", "host.py", "pyodide"):
        assert internal not in (trace or "")
    marked = cell.code.locator(".cm-error-line")
    if line is None:
        expect(marked).to_have_count(0)
    else:
        expect(marked).to_have_text(source.split("\n")[line - 1])
