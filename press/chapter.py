"""One chapter -> its page: runs its cells, draws its instruments, renders, and keeps the page while nothing changed.

A page depends on its chapter, on the site it stands in, and on the places in other chapters that it names. On the
project's Python as well: whoever keeps a `Workspace` starts a new one (in a new process) when that changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment

from press.blocks.block import PageContext
from press.blocks.figure import Figure
from press.book import reading
from press.book.model import Book, Chapter
from press.browser.bundles import Bundle
from press.browser.fetched_files import needed
from press.cache import Cache
from press.execution import cells, imports
from press.execution.cover import cover
from press.execution.dependencies import Sources
from press.execution.drawings import Studio, drawings
from press.execution.initial_views import fields, views
from press.execution.listed_packages import listed
from press.execution.trial import NeverEnds, Trial, until_one_never_comes
from press.outputs import notebook
from press.page import cell_output, render, search_index
from press.page.drawn_figures import drawn_figures, without_colour
from press.page.extracted_pictures import extract_pictures
from press.page.metadata import COVER, bibtex
from press.page.picture_style import style
from press.text import exception_place, values
from press.text.labels import Label, Links, Target
from press.text.languages.words import Words
from press.text.markdown import Writer
from press.text.places import AuthorErrors, Mistake, Place, Text
from press.text.tex import Typesetter
from runtime.python.output import Parts


@dataclass(frozen=True)
class SiteContext:
    """What all pages of a build in one language share: `bundle` is that language's.

    `templates` names the state of the templates, `paper` tells of PDFs beside.
    """

    book: Book
    bundle: Bundle
    manifest: Mapping[str, Any]
    templates: object
    paper: bool


@dataclass(frozen=True)
class Page:
    """A finished page, its instruments alone, files both load, files to take along, and what all were made from.

    `fetched` are files that instruments and listed packages need, by their address in the site.
    """

    html: str
    embed: str
    pictures: Mapping[str, Path]
    files: Mapping[str, bytes]
    fetched: Mapping[str, Path]
    downloads: Mapping[str, bytes]
    entries: tuple[search_index.Entry, ...]
    mistakes: tuple[Mistake, ...]
    chapter: Chapter
    site: SiteContext
    elsewhere: Mapping[Label, Target | None]

    def is_current(self, chapter: Chapter, site: SiteContext, links: Links) -> bool:
        """Whether making the page again would give the same."""
        return (
            not self.mistakes
            and self.chapter == chapter
            and self.site == site
            and all(links.find(label) == target for label, target in self.elsewhere.items())
            and all(picture.is_file() for picture in self.pictures.values())
        )


@dataclass
class Workspace:
    """The tools that pages are made with, and what was made before. `root` is the project, `content` the book."""

    root: Path
    content: Path
    templates: Environment
    typesetter: Typesetter
    runner: cells.Runner
    trial: Trial
    sources: Sources
    cache: Path
    pages: dict[str, Page] = field(default_factory=dict)
    values: dict[str, values.Evaluate] = field(default_factory=dict)

    def ahead(self, chapter: Chapter, site: SiteContext, links: Links) -> None:
        """Lets the helpers begin with what the chapter's page will want, if it has to be made."""
        old = self.pages.get(chapter.folder)
        if old is None or not old.is_current(chapter, site, links):
            needs, _ = cells.needed(chapter)
            self.trial.ahead()
            cells.ahead(chapter, links, needs, self.runner)
            self.typesetter.ahead(reading.formulas(chapter))

    def studio(self, folder: Path) -> Studio:
        """Where the figures of the chapter in a folder are drawn."""
        return Studio(self.root, self.content, folder, self.sources, Cache(self.cache, "figures"))

    def page(self, chapter: Chapter, site: SiteContext, links: Links) -> Page:
        """The chapter's page, made now or before."""
        old = self.pages.get(chapter.folder)
        if old is None or not old.is_current(chapter, site, links):
            self.pages[chapter.folder] = _page(self, chapter, site, links)
        return self.pages[chapter.folder]


