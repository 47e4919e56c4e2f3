"""A small web server for reading the built site on this machine: right types, no caching surprises, 404.html.

Listens on this machine only. It serves files; it builds nothing. `live_reload.py` makes the author's server of it.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

HOST = "127.0.0.1"
TRIES = 50
TYPES = {
    "": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".whl": "application/zip",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".zip": "application/zip",
}


class Handler(SimpleHTTPRequestHandler):
    """Answers GET and HEAD from one folder. Types come from `TYPES`, because a machine's own table may be wrong."""

    extensions_map = TYPES
    protocol_version = "HTTP/1.1"

    def end_headers(self) -> None:
        """Let browsers ask again each time."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def parse_request(self) -> bool:
        """Refuse a request that was sent to another name: a page of another site could have that name lead here."""
        if not super().parse_request():
            return False
        host = urlsplit(f"//{self.headers.get('Host', HOST)}").hostname
        if host not in (HOST, "localhost", "::1"):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "This server answers to this machine's own name only")
            return False
        return True

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Find the file; a name that no file can have, or that leads out of the folder, is a file that is not there.

        A page is always sent whole, never "not modified": two builds within a second carry the same date.
        """
        try:
            if not Path(self.translate_path(self.path)).resolve().is_relative_to(Path(self.directory).resolve()):
                raise ValueError
            page = page_at(Path(self.directory), self.path)
            return self.send_page(HTTPStatus.OK, page.read_bytes()) if page else super().send_head()
        except ValueError:
            self.send_error(HTTPStatus.NOT_FOUND)
            return None

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """A folder without index.html is nothing a reader should see."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Show the site's own 404.html where it has one."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        answer = self.send_page(code, page.read_bytes())
        if self.command != "HEAD":
            self.wfile.write(answer.read())

    def send_page(self, code: int, content: bytes) -> io.BytesIO:
        """Send what comes before a page, and return the page."""
        self.send_response(code)
        self.send_header("Content-Type", TYPES[".html"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the terminal for what the author needs to know."""


def page_at(folder: Path, address: str) -> Path | None:
    """The page that an address below the root of the site shows, if there is one. Raises ValueError for a NUL."""
    parts = [part for part in unquote(urlsplit(address).path).split("/") if part not in ("", ".")]
    path = folder.joinpath(*parts) if ".." not in parts else folder
    page = path / "index.html" if address.partition("?")[0].endswith("/") else path
    within = page.resolve().is_relative_to(folder.resolve())
    return page if within and page.suffix == ".html" and page.is_file() else None


class Server(ThreadingHTTPServer):
    """Threads end with the program; on Windows a port in use must not be taken over."""

    daemon_threads = True
    allow_reuse_address = os.name != "nt"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle is nothing to report."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        """Where a browser finds the root of the folder."""
        return f"http://{HOST}:{self.server_port}/"


def listen(folder: Path, port: int = 0, kind: type[Handler] = Handler) -> Server:
    """A server of `folder` on `port`, or on the next free one; 0 is any. Raises OSError when none is free."""
    handler = partial(kind, directory=str(folder))
    last = min(port + TRIES, 65535) if port else port
    for candidate in range(port, last + 1):
        try:
            return Server((HOST, candidate), handler)
        except OSError:
            if candidate == last:
                raise
    raise AssertionError("the loop returns or raises")


@contextmanager
def background(folder: Path, port: int = 0, kind: type[Handler] = Handler) -> Iterator[Server]:
    """A server of `folder` that answers, on any free port, until the end of the `with` block."""
    with listen(folder, port, kind) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
