"""Where an instrument's file says something: the line of a name, or of one record in it. Nothing is run."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from instruments.kit import Instrument
from press.text.places import Place


@dataclass(frozen=True)
class InstrumentPlaces:
    """Places in the file of an instrument below the project's root."""

    instrument: Instrument[Any]
    root: Path

    @property
    def home(self) -> Path:
        """The instrument's file, or the folder of its package."""
        file = Path(self.instrument.__file__ or "")
        return file.parent if file.name == "__init__.py" else file

    def at(self, name: str, word: str = "") -> Place:
        """The line of CONTROLS, State, view …; of the last record in it for `word`, if there is one."""
        file = Path(self.instrument.__file__ or "")
        node = _definition(file, name)
        value = getattr(self.instrument, name, None)
        if isinstance(node, ast.ImportFrom) and (inspect.isclass(value) or inspect.isfunction(value)):
            file = Path(inspect.getsourcefile(value) or file)
            node = _definition(file, name)
        line = max(_records(node, word), default=node.lineno) if node else 1
        shown = file.relative_to(self.root) if file.is_relative_to(self.root) else file
        return Place(shown.as_posix(), line)


def _definition(file: Path, name: str) -> ast.stmt | None:
    """The statement of a file that defines or imports a name."""
    return next((node for node in ast.parse(file.read_bytes()).body if name in _defined(node)), None)


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.ImportFrom):
        return [alias.asname or alias.name for alias in node.names]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _records(node: ast.stmt, word: str) -> Iterator[int]:
    """Lines in a statement of records for a word."""
    for part in ast.walk(node):
        if isinstance(part, ast.AnnAssign | ast.Call) and _is_for(part, word):
            yield part.lineno


def _is_for(part: ast.AnnAssign | ast.Call, word: str) -> bool:
    """Whether it is a record of the word, `Slider("side", …)` or `Slider(field="side", …)`, or a field `side: int`."""
    if isinstance(part, ast.AnnAssign):
        return isinstance(part.target, ast.Name) and part.target.id == word
    named = [key.value for key in part.keywords if key.arg in ("field", "act", "name")]
    return any(isinstance(value, ast.Constant) and value.value == word for value in [*part.args[:1], *named])
