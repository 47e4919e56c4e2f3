"""Model and labels -> HTML, through the templates.

`chapter_page` renders a chapter, `index_page` the book's contents, `missing_page` what a wrong address shows. A block
is rendered by the template that carries the name of its dataclass. Nothing here reads the author's files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from press import equations
from press.assets import Bundle
from press.execute import started
from press.highlight import kept_highlights
from press.model import (
    Block,
    Book,
    Callout,
    Cell,
    Chapter,
    Edition,
    Equation,
    Exercise,
    Instrument,
    Lab,
    Label,
    Prose,
    Reference,
    Table,
    Target,
    Task,
    Term,
    Text,
)
from press.number import LABEL_OF, REFERENCES, TERMS, Links
from press.prose import Writer, count_words
from press.prose import formulas as formulas_in
from press.scholar import scholar
from press.variants import variants
from press.views import SEED

Titled = Equation | Cell | Task | Instrument | Callout | Table
FONTS, FONTS_OF_EQUATIONS = ["Inter-italic"], ["KaTeX_Main-Regular"]
"""What a chapter shows and other pages don't: emphasis and titles of works; what any equation needs."""
WORDS_PER_MINUTE = 200
MINUTES = {Cell: 1.5, Exercise: 2.0, Task: 2.0, Instrument: 2.0, Lab: 2.0}


@dataclass(frozen=True)
class SectionView:
    """A section as the page shows it."""

    number: str
    anchor: str
    title: str
    html: Markup


@dataclass(frozen=True)
class Made:
    """What was computed for a chapter before rendering: outputs of runs, needs of cells, instruments by module."""

    outputs: Mapping[str, str]
    needs: Mapping[str, tuple[Cell, ...]]
    instruments: Mapping[str, ModuleType]
    views: Mapping[str, Mapping[str, Any]]
    edition: Edition

    def free(self, control: Any) -> bool:
        """Whether a reader may move a control: a fixed seed has none."""
        return self.edition.seed is None or getattr(control, "field", "") != SEED


