"""A chapter -> files to take along: a Jupyter notebook that runs from top to bottom, and each cell as a program.

Both need numpy and nothing else: the project's own modules that a cell imports travel in its file.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from press.blocks.block import Block
from press.blocks.cell import Cell
from press.book.model import Book, Chapter, Reference
from press.book.numbering import REFERENCES, TERMS
from press.browser.pyodide_files import archive
from press.execution.dependencies import Sources
from press.page.drawn_figures import FOLDER, DrawnFigures
from press.text.labels import Label, Links
from press.text.languages.words import Words
from press.text.pictures import KINDS, Frames, spelt
from press.text.places import Text
from press.text.portable_markdown import plain
from press.text.values import Evaluate
from runtime.python.figures.themes import by_day
from runtime.python.output import Part, Parts

KINDS_OF_OUTPUT = {"svg": "image/svg+xml", "png": "image/png", "tex": "text/latex"}
UNPACK = """\
# {words}
import base64, io, sys, tempfile, zipfile

folder = tempfile.mkdtemp()
zipfile.ZipFile(io.BytesIO(base64.b64decode("{packed}"))).extractall(folder)
sys.path.insert(0, folder)
"""


@dataclass(frozen=True)
class Export:
    """What a chapter is written from: the book, its labels, its figures, its pictures, and the modules."""

    book: Book
    chapter: Chapter
    links: Links
    evaluate: Evaluate
    pictures: Path
    figures: DrawnFigures
    sources: Sources
    root: Path

    @property
    def words(self) -> Words:
        """The page's own words."""
        return self.chapter.words

    @property
    def solutions(self) -> bool:
        """Whether answers are shown."""
        return self.chapter.edition.solutions

    @property
    def drawn(self) -> Mapping[str, Frames]:
        """The states of figures that Python drew, by name."""
        return self.figures.states

    def file(self, name: str) -> bytes:
        """A picture by its name: one that was drawn, or one of the folder."""
        drawn = self.figures.files.get(f"{FOLDER}/{name}")
        return drawn or (self.pictures / spelt(self.pictures, name)).read_bytes()

    def text(self, text: Text | str) -> str:
        """An author's text as plain Markdown."""
        return plain(text if isinstance(text, str) else text.source, self.links, self.evaluate)

    def unpack(self, code: str) -> str:
        """Python that makes the project's modules known that a piece of code imports; empty where it imports none."""
        modules = self.sources.reached(code)
        packed = base64.b64encode(archive(self.root, modules)).decode() if modules else ""
        return UNPACK.format(words=self.words("notebook.packed"), packed=packed) if packed else ""


def programs(export: Export, needs: Mapping[str, tuple[Cell, ...]]) -> dict[str, bytes]:
    """Each cell, after the cells it needs, as a Python file named for it."""
    return {f"{name}.py": _program(export, before, _cell(export, name)).encode() for name, before in needs.items()}


def _program(export: Export, before: tuple[Cell, ...], cell: Cell) -> str:
    parts = [f"# {_words(export, each)}: {_bare(export, each.title)}\n\n{each.code()}" for each in (*before, cell)]
    head = f"# {export.book.title}: {export.chapter.title}\n# {_needed(export)}\n"
    return "\n".join(part for part in (head, export.unpack("\n".join(parts)), *parts) if part)


def _needed(export: Export) -> str:
    *most, last = dict.fromkeys(("numpy", "matplotlib", *(package.source for package in export.chapter.packages)))
    return export.words("notebook.needed", most=", ".join(most), last=last)


def _cell(export: Export, name: str) -> Cell:
    return next(block for block in export.chapter.blocks if isinstance(block, Cell) and block.name == name)


def notebook(export: Export, outputs: Mapping[str, Parts]) -> bytes:
    """The chapter as `.ipynb`, each cell with what it printed; `outputs` are by the names of runs."""
    unpack = export.unpack("\n".join(block.code() for block in export.chapter.blocks))
    cells = [*([_code("modules", unpack, ())] if unpack else []), *_cells(export, outputs)]
    about = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "title": export.chapter.title,
    }
    file = {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(file, ensure_ascii=False, indent=1) + "\n").encode()


