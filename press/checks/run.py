"""Everything `build.py check` finds in a book that builds: the findings of `press/checks/`, in order of files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from press.book import numbering, read
from press.book.model import Chapter
from press.browser.bundles import Bundle, bundle
from press.cache import Cache
from press.checks import colours, figures, files, html, plots, structure, terms
from press.execution import cells
from press.site import Press
from press.text.labels import Links
from press.text.languages.words import Words
from press.text.places import AuthorErrors, Mistake

TERMS = "terms.txt"


def check(root: Path, content: Path) -> list[Mistake]:
    """What to mend. Raises AuthorErrors where the book does not even build, and what a build raises besides."""
    with Press(root, content) as press:
        made: dict[str, Path | bytes] = {}

        def bundled(words: Words) -> Bundle:
            found = bundle(root, words.tag, words.table)
            made.update(found.files)
            return found

        made_files = press.pages(bundled, {"files": {}})
        found = [*html.pages({**made, **made_files, "assets/licences.txt": b""}), *colours.colours(root)]
        book, chapters, mistakes = read.book(content)
        if book is None or mistakes:
            raise AuthorErrors(mistakes)
        table, _ = numbering.table(book, chapters)
        found += structure.unused(book, chapters, table, structure.places(chapters))
        known = terms.read(content / TERMS)
        for chapter in chapters:
            found += [*figures.figures(chapter), *terms.terms(chapter, known)]
            found += [*structure.headings(chapter), *structure.links(chapter), *structure.works(chapter)]
            found += structure.doubles(chapter)
            found += plots.white(chapter)
            found += files.unused(chapter, content)
            needs, _ = cells.needed(chapter)
            links = numbering.links(book, chapter, table)
            outcomes = press.outcomes(chapter, links, needs)
            found += structure.slow(chapter, outcomes)
            found += structure.changing(chapter, outcomes, _anew(root, chapter, links, needs))
    return sorted(set(found))


def _anew(root: Path, chapter: Chapter, links: Links, needs: cells.Needs) -> Mapping[str, cells.Outcome]:
    """What comes of the cells when all of them run once more."""
    with TemporaryDirectory() as empty, cells.Runner(root, Cache(Path(empty), "cells")) as runner:
        return cells.outputs(chapter, links, needs, runner)[0]
