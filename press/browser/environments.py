"""The two Pythons of a page: with numpy, which every page has, and with matplotlib as well, for code that plots.

What is in each: packages of Pyodide's distribution, the project's own Python, and how its heap snapshot is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OWN_PYTHON = (
    "instruments/**/*.py",
    "instruments/data/*.np[yz]",
    "instruments/data/*.json",
    "instruments/data/*.jpg",
    "runtime/*.py",
    "runtime/python/*.py",
)
MODULE = "{}.cpython-314-wasm32-emscripten.so"
RANDOM = r"/numpy/random/[^/]+$"
"""What instruments and labs import when they draw random numbers: all that they need besides the snapshot."""
FONTS = r"/DejaVuSans(-Bold|-Oblique|Display)?\.ttf$|/matplotlibrc$"
"""What is read when most figures are drawn."""


@dataclass(frozen=True)
class Environment:
    """A Python for the browser.

    `packages` are named as in Pyodide's lock, `own` are patterns of the project's files, `imports` the modules whose
    import asks for it; `prefix` begins the names of its files. For the other fields see `Plan` in `heap_snapshot.mjs`.
    """

    name: str
    packages: tuple[str, ...]
    sides: Mapping[str, str]
    soon: str
    prefix: str = ""
    own: tuple[str, ...] = OWN_PYTHON
    imports: tuple[str, ...] = ()
    late: tuple[str, ...] = ()


def _modules(**paths: str) -> dict[str, str]:
    return {name: MODULE.format(path) for name, path in paths.items()}


NUMPY = Environment(
    "numpy",
    ("numpy",),
    _modules(multiarray="numpy/_core/_multiarray_umath", linalg="numpy/linalg/_umath_linalg"),
    RANDOM,
)
MATPLOTLIB = Environment(
    "matplotlib",
    (
        *("numpy", "matplotlib", "pillow", "contourpy", "kiwisolver", "cycler", "packaging", "pyparsing"),
        *("python-dateutil", "six"),
    ),
    {
        **NUMPY.sides,
        **_modules(
            imaging="PIL/_imaging",
            imagingmath="PIL/_imagingmath",
            internal="matplotlib/_c_internal_utils",
            resampling="matplotlib/_image",
            path="matplotlib/_path",
            ft2font="matplotlib/ft2font",
            agg="matplotlib/backends/_backend_agg",
            kiwisolver="kiwisolver/_cext",
            contourpy="contourpy/_contourpy",
        ),
    },
    f"{RANDOM}|{FONTS}",
    prefix="matplotlib-",
    own=(*OWN_PYTHON, "runtime/python/figures/*"),
    imports=(
        *("matplotlib", "mpl_toolkits", "pylab", "PIL", "contourpy", "kiwisolver", "cycler", "packaging", "pyparsing"),
        *("dateutil", "six"),
    ),
    late=("ft2font",),
)
ENVIRONMENTS = (NUMPY, MATPLOTLIB)
