"""What an author typed, with the place where it stands, and what is wrong with it. Imports nothing of the press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands in the author's files: a path below the project's root and a line, counted from 1."""

    file: str
    line: int

    def below(self, lines: int) -> Place:
        """The place so many lines further down."""
        return Place(self.file, self.line + lines)


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing an author has to mend: where, what is wrong, and what was probably meant."""

    place: Place
    what: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.place.file}:{self.place.line}: {self.what}" + (f"; {self.hint}" if self.hint else "")


class AuthorErrors(Exception):
    """The build cannot go on: every mistake found in one run, in the order of the files."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass(frozen=True)
class Text:
    """Markdown or TeX as typed, first line at `place`; empty where the author wrote none."""

    place: Place
    source: str

    def __bool__(self) -> bool:
        return bool(self.source.strip())
