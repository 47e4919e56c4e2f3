"""Fonts that no heap image holds: fetched with the rest of Python's files when a figure first asks for one.

matplotlib takes a font whose file is not there for lost: it looks for others, or draws a formula without. Where all
files are there, at build time for instance, this changes nothing.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from runtime.python import snapshot


def prepare() -> None:
    """Have matplotlib fetch what it finds missing. Imports what draws formulas."""
    font_manager: Any = importlib.import_module("matplotlib.font_manager")
    font_manager._load_fontmanager = _found_again(font_manager)
    fonts = importlib.import_module("matplotlib._mathtext").TruetypeFonts
    fonts._get_font = _with_all_files(fonts._get_font)


def _found_again(font_manager: Any) -> Callable[..., Any]:
    """Called where the file of a known font is missing: with all files there, the fonts known before are right."""
    search = font_manager._load_fontmanager

    @wraps(search)
    def load(**options: bool) -> Any:
        return font_manager.fontManager if snapshot.fetch_rest() else search(**options)

    return load


def _with_all_files(get: Callable[..., Any]) -> Callable[..., Any]:
    """Called for each font of a formula; gives None where its file is missing."""

    @wraps(get)
    def get_font(self: Any, font: str) -> Any:
        found = get(self, font)
        return get(self, font) if found is None and snapshot.fetch_rest() else found

    return get_font
