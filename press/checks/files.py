"""Files in a chapter's folder that no page uses: sections that are not named, pictures that are not shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

from press.blocks.figure import Figure
from press.book.model import Chapter
from press.book.reading import sentences
from press.text.pictures import names
from press.text.places import Mistake, Place
from press.text.scanner.scan import scan

DRAFT = "draft-"
"""How the name of a section begins that is not ready and may lie there."""


def unused(chapter: Chapter, content: Path) -> Iterator[Mistake]:
    """One mistake for every section and every picture that lies there in vain."""
    folder = content / chapter.folder
    here = f"{content.name}/{chapter.folder}"
    named = {section.place.file for section in chapter.sections}
    for file in sorted(folder.glob("*.md")):
        if f"{here}/{file.name}" not in named and not file.name.startswith(DRAFT):
            hint = f"add it to the sections of chapter.toml, or call it {DRAFT}{file.name}"
            yield Mistake(Place(f"{here}/{file.name}", 1), "this section is not part of the chapter", hint)
    shown = {normalize("NFC", name) for name in _pictures(chapter)}
    for typed, name in names(folder / "pictures").items():
        if typed not in shown:
            yield Mistake(Place(f"{here}/pictures/{name}", 1), "this picture is not shown", "show it, or delete it")


def _pictures(chapter: Chapter) -> Iterator[str]:
    for text in sentences(chapter):
        yield from (token.target for token in scan(text.source).tokens if token.sort == "picture")
    for figure in (block for block in chapter.blocks if isinstance(block, Figure)):
        yield figure.module.removeprefix("pictures/") if figure.draw else figure.file.source
