"""The check of a served book: a good one passes below any path, and each kind of fault is named."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from devtools.commands import main
from devtools.smoke import smoke
from devtools.terminal import Problem
from press.processes.static_server import TYPES, Handler, background

ENGINE = b"engine"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A small site below a folder with a space."""
    folder = tmp_path / "a b"
    entry = {"url": "../engine.wasm", "bytes": len(ENGINE), "sha256": sha256(ENGINE).hexdigest()}
    manifest = json.dumps({"files": {"wasm": entry}})
    chapter = (
        f'<script type="application/json" id="runtime">{manifest}</script><script src="../main.js"></script>'
        '<a href="../index.html#x">back</a><a href="https://example.org/">elsewhere</a><img src="data:,">'
    )
    files = {
        "index.html": b'<a href="cnn/index.html">a chapter</a>',
        "cnn/index.html": chapter.encode(),
        "main.js": b"1",
        "search.json": b"[]",
        "engine.wasm": ENGINE,
        "404.html": b"<p>none",
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def found(book: Path, kind: type[Handler] = Handler) -> list[str]:
    """What is wrong with the book, without the address of the server."""
    with background(book.parent, kind=kind) as server:
        asked, wrong = smoke(f"{server.url}a%20b", patience=1)
        assert asked >= 5
        return [line.removeprefix(f"{server.url}a%20b/") for line in wrong]


def test_the_built_site_passes_below_a_sub_path(nested_server: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["smoke", nested_server]) == 0
    said = capsys.readouterr().out
    assert said.endswith(" addresses asked for, 0 wrong.\n")
    assert int(said.split()[0]) > 30


def test_a_small_book_passes(book: Path) -> None:
    assert found(book) == []


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (lambda book: (book / "main.js").unlink(), "main.js: answers 404"),
        (lambda book: (book / "search.json").write_bytes(b""), "search.json: is empty"),
        (lambda book: (book / "engine.wasm").write_bytes(b"enginE"), "engine.wasm: has other bytes than were built"),
        (lambda book: (book / "engine.wasm").write_bytes(b"eng"), "engine.wasm: has 3 bytes, not 6"),
    ],
)
def test_a_fault_is_named(book: Path, fault: Callable[[Path], object], expected: str) -> None:
    fault(book)
    assert found(book) == [expected]


def test_a_wrong_type_is_named(book: Path) -> None:
    class Careless(Handler):
        extensions_map = {**TYPES, ".js": "text/plain", ".wasm": "text/plain"}  # noqa: RUF012 - as the library has it

    assert sorted(found(book, Careless)) == [
        "engine.wasm: is sent as text/plain, not as application/wasm",
        "main.js: is sent as text/plain, not as text/javascript",
    ]


def test_a_host_that_answers_everything_is_named(book: Path) -> None:
    class Eager(Handler):
        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            self.wfile.write(self.send_page(200, b"welcome").read())

    assert found(book, Eager) == ["there-is-no-such-page.html: answers 200, not 404"]


def test_nothing_there_is_one_sentence(book: Path) -> None:
    with background(book.parent) as server, pytest.raises(Problem, match="does not answer"):
        smoke(f"{server.url}nothing/", patience=1)


class Away(Handler):
    """Sends every script to another server."""

    elsewhere = ""

    def send_head(self) -> Any:
        if not self.path.endswith(".js"):
            return super().send_head()
        self.send_response(302)
        self.send_header("Location", f"{self.elsewhere}main.js")
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None


def test_it_follows_no_redirection_to_another_host(book: Path, tmp_path: Path) -> None:
    asked: list[str] = []

    class Other(Handler):
        def send_head(self) -> Any:
            asked.append(self.path)
            return super().send_head()

    (tmp_path / "main.js").write_bytes(b"1")
    with background(tmp_path, kind=Other) as other:
        kind = type("AwayTo", (Away,), {"elsewhere": other.url})
        assert found(book, kind) == [f"main.js: leads away, to {other.url}main.js"]
    assert asked == []


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        ("{", ["cnn/index.html: its list of files cannot be read"]),
        ("[" * 100_000, ["cnn/index.html: its list of files cannot be read"]),
        ('{"url": 1, "bytes": "x", "sha256": null}', []),
        ('{"url": "//127.0.0.1:9/a.wasm", "bytes": 1, "sha256": ""}', []),
        ('{"url": "http://[", "bytes": 1, "sha256": ""}', []),
    ],
)
def test_a_manifest_that_cannot_be_read_or_leads_away_is_no_traceback(
    book: Path, manifest: str, expected: list[str]
) -> None:
    page = f'<script id="runtime">{manifest}</script><a href="http://[">odd</a><a href="../main.js">a</a>\xff'
    (book / "cnn/index.html").write_bytes(page.encode("latin-1"))
    (book / "index.html").write_bytes(b'<a href="cnn/index.html">a</a><a href="engine.wasm">b</a>')
    assert found(book) == expected


SHORT = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort"


@pytest.mark.parametrize("words", ["HTTP/1.1 no", "nonsense", SHORT, ""])
def test_a_server_that_speaks_no_http_is_one_sentence(words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def answer() -> None:
            with contextlib.suppress(OSError):
                connection, _ = listening.accept()
                connection.recv(4096)
                connection.sendall(f"{words}\r\n\r\n".encode())
                connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(Problem, match="does not answer"):
            smoke(f"http://127.0.0.1:{port}/", patience=1)
        thread.join()


@pytest.mark.parametrize("address", ["file:///etc/hostname", "ftp://127.0.0.1/", "nonsense", "http://"])
def test_what_is_no_address_of_a_site_is_refused(address: str) -> None:
    with pytest.raises(Problem, match="is not the address of a site"):
        smoke(address, patience=1)