def environment(folder: Path, cache: Path) -> Environment:
    """The templates of a folder; compiled ones, and highlighted code, are kept in another.

    Filters that write take the context's `writer`.
    """
    cache.mkdir(parents=True, exist_ok=True)
    env = Environment(
        loader=FileSystemLoader(folder),
        bytecode_cache=FileSystemBytecodeCache(str(cache)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {"highlight": kept_highlights(cache), "markdown": _markdown, "inline": _inline, "display": _display}
    env.filters["script_json"] = lambda value: Markup(script_json(value))
    return env


@pass_context
def _markdown(context: Context, text: Text) -> Markup:
    return Markup(context["writer"].markdown(text))


@pass_context
def _inline(context: Context, text: Text) -> Markup:
    return Markup(context["writer"].inline(text))


@pass_context
def _display(context: Context, text: Text) -> Markup:
    return Markup(context["writer"].display(text))


def chapter_pages(
    templates: Environment,
    book: Book,
    chapter: Chapter,
    writer: Writer,
    made: Made,
    assets: Bundle,
    runtime: Mapping[str, Any],
    paper: bool,
    cover: bool,
) -> tuple[str, str, dict[str, bytes]]:
    """A chapter as a complete page, and its instruments alone as another, to be shown inside other pages.

    Then, by their addresses below the page, the files that the page loads when a reader turns to an exercise or selects
    an equation. `paper` and
    `cover` say that a PDF and a picture of the chapter lie beside its page. The writer is left with the mistakes met on
    the way.
    """
    links = writer.links
    lead = Markup(writer.inline(chapter.lead))
    kept: dict[str, object] = {}
    blocks = {
        block: _block(templates, writer, made, block, kept) for block in chapter.blocks if not isinstance(block, Term)
    }
    practice = _named("exercises", json.dumps(kept, ensure_ascii=False).encode()) if kept else {}
    typed = equations.typed(formulas(chapter), writer.typesetter)
    equation_file = _named("equations", json.dumps(typed, ensure_ascii=False).encode()) if typed else {}
    sections = [
        _section(links, section.name, Markup("\n").join(blocks[block] for block in section.blocks if block in blocks))
        for section in chapter.sections
    ]
    terms = list(_terms(templates, chapter, writer))
    if terms:
        sections.append(_section(links, TERMS, Markup("\n").join(terms)))
    sections.append(_section(links, REFERENCES, Markup("\n").join(_references(templates, chapter, writer))))
    position = [entry.folder for entry in book.entries].index(chapter.folder)
    instruments = [block for block in blocks if isinstance(block, Instrument)]
    shared = {
        "book": book,
        "chapter": chapter,
        "root": "../",
        "assets": assets,
        "runtime": Markup(script_json(_seen_from("../", runtime))),
        "language": book.language,
    }
    page = templates.get_template("page.html").render(
        shared,
        fonts=FONTS + FONTS_OF_EQUATIONS * any('class="katex"' in section.html for section in sections),
        sections=sections,
        lead=lead,
        practice=next(iter(practice), ""),
        equations=next(iter(equation_file), ""),
        minutes=minutes(chapter),
        exercises=sum(isinstance(block, Exercise | Task) for block in blocks),
        paper=paper,
        scholar=scholar(book, chapter, paper, cover),
        megabytes=round(sum(file["bytes"] for file in runtime.get("files", {}).values()) / 1e6),
        cells=[links.find(Label("cell", block.name)) for block in blocks if isinstance(block, Cell)],
        instruments=[links.find(Label("inst", block.name)) for block in instruments if not isinstance(block, Lab)],
        position=f"{book.entries[position].number} / {len(book.entries):02d}",
        previous=book.entries[position - 1] if position else None,
        next=book.entries[position + 1] if position + 1 < len(book.entries) else None,
    )
    embed = templates.get_template("embed.html").render(shared, instruments=[blocks[block] for block in instruments])
    return page, embed, practice | equation_file


def _named(name: str, content: bytes) -> dict[str, bytes]:
    """A file by an address that changes with its content."""
    return {f"{name}-{hashlib.sha256(content).hexdigest()[:8]}.json": content}


def index_page(templates: Environment, book: Book, written: Mapping[str, Chapter], assets: Bundle) -> str:
    """The contents of the book: what is written, and what is not yet."""
    entries = [(entry, minutes(written[entry.folder]) if entry.folder else None) for entry in book.entries]
    return templates.get_template("index.html").render(
        book=book, entries=entries, lead=book.lead.source, root="", assets=assets, language=book.language
    )


def missing_page(templates: Environment, book: Book, assets: Bundle) -> str:
    """What a host shows for an address that does not exist."""
    root = urlsplit(book.base_url).path or "/"
    return templates.get_template("404.html").render(book=book, root=root, assets=assets, language=book.language)


def code_page(templates: Environment, book: Book, path: str, source: str, assets: Bundle) -> str:
    """A file of Python to read; `path` is its name in the project."""
    page = templates.get_template("code.html")
    return page.render(book=book, path=path, source=source, root="../", assets=assets, language=book.language)


def minutes(chapter: Chapter) -> int:
    """Reading time: 200 words a minute, and so much for each thing to run, answer or move. Terms are looked up."""
    looked_up = {text for term, _ in chapter.terms for text in _texts(term)}
    words = sum(count_words(text) for text in prose(chapter) if text not in looked_up)
    return round(words / WORDS_PER_MINUTE + sum(MINUTES.get(type(block), 0) for block in chapter.blocks))


def prose(chapter: Chapter) -> Iterator[Text]:
    """Every text of a chapter that is read as sentences, in reading order."""
    yield chapter.lead
    for section in chapter.sections:
        for block in section.blocks:
            yield from _texts(block)


def formulas(chapter: Chapter) -> Iterator[tuple[str, bool]]:
    """The formulas of a chapter's equations and sentences, and whether each is displayed."""
    for block in chapter.blocks:
        if isinstance(block, Equation):
            yield block.tex.source, True
    for text in prose(chapter):
        yield from formulas_in(text.source)


def _texts(block: Block) -> tuple[Text, ...]:
    match block:
        case Prose(text):
            return (text,)
        case Equation() | Instrument():
            return (block.caption,)
        case Exercise():
            return (block.question, block.explanation, *block.hints, *(slip.words for slip in block.slips))
        case Task():
            return (block.question, block.explanation, *block.hints)
        case Callout():
            return (block.body,)
        case Table():
            return (block.body, block.note)
        case Term():
            return (block.symbol, block.definition)
        case Cell():
            return ()


def _seen_from(root: str, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The runtime's manifest with addresses relative to a page instead of to the root of the site."""

    def seen(key: str, value: Any) -> Any:
        if isinstance(value, dict) and key != "lock":
            return {inner: seen(inner, part) for inner, part in value.items()}
        return root + value if key in ("url", "editor", "engine") else value

    return {key: seen(key, value) for key, value in manifest.items()}


def script_json(value: object) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def _section(links: Links, name: str, html: Markup) -> SectionView:
    target = links.find(Label("sec", name))
    assert target
    return SectionView(target.number, target.anchor, target.title, html)


def _block(env: Environment, writer: Writer, made: Made, block: Block, kept: dict[str, object]) -> Markup:
    """The markup of a block; `kept` receives what an exercise keeps back, by its name."""
    kind = type(block).__name__
    target = writer.links.find(Label(LABEL_OF[kind], getattr(block, "name", ""))) if kind in LABEL_OF else None
    title = Markup(writer.inline(Text(block.place, block.title))) if isinstance(block, Titled) else ""
    render = partial(_template(env, kind).render, writer=writer, block=block, target=target, title=title)
    match block:
        case Cell():
            needs = [cell.name for cell in made.needs[block.name]]
            return Markup(render(output=made.outputs[block.name], needs=needs))
        case Exercise():
            solutions = made.edition.solutions
            return _exercise(partial(render, solutions=solutions), block, writer, solutions, kept)
        case Task():
            kept[block.name] = block.check.source
            tips = [Markup(writer.markdown(hint)) for hint in block.hints]
            return Markup(render(output=made.outputs[started(block)], tips=tips, solutions=made.edition.solutions))
        case Instrument() if block.module not in made.instruments:
            return Markup()
        case Instrument():
            module, view = made.instruments[block.module], made.views[block.module]
            state = json.dumps(view["state"], ensure_ascii=False)
            controls = [each for each in module.CONTROLS if made.free(each)]
            return Markup(render(view=view, controls=controls, regions=module.REGIONS, state_json=state))
        case _:
            return Markup(render())


def _exercise(
    render: Callable[..., str], block: Exercise, writer: Writer, solutions: bool, kept: dict[str, object]
) -> Markup:
    """The first version; the others and all slips are kept back, or left out where solutions are hidden."""
    versions = variants(block, writer)
    several = bool(solutions and block.numbers)
    shown = [Markup(render(variant=variant, number=n, several=several)) for n, variant in enumerate(versions)]
    if solutions and (block.numbers or block.slips):
        kept[block.name] = [
            {"html": html if several else "", "slips": variant.slips}
            for html, variant in zip(shown, versions, strict=True)
        ]
    return shown[0]


def _template(env: Environment, kind: str) -> Any:
    return env.get_template(f"blocks/{kind.lower()}.html")


def _terms(env: Environment, chapter: Chapter, writer: Writer) -> Iterator[Markup]:
    """The list of a chapter's terms."""
    for block, section in chapter.terms:
        target, introduced = (writer.links.find(Label(*each)) for each in (("term", block.name), ("sec", section.name)))
        yield Markup(_template(env, "Term").render(writer=writer, block=block, target=target, introduced=introduced))


def _references(env: Environment, chapter: Chapter, writer: Writer) -> Iterator[Markup]:
    """The bibliography, rendered after everything that cites it."""
    cited = {key: list(anchors) for key, anchors in writer.citations.items()}
    for reference in chapter.references:
        target = writer.links.find(Label("cite", reference.key))
        yield Markup(_reference(env, writer, reference, target, cited.get(reference.key, [])))


def _reference(
    env: Environment, writer: Writer, reference: Reference, target: Target | None, backlinks: list[str]
) -> str:
    return str(
        _template(env, "Reference").render(
            writer=writer,
            block=reference,
            target=target,
            backlinks=backlinks,
            doi_url=f"https://doi.org/{quote(reference.doi)}" if reference.doi else "",
            arxiv_url=f"https://arxiv.org/abs/{reference.arxiv}" if reference.arxiv else "",
        )
    )
