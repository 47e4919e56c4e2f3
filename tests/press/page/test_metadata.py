"""Catalogues, reference managers and previews learn what the chapter is; no address is guessed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as etree
import zlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from press import site
from press.browser.bundles import Bundle
from press.text.places import AuthorErrors

ROOT = Path(__file__).resolve().parents[3]
BUNDLE = Bundle({}, "assets/main.css", "assets/main.js", "assets/theme.js", (), {})
HOST = "https://example.org/book/"


def build(content: Path) -> dict[str, bytes]:
    made = site.pages(ROOT, content, BUNDLE, {})
    return {name: page for name, page in made.items() if isinstance(page, bytes)}


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    content = Path(shutil.copytree(ROOT / "tests" / "book", tmp_path / "content"))
    (content / "demo" / "section.md").write_text("# T {#t}\n\nText.\n", encoding="utf-8")
    return content


def say(content: Path, lines: str) -> None:
    """Puts lines at the top of book.toml."""
    settings = content / "book.toml"
    settings.write_text(f"{lines}\n{settings.read_text(encoding='utf-8')}", encoding="utf-8")


def meta(page: bytes) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:name|property)="((?:citation_|og:)[^"]+)" content="([^"]+)">', page.decode()))


def linked(page: bytes) -> dict[str, Any]:
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.decode())
    assert match
    found: dict[str, Any] = json.loads(match[1])
    return found


def test_the_citation_file_says_what_the_page_says() -> None:
    files = build(ROOT / "content")
    page = files["cnn/index.html"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    facts = dict(re.findall(r'^([a-z-]+): "?(.*?)"?$', citation, re.MULTILINE))
    authors = re.findall(r'^  - name: "(.*)"$', citation, re.MULTILINE)
    found = meta(page)
    assert facts["title"].startswith(f"{found['citation_book_title']}: {found['citation_title']}, ")
    assert facts["date-released"] == linked(page)["datePublished"]
    assert facts["date-released"].replace("-", "/") == found["citation_publication_date"]
    assert authors == [author["name"] for author in linked(page)["author"]] == [found["citation_author"]]
    assert files["cnn/cnn.bib"].startswith(b"@incollection{cnn2026,\n  author = {{The authors of the encyclopedia}},\n")


def test_without_a_host_nothing_is_absolute(demo: Path) -> None:
    say(demo, 'base_url = "/book/"')
    files = build(demo)
    assert "sitemap.xml" not in files
    assert not {"citation_fulltext_html_url", "og:url", "og:image"} & meta(files["demo/index.html"]).keys()
    assert "url" not in linked(files["demo/index.html"])
    assert b'href="/book/index.html"' in files["404.html"]


def test_with_a_host_everything_has_its_address(demo: Path) -> None:
    say(demo, f'base_url = "{HOST}"\nauthors = ["Doe, Jane & Co", "A Group"]\npublished = "2026-01-31"')
    shutil.copy(ROOT / "content" / "cnn" / "cover.py", demo / "demo")
    files = build(demo)
    page = files["demo/index.html"]
    assert meta(page)["citation_fulltext_html_url"] == linked(page)["url"] == f"{HOST}demo/"
    assert meta(page)["og:image"] == f"{HOST}demo/cover.png"
    entry = files["demo/demo.bib"].decode()
    assert "author = {Doe, Jane \\& Co and {A Group}}" in entry
    assert f"url = {{{HOST}demo/}}" in entry
    places = [place.text for place in etree.fromstring(files["sitemap.xml"]).iter() if place.tag.endswith("loc")]
    assert places == [HOST, f"{HOST}demo/"]
    assert b'href="/book/index.html"' in files["404.html"]


def test_a_workflow_can_say_where_the_site_will_be(tmp_path: Path) -> None:
    out = tmp_path / "site"
    environment = {**os.environ, "BASE_URL": "https://name.example/a-repository"}
    run = [sys.executable, "build.py", "build", "--plain", "--out", str(out)]
    done = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    page = (out / "cnn" / "index.html").read_bytes()
    assert meta(page)["og:url"] == "https://name.example/a-repository/cnn/"
    assert 'href="/a-repository/index.html"' in (out / "404.html").read_text(encoding="utf-8")
    assert "<loc>https://name.example/a-repository/cnn/</loc>" in (out / "sitemap.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('base_url = "example.org"', "“example.org” is no base_url; write https://host/path/ or /path/"),
        ('published = "2026"', "“2026” is no published; write a day as 2026-01-31"),
        ('authors = "A"', "“authors” should be a list"),
        ('author = ["A"]', "unknown key “author”; did you mean authors?"),
    ],
)
def test_mistyped_facts_are_reported(demo: Path, line: str, expected: str) -> None:
    say(demo, line)
    with pytest.raises(AuthorErrors) as error:
        build(demo)
    assert str(error.value) == f"content/book.toml:1: {expected}"


def test_the_cover_is_a_picture_of_the_size_previews_want() -> None:
    first, second = (build(ROOT / "content")["cnn/cover.png"] for _ in range(2))
    assert first == second
    assert first[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(first[16:20]), int.from_bytes(first[20:24])) == (1200, 630)
    length = int.from_bytes(first[33:37])
    assert len(zlib.decompress(first[41 : 41 + length])) == 630 * (1 + 3 * 1200)
    assert len(first) < 100_000


@pytest.mark.browser
def test_one_click_copies_the_entry_and_the_console_stays_silent(page: Page, server: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server}cnn/")
    page.get_by_role("button", name="Copy BibTeX").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@incollection{cnn2026,")
    assert said == []
