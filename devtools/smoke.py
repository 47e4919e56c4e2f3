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
from http.client import HTTPException, HTTPMessage
from pathlib import PurePosixPath
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import quote, urldefrag, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

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
LARGEST = 64 * 2**20
"""Bytes that a file of a book may have."""
MOST = 20_000
"""Addresses of one book."""
PATIENCE = 12
"""So many times the first page is asked for, five seconds apart: a deployment takes a while to arrive."""


FILE = {"url": str, "bytes": int, "sha256": str}
"""What a manifest says of a file."""


@dataclass(frozen=True)
class Answer:
    """What a server said: the status, the type without its parameters, the body."""

    status: int
    type: str
    body: bytes
    trouble: str = ""
    """Why there is no answer, in words."""


class Strayed(Exception):
    """A redirection leads away from the book."""


class Staying(HTTPRedirectHandler):
    """Follows redirections as long as they stay below an address."""

    def __init__(self, base: str) -> None:
        self._base = base

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The next request. Raises Strayed."""
        if not newurl.startswith(self._base):
            raise Strayed(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Page(HTMLParser):
    """The addresses that a page names, and what its scripts are told to load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.manifest: Any = None
        self.broken = False
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
            self._reading = False
            try:
                self.manifest = json.loads(data)
            except (ValueError, RecursionError):
                self.broken = True


def smoke(base: str, patience: int = PATIENCE) -> tuple[int, list[str]]:
    """How many addresses below `base` were asked for, and what is wrong. Raises Problem when nothing answers."""
    base = base if base.endswith("/") else f"{base}/"
    if urlsplit(base).scheme not in ("http", "https") or not urlsplit(base).hostname:
        raise Problem(f"{base} is not the address of a site; write it as https://host/path/")
    _wait(base, patience)
    found, promised, ahead, seen = [], dict[str, Mapping[str, Any]](), [base, f"{base}search.json"], set[str]()
    while ahead and len(seen) < MOST:
        address = ahead.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = _ask(address, base)
        found += [f"{address}: {what}" for what in _wrong(address, answer)]
        if answer.status == 200 and answer.type == "text/html":
            page = Page(answer.body.decode(errors="replace"))
            found += [f"{address}: its list of files cannot be read"] if page.broken else []
            files = {each: file for file in _files(page.manifest) if (each := _below(base, address, file["url"]))}
            promised |= files
            ahead += [*files, *(each for name in page.names if (each := _below(base, address, name)))]
        if address in promised and answer.status == 200:
            found += [f"{address}: {what}" for what in _broken(answer.body, promised[address])]
    missing = _ask(base + NOWHERE, base).status
    found += [f"{base}{NOWHERE}: answers {missing}, not 404"] if missing != 404 else []
    return len(seen) + 1, found


def _wait(base: str, patience: int) -> None:
    for left in range(patience, 0, -1):
        answer = _ask(base, base)
        if answer.status == 200:
            return
        if left > 1:
            time.sleep(5)
    raise Problem(f"{base} does not answer" + (f": {answer.trouble}" if answer.trouble else ""))


def _ask(address: str, base: str) -> Answer:
    """One answer, whatever happens on the way; never from outside the base."""
    try:
        with build_opener(Staying(base)).open(quote(address, safe=":/?&=%~+@,;[]"), timeout=SECONDS) as answer:
            body = answer.read(LARGEST + 1)
            if len(body) > LARGEST:
                return Answer(0, "", b"", f"sends more than {LARGEST // 2**20} MB")
            if len(body) < int(answer.headers.get("Content-Length") or 0):
                return Answer(0, "", b"", "ends before its end")
            return Answer(answer.status, answer.headers.get_content_type(), body)
    except HTTPError as error:
        return Answer(error.code, error.headers.get_content_type(), b"")
    except Strayed as elsewhere:
        return Answer(0, "", b"", f"leads away, to {elsewhere}")
    except (OSError, ValueError, HTTPException) as error:
        return Answer(0, "", b"", str(getattr(error, "reason", "") or error) or type(error).__name__)


def _below(base: str, page: str, name: str) -> str:
    """The address that a page means by a name, where it lies below the base; else nothing."""
    try:
        address = urldefrag(urljoin(page, name))[0]
    except ValueError:  # such as http://[
        return ""
    return address if address.startswith(base) else ""


def _files(manifest: Any) -> Iterator[Mapping[str, Any]]:
    """Every file that a manifest names with its size and hash."""
    if isinstance(manifest, dict):
        if FILE.items() <= {name: type(value) for name, value in manifest.items()}.items():
            yield manifest
        for part in manifest.values():
            yield from _files(part)


def _wrong(address: str, answer: Answer) -> Iterator[str]:
    if answer.status != 200:
        yield answer.trouble or f"answers {answer.status or 'nothing'}"
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
