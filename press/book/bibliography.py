"""references.bib -> the typed list of works, in the order of the file, in the one style of this book.

The style: names, year, title, where it was published; a link by DOI, else arXiv, else an address. A field that it does
not print is ignored, so that what reference managers export can be used as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from urllib.parse import unquote

from press.book.bibtex import UNREAD, Entry, entries
from press.book.bibtex_notes import own_note
from press.book.bibtex_words import NoName, markdown, names, unknown_commands, verbatim, words
from press.book.model import Reference
from press.text.languages.words import Words
from press.text.places import Mistake, Text

MOST_NAMES = 12
"""So many names are printed; then follows that there are others."""
KEY = re.compile(r"\w+(-\w+)*")
PRINTED = (
    *("author", "editor", "title", "subtitle", "year", "date", "note", "journal", "journaltitle", "booktitle"),
    *("series", "howpublished", "volume", "number", "pages", "edition", "version", "publisher", "school"),
    *("institution", "organization", "type", "doi", "url", "eprint", "archiveprefix", "eprinttype", "crossref"),
)
VERBATIM = ("date", "doi", "url", "eprint", "archiveprefix", "eprinttype", "crossref")
"""Those that hold no words."""
NO_SLIPS = (
    *("annote", "booksubtitle", "editora", "editorb", "editorc", "fjournal", "journalsubtitle", "mainsubtitle"),
    *("mrnumber", "origpublisher", "preprint", "volumes", "zblnumber"),
)
"""Fields of biblatex and of libraries that are not printed, though their names are close to one that is."""
CLOSE = 0.8
THESES = {
    "phdthesis": "reference.doctoral_thesis",
    "mastersthesis": "reference.masters_thesis",
    "thesis": "reference.thesis",
    "mathesis": "reference.masters_thesis",
}
"""What they are called in the catalogue."""
REPORTS = ("techreport", "report")
ARXIV = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?"
ARXIV_NAMED = re.compile(rf"(?:arxiv:\s*|arxiv\.org/(?:abs|pdf)/|10\.48550/arxiv\.)({ARXIV})", re.IGNORECASE)
PREPRINT = re.compile(r"\barxiv\b|^corr\b", re.IGNORECASE)
UNDATED = re.compile(r"(n\.? ?d|s\.? ?d|s\.? ?f|o\.? ?j)\.?|no date|undated", re.IGNORECASE)
"""A year that says there is none, in the languages there are."""
DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)\s*", re.IGNORECASE)


def references(source: str, file: str, own: Words) -> tuple[tuple[Reference, ...], list[Mistake]]:
    """All works of a bibliography that can be cited, with every mistake in it; `own` are the page's own words."""
    found, mistakes = entries(source, file)
    works = [_reference(entry, own, mistakes) for entry in found]
    return tuple(work for work in works if KEY.fullmatch(work.key)), mistakes


def _reference(entry: Entry, own: Words, mistakes: list[Mistake]) -> Reference:
    authors, year = _authors(entry, own, mistakes), _year(entry, mistakes)
    mistakes += _slips(entry, authors, year) if entry.kind != UNREAD else ()
    title = ": ".join(part.source for part in (entry.get("title"), entry.get("subtitle")) if part)
    title = title.strip().removesuffix(".")
    arxiv = _arxiv(entry)
    doi = unquote(DOI_PREFIX.sub("", verbatim(entry.get("doi").source))).strip()
    return Reference(
        entry.place,
        entry.key,
        authors,
        words(title),
        Text(entry.get("title").place, markdown(title)),
        year,
        _published(entry, own),
        "" if ARXIV_NAMED.search(doi) else doi,
        arxiv,
        _address(entry, mistakes),
        Text(entry.get("note").place, own_note(entry.get("note").source)),
    )


def _slips(entry: Entry, authors: tuple[str, ...], year: str) -> Iterator[Mistake]:
    """What no tool exports and an author mistypes."""
    if not KEY.fullmatch(entry.key):
        hint = f"call it {_proposed(authors, year)}" if authors else "as in lecun1998"
        yield Mistake(entry.place, f"“{entry.key}” is not a key that @cite: can name", hint)
    if not entry.get("title"):
        yield Mistake(entry.place, f"“{entry.key}” has no title")
    for name, value in entry.fields.items():
        close = get_close_matches(name, PRINTED, n=1, cutoff=CLOSE)
        if close and name not in (*PRINTED, *NO_SLIPS):
            yield Mistake(value.place, f"unknown field “{name}”", f"did you mean {close[0]}?")
        if name in PRINTED and name not in VERBATIM:
            for command in dict.fromkeys(unknown_commands(value.source)):
                yield Mistake(value.place, f"the TeX command {command} is not known here", "write its words")


