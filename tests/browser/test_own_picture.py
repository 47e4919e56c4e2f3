"""A reader opens a file of their own: huge, tiny, moving, transparent, no picture at all. It never leaves the page."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from struct import pack
from zlib import compress, crc32

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, TimeoutError, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import LONG

SCRIPT = re.compile(r"(picture|chunk)-[A-Z0-9]{8}\.js")

RED, BLUE, CLEAR = (255, 0, 0, 255), (0, 0, 255, 255), (0, 0, 0, 0)

EAR = """
  const post = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function (message, ...rest) {
    const picture = message.type === 'job' && message.job.request?.set?.picture;
    if (picture) window.picture = picture;
    return post.call(this, message, ...rest);
  };
"""
"""Keeps the last picture handed to Python."""


def png(width: int, height: int, colour: tuple[int, int, int, int]) -> bytes:
    """A picture of one colour, RGBA."""
    row = b"\0" + bytes(colour) * width
    header = pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", compress(row * height, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(body)) + kind + body + pack(">I", crc32(kind + body)) for kind, body in parts
    )


def gif(*frames: tuple[int, int, int]) -> bytes:
    """A moving picture of one pixel per frame, shown over and over."""
    colours = b"".join(bytes(frame) for frame in frames).ljust(12, b"\0")
    head = b"GIF89a" + pack("<HHBBB", 1, 1, 0b10000001, 0, 0) + colours
    head += b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
    # One pixel in codes of 3 bits: clear (4), the colour, end (5).
    images = b"".join(
        b"\x21\xf9\x04\x04\x0a\x00\x00\x00" + b"\x2c" + pack("<HHHHB", 0, 0, 1, 1, 0)
        + b"\x02\x02" + pack("<H", 4 | i << 3 | 5 << 6) + b"\x00"
        for i in range(len(frames))
    )  # fmt: skip
    return head + images + b"\x3b"


@dataclass
class Visit:
    """A page, and what it asked of the network and complained about since."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def section(self, name: str) -> Locator:
        section = self.page.locator(f'[data-instrument="{name}"]')
        section.scroll_into_view_if_needed()
        return section

    def open(self, name: str, file: str, content: bytes) -> Locator:
        section = self.section(name)
        kind = {"png": "image/png", "gif": "image/gif"}[file.rpartition(".")[2]]
        self.page.evaluate("picture = ''")
        section.locator("input[data-picture]").set_input_files({"name": file, "mimeType": kind, "buffer": content})
        return section

    def handed_over(self) -> tuple[int, int, set[tuple[int, ...]]]:
        """Width, height and the colours of the picture that Python was given."""
        while not (picture := self.page.evaluate("picture")):
            self.page.wait_for_timeout(20)
        head, _, body = picture.partition(":")
        pixels = b64decode(body)
        width, height = map(int, head.split("x"))
        assert len(pixels) == 3 * width * height
        return width, height, {tuple(pixels[i : i + 3]) for i in range(0, len(pixels), 3)}


def reads_the_script(request: Request) -> bool:
    """Is this the plain GET for the script that reads pictures, fetched with the first of them and carrying nothing?"""
    return request.method == "GET" and SCRIPT.fullmatch(request.url.partition("/assets/")[2]) is not None


def wait_for_quiet(page: Page) -> None:
    """Wait until two seconds pass without a request: Python fetches the rest of its files after its first answers."""
    with suppress(TimeoutError):
        while True:
            page.wait_for_event("request", timeout=2000)


