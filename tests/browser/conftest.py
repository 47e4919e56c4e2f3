"""Pages for browser tests: a fresh visit each, or one with Python awake that the tests of a module share."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from press.processes.static_server import Handler, background
from press.site import build
from tests.browser.reader import LONG, Cell, cells

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "cnn/index.html"

Edition = Callable[[Callable[[str], str]], Path]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def chapter(page: Page, server: str) -> Page:
    """A first visit to the chapter."""
    page.goto(server + CHAPTER)
    return page


@pytest.fixture(scope="module")
def awake(browser: Browser, server: str) -> Iterator[Page]:
    """A page whose Python has started; the tests of a module share it, as they share nothing else."""
    context = browser.new_context()
    context.set_default_timeout(LONG)
    page = context.new_page()
    page.goto(server + CHAPTER)
    cells(page)[0].run("1 + 1")
    yield page
    context.close()


@pytest.fixture
def cell(awake: Page) -> Iterator[Cell]:
    """A cell of the shared page; whatever a test did to it, the next run must work."""
    cell = cells(awake)[0]
    yield cell
    cell.settle()
    assert cell.run("1 + 1") == "2\n", "the run after this one failed"
    assert cell.error.count() == 0


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """Builds the site from the author's text after a change to it."""

    def make(change: Callable[[str], str]) -> Path:
        folder = tmp_path_factory.mktemp("edition")
        content = Path(shutil.copytree(ROOT / "content", folder / "content"))
        changed = 0
        for file in content.glob("cnn/*.md"):
            text = file.read_text(encoding="utf-8")
            file.write_text(change(text), encoding="utf-8")
            changed += change(text) != text
        assert changed, "the change touched nothing"
        build(ROOT, folder / "site", content)
        return folder / "site"

    return make


@pytest.fixture
def private(browser: Browser, server: str) -> Iterator[Callable[[str], Page]]:
    """Opens a page in which a script ran before the page's own."""
    contexts: list[BrowserContext] = []

    def opened(script: str) -> Page:
        context = browser.new_context()
        contexts.append(context)
        context.add_init_script(script)
        page = context.new_page()
        page.goto(server + CHAPTER)
        return page

    yield opened
    for context in contexts:
        context.close()


@dataclass
class Host:
    """A host of a chapter: its line can be cut, it can lack files, and get another edition of the site."""

    site: Path
    chapter: str = ""
    down: bool = False
    lacks: str = "\0"


@pytest.fixture
def host(site: Path) -> Iterator[Host]:
    """The site below the sub-path `/a b/c/`."""
    host = Host(site)

    class Mortal(Handler):
        def parse_request(self) -> bool:
            self.close_connection = True
            return not host.down and super().parse_request()

        def send_head(self) -> io.BytesIO | BinaryIO | None:
            self.directory = str(host.site)
            self.path = "/none" if host.lacks in self.path else self.path.removeprefix("/a%20b/c")
            return super().send_head()

    with background(site, kind=Mortal) as running:
        host.chapter = f"{running.url}a%20b/c/{CHAPTER}"
        yield host


@pytest.fixture
def swapped(tmp_path: Path, site: Path) -> Iterator[tuple[str, Callable[[Path], None]]]:
    """A host whose site can be replaced by another edition, as a deployment does."""
    place = tmp_path / "host"
    shutil.copytree(site, place)

    def deploy(edition: Path) -> None:
        shutil.rmtree(place)
        shutil.copytree(edition, place)

    with background(place) as running:
        yield running.url + CHAPTER, deploy


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