def _proposed(authors: tuple[str, ...], year: str) -> str:
    """A key as authors give it: the first one's last name and the year."""
    return re.sub(r"\W", "", authors[0].split()[-1]).lower() + year


def _authors(entry: Entry, own: Words, mistakes: list[Mistake]) -> tuple[str, ...]:
    """Who wrote it, or who edited it, or which organisation published it."""
    field = entry.get("author", "editor")
    try:
        found = names(field.source, own("reference.others"))
    except NoName as error:
        mistakes.append(Mistake(field.place, *error.args))
        found = []
    if len(found) > MOST_NAMES:
        found = [*found[:MOST_NAMES], own("reference.others")]
    if found and not entry.get("author"):
        found.append(own("reference.editor" if len(found) == 1 else "reference.editors"))
    organisation = words(entry.get("organization", "institution").source)
    return tuple(found or ([organisation] if organisation else []))


def _year(entry: Entry, mistakes: list[Mistake]) -> str:
    """As typed; empty where it says that there is none, for which a page has its own words."""
    dated = re.match(r"\d{4}", entry.get("date").source)
    typed = words(entry.get("year").source)
    if UNDATED.fullmatch(typed):
        typed = ""
    if typed and not re.search(r"\d", typed):
        mistakes.append(Mistake(entry.get("year").place, f"“{typed}” is no year", "write it in figures, or n.d."))
    return typed or (dated[0] if dated else "")


def _published(entry: Entry, own: Words) -> str:
    """Journal 86(11):2278–2324; proceedings and publisher; kind of thesis and school; edition and publisher."""

    def get(*fields: str) -> str:
        return words(entry.get(*fields).source)

    if entry.kind in THESES:
        sort = get("type") or entry.kind
        return _listed(own(THESES[sort]) if sort in THESES else sort, get("school", "institution"))
    if entry.kind in REPORTS:
        return _listed(f"{get('type') or own('reference.report')} {get('number')}", get("institution", "publisher"))
    journal = get("journal", "journaltitle")
    how = entry.get("howpublished").source
    container = journal or get("booktitle") or ("" if "http" in how else words(how))
    where = _where(entry) if container else ""
    version = own("reference.version", version=get("version")) if get("version") else ""
    publisher = "" if journal else get("publisher")
    series = get("series") if entry.kind == "book" else ""
    listed = _listed(f"{container} {where}", series, _edition(get("edition"), own), version, publisher)
    return "" if PREPRINT.search(listed) and _arxiv(entry) else listed.removesuffix(".")


def _listed(*parts: str) -> str:
    return ", ".join(part.strip() for part in parts if part.strip())


def _where(entry: Entry) -> str:
    number = words(entry.get("number").source)
    volume = words(entry.get("volume").source) + (f"({number})" if number else "")
    pages = re.sub(r"\s*[-–—]+\s*", "–", words(entry.get("pages").source))
    return ":".join(part for part in (volume, pages) if part)


def _edition(edition: str, own: Words) -> str:
    if edition.isdigit():
        teens = int(edition) % 100 in (11, 12, 13)
        ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(int(edition) % 10, "th")
        return own(f"reference.edition_{ending}", number=edition)
    return edition if not edition or "edition" in edition.lower() else own("reference.edition", edition=edition)


def _arxiv(entry: Entry) -> str:
    """Its number at arXiv, in whichever field a tool puts it."""
    archive = verbatim(entry.get("archiveprefix", "eprinttype").source).lower()
    eprint = re.sub(r"^arxiv:\s*", "", verbatim(entry.get("eprint", "arxivid").source), flags=re.IGNORECASE)
    if eprint and (archive == "arxiv" or (not archive and re.fullmatch(ARXIV, eprint))):
        return eprint
    named = ("eprint", "doi", "url", "journal", "number", "howpublished")
    fields = (verbatim(entry.get(name).source) for name in named)
    return next((found[1] for field in fields if (found := ARXIV_NAMED.search(field))), "")


def _address(entry: Entry, mistakes: list[Mistake]) -> str:
    """Where it can be read on the web."""
    field = entry.get("url")
    if not field and "http" in entry.get("howpublished").source:
        field = entry.get("howpublished")
    found = re.search(r"https?://[^\s<>\"]+", verbatim(field.source))
    if field and not found:
        mistakes.append(Mistake(field.place, f"“{field.source}” is no address", "write https://…"))
    return found[0] if found else ""
