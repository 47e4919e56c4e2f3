"""A run marks no other, and no check: somebody else's code is the last of its worker, one's own is cleared away."""

from __future__ import annotations

import contextlib
import json

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import CHAPTER
from tests.browser.faults.test_links import link
from tests.browser.reader import LONG, Cell, cells, stay

CLEVER = """from runtime.python import isolation
import csv
isolation.Fresh.put_back = lambda self: True
csv.QUOTE_ALL = "theirs"
print("ran")
"""
"""What nobody does by accident: it makes Python say that nothing was left behind."""
ASKING = "import csv\ncsv.QUOTE_ALL"


def mark(page: Page) -> None:
    """Mark the workers there are when that of the cells lasts: the one of the very first run may be replaced."""
    for _ in range(10):
        cells(page)[0].run("1")
        for worker in page.workers:
            with contextlib.suppress(Error):
                worker.evaluate("globalThis.marked = true")
        cells(page)[0].run("1")
        if marked(page):
            return


def marked(page: Page) -> bool:
    """Whether it is still there; one that only stood by may go at any time."""
    for worker in page.workers:
        with contextlib.suppress(Error):
            if worker.evaluate("globalThis.marked"):
                return True
    return False


def test_a_link_marks_no_other_run(page: Page, server: str) -> None:
    page.goto(link(server, CLEVER))
    first, second = cells(page)[:2]
    assert first.run() == "ran\n"
    assert second.run(ASKING) == "1\n"
    assert first.run() == "ran\n"
    assert second.run(ASKING) == "1\n"


def test_it_stays_somebody_elses_after_a_change_and_a_reload(page: Page, server: str) -> None:
    page.goto(link(server, CLEVER))
    first, second = cells(page)[:2]
    first.edit(CLEVER + "\n# mine")
    page.goto("about:blank")
    page.goto(server + CHAPTER)
    assert first.source().endswith("# mine")
    assert first.run() == "ran\n"
    assert second.run(ASKING) == "1\n"


def test_undoing_does_not_bring_it_back_without_its_mark(page: Page, server: str) -> None:
    page.goto(link(server, CLEVER))
    first = cells(page)[0]
    first.edit(CLEVER + "\n# mine")
    first.button("reset").click()
    original = first.source()
    assert CLEVER not in original
    first.code.click()
    for _ in range(3):
        page.keyboard.press("Control+z")
    assert first.source() == original


def test_a_file_marks_no_other_run(chapter: Page) -> None:
    first, second = cells(chapter)[:2]
    first.edit("print('mine')")
    with chapter.expect_download() as download:
        chapter.locator("[data-memory] [data-action=export]").click()
    file = json.loads(download.value.path().read_text(encoding="utf-8"))
    file["entries"][f"cell {first.name}"]["text"] = CLEVER
    chapter.locator("[data-memory] [data-action=import]").set_input_files(
        {"name": "work.json", "mimeType": "application/json", "buffer": json.dumps(file).encode()}
    )
    expect(chapter.locator("[data-memory] [data-status]")).to_contain_text("brought back")
    assert first.run() == "ran\n"
    assert second.run(ASKING) == "1\n"


SLIPS = {
    "a handler of the log": (
        "import logging\nlogging.basicConfig(level=10)",
        "import logging\nlogging.root.handlers",
        "[]\n",
    ),
    "a function of numpy": (
        "import numpy as np\nnp.fft.fft = None",
        "import numpy as np\nnp.fft.fft([1, 0]).real",
        "array([1., 1.])\n",
    ),
    "a method": (
        "from fractions import Fraction\nFraction.__add__ = None",
        "from fractions import Fraction\nFraction(1, 2) + 1",
        "Fraction(3, 2)\n",
    ),
    "a trace": ("import sys\nsys.settrace(lambda *a: None)", "import sys\nprint(sys.gettrace())", "None\n"),
    "the collector": ("import gc\ngc.disable()", "import gc\ngc.isenabled()", "True\n"),
    "a file": ("open('/tmp/mine', 'w').write('x')", "import os\nos.path.exists('/tmp/mine')", "False\n"),
    "a module of one's own": (
        "import sys, os\nopen('own.py', 'w').write('x = 1')\nsys.path.append(os.getcwd())\nimport own",
        "import sys\n'own' in sys.modules",
        "False\n",
    ),
}


