"""The chapter in Firefox and in WebKit: a first visit, a cell, a stop, each instrument.

Skipped, with the reason, where an engine cannot be installed or does not start, with no page of ours open yet.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import unquote

import pytest

from instruments import kit
from runtime.python import host
from runtime.python.pictures import Picture
from tests.browser.walls.attacks import EMIT, PORTS, STEAL
from tests.engines.drivers import Engine, firefox, missing, webkit

pytestmark = pytest.mark.browser
CHAPTER = "cnn/index.html"
LONG = 120.0
"""Seconds that Python may need to start on a busy machine."""
ENGINES = {
    "firefox": (firefox, {"firefox-esr": "firefox-esr"}),
    "webkit": (webkit, {"WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"}),
}
CELL = "document.querySelector('[data-cell]')"
SOURCE = f"""{CELL}.querySelector(".cm-line")
  ? [...{CELL}.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\\n")
  : {CELL}.querySelector("[data-code]").textContent.trim()"""
FAILED = f"({CELL}.querySelector('.cell-error')?.textContent ?? '')"
IDLE = f"!{CELL}.classList.contains('is-running')"
COMPLETE = """
const all = (what) => [...document.querySelectorAll(what)];
return {
  pictures: all("[data-instrument]").every((one) => one.querySelector("[data-region] svg, [data-region] table")),
  formulas: all(".katex-html").every((one) => one.getClientRects().length),
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
};
"""
SLIDERS = """
return [...document.querySelectorAll("[data-instrument]")].map((one) => {
  const slider = [...one.querySelectorAll("input[type=range]:enabled")].find((each) => each.checkVisibility());
  return [one.id, one.dataset.instrument, slider?.name, Number(slider?.value)];
});
"""


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, server: str) -> Iterator[Engine]:
    """The chapter, open in an engine."""
    start, programs = ENGINES[request.param]
    if lacking := missing(programs):
        pytest.skip(f"{request.param} is not tested: {lacking} not installed, and not to be had")
    with ExitStack() as running:
        try:
            engine = running.enter_context(start(tmp_path_factory.mktemp(request.param)))
        except (OSError, RuntimeError, StopIteration) as error:
            pytest.skip(f"{request.param} is not tested: it does not start here ({error!r})")
        engine.go(server + CHAPTER)
        yield engine


def click(engine: Engine, action: str) -> None:
    engine.script(f"{CELL}.querySelector('[data-action={action}]').click()")


def run(engine: Engine) -> str:
    click(engine, "run")
    engine.until(IDLE, LONG)
    return str(engine.script(f"return {CELL}.querySelector('[data-output]').textContent"))


def show(engine: Engine, code: str) -> None:
    """Bring code into the first cell by a link."""
    packed = base64.urlsafe_b64encode(zlib.compress(code.encode(), wbits=-15)).decode().rstrip("=")
    engine.script(f"location.hash = '#' + {CELL}.id + '?code={packed}'")
    engine.until(f"({SOURCE}) === {json.dumps(code)}", LONG)


def test_a_first_visit_is_complete(engine: Engine) -> None:
    assert engine.script(COMPLETE) == {"pictures": True, "formulas": True, "wide": 0}


def test_a_cell_prints_what_the_book_prints(engine: Engine) -> None:
    printed = engine.script(f"return {CELL}.querySelector('[data-output]').textContent")
    assert run(engine) == printed


def test_a_run_without_end_is_stopped_and_the_next_one_works(engine: Engine) -> None:
    show(engine, "print('begun')\nwhile True: pass")
    click(engine, "run")
    engine.until(f"{CELL}.querySelector('[data-output]').textContent === 'begun\\n'", LONG)
    click(engine, "stop")
    engine.until(f"/Stopped/.test({CELL}.querySelector('.cell-bar [data-status]').textContent)", LONG)
    show(engine, "print(6 * 7)")
    assert run(engine) == "42\n"


PLOT = "import matplotlib.pyplot as plt\nplt.imshow([[1, 2], [3, 4]])\nplt.title('$x^2$')"
DRAWN = f"{CELL}.querySelector('button.output-picture img')"


def test_a_figure_is_drawn_with_the_bytes_of_the_build(engine: Engine) -> None:
    host.plot()
    (here,) = [part for part in host.run([("cell", PLOT)]).parts if isinstance(part, Picture)]
    show(engine, PLOT)
    run(engine)
    engine.until(f"{DRAWN}?.naturalWidth > 0", LONG)
    source = str(engine.script(f"return {DRAWN}.src")).removeprefix("data:image/svg+xml,")
    assert unquote(source) == here.content


ATTACKS = {
    "a file for the page's supply": PORTS + 'tell({"type": "inflated", "file": js.ArrayBuffer.new(8)})' + STEAL,
    "a flood": EMIT + "while True: emit('x', 'x' * 10**6, 0, 0)",
}


@pytest.mark.parametrize("source", ATTACKS.values(), ids=ATTACKS)
@pytest.mark.parametrize("engine", ["firefox"], indirect=True)
def test_python_that_sends_what_no_cell_sends_is_ended_and_the_next_run_works(engine: Engine, source: str) -> None:
    show(engine, source.strip())
    click(engine, "run")
    engine.until(f"{FAILED}.includes('The page ended Python')", LONG)
    engine.until(IDLE, LONG)
    show(engine, "print(6 * 7)")
    assert run(engine) == "42\n"


def test_every_instrument_answers_with_the_words_of_the_build(engine: Engine) -> None:
    moved: list[str] = []
    sliders: list[tuple[str, str, str | None, float]] = engine.script(SLIDERS)
    for anchor, module, name, value in sliders:
        if name is None:
            continue
        wanted = int(value) + 1
        engine.script(f"""
            const slider = document.querySelector("#{anchor} [name='{name}'][type=range]");
            slider.value = {wanted};
            slider.dispatchEvent(new Event("input", {{ bubbles: true }}));
            slider.dispatchEvent(new Event("change", {{ bubbles: true }}));
        """)
        answer: dict[str, Any] = kit.respond(kit.load(module), {"state": {}, "set": {name: wanted}})
        sentence = f"document.querySelector('#{anchor} [data-sentence]').textContent"
        engine.until(f"{sentence} === {json.dumps(answer['sentence'])}", LONG)
        moved.append(anchor)
    assert len(moved) >= 3
