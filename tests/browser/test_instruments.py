"""A reader moves the instruments; what appears is what the same Python gives in CPython."""

from __future__ import annotations

import re
import time
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from zlib import decompress

import pytest
from playwright.sync_api import Locator, Page, expect

from instruments import kit
from instruments.labs import scene_lab
from tests.browser.conftest import CHAPTER, ROOT
from tests.browser.reader import LONG

TEXT = "\n".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "content").glob("*/*.md")))
INSTRUMENTS, LABS = (
    [name.replace("-", "_") for name in re.findall(rf"^/// {kind} \| ([\w-]+)$", TEXT, re.MULTILINE)]
    for kind in ("instrument", "lab")
)
SHOWN = """async ([id, names]) => {
  const section = document.getElementById(id);
  for (const picture of section.querySelectorAll('img[src$=".svg"]')) {
    const asked = new XMLHttpRequest();
    asked.open('GET', picture.getAttribute('src'));
    await new Promise((done) => { asked.onload = done; asked.send(); });
    const drawing = document.importNode(asked.responseXML.documentElement, true);
    drawing.querySelector('style').remove();
    for (const name of ['xmlns', 'width', 'height']) drawing.removeAttribute(name);
    drawing.setAttribute('aria-label', picture.alt);
    if (picture.hasAttribute('style')) drawing.setAttribute('style', picture.getAttribute('style'));
    picture.replaceWith(drawing);
  }
  for (const picture of section.querySelectorAll('img, image')) {
    const name = picture.hasAttribute('src') ? 'src' : 'href';
    const address = picture.getAttribute(name);
    if (!address || address.startsWith('data:')) continue;
    const file = await (await fetch(address)).blob();
    const reader = new FileReader();
    await new Promise((done) => { reader.onload = done; reader.readAsDataURL(file); });
    const kind = address.split('.').pop();
    picture.setAttribute(name, reader.result.replace(/^data:[^;]*/, `data:image/${kind}`));
  }
  return Object.fromEntries(names.map((name) => {
    const region = section.querySelector(`[data-region="${name}"]`);
    const open = [...region.querySelectorAll('details[open]')].map((list) => list.dataset.key);
    return [name, [region.innerHTML, region.closest('.region').hidden, open]];
  }));
}"""
PARSED = """([markup, open]) => {
  const template = document.createElement('template');
  template.innerHTML = markup;
  for (const key of open) template.content.querySelector(`[data-key="${key}"]`)?.setAttribute('open', '');
  return template.innerHTML;
}"""
"""In a page without any policy: what the browser's own parser makes of the markup, with some lists open."""


@dataclass
class Bench:
    """An instrument on the page and its twin in CPython, which is told the same."""

    page: Page
    module: kit.Instrument[Any]
    section: Locator
    parser: Page
    state: dict[str, Any] = field(default_factory=dict)

    def tell(self, **request: Any) -> None:
        self.state = kit.respond(self.module, {"state": self.state, **request})["state"]

    def agree(self) -> None:
        """Wait until the page shows what CPython says, byte for byte after the browser's parsing."""
        answer = kit.respond(self.module, {"state": self.state})
        end = time.monotonic() + LONG / 1000
        while self.differing(answer) and time.monotonic() < end:
            self.page.wait_for_timeout(50)
        assert self.differing(answer) == []
        expect(self.section.locator("[data-sentence]")).to_have_text(answer["sentence"])

    def differing(self, answer: dict[str, Any]) -> list[str]:
        regions: dict[str, str] = answer["regions"]
        shown = self.page.evaluate(SHOWN, [self.section.get_attribute("id"), list(regions)])
        return [name for name, markup in regions.items() if not self.same(markup, *shown[name])]

    def same(self, markup: str, shown: str, hidden: bool, open_lists: list[str]) -> bool:
        parsed = self.parser.evaluate(PARSED, [markup, open_lists])
        return hidden == (markup == "") and inflated(shown) == inflated(parsed)


def inflated(markup: str) -> str:
    """The same markup with what a PNG holds in place of the PNG: in the page as it comes they are compressed."""

    def content(found: re.Match[str]) -> str:
        data = b64decode(found[1])
        start = data.index(b"IDAT") + 4
        return data[8:29].hex() + sha256(decompress(data[start:-16])).hexdigest()

    return re.sub(r"data:image/png;base64,([\w+/=]+)", content, markup)


