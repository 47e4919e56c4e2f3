"""book.toml and chapter.toml -> the values they name; every unknown, missing or mistyped key is a mistake."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from press.book.model import Book, Edition, Entry
from press.text.languages import catalogue
from press.text.options import NAME
from press.text.places import Mistake, Place, Text
from press.text.suggestion import meant

BOOK: dict[str, type] = {
    "brand": str,
    "title": str,
    "lead": str,
    "language": str,
    "base_url": str,
    "chapters": list,
    "pending": dict,
    "authors": list,
    "published": str,
}
ENTRY: dict[str, type] = {"number": str, "title": str, "folder": str}
SWITCHES: dict[str, type] = {"solutions": bool, "seed": int, "labs": list}
"""What makes an edition of a chapter; a course has its own, see `courses`."""
CHAPTER: dict[str, type] = {
    "number": str,
    "prefix": str,
    "title": str,
    "short": str,
    "lead": str,
    "level": str,
    "builds_on": str,
    "language": str,
    "opening": str,
    "sections": list,
    "packages": list,
    **SWITCHES,
}
FORMS = (
    ("base_url", r"(https?://[^/\s]+)?/(\S*/)?", "write https://host/path/ or /path/"),
    ("published", r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "write a day as 2026-01-31"),
)
OPTIONAL = {"folder", "base_url", "pending", "authors", "published", "opening", "packages", *SWITCHES}
OPTIONAL_IN_CHAPTER = {*OPTIONAL, "language"}


@dataclass(frozen=True)
class ChapterSettings:
    """What chapter.toml says; `sections` are file names beside it, in reading order, each with its place.

    `opening` names the instrument beside the title; empty for none. `language` is empty where the book's holds.
    `packages` are what cells import besides numpy and matplotlib, each with its place.
    """

    number: str
    prefix: str
    title: str
    short: str
    lead: Text
    level: str
    builds_on: str
    language: Text
    opening: Text
    sections: tuple[Text, ...]
    packages: tuple[Text, ...]
    edition: Edition


def book(source: str, file: str) -> tuple[Book | None, list[Mistake]]:
    """The book of a book.toml; None when the file cannot be read at all."""
    table, mistakes = _read(source, file, BOOK)
    if table is None:
        return None, mistakes
    entries: list[Entry] = []
    for n, raw in enumerate(table["chapters"]):
        place = place_of(source, file, "[[chapters]]", skip=n)
        fields = raw if isinstance(raw, dict) else {}
        entry = Entry(*(str(fields.get(key, "")) for key in ENTRY))
        mistakes += [*misfits(fields, ENTRY, partial(_same, place), OPTIONAL), *_checked(entry, entries, place)]
        entries.append(entry)
    lead = Text(place_of(source, file, "lead"), table["lead"])
    pending = {str(name): str(words) for name, words in table["pending"].items()}
    about = (tuple(map(str, table["authors"])), table["published"])
    for key, form, hint in FORMS:
        if table[key] and not re.fullmatch(form, table[key]):
            mistakes.append(Mistake(place_of(source, file, key), f"“{table[key]}” is no {key}", hint))
    words = catalogue.words(
        Text(place_of(source, file, "language"), table["language"] or catalogue.REFERENCE), mistakes
    )
    names = (table["brand"], table["title"], lead, words, table["base_url"])
    return Book(*names, tuple(entries), pending, *about), mistakes


def _checked(entry: Entry, before: list[Entry], place: Place) -> Iterator[Mistake]:
    """Mistakes in one chapter's place in the book, seen beside those before it."""
    if entry.folder and not NAME.match(entry.folder):
        yield Mistake(place, f"“{entry.folder}” is not the name of a folder", "use small letters, digits and hyphens")
    if entry.folder and entry.folder in [other.folder for other in before]:
        yield Mistake(place, f"the folder “{entry.folder}” is another chapter's already")
    if entry.number and entry.number in [other.number for other in before]:
        yield Mistake(place, f"the number “{entry.number}” is another chapter's already")


def chapter(source: str, file: str) -> tuple[ChapterSettings | None, list[Mistake]]:
    """The settings of a chapter.toml; None when the file cannot be read at all."""
    table, mistakes = _read(source, file, CHAPTER, OPTIONAL_IN_CHAPTER)
    if table is None:
        return None, mistakes
    given = {key: table.pop(key) for key in SWITCHES if key in table}

    def names(values: list[Any]) -> tuple[Text, ...]:
        return tuple(Text(place_of(source, file, f'"{name}"'), str(name)) for name in values)

    if "labs" in given:
        given["labs"] = names(given["labs"])
    edition = Edition(place_of(source, file, "seed"), **given)
    lead = Text(place_of(source, file, "lead"), table.pop("lead"))
    language = Text(place_of(source, file, "language"), table.pop("language"))
    opening = Text(place_of(source, file, "opening"), table.pop("opening"))
    sections, packages = table.pop("sections"), table.pop("packages")
    named = ChapterSettings(
        **table,
        lead=lead,
        language=language,
        opening=opening,
        sections=names(sections),
        packages=names(packages),
        edition=edition,
    )
    return named, mistakes


def _read(
    source: str, file: str, keys: Mapping[str, type], optional: Collection[str] = OPTIONAL
) -> tuple[dict[str, Any] | None, list[Mistake]]:
    table, mistakes = toml(source, file)
    if table is None:
        return None, mistakes
    mistakes = misfits(table, keys, lambda key: place_of(source, file, key), optional)
    blank = {key: kind() for key, kind in keys.items() if key not in SWITCHES}
    return blank | {key: value for key, value in table.items() if key in keys and _is(value, keys[key])}, mistakes


def toml(source: str, file: str) -> tuple[dict[str, Any] | None, list[Mistake]]:
    """What TOML says; None where it is none."""
    try:
        return tomllib.loads(source), []
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else 1
        bare = re.search(r"=\s*(0\d+)", source.splitlines()[line - 1] if source else "")
        hint = f'put it in quotation marks, "{bare[1]}"' if bare else ""
        return None, [Mistake(Place(file, line), f"not TOML: {error}", hint)]


def misfits(
    table: Mapping[str, Any], keys: Mapping[str, type], place: Callable[[str], Place], optional: Collection[str]
) -> list[Mistake]:
    """Keys that are unknown, missing, empty, or of another type."""
    unknown = [Mistake(place(key), f"unknown key “{key}”", meant(key, keys)) for key in table if key not in keys]
    missing = [Mistake(place(key), f"“{key}” is missing") for key in keys if key not in table and key not in optional]
    wrong = [
        Mistake(place(key), f"“{key}” should be {NAMES[keys[key]]}")
        for key, value in table.items()
        if key in keys and not _is(value, keys[key])
    ]
    empty = [
        Mistake(place(key), f"“{key}” is empty") for key in keys if key not in optional and table.get(key) in ("", [])
    ]
    return unknown + missing + wrong + empty


def _is(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


NAMES: dict[type, str] = {
    str: 'a text in quotes "…"',
    list: "a list",
    dict: "a table",
    bool: "true or false",
    int: "a whole number",
}


def _same(place: Place, _: str) -> Place:
    return place


def place_of(source: str, file: str, word: str, skip: int = 0) -> Place:
    """The line where a word stands the n-th time; TOML's own reader does not tell."""
    numbered = list(enumerate(source.splitlines(), 1))
    lines = [n for n, line in numbered if line.startswith(word)] or [n for n, line in numbered if word in line]
    return Place(file, lines[min(skip, len(lines) - 1)] if lines else 1)
