"""How long the trained network looks at a photograph in the browser, and what its files weigh.

`ms_224` and so on: from the pixels to the logits, the least of ten looks, in a bare worker of Chromium;
`features_ms_128`: as far as block 11, whose maps serve for other tasks. `heap_mb`: Python's memory afterwards.
`gzip_features_mb`, `gzip_all_mb`: the packed weights, compressed. `to_cpython`: `ms_224` over the same in CPython here.
"""

from __future__ import annotations

import json
from pathlib import Path

from bench import _look, _worker
from instruments.data import fetched
from instruments.labs.photograph_lab import FILES
from press.browser.fetched_files import provide

SOURCE = """
import json
import pyodide_js
from bench import _look
found = json.loads(_look.measure())
json.dumps({**found, "heap_mb": pyodide_js._module.HEAPU8.length / 1e6})
"""


def main() -> None:
    """Measure in the browser and here, print a table and one line of JSON."""
    provide(_worker.ROOT, FILES)
    places = {name: fetched.FOLDER / name for name in FILES}
    figures = _worker.run(SOURCE, modules=[Path(_look.__file__)], fetched=places)
    here = json.loads(_look.measure())
    print(f"{'':16} {'browser':>8} {'CPython':>8}   ms")
    for name, milliseconds in here.items():
        print(f"{name:16} {figures[name]:8.0f} {milliseconds:8.0f}")
    sizes = {name: path.stat().st_size / 1e6 for name, path in places.items()}
    figures["gzip_features_mb"] = sizes["backbone-features"]
    figures["gzip_all_mb"] = sizes["backbone-features"] + sizes["backbone-classes"]
    figures["to_cpython"] = figures["ms_224"] / here["ms_224"]
    print(json.dumps({name: round(value, 2) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
