"""What catalogues and reference managers want to know of a chapter: metadata for the page's head, and BibTeX.

Addresses are told only where book.toml says where the book will be (`base_url` with a host); nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from press.book.model import Book, Chapter

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
COVER = "cover.png"
SPECIAL = re.compile(r"([&%$#_{}])")


@dataclass(frozen=True)
class Scholar:
    """`meta` has (attribute, name, content); `linked` is JSON-LD."""

    meta: tuple[tuple[str, str, str], ...]
    linked: dict[str, Any]


def scholar(book: Book, chapter: Chapter, paper: bool, cover: bool) -> Scholar:
    """Of a chapter; `paper` and `cover` say whether there is a PDF and a picture beside its page."""
    page = address(book, f"{chapter.folder}/")
    meta = [("name", "citation_title", chapter.title), ("name", "citation_book_title", book.title)]
    meta += [("name", "citation_author", author) for author in book.authors]
    meta += [("name", "citation_publication_date", book.published.replace("-", "/"))] if book.published else []
    meta += [("name", "citation_publisher", book.brand), ("name", "citation_language", chapter.words.tag)]
    if page:
        meta += [("name", "citation_fulltext_html_url", page)]
        meta += [("name", "citation_pdf_url", f"{page}{chapter.folder}.pdf")] if paper else []
        meta += [("property", "og:title", chapter.title), ("property", "og:type", "article")]
        meta += [("property", "og:url", page)]
        meta += [("property", "og:image", page + COVER)] if cover else []
    return Scholar(tuple(meta), _linked(book, chapter, page))


def address(book: Book, path: str) -> str:
    """Where a file of the site will be; empty where book.toml does not say."""
    return urljoin(book.base_url, path) if urlsplit(book.base_url).netloc else ""


def sitemap(book: Book) -> str:
    """The pages of a book as search engines read them; empty where their addresses are not known."""
    pages = ["", *(f"{entry.folder}/" for entry in book.entries if entry.folder)]
    lines = [f"<url><loc>{address(book, page)}</loc></url>" for page in pages]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return "\n".join([head, *lines, "</urlset>\n"]) if address(book, "") else ""


def _linked(book: Book, chapter: Chapter, page: str) -> dict[str, Any]:
    facts = {
        "@context": "https://schema.org",
        "@type": ["Chapter", "LearningResource"],
        "name": chapter.title,
        "position": chapter.number,
        "isPartOf": {"@type": "Book", "name": book.title},
        "author": [{"@type": "Person" if "," in name else "Organization", "name": name} for name in book.authors],
        "datePublished": book.published,
        "inLanguage": chapter.words.tag,
        "license": LICENCE,
        "url": page,
    }
    return {name: value for name, value in facts.items() if value}


def bibtex(book: Book, chapter: Chapter) -> str:
    """An entry for the chapter. A name with a comma is a person's, any other is left as it is."""
    fields = {
        "author": " and ".join(_plain(name) if "," in name else f"{{{_plain(name)}}}" for name in book.authors),
        "title": _plain(chapter.title),
        "booktitle": _plain(book.title),
        "chapter": chapter.number.lstrip("0"),
        "publisher": _plain(book.brand),
        "year": book.published[:4],
        "url": address(book, f"{chapter.folder}/"),
    }
    lines = "\n".join(f"  {name} = {{{value}}}," for name, value in fields.items() if value)
    return f"@incollection{{{chapter.folder}{book.published[:4]},\n{lines}\n}}\n"


def _plain(words: str) -> str:
    return SPECIAL.sub(r"\\\1", words)
