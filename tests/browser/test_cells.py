"""A reader runs, edits, stops and resets the cells of the chapter."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.reader import LONG, Cell, cells

LOOP = "while True: pass"


def test_the_code_becomes_an_editor_without_a_jump(chapter: Page) -> None:
    for cell in cells(chapter)[:2]:
        cell.code.scroll_into_view_if_needed()
        source, box = cell.source(), cell.code.bounding_box()
        line = cell.code.locator("code").evaluate("code => parseFloat(getComputedStyle(code).lineHeight)")
        height = chapter.evaluate("document.documentElement.scrollHeight")
        cell.code.click(position={"x": 60, "y": 40})
        expect(cell.code.locator(".cm-content")).to_be_focused()
        assert cell.source() == source
        assert cell.code.bounding_box() == box
        assert chapter.evaluate("document.documentElement.scrollHeight") == height
        assert (
            cell.code.locator(".cm-line").first.evaluate("line => parseFloat(getComputedStyle(line).lineHeight)")
            == line
        )


def test_a_click_puts_the_cursor_where_it_points(chapter: Page) -> None:
    cell = cells(chapter)[0]
    lines = cell.source().split("\n")
    number = next(i for i, line in enumerate(lines) if line.startswith("image ="))
    height = cell.code.locator("code").evaluate("code => parseFloat(getComputedStyle(code).lineHeight)")
    cell.code.scroll_into_view_if_needed()
    top = cell.code.locator("code").bounding_box()
    assert top is not None
    chapter.mouse.click(top["x"] + 2, top["y"] + (number + 0.5) * height)
    expect(cell.code.locator(".cm-content")).to_be_focused()
    chapter.keyboard.type("# ")
    assert cell.source().split("\n")[number] == f"# {lines[number]}"


def test_an_edit_runs_and_an_error_is_marked(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.edit("for i in range(3):\n    print(i * i)\n\nnope")
    expect(cell.figure).to_have_class(re.compile("is-edited"))
    assert cell.run() == "0\n1\n4\n"
    expect(cell.error.locator(".error-message")).to_have_text(re.compile("^NameError: name 'nope' is not defined"))
    expect(cell.code.locator(".cm-error-line")).to_have_text("nope")
    cell.error.locator("summary").click()
    expect(cell.error.locator("pre")).to_contain_text(
        f'File "{cell.figure.locator("figcaption a").first.inner_text().lower()}", line 4'
    )
    assert "/pack" not in cell.error.inner_text()
    cell.edit("print('mended')")
    expect(cell.code.locator(".cm-error-line")).to_have_count(0)
    assert cell.run() == "mended\n"
    assert cell.error.count() == 0


def test_reset_brings_back_the_code_and_output_of_the_book(chapter: Page) -> None:
    cell = cells(chapter)[0]
    source, printed = cell.source(), cell.output.text_content()
    expect(cell.button("reset")).to_be_disabled()
    cell.run("print('mine')\n1 / 0")
    cell.button("reset").click()
    assert cell.source() == source
    assert cell.output.text_content() == printed
    assert cell.error.count() == 0
    expect(cell.figure).not_to_have_class(re.compile("is-edited"))


def test_text_appears_while_the_cell_runs(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.edit("import time\nprint('first')\ntime.sleep(.1)\nprint('second')\nwhile True: pass")
    cell.start()
    expect(cell.output).to_have_text("first\nsecond\n", timeout=LONG)
    expect(cell.button("stop")).to_be_enabled()
    cell.button("stop").click()
    expect(cell.status).to_contain_text("Stopped")
    expect(cell.output).to_have_text("first\nsecond\n")


def test_a_stop_is_followed_by_a_run(chapter: Page) -> None:
    cell, other = cells(chapter)[:2]
    cell.edit(LOOP)
    cell.start()
    cell.running()
    expect(cell.status).to_have_text(re.compile(r"Running … [1-9]\d* s"))
    cell.button("stop").click()
    expect(cell.status).to_have_text(re.compile("Stopped after"))
    expect(cell.button("stop")).to_be_disabled()
    assert cell.run("print(6 * 7)") == "42\n"
    assert other.run() == other.output.text_content()


def test_a_run_that_waits_can_be_stopped_too(chapter: Page) -> None:
    cell, other = cells(chapter)[:2]
    printed = other.output.text_content()
    cell.edit(LOOP)
    cell.start()
    cell.running()
    other.start()
    expect(other.status).to_contain_text("Waiting")
    other.button("stop").click()
    expect(other.status).to_have_text("Stopped.")
    assert other.output.text_content() == printed
    cell.running()
    cell.button("stop").click()
    cell.settle()


def test_while_python_starts_the_page_says_how_far_it_is(chapter: Page) -> None:
    cell = cells(chapter)[-1]
    chapter.evaluate(
        """name => {
          const status = document.querySelector(`[data-cell=${name}] .cell-bar [data-status]`);
          window.heard = [];
          new MutationObserver(() => window.heard.push(status.textContent)).observe(status, { childList: true });
        }""",
        cell.name,
    )
    session = chapter.context.new_cdp_session(chapter)
    slow = {"offline": False, "latency": 20, "downloadThroughput": 2**24, "uploadThroughput": 2**24}
    session.send("Network.emulateNetworkConditions", slow)
    cell.run()
    heard = " | ".join(chapter.evaluate("window.heard"))
    assert re.search(r"Fetching Python: \d+ %", heard)
    assert "Starting Python" in heard
    expect(cell.figure.locator("[data-progress]")).to_be_hidden()


def test_cells_work_by_keyboard_alone(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.figure.locator("figcaption a").last.focus()
    chapter.keyboard.press("Tab")
    editor = cell.code.locator(".cm-content")
    expect(editor).to_be_focused()
    chapter.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
    chapter.keyboard.press("Shift+Tab")
    expect(editor).to_be_focused()
    chapter.keyboard.press("ControlOrMeta+a")
    chapter.keyboard.type("print('keys')")
    chapter.keyboard.press("Tab")
    expect(editor).to_be_focused()
    assert cell.source() == "    print('keys')"
    chapter.keyboard.press("Shift+Tab")
    chapter.keyboard.press("Shift+Enter")
    expect(cell.output).to_have_text("keys\n", timeout=LONG)
    chapter.keyboard.press("ControlOrMeta+a")
    chapter.keyboard.type("print('again')")
    chapter.keyboard.press("ControlOrMeta+Enter")
    expect(cell.output).to_have_text("again\n", timeout=LONG)
    chapter.keyboard.press("Escape")
    chapter.keyboard.press("Tab")
    expect(cell.button("run")).to_be_focused()
    chapter.keyboard.press("Enter")
    cell.settle()
    expect(cell.button("run")).to_be_focused()


def test_copy_takes_the_code_as_it_is_now(browser: Browser, server: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(server + "cnn/index.html")
    cell = cells(page)[0]
    cell.edit("print('mine')")
    cell.button("copy").click()
    expect(cell.status).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == "print('mine')\n"
    context.close()


def test_a_cell_that_needs_another_runs_it_as_it_is_shown(chapter: Page) -> None:
    first, second = cells(chapter)[:2]
    chapter.evaluate(
        "([a, b]) => { document.querySelector(`[data-cell=${b}]`).dataset.needs = a }", [first.name, second.name]
    )
    first.edit("a = 20\nprint('unseen')")
    assert second.run("print(a + 1)") == "21\n"
    first.edit("a = 1 / 0")
    second.run()
    label = first.figure.locator("figcaption a").first.inner_text().lower()
    expect(second.error.locator(".error-message")).to_have_text(
        f"In {label}, which runs before this cell: ZeroDivisionError: division by zero"
    )
    expect(first.code.locator(".cm-error-line")).to_have_text("a = 1 / 0")


def test_the_editor_that_cannot_be_loaded_does_not_stop_the_cell(page: Page, server: str) -> None:
    page.route("**/editor-*.js", lambda route: route.abort())
    page.goto(server + "cnn/index.html")
    cell: Cell = cells(page)[0]
    printed = cell.output.text_content()
    cell.code.click()
    expect(cell.status).to_contain_text("The editor could not be loaded")
    assert cell.run() == printed
