"""What an author typed of one block, taken apart: its name, its options, its body.

Knows which options a kind of block must and may have, and nothing of what they mean; that is `press/blocks/`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass

from press.text.places import Mistake, Place, Text
from press.text.split import Piece, lines_of_fences
from press.text.suggestion import meant

NAME = re.compile(r"^[a-z][a-z0-9-]*$")
CURLY = re.compile(r"(?<==)[“”„‟«»]|[“”„‟«»](?=\s*\}|\s+\w+=)")
OPTION = re.compile(r"^(?P<key>[^\W\d_]+) ?:\s*(?P<value>.*?)\s*$")


@dataclass(frozen=True)
class BlockSource:
    """A block as typed: where it opens, its name, its options by key, and its body."""

    place: Place
    name: str
    options: dict[str, Text]
    repeated: dict[str, list[Text]]
    body: Text

    def option(self, key: str) -> Text:
        """What an option says; empty where it is not given."""
        return self.options.get(key, Text(self.place, ""))

    def all(self, key: str) -> tuple[Text, ...]:
        """What each line of an option says that may be given several times."""
        return tuple(self.repeated.get(key, ()))


@dataclass(frozen=True)
class Options:
    """The options that a kind of block must have, may have, and may have several times."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """All of them."""
        return self.required + self.optional + self.repeated


def read_block(piece: Piece, kind: str, name: str, known: Options, mistakes: list[Mistake]) -> BlockSource:
    """Reads `key: value` lines up to the first blank line; the rest is the body."""
    options: dict[str, Text] = {}
    repeated: dict[str, list[Text]] = {}
    count = next((n for n, line in enumerate(piece.lines) if not OPTION.match(line)), len(piece.lines))
    for number, line in enumerate(piece.lines[:count], start=1):
        match = OPTION.match(line)
        assert match
        place, key = piece.place.below(number), match["key"]
        if key not in known.known:
            mistakes.append(Mistake(place, f"unknown option “{key}”", meant(key, known.known)))
        elif key in options:
            mistakes.append(Mistake(place, f"option “{key}” is given twice"))
        if key in known.repeated:
            repeated.setdefault(key, []).append(Text(place, match["value"]))
        else:
            options[key] = Text(place, match["value"])
    for key in known.required:
        if not options.get(key):
            hint = f"add a line {key}: … below the opening"
            mistakes.append(Mistake(piece.place, f"this {kind} has no {key}", hint))
    if count < len(piece.lines) and piece.lines[count].strip():
        hint = "leave a blank line between the options and the text"
        mistakes.append(Mistake(piece.place.below(count + 1), "expected an option or a blank line", hint))
    return BlockSource(piece.place, name, options, repeated, trimmed(piece.lines[count:], piece.place.below(count + 1)))


def read_fence(piece: Piece, kind: str, known: Options, mistakes: list[Mistake]) -> BlockSource:
    """Reads a fence with braces, `python {#name title="…" needs="other another"}`; its code is the body."""
    name, options = "", {}
    example = "write {#name " + " ".join(f'{key}="…"' for key in known.required) + "}"
    head = CURLY.sub('"', piece.head)
    if head != piece.head:
        mistakes.append(Mistake(piece.place, f"curly quotation marks in the braces of this {kind}", 'write "…"'))
    try:
        words = shlex.split(head[head.index("{") + 1 : head.rindex("}")])
    except ValueError:
        mistakes.append(Mistake(piece.place, f"cannot read the braces of this {kind}", example))
        words = ["#unreadable", *(f"{key}=unreadable" for key in known.required)]
    for word in words:
        key, equals, value = word.partition("=")
        if word.startswith("#"):
            name = word[1:]
        elif equals and key in known.known:
            options[key] = Text(piece.place, value)
        else:
            mistakes.append(Mistake(piece.place, f"unknown option “{key}”", meant(key, known.known)))
    missing = (key for key in known.required if not options.get(key))
    mistakes += [Mistake(piece.place, f"this {kind} has no {key}", example) for key in missing]
    body = Text(piece.place.below(1), "\n".join(piece.lines).rstrip("\n") + "\n")
    return BlockSource(piece.place, name, options, {}, body)


def trimmed(lines: tuple[str, ...], place: Place) -> Text:
    """Lines without the blank ones around them, placed at the first that is left."""
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    return Text(place.below(first), "\n".join(lines[first:]).rstrip())


def halves(text: Text, divider: Callable[[str], bool]) -> tuple[Text, Text]:
    """The text before and after the first line that divides, outside of fences; the second is empty where none does."""
    lines = tuple(text.source.split("\n"))
    fenced = lines_of_fences(lines)
    at = next((n for n, line in enumerate(lines) if n not in fenced and divider(line)), len(lines))
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


MARKUP = re.compile(r"[$*`@\\\[{<]")


def check_plain(title: Text, of: str, hint: str, mistakes: list[Mistake]) -> None:
    """What links show as it is typed, and the contents, can hold no markup."""
    if MARKUP.search(title.source):
        mistakes.append(Mistake(title.place, f"the title of {of} is plain words", hint))