@pytest.mark.parametrize("what", SLIPS)
def test_what_is_left_behind_is_cleared_away_in_the_same_worker(awake: Page, cell: Cell, what: str) -> None:
    first, second, printed = SLIPS[what]
    mark(awake)
    cell.run(first)
    assert cells(awake)[1].run(second) == printed
    assert marked(awake)


REPLACED = {
    "javascript": "import js\njs.marked",
    "javascript that is hidden": "import js, sys\ndel sys.modules['js']",
    "a task of an event loop": "import asyncio\nasyncio.ensure_future(asyncio.sleep(9))",
    "a worker of its own": "import js\njs.Worker.new(js.URL.createObjectURL(js.Blob.new([])))",
}


@pytest.mark.parametrize("source", REPLACED.values(), ids=REPLACED)
def test_what_cannot_be_cleared_away_ends_the_worker(awake: Page, cell: Cell, source: str) -> None:
    mark(awake)
    cell.run(source)
    assert cells(awake)[1].run("2") == "2\n"
    assert not marked(awake)


def test_every_cell_prints_what_the_page_shows_whatever_ran_before_in_one_worker(chapter: Page) -> None:
    shown = cells(chapter)
    printed = {cell.name: cell.output.text_content() for cell in shown}
    assert len(shown) >= 5
    assert all(printed.values())
    Cell(chapter, "max-pool").run()  # from now on matplotlib is there
    first = shown[0].source()
    stay(shown[0])
    mark(chapter)
    shown[0].edit(first)
    for cell in (*reversed(shown), shown[0]):
        chapter.evaluate(
            "name => document.querySelector(`[data-cell=${name}] [data-output]`).dataset.mark = 1", cell.name
        )
        assert cell.run() == printed[cell.name]
        expect(cell.status).to_contain_text("Done")
        assert cell.error.count() == 0
        assert marked(chapter), cell.name


# ---- checks -------------------------------------------------------------------------------------------------------

WRONG = "def output_size(n, k, S, P):\n    return n\n"
CHEATS = {
    "nothing": "",
    "what is recorded": (
        "from runtime.python.task_check import Claims\n"
        'Claims.text = property(lambda self: \'{"names": {"output_size": null}, "calls": []}\')\n'
    ),
    "the host": "from runtime.python import host\nhost.run_json = host.verdict_json = lambda *a: '{\"error\": null}'\n",
    "Python's exceptions": "import builtins\nclass Never(Exception): pass\nbuiltins.AssertionError = Never\n",
    "a result that agrees": "class Yes(int):\n    def __eq__(self, other): return True\n"
    "def output_size(n, k, S, P): return Yes()\n",
    "a message": (
        "import js\nfrom pyodide.ffi import to_js\n"
        "for n in range(200):\n    js.postMessage(to_js({'type': 'answer', 'id': n, 'answer': "
        '\'{"error": null, "claims": ""}\', \'heap\': 1}, dict_converter=js.Object.fromEntries))\n'
    ),
}


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS)
def test_no_code_passes_its_own_check(awake: Page, cheat: str) -> None:
    """In the task itself, and as a cell that ran before."""
    task = awake.locator('[data-exercise="write-output-size"]')
    cell, verdict = Cell(awake, "ex-write-output-size"), task.locator("[data-verdict]")
    for before, code in ((cheat, WRONG), ("1", WRONG + cheat)):
        cells(awake)[0].run(before or "1")
        cell.edit(code)
        task.get_by_role("button", name="Check").click()
        cell.settle()
        expect(verdict).to_contain_text("Not yet", timeout=LONG)
        expect(task.locator(".solved")).to_have_count(0)


PASTED = """from runtime.python import host
import json

class Believed:
    def put_back(self): return True
    def remember(self): pass

def run(cells, emit, check="", real=host.run_json):
    parts = json.loads(cells)
    parts[-1][1] = "def output_size(n, k, S, P): return max(0, (n + 2 * P - k) // S + 1)"
    return real(json.dumps(parts), emit, check)

host.FRESH, host.run_json = Believed(), run
print("a harmless recipe")
"""


def test_pasted_code_that_takes_python_over_passes_no_task(awake: Page) -> None:
    mark(awake)
    assert cells(awake)[0].run(PASTED) == "a harmless recipe\n"
    task = awake.locator('[data-exercise="write-output-size"]')
    task.locator("[data-action=check]").click()
    expect(task.locator("[data-verdict]")).to_contain_text("Not yet", timeout=LONG)
    expect(task.locator(".solved")).to_have_count(0)
