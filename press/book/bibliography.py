"""references.bib -> the typed list of cited works, in the order of the file."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from bibtexparser import middlewares
from bibtexparser.entrypoint import parse_string
from bibtexparser.model import Block, DuplicateBlockKeyBlock, Entry, MiddlewareErrorBlock

from press.book.model import Reference
from press.text.places import Mistake, Place, Text
from press.text.suggestion import meant

logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # what it complains of, we report
REQUIRED = ("author", "title", "year", "note")
VENUE = ("journal", "booktitle", "howpublished")
TEX = re.compile(r"[\\~$]|``")
"""Signs of TeX in a bibliography; decoding takes longer than all the rest."""
KEY = re.compile(r"\w+(-\w+)*")
KNOWN = (*REQUIRED, *VENUE, "doi", "eprint", "archiveprefix", "volume", "number", "pages", "publisher", "url")


def references(source: str, file: str) -> tuple[tuple[Reference, ...], list[Mistake]]:
    """All works of a bibliography with every mistake in it."""
    decoding = [middlewares.LatexDecodingMiddleware()] if TEX.search(source) else []
    layers = [*decoding, middlewares.SeparateCoAuthors()]
    library = parse_string(source, append_middleware=layers)
    mistakes = [_failed(block, file) for block in library.failed_blocks]
    for entry in library.entries:
        mistakes += _check(entry, file)
    return tuple(_reference(entry, file) for entry in library.entries), mistakes


def _place(block: Block, file: str) -> Place:
    return Place(file, (block.start_line or 0) + 1)


def _failed(block: Block, file: str) -> Mistake:
    if isinstance(block, DuplicateBlockKeyBlock):
        return Mistake(_place(block, file), f"“{block.key}” is in the bibliography twice")
    inner = block.ignore_error_block if isinstance(block, MiddlewareErrorBlock) else block
    return Mistake(_place(inner or block, file), "this entry cannot be read", "look for a missing brace or comma")


def _check(entry: Entry, file: str) -> list[Mistake]:
    place = _place(entry, file)
    fields = entry.fields_dict
    mistakes = [] if KEY.fullmatch(entry.key) else [Mistake(place, f"“{entry.key}” is not a key", "as in lecun1998")]
    mistakes += [
        Mistake(place.below((field.start_line or 0) + 1 - place.line), f"unknown field “{key}”", meant(key, KNOWN))
        for key, field in fields.items()
        if key.lower() not in KNOWN
    ]
    mistakes += [Mistake(place, f"“{entry.key}” has no {key}") for key in REQUIRED if key not in fields]
    if "doi" not in fields and "eprint" not in fields:
        mistakes.append(Mistake(place, f"“{entry.key}” has neither doi nor eprint", "readers need a link to the work"))
    return mistakes


def _reference(entry: Entry, file: str) -> Reference:
    def get(key: str) -> str:
        field = entry.fields_dict.get(key)
        return re.sub(r"[{}]", "", str(field.value)).strip() if field else ""

    authors = entry.fields_dict.get("author")
    names = tuple(_first_last(name) for name in authors.value) if authors else ()
    note = entry.fields_dict.get("note")
    place = Place(file, (note.start_line or 0) + 1) if note else _place(entry, file)
    return Reference(
        _place(entry, file),
        entry.key,
        names,
        get("title"),
        get("year"),
        _venue(get),
        get("doi"),
        get("eprint"),
        Text(place, get("note")),
    )


def _first_last(name: str) -> str:
    """`LeCun, Yann` -> `Yann LeCun`; `others` -> `et al.`"""
    if name.strip() == "others":
        return "et al."
    last, comma, first = name.replace("{", "").replace("}", "").partition(",")
    return f"{first.strip()} {last.strip()}" if comma else last.strip()


def _venue(get: Callable[[str], str]) -> str:
    """Journal 86(11):2278–2324, or whichever of these parts there are."""
    name = next((get(key) for key in VENUE if get(key)), "")
    volume = get("volume") + (f"({get('number')})" if get("number") else "")
    pages = get("pages").replace("--", "–")
    where = ":".join(part for part in (volume, pages) if part)
    return f"{name} {where}".strip()
