"""A chapter -> files to take along: a Jupyter notebook that runs from top to bottom, and each cell as a program.

Both need numpy and nothing else: the project's own modules that a cell imports travel in its file.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.book.model import (
    Block,
    Book,
    Callout,
    Cell,
    Chapter,
    Equation,
    Exercise,
    Instrument,
    Label,
    Prose,
    Reference,
    Table,
    Task,
    Term,
    Text,
)
from press.book.numbering import LABEL_OF, REFERENCES, TERMS, Links
from press.browser.pyodide_files import archive
from press.execution.cells import started
from press.execution.dependencies import Sources
from press.execution.exercise_variants import version
from press.source.portable_markdown import plain
from press.source.values import Evaluate

TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
NEEDED = "Runs with Python 3.11 or newer and numpy. Text: CC BY 4.0. Code: MIT."
UNPACK = """\
# The book's own modules that the code below imports, packed.
import base64, io, sys, tempfile, zipfile

folder = tempfile.mkdtemp()
zipfile.ZipFile(io.BytesIO(base64.b64decode("{packed}"))).extractall(folder)
sys.path.insert(0, folder)
"""


@dataclass(frozen=True)
class Export:
    """What a chapter is written from: the book, its labels, its figures, its pictures' folder, and the modules."""

    book: Book
    chapter: Chapter
    links: Links
    evaluate: Evaluate
    pictures: Path
    sources: Sources
    root: Path

    def text(self, text: Text | str) -> str:
        """An author's text as plain Markdown."""
        return plain(text if isinstance(text, str) else text.source, self.links, self.evaluate)

    def unpack(self, code: str) -> str:
        """Python that makes the project's modules known that a piece of code imports; empty where it imports none."""
        modules = self.sources.reached(code)
        packed = base64.b64encode(archive(self.root, modules)).decode() if modules else ""
        return UNPACK.format(packed=packed) if packed else ""


def programs(export: Export, needs: Mapping[str, tuple[Cell, ...]]) -> dict[str, bytes]:
    """Each cell, after the cells it needs, as a Python file named for it."""
    return {f"{name}.py": _program(export, before, _cell(export, name)).encode() for name, before in needs.items()}


def _program(export: Export, before: tuple[Cell, ...], cell: Cell) -> str:
    parts = [f"# {_words(export, each)}: {_bare(export, each.title)}\n\n{each.code}" for each in (*before, cell)]
    head = f"# {export.book.title}: {export.chapter.title}\n# {NEEDED}\n"
    return "\n".join(part for part in (head, export.unpack("\n".join(parts)), *parts) if part)


def _cell(export: Export, name: str) -> Cell:
    return next(block for block in export.chapter.blocks if isinstance(block, Cell) and block.name == name)


def notebook(export: Export, outputs: Mapping[str, str]) -> bytes:
    """The chapter as `.ipynb`, each cell with what it printed; `outputs` are by the names of runs."""
    unpack = export.unpack("\n".join(_source(block) for block in export.chapter.blocks))
    cells = [*([_code("modules", unpack, "")] if unpack else []), *_cells(export, outputs)]
    about = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "title": export.chapter.title,
    }
    file = {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(file, ensure_ascii=False, indent=1) + "\n").encode()


def _source(block: Block) -> str:
    """The Python that a block lets readers run."""
    match block:
        case Cell():
            return block.code
        case Task():
            return block.start.source
        case _:
            return ""


