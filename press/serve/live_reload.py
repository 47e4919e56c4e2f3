"""The author's server: builds on every save and tells the open pages, which load themselves anew or show the mistakes.

The script that listens in the page is added while serving; nothing of it is in the built site.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from threading import Condition
from typing import BinaryIO
from urllib.parse import parse_qs, urlsplit

from press.processes.static_server import TYPES, Handler, background, page_at
from press.serve.build_process import BuildProcess, Report
from press.serve.file_watcher import Watch

SCRIPT = Path(__file__).with_name("live_reload.js")
PREFIX = "/.press/"
WATCHED = ("content", "templates", "languages", "instruments", "runtime", "assets", "press")
WAITING = (
    b"<!doctype html><html lang=en><meta charset=utf-8><title>No page yet</title></head><main><p>No page here yet."
)
HEARTBEAT = 10.0
SWAP = 0.3


class News:
    """The report of the last build; whoever asks for a newer one waits until there is one."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._count = 0
        self._report: Report | None = None

    def tell(self, report: Report) -> None:
        """Give everyone who waits a new report."""
        with self._changed:
            self._count, self._report = self._count + 1, report
            self._changed.notify_all()

    def after(self, count: int) -> tuple[int, Report | None]:
        """The number of the newest report and that report; None where nothing newer came for a while."""
        with self._changed:
            self._changed.wait_for(lambda: self._count > count, timeout=HEARTBEAT)
            return self._count, self._report if self._count > count else None


class Live(Handler):
    """Adds the listening script to pages, and answers what that script asks below `/.press/`."""

    news: News

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Answer the script, or send a file."""
        self._wait_for_folder()
        address = urlsplit(self.path)
        if address.path == f"{PREFIX}live.js":
            return self._script()
        if address.path == f"{PREFIX}events":
            self._events(parse_qs(address.query).get("page", ["/"])[0])
            return None
        return super().send_head()

    def send_page(self, code: int, content: bytes) -> io.BytesIO:
        """Send a page with the script in it; as it is to whoever keeps pages, who checks each by its hash."""
        if self.headers.get("Sec-Fetch-Dest") == "empty":
            return super().send_page(code, content)
        tag = f'<script type="module" src="{PREFIX}live.js?version={_version(content)}"></script>'
        return super().send_page(code, content.replace(b"</head>", tag.encode() + b"</head>", 1))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Show the site's own 404.html; before there is any, a page to show the first build's mistakes on."""
        if code != HTTPStatus.NOT_FOUND or (Path(self.directory) / "404.html").is_file():
            super().send_error(code, message, explain)
        else:
            self.wfile.write(self.send_page(code, WAITING).read())

    def _wait_for_folder(self) -> None:
        """A build takes the old folder away a moment before the new one has its name."""
        patience = SWAP
        while patience > 0 and not Path(self.directory).is_dir():
            time.sleep(0.01)
            patience -= 0.01

    def _script(self) -> io.BytesIO:
        content = SCRIPT.read_bytes()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", TYPES[".js"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)

    def _events(self, page: str) -> None:
        """Send a line for every report, until the page goes away."""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        count = 0
        while True:
            count, report = self.news.after(count)
            line = f"data: {json.dumps(_message(Path(self.directory), page, report))}" if report else ":"
            self.wfile.write(f"{line}\n\n".encode())
            self.wfile.flush()


def handler(news: News) -> type[Live]:
    """A handler of requests that passes on these news."""
    return type("LiveWithNews", (Live,), {"news": news})


def _message(folder: Path, page: str, report: Report) -> dict[str, object]:
    path = page_at(folder, page) or folder / "404.html"
    version = _version(path.read_bytes() if path.is_file() else WAITING)
    return {"version": version, "mistakes": [asdict(told) for told in report.mistakes]}


def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def serve(root: Path, out: Path, port: int, course: str = "") -> None:
    """Build, serve and build again on every save, until interrupted.

    Ends the program with a sentence when no port is free.
    """
    news, build_process = News(), BuildProcess(root, out, course)
    watch = Watch(root / folder for folder in WATCHED)
    with ExitStack() as stack:
        try:
            server = stack.enter_context(background(out, port, handler(news)))
        except OSError as error:
            sys.exit(f"No port from {port} on can be listened on: {error.strerror}.")
        stack.callback(build_process.close)
        try:
            _say(report := build_process.build(), out)
            print(f"Reading at {server.url}  (Ctrl+C ends)", flush=True)
            while True:
                news.tell(report)
                _say(report := build_process.build(watch.changes()), out)
        except KeyboardInterrupt:
            print()


def _say(report: Report, out: Path) -> None:
    """Tell in the terminal what came of a build."""
    if not report.mistakes:
        print(f"Built {out.name}/ in {report.seconds:.1f} s.", flush=True)
        return
    for told in report.mistakes:
        print(told, *([f"    {told.line}"] if told.line else []), sep="\n", file=sys.stderr)
    count = len(report.mistakes)
    print(f"{count} mistake{'s' * (count > 1)}; {out.name}/ is as it was.", file=sys.stderr, flush=True)
