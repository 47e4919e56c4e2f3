"""The author's server: what counts as a change, what it adds to pages, and what it tells them."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from press.processes.static_server import Server, background
from press.serve.build_process import Diagnostic, Report
from press.serve.file_watcher import Watch
from press.serve.live_reload import News, handler

MISTAKE = Diagnostic("content/cnn/1.md:3", "a $ sign", "a $ without a partner", r"write \$")


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    (tmp_path / "content" / "cnn").mkdir(parents=True)
    (tmp_path / "content" / "cnn" / "1.md").write_text("a", encoding="utf-8")
    return tmp_path / "content"


def noticed(watch: Watch, limit: float = 0.5) -> set[Path] | None:
    """What the watch sees within a while."""
    found: list[set[Path]] = []
    thread = Thread(target=lambda: found.append(watch.changes()), daemon=True)
    thread.start()
    thread.join(limit)
    return found[0] if found else None


def test_new_changed_and_vanished_files_are_noticed_together(watched: Path) -> None:
    (watched / "old.md").write_text("", encoding="utf-8")
    watch = Watch([watched])
    (watched / "old.md").unlink()
    (watched / "cnn" / "1.md").write_text("ab", encoding="utf-8")
    (watched / "new.md").write_text("", encoding="utf-8")
    assert noticed(watch, 5) == {watched / "old.md", watched / "cnn" / "1.md", watched / "new.md"}


def test_a_file_saved_by_renaming_is_noticed_once(watched: Path) -> None:
    watch = Watch([watched])
    (watched / ".1.md.new").write_text("ab", encoding="utf-8")
    (watched / ".1.md.new").rename(watched / "cnn" / "1.md")
    assert noticed(watch, 5) == {watched / "cnn" / "1.md"}
    assert noticed(watch) is None


def test_hidden_files_copies_of_editors_and_compiled_python_are_not_looked_at(watched: Path) -> None:
    watch = Watch([watched, watched / "missing"])
    (watched / "__pycache__").mkdir()
    for name in (".1.md.swp", "1.md~", "#1.md#", "__pycache__/x.pyc"):
        (watched / name).write_text("x", encoding="utf-8")
    assert noticed(watch) is None


@pytest.fixture
def news() -> News:
    return News()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site" / "cnn").mkdir(parents=True)
    for name in ("index.html", "404.html", "cnn/index.html"):
        (tmp_path / "site" / name).write_text(f"<html><head></head><p>{name}", encoding="utf-8")
    return tmp_path / "site"


@pytest.fixture
def running(site: Path, news: News) -> Iterator[Server]:
    with background(site, 0, handler(news)) as server:
        yield server


def get(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        return error.read().decode()


@pytest.mark.parametrize("address", ["", "cnn/", "cnn/index.html", "nothing"])
def test_every_page_listens_and_no_file_of_the_site_does(running: Server, site: Path, address: str) -> None:
    page = get(running.url + address)
    assert page.count('<script type="module" src="/.press/live.js?version=') == 1
    assert page.index("live.js") < page.index("</head>")
    assert all("live.js" not in path.read_text(encoding="utf-8") for path in site.rglob("*.html"))


def test_the_script_is_served(running: Server) -> None:
    assert "EventSource" in get(running.url + ".press/live.js?version=1")


def heard(running: Server, page: str) -> dict[str, object]:
    """The first message that a page gets."""
    with urllib.request.urlopen(f"{running.url}.press/events?page={page}", timeout=5) as answer:
        message: dict[str, object] = json.loads(answer.readline().removeprefix(b"data: "))
    return message


def version(page: str) -> str:
    return page.partition("version=")[2].partition('"')[0]


@pytest.mark.parametrize("address", ["/", "/cnn/", "/nothing/"])
def test_a_page_hears_the_version_it_has_and_another_when_it_changed(
    running: Server, site: Path, news: News, address: str
) -> None:
    news.tell(Report(0.1))
    before = version(get(running.url + address[1:]))
    assert heard(running, address) == {"version": before, "mistakes": []}
    for page in site.rglob("*.html"):
        page.write_text("<html><head></head><p>changed", encoding="utf-8")
    assert heard(running, address)["version"] != before


def test_mistakes_are_told_with_the_text_of_their_line(running: Server, news: News) -> None:
    news.tell(Report(0.1, (MISTAKE,)))
    told = {"place": MISTAKE.place, "line": MISTAKE.line, "what": MISTAKE.what, "hint": MISTAKE.hint}
    assert heard(running, "/cnn/")["mistakes"] == [told]


def test_a_page_that_waits_hears_the_next_report(running: Server, news: News) -> None:
    news.tell(Report(0.1))
    with urllib.request.urlopen(f"{running.url}.press/events?page=/", timeout=5) as answer:
        answer.readline()
        answer.readline()
        news.tell(Report(0.1, (MISTAKE,)))
        assert json.loads(answer.readline().removeprefix(b"data: "))["mistakes"]


def test_without_any_site_there_is_a_page_to_show_mistakes_on(tmp_path: Path, news: News) -> None:
    with background(tmp_path / "none", 0, handler(news)) as server:
        assert "/.press/live.js" in get(server.url + "cnn/")


def test_a_report_in_the_terminal_reads_like_that_of_a_build() -> None:
    assert str(MISTAKE) == r"content/cnn/1.md:3: a $ without a partner; write \$"
    assert str(Diagnostic("", "", "esbuild says no")) == "esbuild says no"
