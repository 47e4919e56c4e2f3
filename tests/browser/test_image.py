"""Python woken from the heap image is the Python that starts plainly, and starts plainly when the image is no good."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, Worker

from instruments import kit
from press import site
from press.browser import bundles, fetched_files, pyodide_files
from press.processes.static_server import background
from press.text.languages import catalogue
from runtime.python import host
from runtime.python.pictures import Picture
from tests.browser.reader import until
from tests.browser.snippets import ALONE, SNIPPETS, batched, together
from tests.runtime.twenty_figures import FIGURES, HEAD

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Python alone</title>
<script>[globalThis.WORDS, globalThis.LANGUAGE] = [WORDS_OF_ENGLISH, "en"]</script>
<script type="module">
import { Python } from "./runtime/engine/python.js";
import { Supplier } from "./runtime/engine/python_files.js";
const manifest = globalThis.manifest = MANIFEST;
const at = (url) => new URL(url, location).href;
for (const file of Object.values(manifest.files)) file.url = at(file.url);
manifest.engine = at(manifest.engine);
globalThis.start = (woken) => {
  if (!woken) for (const environment of Object.values(manifest.environments)) environment.image = null;
  const supplier = new Supplier(manifest.files);
  const role = (trusted) => new Python(manifest, supplier, { trusted });
  [globalThis.python, globalThis.other] = [role(false), role(true)];
};
globalThis.ask = (source) => {
  let [head, tail] = ["", ""];
  const printed = (more) => { head += more.added; tail = more.tail; };
  const pictures = globalThis.pictures = [];
  const picture = (more) => pictures.push(more);
  const ticket = globalThis.python.ask({ kind: "cells", cells: [["cell 1", source]] }, { printed, picture });
  const report = ({ answer, ...rest }) => ({ output: head + tail, error: answer?.error, ...rest });
  return { ...ticket, outcome: ticket.outcome.then(report) };
};
globalThis.run = (source) => globalThis.ask(source).outcome;
</script>"""

WORKERS = 2
"""Python that may run a reader's code comes with a gateway."""

Files = dict[str, Path | bytes]


@dataclass
class Alone:
    """A site of one page with nothing but Python: `start(woken)`, `run(source)`, `python`, `pictures` of a run."""

    files: Files
    manifest: dict[str, Any]
    folder: Path
    url: str = ""
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def change(self, name: str, change: Callable[[bytes], bytes], told: bool = True) -> None:
        """Serve other bytes for a file of the manifest; `told`: the manifest knows them."""
        entry = self.manifest["files"][name]
        content = change((self.folder / entry["url"]).read_bytes())
        self.files[entry["url"]] = content
        if told:
            entry |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        self.write()

    def write(self) -> None:
        words = tomllib.loads(
            (ROOT / "languages" / "en.toml").read_text(encoding="utf-8")
        )  # a bundle holds those it says
        page = PAGE.replace("MANIFEST", json.dumps(self.manifest)).replace("WORDS_OF_ENGLISH", json.dumps(words))
        site.write({**self.files, "index.html": page.encode()}, self.folder)

    def visit(self, context: BrowserContext, woken: bool = True) -> Page:
        page = context.new_page()
        page.on("request", lambda request: self.asked.append(request.url.rsplit("/", 1)[-1]))
        page.on("console", lambda message: self.said.append(message.text))
        page.goto(self.url)
        page.evaluate("woken => start(woken)", woken)
        return page

    def fetched(self, name: str) -> bool:
        return self.manifest["files"][name]["url"].rsplit("/", 1)[-1] in self.asked


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Alone]:
    engine, bundle = pyodide_files.browser_runtime(ROOT), bundles.bundle(ROOT, "en", catalogue.english().table)
    scripts = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "runtime").rglob("*.js")}
    fetched = fetched_files.needed(ROOT, {name: kit.load(name) for name in kit.instruments()})
    manifest = json.loads(json.dumps(fetched.told_in(engine.manifest)))
    manifest["files"] |= {name: bundle.manifest[name] for name in ("worker", "gateway")}
    alone = Alone({**engine.files, **bundle.files, **fetched.files, **scripts}, manifest, tmp_path / "site")
    alone.write()
    with background(alone.folder) as server:
        alone.url = server.url
        yield alone


def run(page: Page, source: str) -> Any:
    return page.evaluate("source => run(source)", source)


