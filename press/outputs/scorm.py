"""The built site as a SCORM package, 1.2 or 2004 (4th edition): a manifest, and a page for each chapter.

Such a page shows the chapter in a frame; `scorm.js` tells the course system how many of its exercises are solved. The
chapter itself knows nothing of it. Names and spellings are those of ADL's documents "SCORM Content Aggregation Model".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

Version = Literal["1.2", "2004"]
Titled = tuple[str, str]
"""A title and its language."""
SCRIPT = Path(__file__).with_name("scorm.js")
SPELLINGS: Mapping[Version, Mapping[str, str]] = {
    "1.2": {
        "packaging": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
        "adl": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
        "schema": "1.2",
        "type": "adlcp:scormtype",
    },
    "2004": {
        "packaging": "http://www.imsglobal.org/xsd/imscp_v1p1",
        "adl": "http://www.adlnet.org/xsd/adlcp_v1p3",
        "schema": "2004 4th Edition",
        "type": "adlcp:scormType",
    },
}


def added(version: Version, book: str, chapters: Mapping[str, Titled], files: Iterable[str]) -> dict[str, bytes]:
    """What makes a package of the site's `files`, by address; `chapters` are by folder."""
    pages = {_address(folder): _page(folder, *titled) for folder, titled in chapters.items()}
    listed = sorted([*files, *pages, SCRIPT.name])
    return {**pages, SCRIPT.name: SCRIPT.read_bytes(), "imsmanifest.xml": _manifest(version, book, chapters, listed)}


def _address(folder: str) -> str:
    return f"scorm-{folder}.html"


def _page(folder: str, title: str, language: str) -> bytes:
    return (
        f'<!doctype html>\n<html lang="{language}">\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        "<style>iframe { position: fixed; inset: 0; width: 100%; height: 100%; border: 0 }</style>\n"
        f'<iframe src="{folder}/index.html" title={quoteattr(title)} allow="clipboard-write; fullscreen"></iframe>\n'
        f'<script type="module" src="{SCRIPT.name}"></script>\n'
    ).encode()


def _manifest(version: Version, book: str, chapters: Mapping[str, Titled], files: Iterable[str]) -> bytes:
    spelled = SPELLINGS[version]
    items = "".join(
        f'<item identifier="item-{folder}" identifierref="sco-{folder}"><title>{escape(title)}</title></item>\n'
        for folder, (title, _) in chapters.items()
    )
    scos = "".join(
        f'<resource identifier="sco-{folder}" type="webcontent" {spelled["type"]}="sco" href="{_address(folder)}">\n'
        f'<file href="{_address(folder)}"/>\n<dependency identifierref="site"/>\n</resource>\n'
        for folder in chapters
    )
    shared = "".join(f"<file href={quoteattr(file)}/>\n" for file in files)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest identifier="book" version="1" xmlns="{spelled["packaging"]}" xmlns:adlcp="{spelled["adl"]}">\n'
        f"<metadata><schema>ADL SCORM</schema><schemaversion>{spelled['schema']}</schemaversion></metadata>\n"
        f'<organizations default="chapters">\n<organization identifier="chapters"><title>{escape(book)}</title>\n'
        f"{items}</organization>\n</organizations>\n<resources>\n{scos}"
        f'<resource identifier="site" type="webcontent" {spelled["type"]}="asset">\n{shared}</resource>\n'
        "</resources>\n</manifest>\n"
    ).encode()
