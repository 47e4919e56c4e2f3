"""Everything a site consists of, and the only file of the builder that writes the output folder.

A `Press` turns the author's folder into files in memory and writes them, with the runtime and the assets, next to the
old site and swaps the two, so that a failed build leaves the old one as it was. It can do so again and again, and
redoes only what changed.
"""

from __future__ import annotations

import codecs
import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from press import chapter
from press.book import model, numbering, read
from press.browser import bundles, offline_list, pyodide_files
from press.browser.heap_snapshot import Image
from press.cache import Cache
from press.execution import cells
from press.execution.dependencies import Sources
from press.execution.trial import Trial
from press.outputs import pdf
from press.page import metadata, render, search_index, source_code
from press.processes import node
from press.text.labels import Links
from press.text.languages.words import Words
from press.text.places import AuthorErrors, Mistake
from press.text.tex import Typesetter

Files = dict[str, Path | bytes]
BundleOf = Callable[[Words], bundles.Bundle]
"""The bundle of a language."""
TRIES = 20
"""How often a site is put into its place where other builds do the same at the same time."""
BYTE_ORDER_MARK = codecs.BOM_UTF8
"""Begins a page, so that it is read as UTF-8 even where a server's header says otherwise."""


class Press:
    """Builds the site of the project at `root` from its `content/` or another folder, as often as asked.

    Use it as a context manager, which ends the processes it started. Changes to the project's own Python are not seen.
    For `image` see `pyodide_files.browser_runtime`; with `paper` each chapter lies beside its page as a PDF;
    `base_url` is where the site will be, if book.toml is not to say it; `course` one of courses.toml.
    """

    def __init__(
        self,
        root: Path,
        content: Path | None = None,
        image: Image = "made",
        paper: bool = False,
        base_url: str = "",
        course: str = "",
    ) -> None:
        self._root = root
        self._image = image
        self._paper = paper
        self._base_url = base_url
        self._course = course
        self._content = content or root / "content"
        self._open = ExitStack()

    @cached_property
    def _workspace(self) -> chapter.Workspace:
        root, kept = self._root, self._root / ".cache"
        typesetter = Typesetter(node.executable(), root / "press" / "text" / "tex.mjs", Cache(kept, "tex", most=20_000))
        return chapter.Workspace(
            root,
            self._content,
            render.environment(root / "templates", kept),
            self._open.enter_context(typesetter),
            self._open.enter_context(cells.Runner(root, Cache(kept, "cells"))),
            self._open.enter_context(Trial(root)),
            Sources(root),
            kept,
        )

    @cached_property
    def _engine(self) -> pyodide_files.Runtime:
        return pyodide_files.browser_runtime(self._root, self._image)

    def build(self, out: Path) -> None:
        """Builds into the folder `out`.

        Raises AuthorErrors with every mistake found, bundles.BuildError or wheels.RuntimeMissing for the rest; `out` is
        then as it was.
        """
        book, chapters, mistakes = read.book(self._content, self._course)
        bundle = cache(lambda words: bundles.bundle(self._root, words.tag, words.table))
        made = {
            name: BYTE_ORDER_MARK + content if isinstance(content, bytes) and name.endswith(".html") else content
            for name, content in self._pages(book, chapters, mistakes, bundle, self._engine.manifest).items()
        }
        files = {**self._engine.files, **made, ".nojekyll": b""}
        for each in chapters:
            own = bundle(each.words)
            shared = {**self._engine.files, **own.files}
            files[f"{each.folder}/{offline_list.NAME}"] = offline_list.service_worker(
                each.folder, own.keeper, shared, made
            )
        for words in {each.words for each in (book, *chapters) if each}:
            files |= bundle(words).files
        write({**files, **(_papers(files, out) if self._paper else {})}, out)

    def pages(self, bundle: BundleOf, manifest: Mapping[str, Any]) -> Files:
        """All HTML of the site, the pictures it shows and what its instruments fetch. Raises AuthorErrors.

        Raises wheels.RuntimeMissing when what instruments fetch cannot be had.
        """
        return self._pages(*read.book(self._content, self._course), bundle, manifest)

    def _pages(
        self,
        book: model.Book | None,
        chapters: list[model.Chapter],
        mistakes: list[Mistake],
        bundle: BundleOf,
        manifest: Mapping[str, Any],
    ) -> Files:
        if book is None:
            raise AuthorErrors(mistakes)
        book = replace(book, base_url=self._base_url or book.base_url)
        table, doubles = numbering.table(book, chapters)
        mistakes += doubles
        chapters = [numbering.shown(each) for each in chapters]
        workspace, files, entries = self._workspace, Files(), []
        stamp = _stamp(self._root / "templates")
        contexts = [chapter.SiteContext(book, bundle(each.words), manifest, stamp, self._paper) for each in chapters]
        for each, context in zip(chapters, contexts, strict=True):
            workspace.ahead(each, context, numbering.links(book, each, table))
        for each, context in zip(chapters, contexts, strict=True):
            page = workspace.page(each, context, numbering.links(book, each, table))
            mistakes += page.mistakes
            files[f"{each.folder}/index.html"] = page.html.encode()
            files[f"{each.folder}/embed.html"] = page.embed.encode()
            beside = {**page.files, **page.downloads}
            files |= {f"{each.folder}/{address}": content for address, content in beside.items()}
            files |= {f"{each.folder}/pictures/{name}": path for name, path in page.pictures.items()}
            files |= page.fetched
            entries.append(page.entries)
        if mistakes:
            raise AuthorErrors(mistakes)
        written = {each.folder: each for each in chapters}
        files["index.html"] = render.index_page(workspace.templates, book, written, bundle(book.words)).encode()
        files["search.json"] = search_index.index(entries)
        if pages := metadata.sitemap(book):
            files["sitemap.xml"] = pages.encode()
        files["404.html"] = render.missing_page(workspace.templates, book, bundle(book.words)).encode()
        files |= source_code.pages(workspace.templates, book, bundle(book.words), self._root)
        return files

    def outcomes(self, of: model.Chapter, links: Links, needs: cells.Needs) -> Mapping[str, cells.Outcome]:
        """What came of the cells of a chapter, when they ran last."""
        return cells.outputs(of, links, needs, self._workspace.runner)[0]

    def __enter__(self) -> Press:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()


