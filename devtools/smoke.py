"""A served book, checked from outside: every address it names answers, with the right type and the promised bytes.

Reads pages as a browser would, from the first one on, and stays below the given address. Standard library only, so that
a deployment can be checked by a machine that builds nothing.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urldefrag, urljoin, urlsplit
from urllib.request import urlopen

from devtools.terminal import Problem

SCRIPT = ("text/javascript", "application/javascript")
TYPES: dict[str, tuple[str, ...]] = {
    "": ("text/html",),
    ".html": ("text/html",),
    ".css": ("text/css",),
    ".js": SCRIPT,
    ".mjs": SCRIPT,
    ".json": ("application/json",),
    ".wasm": ("application/wasm",),
    ".png": ("image/png",),
    ".jpeg": ("image/jpeg",),
    ".svg": ("image/svg+xml",),
}
"""What a browser insists on, by the end of the name; other files may have any type."""
NOWHERE = "there-is-no-such-page.html"
SECONDS = 30
PATIENCE = 12
"""So many times the first page is asked for, five seconds apart: a deployment takes a while to arrive."""


@dataclass(frozen=True)
class Answer:
    """What a server said: the status, the type without its parameters, the body."""

    status: int
    type: str
    body: bytes


class Page(HTMLParser):
    """The addresses that a page names, and what its scripts are told to load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.manifest: Any = None
        self._reading = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element refers to."""
        given = dict(attrs)
        self.names += [value for name in ("href", "src") if (value := given.get(name))]
        self._reading = given.get("id") == "runtime"

    def handle_data(self, data: str) -> None:
        """Read the manifest."""
        if self._reading:
            self.manifest = json.loads(data)
            self._reading = False


def smoke(base: str, patience: int = PATIENCE) -> tuple[int, list[str]]:
    """How many addresses below `base` were asked for, and what is wrong. Raises Problem when nothing answers."""
    base = base if base.endswith("/") else f"{base}/"
    _wait(base, patience)
    found, promised, ahead, seen = [], dict[str, Mapping[str, Any]](), [base, f"{base}search.json"], set[str]()
    while ahead:
        address = ahead.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = _ask(address)
        found += [f"{address}: {what}" for what in _wrong(address, answer)]
        if answer.status == 200 and answer.type == "text/html":
            page = Page(answer.body.decode())
            files = {urljoin(address, file["url"]): file for file in _files(page.manifest)}
            promised |= files
            ahead += [*files, *(each for name in page.names if (each := _below(base, address, name)))]
        if address in promised and answer.status == 200:
            found += [f"{address}: {what}" for what in _broken(answer.body, promised[address])]
    missing = _ask(base + NOWHERE).status
    found += [f"{base}{NOWHERE}: answers {missing}, not 404"] if missing != 404 else []
    return len(seen) + 1, found


def _wait(base: str, patience: int) -> None:
    for left in range(patience, 0, -1):
        if _ask(base).status == 200:
            return
        if left > 1:
            time.sleep(5)
    raise Problem(f"{base} does not answer")


def _ask(address: str) -> Answer:
    try:
        with urlopen(quote(address, safe=":/?&=%~+@,;"), timeout=SECONDS) as answer:
            return Answer(answer.status, answer.headers.get_content_type(), answer.read())
    except HTTPError as error:
        return Answer(error.code, error.headers.get_content_type(), b"")
    except (URLError, OSError, ValueError):
        return Answer(0, "", b"")


def _below(base: str, page: str, name: str) -> str:
    """The address that a page means by a name, where it lies below the base; else nothing."""
    address = urldefrag(urljoin(page, name))[0]
    return address if address.startswith(base) else ""


def _files(manifest: Any) -> Iterator[Mapping[str, Any]]:
    """Every file that a manifest names with its size and hash."""
    if isinstance(manifest, dict):
        if {"url", "bytes", "sha256"} <= manifest.keys():
            yield manifest
        for part in manifest.values():
            yield from _files(part)


def _wrong(address: str, answer: Answer) -> Iterator[str]:
    if answer.status != 200:
        yield f"answers {answer.status or 'nothing'}"
        return
    suffix = PurePosixPath(urlsplit(address).path).suffix if not address.endswith("/") else ""
    if answer.type not in TYPES.get(suffix, (answer.type,)):
        yield f"is sent as {answer.type}, not as {TYPES[suffix][0]}"
    if not answer.body:
        yield "is empty"


def _broken(body: bytes, file: Mapping[str, Any]) -> Iterator[str]:
    if len(body) != file["bytes"]:
        yield f"has {len(body)} bytes, not {file['bytes']}"
    elif hashlib.sha256(body).hexdigest() != file["sha256"]:
        yield "has other bytes than were built"
