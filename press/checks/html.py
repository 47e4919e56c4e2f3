"""Finished pages: links within the site that lead nowhere, pictures without words, headings out of order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from press.text.places import Mistake, Place

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """What matters of a page: its anchors, its links, and the mistakes seen while reading."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[tuple[Place, str]] = []
        self.mistakes: list[Mistake] = []
        self.whole = ""
        """For a page that shows parts of another: that other, where its links lead if not to itself."""
        self._address, self._level = address, 0
        self._open: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one element."""
        given = dict(attrs)
        hidden = given.get("aria-hidden") == "true" or bool(self._open and self._open[-1][1])
        if tag not in VOID:
            self._open.append((tag, hidden))
        self.whole = given.get("data-embed") or self.whole
        place = Place(f"site/{self._address}", self.getpos()[0])
        if anchor := given.get("id"):
            if anchor in self.anchors:
                self.mistakes.append(Mistake(place, f"“{anchor}” names two places of this page", "rename a section"))
            self.anchors.add(anchor)
        self.links += [(place, str(given[name])) for name in ("href", "src") if given.get(name)]
        if tag == "img" and "alt" not in given:
            self.mistakes.append(Mistake(place, "a picture without alternative text"))
        if tag == "svg" and not hidden and not {"aria-label", "aria-labelledby"} & given.keys():
            self.mistakes.append(Mistake(place, "a drawing without words", "give it aria-label, or aria-hidden"))
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            if int(tag[1]) > self._level + 1:
                self.mistakes.append(Mistake(place, f"a heading of level {tag[1]} follows one of level {self._level}"))
            self._level = int(tag[1])

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and what was left open in it."""
        while self._open and self._open.pop()[0] != tag:
            pass


def pages(files: Mapping[str, Path | bytes]) -> Iterator[Mistake]:
    """Mistakes in all pages of a site, given by address."""
    read = {name: Page(name, html.decode()) for name, html in files.items() if isinstance(html, bytes) and _is(name)}
    for address, page in read.items():
        yield from page.mistakes
        for place, link in page.links:
            if not _leads(address, link, files, read):
                yield Mistake(place, f"a link to {link} leads nowhere")


def _is(name: str) -> bool:
    return name.endswith(".html")


def _leads(address: str, link: str, files: Mapping[str, Path | bytes], read: Mapping[str, Page]) -> bool:
    """Whether a link from a page leads to another site or to a file, and an anchor, of this one."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or parts.path.startswith("/"):
        return True
    path = posixpath.normpath(posixpath.join(posixpath.dirname(address), unquote(parts.path)))
    target = address if not parts.path else f"{path}/index.html" if parts.path.endswith("/") else path
    if target not in files:
        return False
    if not parts.fragment or target not in read or unquote(parts.fragment) in read[target].anchors:
        return True
    whole = posixpath.join(posixpath.dirname(target), read[target].whole)
    return whole in read and unquote(parts.fragment) in read[whole].anchors
