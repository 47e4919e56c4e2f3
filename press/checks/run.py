"""Everything `build.py check` finds in a book that builds: the findings of `press/checks/`, in order of files."""

from __future__ import annotations

from pathlib import Path

from press.book import numbering, read
from press.browser.bundles import Bundle, bundle
from press.checks import colours, figures, files, html, plots, structure, terms
from press.execution import cells
from press.site import Press
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
            outcomes = press.outcomes(chapter, numbering.links(book, chapter, table), needs)
            found += structure.slow(chapter, outcomes)
    return sorted(set(found))
