"""The book's matplotlib: style, colour map, fonts and backend, set up before code that plots runs.

The same in CPython at build time and in the browser, so that a figure has the same bytes: nothing of the machine's own
(fonts, settings, the date) enters it.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from runtime.python import pictures
from runtime.python.figures import late_fonts

RC = Path(__file__).with_name("matplotlibrc")
SHADES = (
    *("#483773", "#614a96", "#7c61ba", "#9e83db", "#b69fea", "#cbb9f3", "#ded2f9", "#efe9fd", "#f7f7f4"),
    *("#f8ebd9", "#f0d4b2", "#e8bb8a", "#de9f62", "#cf8037", "#ae5b06", "#8d4302", "#6c3002"),
)
"""The instruments' colours of signed values, from the most negative to the most positive (assets/css/tokens.css)."""

_settings: dict[str, Any] = {}
"""matplotlib's settings as every run finds them; empty until `prepare`."""


def prepare() -> None:
    """Import matplotlib and make it the book's, once. Raises ImportError where there is none."""
    if _settings:
        return
    mpl = _with_own_settings()
    from matplotlib import colormaps, colors, font_manager

    own = mpl.get_data_path()
    fonts = font_manager.fontManager
    fonts.ttflist = [entry for entry in fonts.ttflist if entry.fname.startswith(own)]
    late_fonts.prepare()
    backend = importlib.import_module("runtime.python.figures.backend")
    colormaps.register(colors.LinearSegmentedColormap.from_list(backend.SIGNED, SHADES))
    _settings.update(dict.copy(mpl.rcParams))
    pictures.PLOTTING.append(backend.Figures(_settings))


def _with_own_settings() -> ModuleType:
    """matplotlib, imported with the book's settings; processes started later find the environment as it was."""
    before = os.environ.get("MATPLOTLIBRC")
    os.environ["MATPLOTLIBRC"] = str(RC)
    try:
        return importlib.import_module("matplotlib")
    finally:
        del os.environ["MATPLOTLIBRC"]
        if before is not None:
            os.environ["MATPLOTLIBRC"] = before


def forget() -> None:
    """Let go of the fonts' open files and of all that was drawn, before memory is copied to a heap image."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ("matplotlib", "mpl_toolkits")]:
        for value in list(vars(sys.modules[name]).values()):
            if clear := getattr(value, "cache_clear", None):
                clear()