@pytest.fixture
def bench(request: pytest.FixtureRequest, chapter: Page) -> Bench:
    name = request.param
    section = chapter.locator(f'[data-instrument="{name}"]')
    section.scroll_into_view_if_needed()
    return Bench(chapter, kit.load(name), section, chapter.context.new_page())


each = pytest.mark.parametrize("bench", INSTRUMENTS, indirect=True)
KEYED = [name for name in INSTRUMENTS if any(region.keys for region in kit.load(name).REGIONS)]


@each
def test_controls_give_what_cpython_gives(bench: Bench) -> None:
    bench.agree()
    moved = 0
    for control in bench.module.CONTROLS:
        inputs = bench.section.locator(f'[name="{getattr(control, "field", "")}"]')
        if isinstance(control, kit.Slider) and inputs.is_visible() and inputs.is_enabled():
            inputs.focus()
            inputs.press("ArrowRight")
            bench.tell(set={control.field: float(inputs.input_value())})
        elif isinstance(control, kit.Choice) and not control.wide and inputs.first.is_enabled():
            option = control.options[-2]
            label = inputs.locator(f"xpath=self::*[@value='{option.value}']/..")
            if not label.is_visible():
                continue
            label.click()
            bench.tell(set={control.field: option.value})
        elif isinstance(control, kit.Choice) and control.wide:
            option = control.options[2]
            inputs.select_option(str(option.value))
            bench.tell(set={control.field: option.value})
        else:
            continue
        moved += 1
        bench.agree()
    assert moved >= 1


@pytest.mark.parametrize("bench", KEYED, indirect=True)
def test_arrow_keys_in_a_region(bench: Bench) -> None:
    region = bench.section.locator("[data-keys]").first
    name = region.get_attribute("data-region")
    region.focus()
    for key in ("ArrowRight", "ArrowDown", "Home", "ArrowDown", "Enter"):
        region.press(key)
    acts = [f"key:{name}:{act}" for act in ("right", "down", "home", "down", "enter")]
    bench.tell(acts=acts)
    bench.agree()
    expect(region).to_be_focused()


@each
def test_reset_goes_back_to_the_first_picture(bench: Bench) -> None:
    slider = bench.section.locator("input[type=range]:visible").first
    slider.focus()
    slider.press("ArrowRight")
    bench.tell(set={slider.get_attribute("name"): float(slider.input_value())})
    bench.agree()
    bench.section.locator("[data-action=reset]").click()
    bench.state = {}
    bench.agree()


@pytest.mark.parametrize("bench", ["receptive_field"], indirect=True)
def test_a_fast_drag_ends_at_the_last_value(bench: Bench) -> None:
    slider = bench.section.locator('input[name="convs"]')
    slider.focus()
    for _ in range(12):
        slider.press("ArrowRight")
        slider.press("ArrowLeft")
    slider.press("ArrowRight")
    bench.tell(set={"convs": 4})
    bench.agree()
    expect(slider).to_have_value("4")
    expect(slider).to_be_focused()


@pytest.mark.parametrize("bench", ["receptive_field"], indirect=True)
def test_a_control_follows_what_the_instrument_allows(bench: Bench) -> None:
    """There are never more pools than convolutions."""
    convs, pools = (bench.section.locator(f'input[name="{name}"]') for name in ("convs", "pools"))
    convs.focus()
    convs.press("Home")
    bench.tell(set={"convs": 1})
    bench.agree()
    expect(pools).to_have_attribute("max", "1")
    expect(pools).to_have_value("1")


@pytest.mark.parametrize("bench", ["receptive_field"], indirect=True)
def test_a_stack_is_pasted_and_one_that_cannot_be_read_stays_to_be_mended(bench: Bench) -> None:
    pasted = bench.section.locator('input[name="layer.pasted"]')
    pasted.locator("xpath=ancestor::details").locator("summary").click()
    bad, good = "Conv2d(3, 8, (1, 7))", "(0): Conv2d(3, 8, kernel_size=(7, 7), dilation=(2, 2))\n(1): MaxPool2d(2)"
    pasted.fill(bad)
    pasted.press("Enter")
    expect(bench.section.locator("[data-sentence]")).to_contain_text("not square", timeout=LONG)
    expect(pasted).to_have_value(bad)
    pasted.evaluate("(field, text) => { field.select(); document.execCommand('insertText', false, text); }", good)
    pasted.press("Enter")
    bench.tell(set={"layer.pasted": good})
    bench.agree()
    expect(pasted).to_have_value("")