def test_every_snippet_prints_the_same_after_both_starts(
    new_context: Callable[..., BrowserContext], alone: Alone
) -> None:
    context = new_context(locale="de-DE", timezone_id="Europe/Berlin")
    woken, plain = (alone.visit(context, way) for way in (True, False))
    different = {}
    for source in [*map(together, batched(SNIPPETS)), *ALONE]:
        answers = [run(page, source) for page in (woken, plain)]
        if answers[0] != answers[1]:
            different[source] = answers
        assert source in ALONE or not answers[0]["error"], answers
    assert woken.evaluate("manifest.environments.numpy.image"), "it was the image that woke"
    assert different == {}


def test_the_first_answer_waits_only_for_what_it_needs(context: BrowserContext, alone: Alone) -> None:
    page = alone.visit(context)
    assert run(page, "import numpy as np; print(np.linalg.det(np.eye(2)))")["output"] == "1.0\n"
    assert not any(alone.fetched(name) for name in ("stdlib", "numpy", "pack"))
    until(page, lambda: alone.fetched("rest"))
    assert "numpy.fft" in run(page, "import numpy, sys; numpy.fft.fft([1]); print(sys.modules['numpy.fft'])")["output"]
    assert not any(alone.fetched(name) for name in ("stdlib", "numpy", "pack"))


def test_on_a_metered_line_the_rest_comes_only_when_it_is_asked_for(
    new_context: Callable[..., BrowserContext], alone: Alone
) -> None:
    context = new_context()
    context.add_init_script("Object.defineProperty(navigator, 'connection', { value: { type: 'cellular' } })")
    metered = alone.visit(context)
    asked: list[str] = []
    metered.on("request", lambda request: asked.append(request.url))
    assert run(metered, "print(1)")["output"] == "1\n"
    run(alone.visit(new_context()), "print(1)")
    until(metered, lambda: alone.fetched("rest"))
    assert not [url for url in asked if "/rest-" in url], "only the page on a good line asks for it by itself"
    assert run(metered, "import csv; print(csv.__name__)")["output"] == "csv\n"
    assert [url for url in asked if "/rest-" in url]