@pytest.fixture(scope="module")
def visit(browser: Browser, server: str) -> Iterator[Visit]:
    """One page with Python awake; whatever a test opened, nothing was sent, logged or written into the address."""
    context = browser.new_context()
    context.set_default_timeout(LONG)
    context.add_init_script(EAR)
    page = context.new_page()
    page.goto(server + CHAPTER)
    visit = Visit(page)
    for name in ("feature_maps", "kernel_explorer"):
        sentence = visit.section(name).locator("[data-sentence]")
        before = sentence.inner_text()
        slider = visit.section(name).locator("input[type=range]:visible").first
        slider.press("ArrowRight")
        expect(sentence).not_to_have_text(before, timeout=LONG)
    wait_for_quiet(page)

    def request(request: Request) -> None:
        if not request.url.startswith("data:") and not reads_the_script(request):
            visit.asked.append(request.url)

    def complaint(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visit.complaints.append(message.text)

    page.on("request", request)
    page.on("console", complaint)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    yield visit
    context.close()


@pytest.fixture(autouse=True)
def private(visit: Visit) -> Iterator[None]:
    yield
    assert visit.asked == []
    assert visit.complaints == []
    assert "picture" not in visit.page.url
    kept = visit.page.evaluate("() => JSON.stringify({ ...localStorage })")
    assert "picture" not in [field for value in json.loads(kept).values() for field in fields(value)]


def fields(stored: str) -> set[str]:
    """Every name inside a stored JSON text."""
    names: set[str] = set()
    json.loads(stored, object_hook=lambda found: names.update(found))
    return names


def shown(section: Locator) -> None:
    """The picture has been taken without a word of complaint."""
    if section.get_attribute("data-instrument") == "kernel_explorer":
        expect(section.locator('[name="source"][value="own"]')).to_be_checked(timeout=LONG)
    else:
        expect(section.locator('[data-region="photograph"]')).to_contain_text("Your picture", timeout=LONG)
    expect(section.locator("[data-status]")).to_have_text("")


@pytest.mark.parametrize("name", ["kernel_explorer", "feature_maps"])
def test_a_huge_picture_is_shrunk(visit: Visit, name: str) -> None:
    shown(visit.open(name, "huge.png", png(6000, 4000, RED)))
    assert visit.handed_over() == ((64, 43) if name == "kernel_explorer" else (400, 267)) + ({(255, 0, 0)},)


@pytest.mark.parametrize("name", ["kernel_explorer", "feature_maps"])
def test_one_pixel_is_a_picture(visit: Visit, name: str) -> None:
    shown(visit.open(name, "tiny.png", png(1, 1, BLUE)))
    assert visit.handed_over() == (1, 1, {(0, 0, 255)})


def test_a_line_of_pixels_is_a_picture(visit: Visit) -> None:
    shown(visit.open("kernel_explorer", "line.png", png(5000, 1, BLUE)))
    assert visit.handed_over() == (64, 1, {(0, 0, 255)})


def test_a_moving_picture_gives_its_first_frame(visit: Visit) -> None:
    shown(visit.open("kernel_explorer", "moving.gif", gif((255, 0, 0), (0, 255, 0), (0, 0, 255))))
    assert visit.handed_over() == (1, 1, {(255, 0, 0)})


def test_what_is_transparent_is_white(visit: Visit) -> None:
    shown(visit.open("kernel_explorer", "clear.png", png(12, 12, CLEAR)))
    assert visit.handed_over() == (12, 12, {(255, 255, 255)})


@pytest.mark.parametrize("name", ["kernel_explorer", "feature_maps"])
@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("letter.png", "Dear Sir, I am no picture. ☺".encode()),
        ("nothing.png", b""),
        ("half.png", png(50, 50, RED)[:60]),
        ("<b>“odd”</b>.gif", b"GIF89a"),
    ],
    ids=["text", "empty", "cut off", "odd name"],
)
def test_no_picture_is_said_in_a_sentence_and_changes_nothing(
    visit: Visit, name: str, file: str, content: bytes
) -> None:
    section = visit.section(name)
    before = section.locator(".regions").inner_html()
    visit.open(name, file, content)
    expect(section.locator("[data-status]")).to_have_text(f"“{file}” is not a picture this browser can read.")
    assert section.locator(".regions").inner_html() == before


def test_a_picture_after_a_failure_takes_the_sentence_away(visit: Visit) -> None:
    section = visit.open("kernel_explorer", "nothing.png", b"")
    expect(section.locator("[data-status]")).to_contain_text("not a picture")
    shown(visit.open("kernel_explorer", "fine.png", png(20, 10, RED)))
    assert visit.handed_over() == (20, 10, {(255, 0, 0)})
    section.locator("[data-action=reset]").click()
    expect(section.locator('[name="source"][value="seven"]')).to_be_checked(timeout=LONG)
