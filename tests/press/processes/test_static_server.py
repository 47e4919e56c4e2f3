"""The author's server: types that browsers insist on, ports in use, sub-paths with spaces, 404.html."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from press.processes.static_server import Server, background, listen


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "cnn").mkdir()
    for name in ("index.html", "cnn/index.html", "404.html", "a b.txt", "x.wasm", "x.mjs", "x.js", "x.whl", "x.woff2"):
        (tmp_path / name).write_text(f"<p>{name}", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    with background(tmp_path) as server:
        yield server


def get(server: Server, path: str, headers: dict[str, str] | None = None) -> tuple[int, Message, str]:
    request = urllib.request.Request(server.url + path, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("x.wasm", "application/wasm"),
        ("x.mjs", "text/javascript; charset=utf-8"),
        ("x.js", "text/javascript; charset=utf-8"),
        ("x.whl", "application/zip"),
        ("x.woff2", "font/woff2"),
        ("cnn/", "text/html; charset=utf-8"),
    ],
)
def test_types_do_not_depend_on_the_machine(running: Server, name: str, type_: str) -> None:
    status, headers, _ = get(running, name)
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, type_, "no-cache")


def test_names_with_spaces_are_found(running: Server) -> None:
    assert get(running, "a%20b.txt")[2] == "<p>a b.txt"


@pytest.mark.parametrize("path", ["nothing", "empty/", "%2e%2e/secret", "nul%00byte"])
def test_what_is_not_there_shows_the_site_s_own_page(running: Server, path: str) -> None:
    status, headers, text = get(running, path)
    assert (status, text, headers["Content-Type"]) == (404, "<p>404.html", "text/html; charset=utf-8")


def test_a_page_is_sent_again_even_within_the_second_of_its_last_change(running: Server) -> None:
    date = get(running, "x.wasm")[1]["Last-Modified"]
    assert get(running, "cnn/", {"If-Modified-Since": date})[0] == 200
    assert get(running, "x.wasm", {"If-Modified-Since": date})[0] == 304


def test_a_port_in_use_gives_the_next_free_one(running: Server, tmp_path: Path) -> None:
    with listen(tmp_path, running.server_port) as second:
        assert running.server_port < second.server_port <= running.server_port + 50


def test_only_this_machine_is_served(running: Server) -> None:
    assert running.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("name", ["rebound.example", "rebound.example:80", "127.0.0.1.example", ""])
def test_a_request_to_another_host_s_name_is_refused(running: Server, name: str) -> None:
    status, _, text = get(running, "cnn/", {"Host": name})
    assert status == 421
    assert "cnn/index.html" not in text


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST:8000", "[::1]:8000"])
def test_this_machine_s_own_names_are_answered(running: Server, name: str) -> None:
    assert get(running, "cnn/", {"Host": name})[0] == 200


def test_a_link_out_of_the_folder_leads_nowhere(running: Server, tmp_path: Path) -> None:
    secret = tmp_path.parent / f"{tmp_path.name}-secret.html"
    secret.write_text("secret", encoding="utf-8")
    for name in ("link.html", "link.txt"):
        (tmp_path / name).symlink_to(secret)
        status, _, text = get(running, name)
        assert (status, text) == (404, "<p>404.html")
