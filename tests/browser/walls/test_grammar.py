"""An untrusted worker can ask for text in its own cell; nothing else it sends has any effect."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import LONG, Cell, cells
from tests.browser.walls.attacks import PORTS

ENDED = "The page ended Python: it sent something that is neither output nor an answer."
STRANGE = {
    "a file": 'tell({"type": "inflated", "file": js.ArrayBuffer.new(8)})',
    "a stage": 'tell({"type": "stage", "words": "Starting"})',
    "ready again": 'tell({"type": "ready"})',
    "a step": 'tell({"type": "step", "id": 1, "answer": "{}"})',
    "a field too many": 'tell({"type": "alive", "more": 1})',
    "a field too few": 'tell({"type": "broken"})',
    "another type": 'tell({"type": "broken", "words": js.Object.new()})',
    "an inherited name": 'tell({"type": "toString"})',
    "words without end": 'tell({"type": "broken", "words": "x" * 10**5})',
    "a map": "tell(js.Map.new())",
    "itself": "ring = js.Object.new()\nring.type = ring\ntell(ring)",
    "a port": 'tell({"type": "alive"}, js.MessageChannel.new().port1)',
    "a memory": "tell(js.ArrayBuffer.new(8))",
    "nothing": "tell(None)",
    "deep brackets": 'tell({"type": "answer", "id": 1, "answer": "[" * 10**5 + "]" * 10**5})',
}


@pytest.mark.parametrize("source", STRANGE.values(), ids=STRANGE)
def test_anything_else_ends_python_with_a_sentence(cell: Cell, source: str) -> None:
    cell.run(PORTS + source + "\nwhile True: pass")
    expect(cell.error).to_contain_text(ENDED)


ANSWERING = "for id in range(1, 500): tell({{'type': 'answer', 'id': id, 'answer': {!r}}})"
"""Answers for whichever run is in flight."""
ANSWERS = {
    "no record": "1",
    "a list": "[]",
    "a field too many": '{"error": null, "note": "", "claims": "", "html": "<b>"}',
    "a field too few": '{"error": null, "note": ""}',
    "a note that is no text": '{"error": null, "note": 1, "claims": ""}',
    "an error that is a list": '{"error": [], "note": "", "claims": ""}',
    "no JSON": "{",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_of_another_shape_is_none(cell: Cell, answer: str) -> None:
    cell.run(PORTS + ANSWERING.format(answer) + "\nwhile True: pass")
    expect(cell.error).to_contain_text(ENDED)


def test_an_answer_of_the_right_shape_is_one(cell: Cell) -> None:
    """So that those above are refused for their shape; a run may say of itself what it likes."""
    answer = '{"error": null, "note": "forged", "claims": ""}'
    cell.run(PORTS + ANSWERING.format(answer) + "\nimport time\ntime.sleep(.5)")
    expect(cell.status).to_contain_text("forged")


PICTURE = {"kind": "svg", "content": "<svg/>", "width": 1, "height": 1, "alt": "", "values": ""}
PICTURES = {
    "another kind": PICTURE | {"kind": "html"},
    "an inherited kind": PICTURE | {"kind": "toString"},
    "a field too many": PICTURE | {"onclick": "1"},
    "a width that is no number": PICTURE | {"width": "1"},
    "a negative height": PICTURE | {"height": -1},
    "an endless width": PICTURE | {"width": 10**6},
    "content that is no text": PICTURE | {"content": 1},
    "a PNG that is no base64": PICTURE | {"kind": "png", "content": '" onerror="1'},
    "a formula without end": PICTURE | {"kind": "tex", "content": "x" * 2001},
    "words without end": PICTURE | {"alt": "x" * 10**5},
}
SHOWING = "for id in range(1, 500): tell({{'type': 'picture', 'id': id, 'picture': {!r}}})"


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_a_picture_of_another_shape_ends_python(cell: Cell, picture: dict[str, object]) -> None:
    cell.run(PORTS + SHOWING.format(picture) + "\nwhile True: pass")
    expect(cell.error).to_contain_text(ENDED)


FRAME = """
import gc, json
from runtime.python.output import Output
frame = next(one._frame for one in gc.get_objects() if isinstance(one, Output) and one._frame)
"""
"""Finds the function through which pictures leave Python."""


@pytest.mark.parametrize(
    ("content", "limit"),
    [("'<svg/>'", "more than 40 pictures"), ("'x' * 2_900_000", "more than 12,000,000 characters")],
)
def test_pictures_have_limits_of_the_page_s_own(cell: Cell, content: str, limit: str) -> None:
    picture = f"picture = {PICTURE!r} | {{'content': {content}}}"
    cell.run(f"{FRAME}{picture}\nfor n in range(50): frame(json.dumps(picture))\nwhile True: pass")
    expect(cell.error).to_contain_text(limit)


def test_a_picture_of_the_right_shape_is_shown(cell: Cell) -> None:
    """So that those above are refused for their shape."""
    cell.run(PORTS + SHOWING.format(PICTURE) + "\nimport time\ntime.sleep(.5)")
    expect(cell.output.locator("img").first).to_be_attached()


def test_text_for_another_run_is_not_shown(awake: Page, cell: Cell) -> None:
    printed = "{'added': 'forged', 'tail': '', 'lines': 0, 'characters': 0}"
    flood = f"for id in range(1, 1000): tell({{'type': 'printed', 'id': id + 10**6, 'printed': {printed}}})"
    assert "forged" not in cell.run(PORTS + flood)
    assert awake.locator("[data-output]").filter(has_text="forged").count() == 0


OTHER_WAYS = """
import js
for way in ("BroadcastChannel", "Worker", "SharedWorker", "LockManager"):
    print(way, hasattr(js, way))
print("locks", hasattr(js.navigator, "locks"))
print("serviceWorker", hasattr(js.navigator, "serviceWorker"))
"""


def test_there_is_no_other_way_to_a_page_or_a_worker(cell: Cell) -> None:
    lines = cell.run(OTHER_WAYS).splitlines()
    assert len(lines) == 6
    assert all(line.endswith(" False") for line in lines)


def test_the_page_hears_no_channel_window_or_service_worker(awake: Page, cell: Cell) -> None:
    other = cells(awake)[1]
    before = other.output.text_content()
    awake.evaluate("""() => {
      const forged = { type: 'answer', id: 1, answer: '{"error": null, "note": "", "claims": ""}' };
      postMessage(forged, '*');
      for (const name of ['', 'python', 'book']) new BroadcastChannel(name).postMessage(forged);
      navigator.serviceWorker?.dispatchEvent(new MessageEvent('message', { data: forged }));
    }""")
    assert cell.run("print('mine')") == "mine\n"
    assert other.output.text_content() == before
    expect(cell.status).to_contain_text("Done", timeout=LONG)
