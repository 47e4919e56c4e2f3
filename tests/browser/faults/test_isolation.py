"""What a cell breaks stays in its run: other cells, instruments, the page, other servers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.elsewhere import Elsewhere, listening
from tests.browser.reader import Cell, cells, touch_instrument

VANDALS = {
    "builtins": "import builtins\nbuiltins.len = None\nbuiltins.print = None",
    "standard output": "import sys, io\nsys.stdout = io.StringIO()",
    "the library": "import shutil\nshutil.rmtree('/lib/python3.14')",
    "all files": "import shutil\nshutil.rmtree('/', ignore_errors=True)",
    "numpy's errors": "import numpy as np\nnp.seterr(all='raise')",
    "numpy itself": "import numpy as np\nnp.zeros = np.array = np.sum = None",
    "the garbage": "import gc\ngc.disable()\ngc.freeze()",
    "the page's globals": "import js\njs.Object.prototype.polluted = 1\njs.postMessage = None\njs.JSON.parse = None",
}


@pytest.mark.parametrize("source", VANDALS.values(), ids=VANDALS)
def test_the_next_run_and_the_instruments_are_unaffected(awake: Page, cell: Cell, source: str) -> None:
    cell.run(source)
    other = cells(awake)[1]
    printed = other.output.text_content()
    assert other.run() == printed
    assert other.error.count() == 0
    touch_instrument(awake)


FORGED = """import js
from pyodide.ffi import to_js
for message in (
    {"type": "answer", "id": 1, "answer": '{"error": null, "note": "forged", "claims": ""}'},
    {"type": "printed", "id": 1, "printed": {"added": "forged", "tail": "", "lines": 0, "characters": 0}},
    {"type": "broken", "words": "forged"},
    "nonsense",
):
    js.postMessage(to_js(message, dict_converter=js.Object.fromEntries))
print("mine")
"""


def test_a_forged_message_is_ignored(awake: Page, cell: Cell) -> None:
    heard: list[str] = []
    awake.on("pageerror", lambda error: heard.append(str(error)))
    assert cell.run(FORGED) == "mine\n"
    assert cell.error.count() == 0
    expect(cell.status).to_contain_text("Done")
    assert heard == []


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    with listening() as there:
        yield there


ESCAPES = {
    "fetch": "import js\njs.fetch({url!r})\nimport time\ntime.sleep(.3)",
    "XMLHttpRequest": "import js\nr = js.XMLHttpRequest.new()\nr.open('GET', {url!r}, False)\nr.send()",
    "a socket": "import js\njs.WebSocket.new({url!r}.replace('http', 'ws'))\nimport time\ntime.sleep(.3)",
    "an import": "import js\njs.Worker.new({url!r})\nimport time\ntime.sleep(.3)",
    "a beacon": "import js\njs.navigator.sendBeacon({url!r}, 'x')",
    "Python's own network": "import urllib.request\nurllib.request.urlopen({url!r})",
    "Pyodide's network": "from pyodide.http import open_url\nopen_url({url!r})",
}


@pytest.mark.parametrize("source", ESCAPES.values(), ids=ESCAPES)
def test_other_origins_are_never_asked(cell: Cell, elsewhere: Elsewhere, source: str) -> None:
    elsewhere.heard.clear()
    cell.run(source.format(url=elsewhere.url))
    cell.run("import time\ntime.sleep(.3)")
    assert elsewhere.heard == []
    assert "secret" not in (cell.output.text_content() or "")


@pytest.mark.parametrize("source", ["js.eval('1')", "js.Function.new('return 1')()", "js.setTimeout('1', 0)"])
def test_no_text_becomes_javascript(cell: Cell, source: str) -> None:
    cell.run(f"import js\nprint({source})")
    shown = (cell.error.text_content() if cell.error.count() else "") or ""
    if "setTimeout" not in source:
        assert "EvalError" in shown or "unsafe-eval" in shown
    assert cell.output.text_content() != "1\n"


def test_the_page_cannot_be_reached(cell: Cell) -> None:
    for name in ("document", "window", "localStorage"):
        cell.run(f"import js\njs.{name}")
        expect(cell.error).to_contain_text("AttributeError")