def _cells(export: Export, outputs: Mapping[str, Parts]) -> Iterator[dict[str, Any]]:
    yield _markdown(
        export, "chapter", f"# {export.chapter.title}\n\n{export.text(export.chapter.lead)}\n\n*{_needed(export)}*"
    )
    for section in export.chapter.sections:
        yield _markdown(export, f"sec-{section.name}", _heading(export, section.name))
        for n, block in enumerate(section.blocks):
            yield from _cells_of(export, block, f"{section.name}-{n}", outputs)
    if terms := "\n".join(term.notebook("", export) for term, _ in export.chapter.terms):
        yield _markdown(export, "terms", f"{_heading(export, TERMS)}\n\n{terms}")
    works = "\n".join(_reference(export, each) for each in export.chapter.references)
    yield _markdown(export, "references", f"{_heading(export, REFERENCES)}\n\n{works}")


def _cells_of(export: Export, block: Block, place: str, outputs: Mapping[str, Parts]) -> Iterator[dict[str, Any]]:
    """The cells for a block where it stands; `place` names it if it has no name."""
    if not block.in_text:
        return
    yield _markdown(
        export, f"{block.label or 'text'}-{block.name or place}", block.notebook(_head(export, block), export)
    )
    if block.code():
        yield _code(f"code-{block.label}-{block.name}", block.code(), outputs[block.run()], block.is_covered())


def _markdown(export: Export, name: str, source: str) -> dict[str, Any]:
    files = map(unquote, re.findall(r"\]\(attachment:([^)]+)\)", source))
    pictures = {
        file: {KINDS[Path(file).suffix.lower()]: base64.b64encode(export.file(file)).decode()} for file in files
    }
    cell = {"cell_type": "markdown", "id": name[:64], "metadata": {}, "source": source.strip()}
    return {**cell, "attachments": pictures} if pictures else cell


def _code(name: str, source: str, output: Iterable[Part], covered: bool = False) -> dict[str, Any]:
    """A cell of code; `covered`: its output is folded until the reader unfolds it."""
    shown = list(map(_output, output))
    about = {"cell_type": "code", "id": name[:64], "metadata": {"jupyter": {"outputs_hidden": True}} if covered else {}}
    return {**about, "execution_count": None, "source": source.rstrip("\n"), "outputs": shown}


def _output(part: Part) -> dict[str, Any]:
    if isinstance(part, str):
        return {"output_type": "stream", "name": "stdout", "text": part}
    kind, content = KINDS_OF_OUTPUT[part.kind], by_day(part.content) if part.kind == "svg" else part.content
    return {"output_type": "display_data", "data": {kind: content, "text/plain": part.alt}, "metadata": {}}


def _heading(export: Export, name: str) -> str:
    target = export.links.find(Label("sec", name))
    assert target
    return f'<a id="{target.anchor}"></a>\n\n## {target.number} {export.text(target.title)}'


def _head(export: Export, block: Block) -> str:
    """What stands above a block: a place to link to, its number, its title."""
    title = export.text(getattr(block, "title", ""))
    words = _words(export, block) if block.numbered else ""
    bold = " ".join(f"**{part}**" for part in (words, title) if part)
    return f'<a id="{block.label}-{block.name}"></a>{bold}'


def _words(export: Export, block: Block) -> str:
    target = export.links.find(Label(block.label, block.name))
    return target.words if target else block.name


def _bare(export: Export, title: str) -> str:
    """A title without links, for a comment."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", export.text(title))


def _reference(export: Export, work: Reference) -> str:
    target = export.links.find(Label("cite", work.key))
    authors = f"{', '.join(work.authors)} " if work.authors else ""
    venue = f" {work.venue}." if work.venue else ""
    address = f" <{work.address}>" if work.address else ""
    title = export.text(work.marked_title)
    year = work.year or export.words("reference.undated")
    words = f"{authors}({year}). *{title}*.{venue}{address} {export.text(work.note)}".rstrip()
    return f'- <a id="ref-{work.key}"></a>[{target.number if target else "?"}] {words}'
