"""Model and labels -> HTML, through the templates.

`chapter_page` renders a chapter, `index_page` the book's contents, `missing_page` what a wrong address shows. A block
is rendered by the template that carries the name of its dataclass. Nothing here reads the author's files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from press.blocks.block import Block, PageContext, Titled
from press.blocks.instrument import Instrument
from press.book.model import Book, Chapter, Reference
from press.book.numbering import REFERENCES, TERMS
from press.book.reading import formulas, minutes
from press.browser.bundles import Bundle
from press.cache import Cache
from press.page import copied_equations
from press.page.highlight import cached_highlight
from press.page.metadata import scholar
from press.text.labels import Label, Links, Target
from press.text.languages.words import Words
from press.text.markdown import Writer
from press.text.places import Text

FONTS, FONTS_OF_EQUATIONS = ["Inter-italic"], ["KaTeX_Main-Regular"]
"""What a chapter shows and other pages don't: emphasis and titles of works; what any equation needs."""


@dataclass(frozen=True)
class SectionView:
    """A section as the page shows it."""

    number: str
    anchor: str
    title: str
    html: Markup


def environment(folder: Path, cache: Path) -> Environment:
    """The templates of a folder; compiled ones, and highlighted code, are cached in another.

    Filters that write take the context's `writer`.
    """
    compiled = cache / "templates"
    compiled.mkdir(parents=True, exist_ok=True)
    env = Environment(
        loader=FileSystemLoader(folder),
        bytecode_cache=FileSystemBytecodeCache(str(compiled)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "highlight": cached_highlight(Cache(cache, "highlight")),
        "markdown": _markdown,
        "inline": _inline,
        "display": _display,
    }
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
    page: PageContext,
    assets: Bundle,
    runtime: Mapping[str, Any],
    paper: bool,
    cover: bool,
) -> tuple[str, str, dict[str, bytes]]:
    """A chapter as a complete page, and its instruments alone as another, to be shown inside other pages.

    Then, by their addresses below the page, the files that the page loads when a reader turns to an exercise or selects
    an equation. `paper` and `cover` say that a PDF and a picture of the chapter lie beside its page. The writer is left
    with the mistakes met on the way.
    """
    writer, links = page.writer, page.writer.links
    lead = Markup(writer.inline(chapter.lead))
    blocks = {block: _block(templates, page, block) for block in chapter.blocks if block.in_text}
    practice = _named("exercises", json.dumps(page.kept_back, ensure_ascii=False).encode()) if page.kept_back else {}
    typed = copied_equations.typed(formulas(chapter), writer.typesetter)
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
        **_language(chapter.words),
    }
    html = templates.get_template("page.html").render(
        shared,
        fonts=FONTS + FONTS_OF_EQUATIONS * any('class="katex"' in section.html for section in sections),
        sections=sections,
        lead=lead,
        practice=next(iter(practice), ""),
        equations=next(iter(equation_file), ""),
        minutes=minutes(chapter),
        exercises=sum(block.label == "ex" for block in blocks),
        paper=paper,
        scholar=scholar(book, chapter, paper, cover),
        megabytes=round(sum(file["bytes"] for file in runtime.get("files", {}).values()) / 1e6),
        cells=[links.find(Label("cell", block.name)) for block in blocks if block.label == "cell"],
        opening=_opening(templates, page, chapter.opening) if chapter.opening else "",
        instruments=[links.find(Label("inst", block.name)) for block in instruments if block.label == "inst"],
        position=f"{book.entries[position].number} / {len(book.entries):02d}",
        previous=book.entries[position - 1] if position else None,
        next=book.entries[position + 1] if position + 1 < len(book.entries) else None,
    )
    embed = templates.get_template("embed.html").render(shared, instruments=[blocks[block] for block in instruments])
    return html, embed, practice | equation_file


def _named(name: str, content: bytes) -> dict[str, bytes]:
    """A file by an address that changes with its content."""
    return {f"{name}-{hashlib.sha256(content).hexdigest()[:8]}.json": content}


