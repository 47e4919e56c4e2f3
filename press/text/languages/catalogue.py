"""The page's own words in a language: read from `languages/TAG.toml`, compared with the English ones, found by name.

A name is that of a table, a point, and the key in it, as in `cell.run`. A word that is missing, left over, or has other
braces than the English one is a mistake at its line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from press.text.languages.words import Table, Words
from press.text.places import AuthorErrors, Mistake, Place, Text
from press.text.suggestion import meant

FOLDER = Path(__file__).resolve().parents[3] / "languages"
REFERENCE = "en"
"""The language that says which words there are."""
TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*")
BRACES = re.compile(r"\{(\w+)\}")


def words(tag: Text, mistakes: list[Mistake]) -> Words:
    """The words of a language, or of its first part: `de` for `de-CH`; English ones, and mistakes, where that fails.

    Raises AuthorErrors where the English ones cannot be read.
    """
    reference = english()
    known = languages()
    found = next((name for name in (tag.source, tag.source.split("-")[0]) if name in known), "")
    if found == REFERENCE:
        return Words(tag.source, found, reference.table)
    table, wrong = _read(found) if found else ({}, [_unknown(tag, known)])
    wrong = wrong or list(_compared(found, table, reference.table))
    mistakes += wrong
    return reference if wrong else Words(tag.source, found, table)


def english() -> Words:
    """The words that those of other languages are compared with. Raises AuthorErrors."""
    table, wrong = _read(REFERENCE)
    if wrong:
        raise AuthorErrors(wrong)
    return Words(REFERENCE, REFERENCE, table)


def _unknown(tag: Text, known: list[str]) -> Mistake:
    if not TAG.fullmatch(tag.source):
        return Mistake(tag.place, f"“{tag.source}” is no language", "write a tag as en or de-CH")
    what = f"the words of the page are not known in the language “{tag.source}”"
    hint = f"known: {', '.join(known)}; a file languages/{tag.source}.toml with the same keys adds one"
    return Mistake(tag.place, what, hint)


def languages() -> list[str]:
    """The names of all languages."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def _read(name: str) -> tuple[Table, list[Mistake]]:
    """The words of a file by their names."""
    file = f"{FOLDER.name}/{name}.toml"
    try:
        tables = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        return {}, [Mistake(Place(file, int(line[1]) if line else 1), f"not TOML: {error}")]
    return dict(_flat(tables)), []


def _flat(tables: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tables.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield before + key, str(value)


def _compared(name: str, table: Table, reference: Table) -> Iterator[Mistake]:
    """Where the words of a language are others than the English ones."""
    for key in reference.keys() - table.keys():
        yield Mistake(_place(name, key), f"“{key}” is missing", f"in English it is “{reference[key]}”")
    for key, value in table.items():
        if key not in reference:
            yield Mistake(_place(name, key), f"“{key}” is a word that no page has", meant(key, reference))
        elif not value and reference[key]:
            yield Mistake(_place(name, key), f"“{key}” is empty")
        elif set(BRACES.findall(value)) != (braces := set(BRACES.findall(reference[key]))):
            hint = (
                f"write {', '.join(f'{{{each}}}' for each in sorted(braces))}" if braces else "write it without braces"
            )
            yield Mistake(_place(name, key), f"“{key}” has other braces than in English", hint)


def _place(name: str, key: str) -> Place:
    """The line of a word; of one that is missing, that of its table, or the first."""
    wanted, _, rest = key.partition(".")
    found, table = 1, ""
    lines = (FOLDER / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if line.startswith("["):
            table = line.strip("[] ")
            found = number if table == wanted else found
        elif table == wanted and re.match(rf"{rest.split('.')[0]}\s*=", line):
            return Place(f"{FOLDER.name}/{name}.toml", number)
    return Place(f"{FOLDER.name}/{name}.toml", found)