@pytest.mark.parametrize("change", ["a byte", "the length"])
def test_files_that_come_with_an_import_are_checked_like_the_first(
    context: BrowserContext, alone: Alone, change: str
) -> None:
    """The page refuses the file, and so does the worker that asks for it by itself."""

    def forge(route: Route) -> None:
        answer = route.fetch()
        body = bytearray(answer.body())
        body[len(body) // 2] ^= 1
        route.fulfill(response=answer, body=bytes(body if change == "a byte" else body[:-1]))

    context.route("**/rest-*", forge)
    answer = run(alone.visit(context), "import colorsys; print(colorsys.__file__)")
    assert "arrived damaged" in str(answer["error"])
    assert answer["output"] == ""


def test_an_import_from_the_rest_can_be_the_first_thing_asked(context: BrowserContext, alone: Alone) -> None:
    page = alone.visit(context)
    assert run(page, "import csv, numpy.random; print(csv.__name__, numpy.random.default_rng(0).integers(9))") == {
        "output": "csv 7\n",
        "error": None,
        "type": "answer",
    }


@pytest.mark.parametrize("reading", ["inspect.getsource(numpy.mean)", "inspect.getsource(inspect)"])
def test_source_of_the_library_can_be_the_first_thing_read(context: BrowserContext, alone: Alone, reading: str) -> None:
    page = alone.visit(context)
    answer = run(page, f"import inspect, numpy; print(len({reading}) > 1000)")
    assert (answer["error"], answer["output"]) == (None, "True\n")


def test_two_roles_that_start_together_share_every_file(context: BrowserContext, alone: Alone) -> None:
    page = alone.visit(context)
    page.evaluate("() => { other.warm(); python.warm(); }")
    run(page, "1")
    page.evaluate("() => other.ask({ kind: 'cells', cells: [['cell 1', '1']] }).outcome")
    until(page, lambda: alone.fetched("rest"))
    names = [entry["url"].rsplit("/", 1)[-1] for entry in alone.manifest["files"].values()]
    assert {alone.asked.count(name) for name in names} <= {0, 1}


def test_a_role_that_runs_no_code_of_readers_asks_for_the_rest_only_when_it_must(
    context: BrowserContext, alone: Alone
) -> None:
    page = alone.visit(context)
    ask = "job => other.ask(job).outcome"
    for module in kit.instruments():
        answered = page.evaluate(ask, {"kind": "instrument", "module": module, "request": {}})
        assert "failure" not in answered["answer"], module
    assert not alone.fetched("rest")
    assert page.evaluate(ask, {"kind": "cells", "cells": [["cell 1", "import csv"]]})["answer"]["error"] is None
    assert alone.fetched("rest")


def test_a_run_that_lasts_has_a_successor_which_answers_once_it_is_stopped(
    context: BrowserContext, alone: Alone
) -> None:
    page = alone.visit(context)
    run(page, "1")
    page.evaluate("() => { globalThis.endless = ask('while True: pass') }")
    while len(page.workers) < 2 * WORKERS:
        page.wait_for_event("worker")
    page.wait_for_timeout(1500)  # nothing tells when the other Python is awake
    later: list[Worker] = []
    page.on("worker", lambda worker: later.append(worker))
    assert page.evaluate("() => { endless.stop(); return endless.outcome }")["type"] == "stopped"
    assert run(page, "print(1 + 1)")["output"] == "2\n"
    assert later == []


def test_a_run_that_ends_by_itself_needs_no_successor(context: BrowserContext, alone: Alone) -> None:
    page = alone.visit(context)
    started: list[Worker] = []
    page.on("worker", lambda worker: started.append(worker))
    while_it_lasts = "import time; end = time.monotonic() + 1\nwhile time.monotonic() < end: pass\nkept = 1"
    assert run(page, while_it_lasts)["error"] is None
    until(page, lambda: len(page.workers) == WORKERS)
    assert len(started) == 2 * WORKERS
    assert run(page, "print('still here')")["output"] == "still here\n"


def test_a_rest_that_cannot_be_had_is_told_and_asked_for_again(context: BrowserContext, alone: Alone) -> None:
    rest = alone.folder / alone.manifest["files"]["rest"]["url"]
    hidden = rest.rename(rest.with_suffix(".hidden"))
    page = alone.visit(context)
    assert "csv could not be fetched" in run(page, "import csv")["error"]["message"]
    assert run(page, "import numpy as np; print(np.ones(1))")["output"] == "[1.]\n"
    hidden.rename(rest)
    assert run(page, "import csv; print(csv.__name__)")["output"] == "csv\n"


def test_two_readers_get_different_random_numbers(context: BrowserContext, alone: Alone) -> None:
    chance = "import random, uuid, numpy as np; print(random.random(), uuid.uuid4(), np.random.rand(), id)"
    numbers = [run(alone.visit(context), chance)["output"].split()[:3] for _ in range(2)]
    assert not set(numbers[0]) & set(numbers[1])


def test_a_restart_fetches_nothing(context: BrowserContext, alone: Alone) -> None:
    page = alone.visit(context)
    run(page, "1")
    until(page, lambda: alone.fetched("rest"))
    run(page, "2")
    alone.asked.clear()
    stopped = page.evaluate(
        "() => { const run = ask('while True: pass'); setTimeout(run.stop, 50); return run.outcome; }"
    )
    assert stopped["type"] == "stopped"
    assert run(page, "import csv, numpy as np; print(np.ones(2))")["output"] == "[1. 1.]\n"
    assert not any(alone.fetched(name) for name in alone.manifest["files"])


def head(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    """A parcel with another head."""

    def changed(parcel: bytes) -> bytes:
        length = int.from_bytes(parcel[:4], "little")
        about = json.loads(parcel[4 : 4 + length])
        change(about["heap"])
        words = json.dumps(about).encode()
        return len(words).to_bytes(4, "little") + words + parcel[4 + length :]

    return changed


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]


def snapshotless(loader: bytes) -> bytes:
    """A loader that knows no snapshots."""
    assert b"_loadSnapshot" in loader
    return loader.replace(b"_loadSnapshot", b"_lostSnapshot")


FAULTS: dict[str, tuple[Callable[[Alone], object], str]] = {
    "another build": (
        lambda alone: alone.change("image", head(lambda heap: heap.update(build="0" * 64))),
        "another build",
    ),
    "another place": (lambda alone: alone.change("image", head(lambda heap: heap.update(bases=[[1, 2]]))), "landed"),
    "a longer table": (lambda alone: alone.change("image", head(lambda heap: heap.update(table=1))), "table"),
    "a damaged frame": (lambda alone: alone.change("image", flipped), "damaged"),
    "a damaged file": (lambda alone: alone.change("image", flipped, told=False), "damaged"),
    "a damaged side module": (lambda alone: alone.change("linalg", flipped, told=False), "damaged"),
    "no file": (lambda alone: (alone.folder / alone.manifest["files"]["image"]["url"]).unlink(), "404"),
    "no snapshots": (lambda alone: alone.change("loader", snapshotless), "snapshots"),
}


PLOT = "import matplotlib.pyplot as plt\nplt.imshow([[1, 2], [3, 4]])\nplt.title('$x^2$')"


def test_a_figure_from_the_image_is_cpython_s(context: BrowserContext, alone: Alone) -> None:
    (here,) = host_figures(PLOT)
    page = alone.visit(context)
    for _ in range(2):
        assert run(page, PLOT)["error"] is None
        assert page.evaluate("pictures") == [here]
    assert page.evaluate("manifest.environments.matplotlib.image")


def test_nothing_of_matplotlib_is_fetched_before_code_imports_it(context: BrowserContext, alone: Alone) -> None:
    page = alone.visit(context)
    run(page, "print(1)")
    until(page, lambda: alone.fetched("rest"))
    assert not [name for name in alone.asked if "matplotlib" in name]
    assert run(page, PLOT)["error"] is None
    assert alone.fetched("matplotlib-image") and not alone.fetched("matplotlib")


FORMULAS = (r"$\sqrt{x} \left(\frac{a}{b}\right)$", r"$\mathcal{L}\,\mathtt{x}$", r"$\mathbb{R}$", "你 $x^2$")


def test_a_formula_fetches_the_fonts_it_needs(context: BrowserContext, alone: Alone) -> None:
    page = alone.visit(context)
    for formula in FORMULAS:
        source = f"import matplotlib.pyplot as plt\nplt.title({formula!r})\nplt.show()"
        assert run(page, source)["error"] is None, formula
    source = "import matplotlib.pyplot as plt\nplt.title('serif', family='serif', style='italic')\nplt.show()"
    answer = run(page, source)
    assert (answer["error"], answer["output"]) == (None, "")


def test_common_figures_need_no_other_file(context: BrowserContext, alone: Alone) -> None:
    page = alone.visit(context)
    for name in ("formula", "logarithms", "contours", "surface", "boxes"):
        assert run(page, HEAD + FIGURES[name])["error"] is None, name
    assert not alone.fetched("matplotlib-rest")
    assert run(page, "import matplotlib, matplotlib.animation, csv; print(csv.__name__)")["output"] == "csv\n"
    assert alone.fetched("matplotlib-rest")


def test_a_python_with_more_takes_over_where_it_is_expected(context: BrowserContext, alone: Alone) -> None:
    page = alone.visit(context)
    assert run(page, "print(1)")["output"] == "1\n"
    page.evaluate("() => python.warm(['import matplotlib'])")
    assert run(page, "print(1)")["output"] == "1\n"
    assert not [name for name in alone.asked if "matplotlib" in name], "what is only near asks for nothing"
    page.evaluate("() => python.expect(['import matplotlib'])")
    until(page, lambda: alone.fetched("matplotlib-image"))
    until(page, lambda: len(page.workers) == WORKERS)  # the first one is gone
    assert run(page, "print(2)")["output"] == "2\n"


def test_where_matplotlib_cannot_be_had_other_code_runs_on(context: BrowserContext, alone: Alone) -> None:
    for name in ("matplotlib", "matplotlib-image"):
        (alone.folder / alone.manifest["files"][name]["url"]).unlink()
    page = alone.visit(context)
    assert run(page, "print(1)")["output"] == "1\n"
    assert "matplotlib" in run(page, PLOT)["words"]
    assert run(page, "print(2)")["output"] == "2\n"


def test_a_bad_image_with_matplotlib_means_a_plain_start(context: BrowserContext, alone: Alone) -> None:
    (alone.folder / alone.manifest["files"]["agg"]["url"]).unlink()
    page = alone.visit(context)
    assert run(page, PLOT)["error"] is None
    assert page.evaluate("pictures") == host_figures(PLOT)
    assert ["404" in line for line in alone.said if "without its heap image" in line] == [True]


def host_figures(code: str) -> list[dict[str, object]]:
    """What CPython shows."""
    host.plot()
    return [asdict(part) for part in host.run([("cell 1", code)]).parts if isinstance(part, Picture)]


HEADS = ("another place", "a longer table")
"""What is seen in an image's head: from there on, all of them go on alike."""


@pytest.mark.parametrize("name", HEADS)
def test_an_image_for_another_python_is_not_woken(context: BrowserContext, alone: Alone, name: str) -> None:
    fault, words = FAULTS[name]
    fault(alone)
    page = alone.visit(context)
    page.evaluate("() => { ask('1') }")
    until(page, lambda: [words for line in alone.said if "without its heap image" in line and words in line])


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in HEADS])
def test_a_bad_image_means_a_plain_start_said_once(context: BrowserContext, alone: Alone, name: str) -> None:
    fault, words = FAULTS[name]
    fault(alone)
    page = alone.visit(context)
    assert run(page, "import numpy as np; print(np.arange(3) @ np.ones(3))") == {
        "output": "3.0\n",
        "error": None,
        "type": "answer",
    }
    warnings = [line for line in alone.said if "without its heap image" in line]
    assert len(warnings) == 1
    assert words in warnings[0]
    assert all(alone.fetched(file) for file in ("stdlib", "numpy", "pack"))
