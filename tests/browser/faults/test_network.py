"""Files that do not come, or come wrong: a sentence and a way to try again; the chapter stays readable."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import BinaryIO, ClassVar

import pytest
from playwright.sync_api import Page, Route, expect

from press.processes.static_server import Handler
from tests.browser.conftest import CHAPTER, Host
from tests.browser.reader import LONG, Cell, cells

SOON = 10_000
WASM, STDLIB, WHEEL, PACK = "**/*.asm.wasm", "**/python_stdlib.zip", "**/*.whl", "**/python-*.zip"
IMAGE = "**/image-*.parcel"
LOGIN = "<!doctype html><title>Sign in</title>"


def absent(route: Route) -> None:
    route.fulfill(status=404, body="not here")


def sign_in(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body=LOGIN)


def gone(route: Route) -> None:
    route.abort()


def cut(route: Route) -> None:
    answer = route.fetch()
    body = answer.body()
    headers = {"content-type": answer.headers["content-type"]}
    route.fulfill(status=200, headers=headers, body=body[: len(body) // 2])


def flipped(route: Route) -> None:
    answer = route.fetch()
    body = bytearray(answer.body())
    body[len(body) // 2] ^= 1
    route.fulfill(status=200, headers={"content-type": answer.headers["content-type"]}, body=bytes(body))


FAULTS: dict[str, tuple[str, Callable[[Route], None], str]] = {
    "wasm 404": (WASM, absent, "The server has no pyodide.asm.wasm"),
    "wasm is a web page": (WASM, sign_in, "sent a web page instead of pyodide.asm.wasm"),
    "wasm aborted": (WASM, gone, "pyodide.asm.wasm could not be fetched"),
    "wasm truncated": (WASM, cut, "pyodide.asm.wasm arrived damaged"),
    "wheel flipped": (WHEEL, flipped, r"numpy-.*\.whl arrived damaged"),
    "pack flipped": (PACK, flipped, r"python-.*\.zip arrived damaged"),
    "worker 404": ("**/worker-*.js", absent, "The server has no worker-"),
    "engine 404": ("**/pyodide.mjs", absent, "may have been updated"),
    "engine's code flipped": ("**/pyodide.asm.mjs", flipped, "pyodide.asm.mjs arrived damaged"),
}


@pytest.mark.parametrize(("files", "fault", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault(page: Page, server: str, files: str, fault: Callable[[Route], None], words: str) -> None:
    page.route(files, fault)
    if files in (STDLIB, WHEEL, PACK):
        page.route(IMAGE, absent)  # these files are for a start without the image
    page.goto(server + CHAPTER)
    cell = cells(page)[0]
    printed = cell.output.text_content()
    cell.start()
    expect(cell.error).to_have_text(re.compile(words), timeout=SOON)
    expect(cell.error).to_contain_text("Press Run to try again")
    expect(page.locator("h1")).to_be_visible()
    expect(cell.code).to_be_visible()
    page.unroute_all(behavior="wait")
    assert cell.run() == printed
    assert cell.error.count() == 0


def test_a_host_that_knows_no_wasm(page: Page, server: str) -> None:
    def unknown(route: Route) -> None:
        route.fulfill(status=200, headers={"content-type": "application/octet-stream"}, body=route.fetch().body())

    page.route(WASM, unknown)
    page.goto(server + CHAPTER)
    cell = cells(page)[0]
    assert cell.run("1 + 1") == "2\n"


class Keeping(Handler):
    """Lets browsers keep every file for an hour, and damages the start-up image the first time it is asked for."""

    asked: ClassVar[list[str]] = []

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        found = super().send_head()
        if found is None or not self.path.endswith(".parcel") or "/image-" not in self.path:
            return found
        self.asked.append(self.headers.get("Cache-Control", ""))
        with found:
            body = bytearray(found.read())
        if len(self.asked) == 1:
            body[len(body) // 2] ^= 1
        return io.BytesIO(body)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=3600")
        SimpleHTTPRequestHandler.end_headers(self)


def test_a_damaged_file_in_a_cache_is_fetched_again_past_it(page: Page, site: Path) -> None:
    host = ThreadingHTTPServer(("127.0.0.1", 0), partial(Keeping, directory=str(site)))
    Thread(target=host.serve_forever, daemon=True).start()
    page.goto(f"http://127.0.0.1:{host.server_port}/{CHAPTER}")
    assert cells(page)[0].run("1 + 1") == "2\n"
    assert len(Keeping.asked) == 2
    host.shutdown()
    host.server_close()


def test_a_connection_that_stalls(page: Page, server: str) -> None:
    waiting: list[Route] = []
    page.route(WASM, lambda route: waiting.append(route))
    page.goto(server + CHAPTER)
    cell = cells(page)[0]
    cell.start()
    expect(cell.error).to_contain_text("The connection stalled", timeout=SOON)
    page.unroute_all()
    assert cell.run("1 + 1") == "2\n"


def test_an_instrument_says_it_too(page: Page, server: str) -> None:
    page.route(WASM, absent)
    page.goto(server + CHAPTER)
    section = page.locator(".instrument").first
    sentence = section.locator("[data-sentence]").text_content() or ""
    slider = section.locator("input[type=range]:visible").first
    slider.focus()
    slider.press("ArrowRight")
    expect(section.locator("[data-status]")).to_contain_text("The server has no pyodide.asm.wasm", timeout=SOON)
    expect(section.locator("[data-region] svg").first).to_be_visible()
    page.unroute_all()
    section.get_by_role("button", name="Try again").click()
    expect(section.locator("[data-sentence]")).not_to_have_text(sentence, timeout=LONG)


ALL_THAT_COMES_AHEAD = """async () => {
  const { editor } = JSON.parse(document.getElementById("runtime").textContent);
  await import(new URL(editor, document.baseURI).href);
}"""
"""Waits for the last of the files that the page fetches after a first run."""


def test_going_offline_after_the_start_changes_nothing(page: Page, host: Host) -> None:
    page.goto(host.chapter)
    cell: Cell = cells(page)[0]
    with page.expect_request_finished(lambda request: "/rest-" in request.url):
        cell.run()
    page.evaluate(ALL_THAT_COMES_AHEAD)
    host.down = True
    cell.edit("while True: pass")
    cell.start()
    cell.running()
    cell.button("stop").click()
    assert cell.run("import csv\nprint('still here')") == "still here\n"
