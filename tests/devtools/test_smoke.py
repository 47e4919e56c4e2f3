"""The check of a served book: a good one passes below any path, and each kind of fault is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

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
