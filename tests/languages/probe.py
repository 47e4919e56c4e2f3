"""A book in letters that no word of the page has, and a language each of whose words stands in brackets."""

from __future__ import annotations

import importlib
import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from instruments import kit
from press.text.languages import catalogue

CONTENT = Path(__file__).resolve().parent / "content"
VALUE = re.compile(r'(?<== )"((?:\\.|[^"\\])*)"')


def speak(folder: Path, monkeypatch: pytest.MonkeyPatch, direction: str = "ltr") -> None:
    """Makes `qps` the name of a language whose words are the English ones in brackets."""
    shutil.copytree(catalogue.FOLDER, folder / "languages")
    head, words = (catalogue.FOLDER / "en.toml").read_text(encoding="utf-8").split("\n[label]\n")
    head = head.replace('"ltr"', f'"{direction}"')
    bracketed = VALUE.sub(r'"⟦\1⟧"', words)
    (folder / "languages" / "qps.toml").write_text(f"{head}\n[label]\n{bracketed}", encoding="utf-8")
    monkeypatch.setattr(catalogue, "FOLDER", folder / "languages")


def square(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Makes the smallest instrument the only one, with words of its author's in the letters of the book."""
    tiny = importlib.import_module("tests.book.tiny_square")
    monkeypatch.setattr(tiny, "CONTROLS", tuple(replace(each, label="Сторона", unit="") for each in tiny.CONTROLS))
    monkeypatch.setattr(tiny, "REGIONS", tuple(replace(each, title="Площадь") for each in tiny.REGIONS))
    monkeypatch.setattr(kit, "instruments", lambda: ("tiny_square", "tiny_first"))
    monkeypatch.setattr(kit, "load", lambda _: tiny)
    return tiny
