"""A block with its options taken off: `key: value` lines up to the first blank line, then the body.

Knows which options a kind of block must and may have, and nothing of what they mean; that is `parse.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from press.book.model import Block, Mistake, Place, Text
from press.book.suggestion import meant
from press.source.split import Piece

NAME = re.compile(r"^[a-z][a-z0-9-]*$")
OPTION = re.compile(r"^(?P<key>[a-z]+):\s*(?P<value>.*?)\s*$")


@dataclass(frozen=True)
class BlockSource:
    """A block with its options taken off: what the builders below work on."""

    place: Place
    name: str
    options: dict[str, Text]
    several: dict[str, list[Text]]
    body: Text

    def option(self, key: str) -> Text:
        """What an option says; empty where it is not given."""
        return self.options.get(key, Text(self.place, ""))

    def all(self, key: str) -> tuple[Text, ...]:
        """What each line of an option says that may be given several times."""
        return tuple(self.several.get(key, ()))


@dataclass(frozen=True)
class Kind:
    """What a kind of block must and may say, and the function that builds it."""

    build: Callable[[BlockSource, list[Mistake]], Block]
    required: tuple[str, ...] = ("title",)
    optional: tuple[str, ...] = ()
    several: tuple[str, ...] = ()


def read_options(piece: Piece, name: str, kind: Kind, mistakes: list[Mistake]) -> BlockSource:
    """Reads `key: value` lines up to the first blank line; the rest is the body."""
    options: dict[str, Text] = {}
    several: dict[str, list[Text]] = {}
    known = kind.required + kind.optional + kind.several
    count = next((n for n, line in enumerate(piece.lines) if not OPTION.match(line)), len(piece.lines))
    for number, line in enumerate(piece.lines[:count], start=1):
        match = OPTION.match(line)
        assert match
        place, key = piece.place.below(number), match["key"]
        if key not in known:
            mistakes.append(Mistake(place, f"unknown option “{key}”", meant(key, known)))
        elif key in options:
            mistakes.append(Mistake(place, f"option “{key}” is given twice"))
        if key in kind.several:
            several.setdefault(key, []).append(Text(place, match["value"]))
        else:
            options[key] = Text(place, match["value"])
    sort = piece.head.partition("|")[0].strip()
    for key in kind.required:
        if not options.get(key):
            what = "this exercise has no answer" if key == "answer" else f"this {sort} has no {key}"
            mistakes.append(Mistake(piece.place, what, f"add a line {key}: … below the opening"))
    if count < len(piece.lines) and piece.lines[count].strip():
        hint = "leave a blank line between the options and the text"
        mistakes.append(Mistake(piece.place.below(count + 1), "expected an option or a blank line", hint))
    return BlockSource(piece.place, name, options, several, trimmed(piece.lines[count:], piece.place.below(count + 1)))


def trimmed(lines: tuple[str, ...], place: Place) -> Text:
    """Lines without the blank ones around them, placed at the first that is left."""
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    return Text(place.below(first), "\n".join(lines[first:]).rstrip())


def halves(text: Text, divider: Callable[[str], bool]) -> tuple[Text, Text]:
    """The text before and after the first line that divides; the second is empty where none does."""
    lines = tuple(text.source.split("\n"))
    at = next((n for n, line in enumerate(lines) if divider(line)), len(lines))
    return trimmed(lines[:at], text.place), trimmed(lines[at + 1 :], text.place.below(at + 1))


def is_blank(line: str) -> bool:
    """Whether a line says nothing."""
    return not line.strip()


def check_name(name: str, place: Place, mistakes: list[Mistake]) -> None:
    """What must hold for a name that others refer to."""
    if not NAME.match(name):
        what = f"“{name}” is not a name" if name else "this has no name to refer to it by"
        mistakes.append(Mistake(place, what, "use small letters, digits and hyphens, as in max-pooling"))


def require(text: Text, what: str, place: Place, mistakes: list[Mistake]) -> Text:
    """The text; a mistake where it is empty."""
    if not text:
        mistakes.append(Mistake(place, what))
    return text