@pytest.mark.parametrize("bench", ["kernel_explorer"], indirect=True)
def test_pointing_lights_up_and_painting_keeps_every_stroke(bench: Bench) -> None:
    bench.section.locator('[data-grid="map"]').scroll_into_view_if_needed()
    in_map, in_input = middles(bench, "map"), middles(bench, "input")
    bench.page.mouse.move(*in_map(4, 2))
    bench.tell(acts=["point:map:4,2"])
    bench.agree()
    bench.page.mouse.move(*in_input(0, 0))
    bench.page.mouse.down()
    for column in range(1, 6):
        bench.page.mouse.move(*in_input(0, column))
    bench.page.mouse.up()
    bench.tell(acts=["point:input:0,0", "press:input:0,0", *(f"drag:input:0,{column}" for column in range(1, 6))])
    bench.agree()


@pytest.mark.parametrize("bench", ["scene_lab"], indirect=True)
def test_a_digit_is_dragged_and_a_stroke_drawn(bench: Bench) -> None:
    row, column = scene_lab.compute(scene_lab.State()).scene.corners[0].tolist()
    place = middles(bench, "scene")
    strokes = [[(row + 4, column + 4), (20, 10)], [(60, 2), (61, 30)]]
    for start, end in strokes:
        bench.page.mouse.move(*place(*start))
        bench.page.mouse.down()
        bench.page.mouse.move(*place(*end))
        bench.page.mouse.up()
        bench.tell(acts=["press:scene:{},{}".format(*start), "drag:scene:{},{}".format(*end)])
        bench.agree()
    assert bench.state["corners"][:2] == (16, 6) and len(bench.state["ink"]) == 29


def middles(bench: Bench, grid: str) -> Callable[[int, int], tuple[float, float]]:
    """Where the middle of a cell lies in the window, as long as the page does not move."""
    place = bench.section.locator(f'[data-grid="{grid}"]')
    box = place.bounding_box()
    rows, columns = (int(place.get_attribute(name) or 0) for name in ("data-rows", "data-cols"))
    assert box is not None
    left, top, width, height = box["x"], box["y"], box["width"], box["height"]
    return lambda row, column: (left + (column + 0.5) / columns * width, top + (row + 0.5) / rows * height)


@pytest.mark.parametrize("bench", ["kernel_explorer"], indirect=True)
def test_no_picture_is_said_and_changes_nothing(bench: Bench) -> None:
    file = {"name": "letter.png", "mimeType": "image/png", "buffer": b"this is no picture"}
    bench.section.locator("input[data-picture]").set_input_files(file)  # type: ignore[arg-type]
    expect(bench.section.locator("[data-status]")).to_contain_text("“letter.png” is not a picture")
    bench.agree()


def test_python_that_breaks_is_said_and_nothing_is_lost(page: Page, server: str) -> None:
    page.context.route("**/*.asm.wasm", lambda route: route.abort())
    page.goto(server + CHAPTER)
    bench = Bench(
        page, kit.load("receptive_field"), page.locator('[data-instrument="receptive_field"]'), page.context.new_page()
    )
    slider = bench.section.locator('input[name="convs"]')
    slider.focus()
    slider.press("ArrowRight")
    retry = bench.section.get_by_role("button", name="Try again")
    expect(retry).to_be_visible(timeout=LONG)
    expect(bench.section.locator("[data-status]")).to_contain_text("could not be fetched")
    with page.expect_event("requestfailed", lambda request: request.url.endswith(".asm.wasm")):
        slider.press("ArrowRight")
    expect(retry).to_be_visible(timeout=LONG)
    page.context.unroute_all()
    retry.click()
    bench.tell(set={"convs": 5})
    bench.agree()


def test_every_instrument_is_tested(chapter: Page) -> None:
    shown = chapter.locator("[data-instrument]").evaluate_all("all => all.map(one => one.dataset.instrument)")
    assert sorted(shown) == sorted(["first_look", *INSTRUMENTS, *LABS])
    assert all(re.fullmatch(r"[a-z_]+", name) for name in shown)
