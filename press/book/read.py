"""The author's folder -> the model: the only file of the builder that opens what authors wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from press.blocks.instrument import Instrument
from press.blocks.lab import Lab
from press.book import bibliography, courses, parse, settings
from press.book.courses import Course
from press.book.model import Book, Chapter, Entry, Reference, Section
from press.text.languages import catalogue
from press.text.languages.words import Words
from press.text.places import Mistake, Place, Text
from press.text.scanner.citations import joined
from press.text.suggestion import meant

BIBLIOGRAPHY = "references.bib"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ue000-\uf8ff]")


def book(content: Path, course: str = "") -> tuple[Book | None, list[Chapter], list[Mistake]]:
    """The book and its written chapters below `content`, in the edition of a course of courses.toml if one is named.

    No book where book.toml is missing or unreadable.
    """
    source, missing = _source(content / "book.toml", content, Place(f"{content.name}/book.toml", 1))
    if missing:
        return None, [], missing
    found, mistakes = settings.book(source, f"{content.name}/book.toml")
    chapters = []
    taught = Course()
    if found and course:
        taught, more = _course(content, course, found)
        mistakes += more
    for entry in found.entries if found and not mistakes else ():
        if found and entry.folder:
            asked = settings.place_of(source, f"{content.name}/book.toml", f'"{entry.folder}"')
            chapter, more = _chapter(content, found, entry, asked, taught)
            mistakes += more
            chapters += [chapter] if chapter else []
    return found, chapters, [*mistakes, *_same_prefix(content, chapters)]


def _same_prefix(content: Path, chapters: list[Chapter]) -> Iterator[Mistake]:
    """Chapters whose equations and instruments would have the numbers of an earlier one's."""
    first: dict[str, Chapter] = {}
    for chapter in chapters:
        other = first.setdefault(chapter.prefix, chapter)
        if other is not chapter:
            source, _ = _source(content / chapter.folder / "chapter.toml", content, Place("", 1))
            place = settings.place_of(source, f"{content.name}/{chapter.folder}/chapter.toml", "prefix")
            what = f"the prefix “{chapter.prefix}” is that of the chapter in {other.folder}"
            yield Mistake(place, what, "choose another: it begins the numbers of equations and instruments")


def _course(content: Path, name: str, book: Book) -> tuple[Course, list[Mistake]]:
    file = f"{content.name}/{courses.FILE}"
    if not (content / courses.FILE).exists():
        return Course(), [Mistake(Place(file, 1), "there is no such file", f"write [{name}] into it")]
    source, missing = _source(content / courses.FILE, content, Place(file, 1))
    if missing:
        return Course(), missing
    return courses.course(source, file, name, [entry.folder for entry in book.entries if entry.folder])


def _chapter(
    content: Path, book: Book, entry: Entry, asked: Place, course: Course
) -> tuple[Chapter | None, list[Mistake]]:
    folder = content / entry.folder
    file = f"{content.name}/{entry.folder}/chapter.toml"
    source, missing = _source(folder / "chapter.toml", content, asked)
    if missing:
        return None, missing
    found, mistakes = settings.chapter(source, file)
    if found is None:
        return None, mistakes
    if found.number and found.number != entry.number:
        what = f"book.toml gives this chapter the number “{entry.number}”, not “{found.number}”"
        mistakes.append(Mistake(settings.place_of(source, file, "number"), what))
    words = catalogue.words(found.language, mistakes) if found.language else book.words
    works, more = _references(folder, content, Place(file, 1), words)
    mistakes += more
    keys = frozenset(work.key for work in works)
    sections = []
    for name in found.sections:
        section, more = _section(folder, content, name, keys)
        mistakes += more
        sections += [section] if section else []
    chapter = Chapter(
        entry.folder,
        found.number,
        found.prefix,
        found.title,
        found.short,
        Text(found.lead.place, joined(found.lead.source, keys)),
        found.level,
        found.builds_on,
        Instrument.unnumbered(found.opening) if found.opening.source else None,
        tuple(sections),
        works,
        found.packages,
        course.edition(entry.folder, found.edition),
        words,
    )
    if chapter.opening and chapter.opening.name in {block.name for block in chapter.blocks if block.label == "inst"}:
        what = f"“{chapter.opening.name}” stands in the text, too"
        mistakes.append(Mistake(found.opening.place, what, "leave it out here or there"))
    return chapter, [*mistakes, *_unknown_labs(chapter)]


def _unknown_labs(chapter: Chapter) -> list[Mistake]:
    known = [block.name for block in chapter.blocks if isinstance(block, Lab)]
    return [
        Mistake(lab.place, f"this chapter has no lab “{lab.source}”", meant(lab.source, known))
        for lab in chapter.edition.labs or ()
        if lab.source not in known
    ]


def _section(folder: Path, content: Path, name: Text, keys: frozenset[str]) -> tuple[Section | None, list[Mistake]]:
    if Path(name.source).name != name.source:
        what = f"“{name.source}” is not the name of a file beside this one"
        return None, [Mistake(name.place, what, "write it as 1-introduction.md")]
    source, missing = _source(folder / name.source, content, name.place)
    if missing:
        return None, missing
    return _parsed(joined(source, keys), f"{content.name}/{folder.name}/{name.source}")


def _references(folder: Path, content: Path, asked: Place, words: Words) -> tuple[tuple[Reference, ...], list[Mistake]]:
    source, missing = _source(folder / BIBLIOGRAPHY, content, asked)
    if missing:
        return (), missing
    return _bibliography(source, f"{content.name}/{folder.name}/{BIBLIOGRAPHY}", words)


# What was read before and has not changed is not read again: a book has a hundred files, an edit changes one.
_parsed = lru_cache(maxsize=4096)(parse.section)
_bibliography = lru_cache(maxsize=512)(bibliography.references)


def _source(path: Path, content: Path, asked: Place) -> tuple[str, list[Mistake]]:
    """A file's text; a missing one is a mistake at the place that asked for it, one that is no text at its line."""
    name = f"{content.name}/{path.relative_to(content).as_posix()}"
    if not path.resolve().is_relative_to(content.resolve()):
        return "", [Mistake(asked, f"{name} leads out of the folder {content.name}", "copy the file itself")]
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        near = [other.name for other in path.parent.glob("*")] if path.parent.is_dir() else []
        return "", [Mistake(asked, f"there is no file {name}", meant(path.name, near))]
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return "", [Mistake(Place(name, line), "this is not UTF-8 text", "save the file as UTF-8")]
    except OSError as error:
        return "", [Mistake(asked, f"{name} cannot be read: {error.strerror}")]
    if unseen := CONTROL.search(text):
        place = Place(name, text.count("\n", 0, unseen.start()) + 1)
        return "", [Mistake(place, f"there is an invisible character here, U+{ord(unseen[0]):04X}", "delete it")]
    return text, []