def _cells(export: Export, outputs: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    yield _markdown(export, "chapter", f"# {export.chapter.title}\n\n{export.text(export.chapter.lead)}\n\n*{NEEDED}*")
    for section in export.chapter.sections:
        yield _markdown(export, f"sec-{section.name}", _heading(export, section.name))
        for n, block in enumerate(section.blocks):
            yield from _cells_of(export, block, f"{section.name}-{n}", outputs)
    if terms := "\n".join(_term(export, term) for term, _ in export.chapter.terms):
        yield _markdown(export, "terms", f"{_heading(export, TERMS)}\n\n{terms}")
    works = "\n".join(_reference(export, each) for each in export.chapter.references)
    yield _markdown(export, "references", f"{_heading(export, REFERENCES)}\n\n{works}")


def _cells_of(export: Export, block: Block, place: str, outputs: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The cells for a block where it stands; `place` names it if it has no name."""
    if isinstance(block, Term):
        return
    kind = LABEL_OF.get(type(block).__name__, "text")
    yield _markdown(export, f"{kind}-{getattr(block, 'name', '') or place}", _block(export, block))
    if isinstance(block, Cell):
        yield _code(f"run-{block.name}", block.code, outputs[block.name])
    if isinstance(block, Task):
        yield _code(f"try-{block.name}", block.start.source, outputs[started(block)])


def _markdown(export: Export, name: str, source: str) -> dict[str, Any]:
    files = re.findall(r"\]\(attachment:([^)]+)\)", source)
    pictures = {file: {TYPES[Path(file).suffix]: _base64(export.pictures / file)} for file in files}
    cell = {"cell_type": "markdown", "id": name[:64], "metadata": {}, "source": source.strip()}
    return {**cell, "attachments": pictures} if pictures else cell


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def _code(name: str, source: str, output: str) -> dict[str, Any]:
    shown = [{"output_type": "stream", "name": "stdout", "text": output}] if output else []
    about = {"cell_type": "code", "id": name[:64], "metadata": {}}
    return {**about, "execution_count": None, "source": source.rstrip("\n"), "outputs": shown}


def _heading(export: Export, name: str) -> str:
    target = export.links.find(Label("sec", name))
    assert target
    return f'<a id="{target.anchor}"></a>\n\n## {target.number} {export.text(target.title)}'


def _block(export: Export, block: Block) -> str:
    match block:
        case Prose():
            return export.text(block.text)
        case Equation():
            return f"{_head(export, block)}\n\n$$\n{block.tex.source}\n$$\n\n{export.text(block.caption)}"
        case Cell():
            return _head(export, block)
        case Exercise():
            asked = version(block, export.evaluate)
            solution = _solution(export, asked) if export.chapter.edition.solutions else ""
            return f"{_head(export, block)}\n\n{export.text(asked.question)}\n\n{solution}"
        case Task():
            solution = _solved(export, block) if export.chapter.edition.solutions else ""
            return f"{_head(export, block)}\n\n{export.text(block.question)}\n\n{solution}"
        case Instrument():
            return f"{_head(export, block)}\n\n*To be moved on the chapter's page.* {export.text(block.caption)}"
        case Callout():
            return "> " + f"{_head(export, block)}\n\n{export.text(block.body)}".replace("\n", "\n> ")
        case Table():
            return "\n\n".join((_head(export, block), export.text(block.body), export.text(block.note)))
        case Term():
            return ""


def _solution(export: Export, block: Exercise) -> str:
    answer = f"{export.text(block.answer)} {block.unit}".strip()
    explanation = export.text(block.explanation)
    return f"<details><summary>Answer and explanation</summary>\n\nAnswer: **{answer}**.\n\n{explanation}\n\n</details>"


def _solved(export: Export, block: Task) -> str:
    solution = f"```python\n{block.solution.source}```\n\n{export.text(block.explanation)}"
    return f"<details><summary>Solution and explanation</summary>\n\n{solution}\n\n</details>"


Named = Equation | Cell | Exercise | Task | Instrument | Callout | Table


def _head(export: Export, block: Named) -> str:
    """What stands above a block: a place to link to, its number, its title."""
    title = export.text(getattr(block, "title", ""))
    words = "" if isinstance(block, Callout) else _words(export, block)
    bold = " ".join(f"**{part}**" for part in (words, title) if part)
    return f'<a id="{LABEL_OF[type(block).__name__]}-{block.name}"></a>{bold}'


def _words(export: Export, block: Named) -> str:
    target = export.links.find(Label(LABEL_OF[type(block).__name__], block.name))
    return target.words if target else block.name


def _bare(export: Export, title: str) -> str:
    """A title without links, for a comment."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", export.text(title))


def _term(export: Export, term: Term) -> str:
    name = " ".join(part for part in (f"**{term.title}**", export.text(term.symbol)) if part)
    return f'- <a id="term-{term.name}"></a>{name}: {export.text(term.definition)}'


def _reference(export: Export, work: Reference) -> str:
    target = export.links.find(Label("cite", work.key))
    places = [f"https://doi.org/{work.doi}" if work.doi else "", f"https://arxiv.org/abs/{work.arxiv}"]
    address = next(place for place in places if place)
    venue = f" {work.venue}." if work.venue else ""
    words = f"{', '.join(work.authors)} ({work.year}). *{work.title}*.{venue} <{address}> {export.text(work.note)}"
    return f'- <a id="ref-{work.key}"></a>[{target.number if target else "?"}] {words}'
