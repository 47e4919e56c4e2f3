"""What a reader pays before touching Python: bytes, shifts of the layout, requests. A real Chromium counts."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, Response

pytestmark = pytest.mark.browser
KB = 1000
SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifts += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
"""
ANNOUNCED = {"Inter-roman", "Inter-italic", "JetBrainsMono-regular", "KaTeX_Main-Regular"}
FACES_IN_USE = """[...document.fonts]
  .filter(({ family, status }) => status === "loaded" && !family.includes("fallback")).length"""


@dataclass
class Visit:
    """A page after it came to rest, and every answer it got."""

    page: Page
    answers: list[Response] = field(default_factory=list)

    def sizes(self, *kinds: str) -> list[int]:
        """Bytes of the bodies of some resource types, text as a host would gzip it."""
        bodies = [answer.body() for answer in self.answers if answer.request.resource_type in kinds]
        return [len(body) if "font" in kinds else len(gzip.compress(body)) for body in bodies]


@pytest.fixture(scope="module", params=[(1280, 900), (390, 844)], ids=["desk", "phone"])
def visit(browser: Browser, nested_server: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """The chapter below a sub-path with a space, opened and left alone; once for all tests that only look."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    visit = Visit(context.new_page())
    visit.page.add_init_script(SHIFTS)
    visit.page.on("response", lambda answer: visit.answers.append(answer))
    visit.page.goto(f"{nested_server}cnn/", wait_until="networkidle")
    yield visit
    context.close()


def test_text_and_scripts_weigh_at_most_130_kilobytes(visit: Visit) -> None:
    sizes = visit.sizes("document", "stylesheet", "script")
    assert len(sizes) >= 3
    assert sum(sizes) <= 130 * KB


def test_fonts_weigh_at_most_150_kilobytes(visit: Visit) -> None:
    sizes = visit.sizes("font")
    assert len(sizes) >= 2
    assert sum(sizes) <= 150 * KB


def test_the_head_announces_faces_that_the_page_needs_and_no_other(visit: Visit) -> None:
    announced = visit.page.evaluate("[...document.querySelectorAll('link[as=font]')].map(({ href }) => href)")
    asked = [answer.url for answer in visit.answers if answer.request.resource_type == "font"]
    assert {face.rpartition("/")[2].rpartition("-")[0] for face in announced} == ANNOUNCED
    assert len(asked) == visit.page.evaluate(FACES_IN_USE)


def test_nothing_of_python_is_fetched_unasked(visit: Visit) -> None:
    urls = [answer.url for answer in visit.answers]
    assert [url for url in urls if "/pyodide/" in url or url.endswith((".whl", ".wasm", ".zip", ".bin"))] == []


def test_every_answer_is_there_and_from_this_site(visit: Visit, nested_server: str) -> None:
    assert [answer.url for answer in visit.answers if answer.status != 200] == []
    assert [answer.url for answer in visit.answers if not answer.url.startswith((nested_server, "data:"))] == []


def test_nothing_moves_by_itself(visit: Visit) -> None:
    assert visit.page.evaluate("window.shifts") == 0