def index_page(templates: Environment, book: Book, written: Mapping[str, Chapter], assets: Bundle) -> str:
    """The contents of the book: what is written, and what is not yet."""
    entries = [(entry, minutes(written[entry.folder]) if entry.folder else None) for entry in book.entries]
    return templates.get_template("index.html").render(
        _language(book.words), book=book, entries=entries, lead=book.lead.source, root="", assets=assets
    )


def missing_page(templates: Environment, book: Book, assets: Bundle) -> str:
    """What a host shows for an address that does not exist."""
    root = urlsplit(book.base_url).path or "/"
    return templates.get_template("404.html").render(_language(book.words), book=book, root=root, assets=assets)


def code_page(
    templates: Environment, book: Book, path: str, source: str, beside: Mapping[str, str], assets: Bundle
) -> str:
    """A file of Python to read; `path` is its name in the project, `beside` the pages of its package's other files."""
    page = templates.get_template("code.html")
    shown = {"path": path, "source": source, "beside": beside}
    return page.render({**shown, **_language(book.words)}, book=book, root="../", assets=assets)


def _language(words: Words) -> dict[str, object]:
    """What templates say of a language, and what they say in it: `words("cell.run")`, whose values may be markup."""

    def marked(name: str, count: float | None = None, **values: object) -> Markup:
        number = {} if count is None else {"count": words.figures(f"{count:g}")}
        return Markup.escape(words.phrase(name, count)).format(**number, **values)

    direction = words("language.direction")
    return {
        "language": words.tag,
        "direction": "" if direction == "ltr" else direction,
        "words": marked,
        "within": words.within,
        "figures": words.figures,
        "figured": words.figures_in_markup,
    }


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


def _block(env: Environment, page: PageContext, block: Block) -> Markup:
    """The markup of a block, by the template of its kind."""
    target = page.writer.links.find(Label(block.label, block.name))
    title = Markup(page.writer.inline(Text(block.place, block.title))) if isinstance(block, Titled) else ""

    def render(**values: object) -> Markup:
        template = _template(env, block.kind)
        named = {"writer": page.writer, "block": block, "target": target, "title": title}
        return Markup(template.render({**named, **_language(page.words)}, **values))

    return block.html(page, render)


def _template(env: Environment, kind: str) -> Any:
    return env.get_template(f"blocks/{kind}.html")


def _opening(env: Environment, page: PageContext, instrument: Instrument) -> Markup:
    """The instrument beside a chapter's title."""
    template = env.get_template("opening.html")
    return instrument.html(
        page, lambda **values: Markup(template.render(_language(page.words), block=instrument, **values))
    )


def _terms(env: Environment, chapter: Chapter, writer: Writer) -> Iterator[Markup]:
    """The list of a chapter's terms."""
    for block, section in chapter.terms:
        target, introduced = (writer.links.find(Label(*each)) for each in (("term", block.name), ("sec", section.name)))
        yield Markup(_template(env, "term").render(writer=writer, block=block, target=target, introduced=introduced))


def _references(env: Environment, chapter: Chapter, writer: Writer) -> Iterator[Markup]:
    """The bibliography, rendered after everything that cites it."""
    shared = {"writer": writer, **_language(chapter.words)}
    cited = {key: list(anchors) for key, anchors in writer.citations.items()}
    for reference in chapter.references:
        target = writer.links.find(Label("cite", reference.key))
        yield Markup(_reference(env, shared, reference, target, cited.get(reference.key, [])))


def _reference(
    env: Environment, shared: Mapping[str, Any], reference: Reference, target: Target | None, backlinks: list[str]
) -> str:
    return str(
        _template(env, "reference").render(
            shared,
            block=reference,
            target=target,
            backlinks=backlinks,
            doi_url=f"https://doi.org/{quote(reference.doi)}" if reference.doi else "",
            arxiv_url=f"https://arxiv.org/abs/{quote(reference.arxiv)}" if reference.arxiv else "",
            host=urlsplit(reference.url).hostname,
        )
    )