def _page(workspace: Workspace, chapter: Chapter, site: SiteContext, links: Links) -> Page:
    folder = workspace.content / chapter.folder
    needs, mistakes = cells.needed(chapter)
    outcomes, failures = cells.outputs(chapter, links, needs, workspace.runner)
    packages, unfit = listed(chapter.packages, workspace.root)
    in_vain = [] if unfit else list(imports.in_cells(_codes(chapter), workspace.root, packages.needs))
    failures = [*unfit, *in_vain, *_besides(failures, in_vain)]
    views_kept = Cache(workspace.cache, "views")
    modules, shown, faults = views(chapter, workspace.root, workspace.sources, views_kept, workspace.trial)
    evaluate, picture = _own_python(workspace, chapter)
    evaluate = until_one_never_comes(evaluate)
    figures, refused = drawings(chapter, workspace.studio(folder))
    look = style(workspace.root / "assets" / "css")
    refused += without_colour((block for block in chapter.blocks if isinstance(block, Figure)), figures, look)
    drawn = drawn_figures(figures, look)
    writer = Writer(
        links,
        chapter.words,
        workspace.typesetter,
        evaluate,
        folder / "pictures",
        fields(modules, shown),
        Cache(workspace.cache, "markdown", most=20_000),
        _python(workspace, folder),
    )
    outputs = {name: outcome.parts for name, outcome in outcomes.items()}
    said = {cell.name: cell.alt for cell in cells.cells(chapter) if cell.alt}
    outputs |= {name: cell_output.in_words(outputs[name], alt) for name, alt in said.items()}
    printed = {name: cell_output.markup(parts, workspace.typesetter) for name, parts in outputs.items()}
    extracted = extract_pictures(shown, look)
    page = PageContext(
        writer,
        {name: output.markup for name, output in printed.items()},
        {name: tuple(cell.name for cell in before) for name, before in needs.items()},
        modules,
        extracted.views,
        drawn.states,
        chapter.words,
        chapter.edition.solutions,
        chapter.edition.seed,
    )
    fetched = needed(workspace.root, modules)
    runtime = packages.told_in(fetched.told_in({**site.manifest, **site.bundle.manifest}))
    html, embed, practice = render.chapter_pages(
        workspace.templates, site.book, chapter, page, site.bundle, runtime, site.paper, bool(picture)
    )
    pictures = {name: folder / "pictures" / name for name in sorted(writer.used_pictures)}
    figured = _figured(evaluate, chapter.words)
    found = (*mistakes, *failures, *faults, *refused, *writer.mistakes)
    files = {**extracted.pictures, **drawn.files, **practice}
    for output in printed.values():
        files |= output.pictures
    export = notebook.Export(
        site.book, chapter, links, figured, writer.pictures, drawn, workspace.sources, workspace.root
    )
    downloads = {} if found else _downloads(export, needs, outputs)
    entries = () if found else search_index.entries(chapter, links, figured)
    downloads |= {COVER: picture} if picture else {}
    elsewhere = _elsewhere(chapter, links)
    large = {**fetched.files, **packages.files}
    return Page(html, embed, pictures, files, large, downloads, entries, found, chapter, site, elsewhere)


def _codes(chapter: Chapter) -> Iterator[Text]:
    """All code of the chapter that readers run."""
    for cell in cells.cells(chapter):
        yield Text(cell.place.below(1), cell.source)
    for task in cells.tasks(chapter):
        yield from (task.start, task.check, task.solution)


def _besides(failures: Iterable[Mistake], told: Iterable[Mistake]) -> Iterator[Mistake]:
    """Failures at other lines than those of which something is told already."""
    places = {mistake.place for mistake in told}
    return (failure for failure in failures if failure.place not in places)


def _own_python(workspace: Workspace, chapter: Chapter) -> tuple[values.Evaluate, bytes | None]:
    """What the chapter's own Python computes: its figures, and its cover if it has one. Raises AuthorErrors."""
    folder, file = workspace.content / chapter.folder, "figures.py"
    first = f"{workspace.content.name}/{chapter.folder}"
    try:
        if chapter.folder not in workspace.values:
            workspace.trial.figures(folder / file, Place(f"{first}/{file}", 1))
            workspace.values[chapter.folder] = workspace.trial.evaluator(folder / file)
        file = "cover.py"
        drawn = workspace.trial.cover(folder / file, Place(f"{first}/{file}", 1))
        return workspace.values[chapter.folder], drawn or cover(folder / file)
    except NeverEnds as error:
        raise AuthorErrors([error.mistake]) from error
    except (Exception, SystemExit) as error:
        found = exception_place.mistake(error, folder, Place(file, 1))
        place = Place(f"{first}/{found.place.file}", found.place.line)
        raise AuthorErrors([Mistake(place, found.what)]) from error


def _figured(evaluate: values.Evaluate, words: Words) -> values.Evaluate:
    """Values as they are shown, with the signs of the chapter's language between digits."""
    return lambda source, names=(): words.figures(evaluate(source, names))


def _python(workspace: Workspace, folder: Path) -> str:
    """A digest of the Python that turns a chapter's texts into HTML, its own included."""
    figures = folder / "figures.py"
    code = figures.read_text(encoding="utf-8") if figures.is_file() else ""
    return workspace.sources.digest("from press.text import markdown\nfrom instruments.nn import ops\n" + code)


def _downloads(export: notebook.Export, needs: cells.Needs, outputs: Mapping[str, Parts]) -> dict[str, bytes]:
    """By address below the chapter's folder."""
    name, entry = export.chapter.folder, bibtex(export.book, export.chapter).encode()
    book = {f"{name}.ipynb": notebook.notebook(export, outputs), f"{name}.bib": entry}
    return {**book, **notebook.programs(export, needs)}


def _elsewhere(chapter: Chapter, links: Links) -> dict[Label, Target | None]:
    """What the chapter's labels for places in other chapters point at."""
    return {label: links.find(label) for label in reading.labels(chapter) if "/" in label.name}
