"""A host as books are put on (gzip, files that browsers may keep) at the near end of a line of known speed."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Lock, Thread
from typing import ClassVar

from press.processes.static_server import HOST, TYPES, Server, page_at

PIECE = 16_384


class Line:
    """Counts the bytes of bodies sent and lets them pass one after another. Speed in bytes/s, round trip in s."""

    def __init__(self, speed: float = float("inf"), round_trip: float = 0.0) -> None:
        self.sent = 0
        self.round_trip = round_trip
        self._speed = speed
        self._free = 0.0
        self._lock = Lock()

    def carry(self, size: int) -> None:
        """Return when so many bytes have passed."""
        with self._lock:
            self.sent += size
            self._free = max(self._free, time.monotonic()) + size / self._speed
            free = self._free
        time.sleep(max(0.0, free - time.monotonic()))


class Far(BaseHTTPRequestHandler):
    """Answers GET from `folder`, each connection and each answer a round trip late."""

    protocol_version = "HTTP/1.1"
    folder: ClassVar[Path]
    line: ClassVar[Line]

    def setup(self) -> None:
        super().setup()
        time.sleep(self.line.round_trip)

    def do_GET(self) -> None:
        path = page_at(self.folder, self.path) or self.folder / self.path.partition("?")[0].lstrip("/")
        time.sleep(self.line.round_trip)
        if not path.is_file():
            self.send_error(404)
            return
        body = squeezed(path)
        self.send_response(200)
        self.send_header("Content-Type", TYPES.get(path.suffix, TYPES[""]))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=3600")
        self.end_headers()
        for at in range(0, len(body), PIECE):
            piece = body[at : at + PIECE]
            self.line.carry(len(piece))
            self.wfile.write(piece)

    def log_message(self, format: str, *words: object) -> None:
        pass


@cache
def squeezed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


@contextmanager
def far(folder: Path, line: Line) -> Iterator[str]:
    """The address of a host of `folder` at the other end of `line`, until the end of the `with` block."""
    handler = type("Here", (Far,), {"folder": folder, "line": line})
    with Server((HOST, 0), handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield server.url
        finally:
            server.shutdown()