def build(
    root: Path,
    out: Path,
    content: Path | None = None,
    image: Image = "made",
    paper: bool = False,
    base_url: str = "",
    course: str = "",
) -> None:
    """Builds once; see `Press.build`."""
    with Press(root, content, image, paper, base_url, course) as press:
        press.build(out)


def pages(root: Path, content: Path, bundle: bundles.Bundle, manifest: Mapping[str, Any]) -> Files:
    """Makes all pages once, all with the same bundle; see `Press.pages`."""
    with Press(root, content) as press:
        return press.pages(lambda _: bundle, manifest)


def _papers(files: Files, out: Path) -> Files:
    """The chapters among the files of a site as PDF, each named for its folder."""
    folders = [name.removesuffix("/embed.html") for name in files if name.endswith("/embed.html")]
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        write(files, Path(folder) / "site")
        made = pdf.printed(Path(folder) / "site", [f"{name}/" for name in folders])
    return {f"{address}{address.strip('/')}.pdf": content for address, content in made.items()}


def _stamp(folder: Path) -> tuple[object, ...]:
    """Something that differs when any file below the folder does."""
    states = ((path, path.stat()) for path in sorted(folder.rglob("*.html")))
    return tuple((path, state.st_mtime_ns, state.st_size) for path, state in states)


def write(files: Mapping[str, Path | bytes], out: Path) -> None:
    """Puts the files into a new folder beside `out` and then in its place; whatever stops it leaves `out` as it was."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.", ignore_cleanup_errors=True) as folder:
        fresh = Path(folder) / "new"
        fresh.mkdir()
        for name, content in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                _link(content, path)
        _swap(fresh, out, Path(folder))


TAKEN = (errno.ENOTEMPTY, errno.EEXIST)


def _swap(fresh: Path, out: Path, aside: Path) -> None:
    """Put a folder in the place of another, which goes aside; again if another build has taken the place meanwhile."""
    for old in (aside / f"old-{n}" for n in range(TRIES)):
        try:
            with suppress(FileNotFoundError):
                out.rename(old)
            fresh.rename(out)
            return
        except BaseException as error:
            taken = isinstance(error, OSError) and (error.errno in TAKEN or out.exists())
            if not out.exists() and old.exists():
                _put_back(old, out)
            if not taken:
                raise
    raise OSError(f"other builds keep writing {out.name}/")


def _put_back(old: Path, out: Path) -> None:
    """Put the old folder back, unless another build has just put its own there."""
    try:
        old.rename(out)
    except OSError as error:
        if error.errno not in TAKEN:
            raise


def _link(source: Path, path: Path) -> None:
    """The same file under a second name where the disk allows it: the runtime is 15 MB."""
    try:
        os.link(source, path)
    except OSError:
        shutil.copyfile(source, path)
