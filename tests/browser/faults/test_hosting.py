"""Hosts and browsers that lack something, and a deployment in the middle of a visit."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import CHAPTER, Edition
from tests.browser.reader import LONG, cells

LACKS = {
    "WebAssembly": ("delete globalThis.WebAssembly", "This browser has no WebAssembly"),
    "workers": ("delete globalThis.Worker", "This browser has no web workers"),
}


@pytest.mark.parametrize(("script", "words"), LACKS.values(), ids=LACKS)
def test_a_browser_that_lacks(private: Callable[[str], Page], script: str, words: str) -> None:
    page = private(script)
    cell = cells(page)[0]
    printed = cell.output.text_content()
    cell.start()
    expect(cell.error).to_contain_text(words)
    assert printed
    expect(page.locator("[data-instrument] svg").first).to_be_visible()


def test_a_host_whose_policy_forbids_wasm(page: Page, server: str) -> None:
    def strict(route: Route) -> None:
        answer = route.fetch()
        headers = {**answer.headers, "content-security-policy": "script-src 'self' blob:"}
        route.fulfill(response=answer, headers=headers)

    page.route("**/cnn/index.html", strict)
    page.goto(server + CHAPTER)
    cell = cells(page)[0]
    cell.start()
    expect(cell.error).to_contain_text("security policy forbids WebAssembly")
    expect(page.locator("h1")).to_be_visible()


def test_a_host_that_sends_no_headers(page: Page, server: str) -> None:
    """Only what a browser cannot do without: the types of pages, scripts and styles."""

    def bare(route: Route) -> None:
        answer = route.fetch()
        kind = answer.headers.get("content-type", "")
        kept = {"content-type": kind} if re.search("html|javascript|css", kind) else {}
        route.fulfill(status=answer.status, headers=kept, body=answer.body())

    page.route("**/*", bare)
    page.goto(server + CHAPTER)
    cell = cells(page)[0]
    printed = cell.output.text_content()
    assert cell.run() == printed
    page.unroute_all(behavior="wait")  # files fetched ahead are still on their way


def test_every_file_is_found_under_its_exact_name(page: Page, nested_server: str) -> None:
    bad: list[str] = []
    page.on("response", lambda answer: bad.append(answer.url) if answer.status != 200 else None)
    page.goto(nested_server + CHAPTER)
    assert cells(page)[0].run("1 + 1") == "2\n"
    cells(page)[0].edit("2 + 2")
    assert bad == []


def test_a_deployment_between_two_visits(
    page: Page, swapped: tuple[str, Callable[[Path], None]], edition: Edition
) -> None:
    url, deploy = swapped
    page.goto(url)
    cells(page)[0].run()
    deploy(edition(lambda text: text.replace("image[:, 4:7] = 1", "image[:, 4:8] = 1")))
    page.reload()
    cell = cells(page)[0]
    assert "4:8" in cell.source()
    printed = cell.output.text_content()
    assert cell.run() == printed
    assert cell.error.count() == 0


def test_a_deployment_in_the_middle_of_a_visit(
    page: Page, swapped: tuple[str, Callable[[Path], None]], tmp_path: Path, site: Path
) -> None:
    """The open page asks for files that are gone: it says so, and a reload mends it."""
    url, deploy = swapped
    page.set_viewport_size({"width": 1000, "height": 300})
    page.goto(url)
    newer = tmp_path / "newer"
    rename_python(site, newer)
    deploy(newer)
    cell = cells(page)[0]
    printed = cell.output.text_content()
    cell.start()
    expect(cell.error).to_contain_text("may have been updated", timeout=LONG)
    page.reload()
    assert cells(page)[0].run() == printed


def rename_python(site: Path, newer: Path) -> None:
    """An edition with other names for the same Python files, as another version of them would have."""
    for file in site.rglob("*"):
        name = str(file.relative_to(site)).replace("assets/python-", "assets/python-f")
        name = re.sub(r"pyodide/(\w+)", r"pyodide/f\1", name)
        target = newer / name
        if file.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        data = file.read_bytes()
        if file.name == "index.html":
            text = data.decode().replace("assets/python-", "assets/python-f")
            data = re.sub(r"pyodide/(\w+)", r"pyodide/f\1", text).encode()
        target.write_bytes(data)


def test_a_host_that_names_another_alphabet(page: Page, server: str) -> None:
    def latin(route: Route) -> None:
        answer = route.fetch()
        kind = answer.headers.get("content-type", "").partition(";")[0]
        headers = {**answer.headers, "content-type": f"{kind}; charset=iso-8859-1"}
        route.fulfill(status=answer.status, headers=headers, body=answer.body())

    page.route(re.compile(r"\.(html|css|js|json)$|/$"), latin)
    page.goto(server + CHAPTER)
    expect(page.locator(".lead")).not_to_contain_text("Ã")
    assert page.evaluate("document.characterSet") == "UTF-8"
    cell = cells(page)[0]
    printed = cell.output.text_content()
    assert cell.run() == printed
    page.unroute_all(behavior="wait")
