"""Cells that eat all memory: words, a next run that works, and the memory given back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.reader import Cell

HUNGRY = {
    "big objects": "kept = []\nwhile True: kept.append(bytearray(10**8))",
    "smaller objects": "kept = []\nwhile True: kept.append([0] * 20_000)",
    "an impossible array": "import numpy as np\nnp.ones((10**6, 10**6))",
}
HEAP = "import pyodide_js\npyodide_js._module.HEAPU8.length < 2**30"


@pytest.mark.parametrize("source", HUNGRY.values(), ids=HUNGRY)
def test_out_of_memory(cell: Cell, source: str) -> None:
    cell.run(source)
    expect(cell.error).to_contain_text("Out of memory")
    assert cell.run(HEAP) == "True\n"


def test_a_large_heap_is_given_back(cell: Cell) -> None:
    assert cell.run("len(bytearray(1_500_000_000))") == "1500000000\n"
    assert cell.run(HEAP) == "True\n"
