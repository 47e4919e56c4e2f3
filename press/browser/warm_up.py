"""Runs inside the browser's Python while a heap image is made: imports, and warms, what first answers need.

The value of the last line is told to `heap_snapshot.mjs`: names of modules that a second rehearsal looked for in vain,
which would make readers wait for the rest of Python. It must be empty.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

sys.path.insert(0, "/pack")

import encodings.cp437  # noqa: F401  # numpy.load reads archives with it
import secrets  # noqa: F401  # numpy.random draws its first seed with it

import numpy.lib.stride_tricks
import numpy.linalg  # noqa: F401

from instruments import kit
from runtime.python import host, snapshot

plots: bool = globals()["plots"]  # set by heap_snapshot.mjs: whether matplotlib is in the image

CELLS = (
    "import numpy as np\nx = np.arange(25.0).reshape(5, 5)\nw = np.lib.stride_tricks.sliding_window_view(x, (3, 3))\n"
    "print((w * np.ones((3, 3))).sum(axis=(2, 3)), f'{x.mean():.3f}')\nx @ x",
    "def divide(a, b):\n    return a / b\ndivide(1, 0)",
    "print('a'\nprint('b')",
    "undefined_name",
)

FIGURES = (
    "import numpy as np, matplotlib.pyplot as plt\nfigure, axes = plt.subplots(1, 2)\n"
    "axes[0].imshow(np.eye(5), cmap='book-signed')\naxes[0].set_title('$x^2$')\n"
    "axes[1].plot([1, 2], label='loss')\naxes[1].legend()",
    "import matplotlib.pyplot as plt\nplt.bar(['a', 'b'], [1, 2])\nplt.scatter([1, 2], [3, 4])\nplt.grid()",
    "import numpy as np, matplotlib.pyplot as plt\nplt.hist(np.arange(9.0))\nplt.imshow(np.eye(5))\nplt.colorbar()",
    "import numpy as np, matplotlib.pyplot as plt\nplt.contourf(np.eye(5))",
)


def rehearse() -> None:
    """What readers do first: run cells, make mistakes, look at instruments, those that need no more machine code."""
    for source in CELLS + FIGURES * plots:
        host.run_json(json.dumps([["cell 2.1", source]]), lambda *printed: None)
    for name in kit.instruments():
        with suppress(ImportError):
            host.respond_json(name, "{}")


@contextmanager
def without(*names: str) -> Iterator[None]:
    """No import of these modules, whose machine code is not in the image."""
    hidden: dict[str, Any] = dict.fromkeys(names)
    sys.modules.update(hidden)
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


@contextmanager
def noting() -> Iterator[list[str]]:
    """The names that are imported and found nowhere."""
    missing: list[str] = []

    class Noting:
        def find_spec(self, name: str, path: object = None, target: object = None) -> None:
            missing.append(name)

    sys.meta_path.insert(0, Noting())
    try:
        yield missing
    finally:
        del sys.meta_path[0]


if plots:
    host.plot()
with without("numpy.random", "numpy.fft"), noting() as missing:
    rehearse()
    missing.clear()
    rehearse()
if plots:
    from runtime.python.figures import style

    style.forget()
snapshot.forget()
" ".join(missing)
