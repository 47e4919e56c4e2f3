"""A BibTeX file -> entries whose fields are plain values: abbreviations filled in, `#` joined, crossref inherited.

bibtexparser finds where entries, fields and comments begin and end, and goes on after a broken one. It joins no values
and follows no crossref; that, and telling each mistake at its line, is done here. `bibliography.py` knows what fields
mean.
"""

from __future__ import annotations

import logging
import re
from calendar import month_name
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bibtexparser import model
from bibtexparser.library import Library
from bibtexparser.splitter import Splitter

from press.text.places import Mistake, Place, Text
from press.text.suggestion import meant

logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # what it complains of, we report
logging.getLogger("bibtexparser").propagate = False
MONTHS = {month[:3].lower(): month for month in month_name if month}
"""Abbreviations that every BibTeX style defines."""
INHERITED = ("booktitle", "date", "editor", "number", "organization", "publisher", "series", "volume", "year")
"""What an entry takes from the one that its `crossref` names; the title of that one is its `booktitle`."""
STRAY = re.compile(r"[,}]|^\s*[\w-]+\s*=\s*[{\"]", re.MULTILINE)
"""What stands between entries where a brace too many has ended one early; any other text there is a comment."""
PIECE = re.compile(r"\s*(?:(?P<open>[{\"])|(?P<name>[^\s\"#%'(),={}]+))")
SIGN = re.compile(r"(?<!\\)[{}\"]")


@dataclass(frozen=True)
class Entry:
    """One entry: fields by name in small letters, each with its line, TeX as typed and without its outer delimiters."""

    place: Place
    key: str
    kind: str
    fields: Mapping[str, Text]

    def get(self, *names: str) -> Text:
        """The first of these fields that has a value; empty at the entry's line if none has."""
        return next((self.fields[name] for name in names if self.fields.get(name)), Text(self.place, ""))


def entries(source: str, file: str) -> tuple[list[Entry], list[Mistake]]:
    """All entries that can be read, in the order of the file, with every mistake in the others.

    An entry that others name in `crossref` lends them its fields and is not among them.
    """
    library = Splitter(source).split()
    mistakes: list[Mistake] = list(_broken(library, file))
    names = _abbreviations(library, file, mistakes)
    read = [_entry(entry, names, file, mistakes) for entry in _parsed(library)]
    by_key = {entry.key: entry for entry in reversed(read)}
    lenders = {entry.get("crossref").source for entry in read if entry.get("crossref")}
    return [_inheriting(entry, by_key, mistakes) for entry in read if entry.key not in lenders], mistakes


def _parsed(library: Library) -> Iterator[model.Entry]:
    for block in library.blocks:
        inner = block.ignore_error_block if isinstance(block, model.DuplicateFieldKeyBlock) else block
        if isinstance(inner, model.Entry):
            yield inner


def _place(block: model.Block | model.Field, file: str) -> Place:
    return Place(file, (block.start_line or 0) + 1)


def _broken(library: Library, file: str) -> Iterator[Mistake]:
    """What the splitter could not read."""
    before: model.Block | None = None
    for block in library.blocks:
        place = _place(block, file)
        if isinstance(block, model.DuplicateBlockKeyBlock):
            yield Mistake(place, f"“{block.key}” is in the bibliography twice")
        elif isinstance(block, model.ParsingFailedBlock) and not isinstance(block, model.DuplicateFieldKeyBlock):
            yield Mistake(place, "this entry cannot be read", "look for a missing brace or comma")
        elif isinstance(before, model.Entry) and _is_stray(block):
            yield Mistake(place, "this stands outside any entry", "the entry above has a brace too many")
        before = block


def _is_stray(block: model.Block) -> bool:
    return isinstance(block, model.ImplicitComment) and bool(STRAY.match(block.comment))


def _abbreviations(library: Library, file: str, mistakes: list[Mistake]) -> dict[str, str]:
    """Values by name: the months and those of each `@string`."""
    names = dict(MONTHS)
    for string in library.strings:
        names[string.key.lower()] = _value(string.value, string.key, _place(string, file), names, mistakes)
    return names


def _entry(parsed: model.Entry, names: Mapping[str, str], file: str, mistakes: list[Mistake]) -> Entry:
    fields: dict[str, Text] = {}
    for field in parsed.fields:
        place = _place(field, file)
        value = _value(str(field.value), field.key, place, names, mistakes)
        fields.setdefault(field.key.lower(), Text(place, value))
    return Entry(_place(parsed, file), parsed.key, parsed.entry_type, fields)


def _value(typed: str, field: str, place: Place, names: Mapping[str, str], mistakes: list[Mistake]) -> str:
    """`"a" # {b} # jan` -> `abJanuary`; a mistake where something else stands between or after the parts."""
    found, at = [], 0
    while match := PIECE.match(typed, at):
        end = _end(typed, match.start("open")) if match["open"] else match.end()
        if match["open"]:
            found.append(typed[match.end() : end - 1])
        else:
            found.append(_named(match["name"], place, names, mistakes))
        rest = typed[end:].lstrip()
        if not rest:
            return "".join(found)
        if not rest.startswith("#"):
            mistakes.append(Mistake(place, f"something is wrong after the value of “{field}”", "is a comma missing?"))
            return ""
        at = len(typed) - len(rest) + 1
    mistakes.append(Mistake(place, f"“{field}” has no value that can be read", f"write {field} = {{…}}"))
    return ""


def _end(typed: str, start: int) -> int:
    """Where the braces or quotes that open at `start` have been closed."""
    depth, quoted = 0, typed[start] == '"'
    for sign in SIGN.finditer(typed, start + quoted):
        if quoted and depth == 0 and sign[0] == '"':
            return sign.end()
        depth += {"{": 1, "}": -1}.get(sign[0], 0)
        if not quoted and depth == 0:
            return sign.end()
    return len(typed)


def _named(name: str, place: Place, names: Mapping[str, str], mistakes: list[Mistake]) -> str:
    """A number, or what an abbreviation stands for."""
    if name.isdigit():
        return name
    if name.lower() not in names:
        own = [known for known in names if known not in MONTHS]
        hint = meant(name, own) or f"write it in braces, {{{name}}}"
        mistakes.append(Mistake(place, f"unknown abbreviation “{name}”", hint))
    return names.get(name.lower(), "")


def _inheriting(entry: Entry, by_key: Mapping[str, Entry], mistakes: list[Mistake]) -> Entry:
    """The entry with what the work that contains it says of both."""
    named = entry.get("crossref")
    if not named:
        return entry
    whole = by_key.get(named.source)
    if whole is None:
        mistakes.append(Mistake(named.place, f"there is no entry “{named.source}”", meant(named.source, by_key)))
        return entry
    lent = {name: whole.fields[name] for name in INHERITED if name in whole.fields}
    if "title" in whole.fields:
        lent.setdefault("booktitle", whole.fields["title"])
    return Entry(entry.place, entry.key, entry.kind, {**lent, **entry.fields})
