"""Long breaks: a hidden tab, a page that comes back, a worker that the browser has killed."""

from __future__ import annotations

from contextlib import suppress

from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import LONG, cells, stay, touch_instrument, until


def test_a_page_that_was_frozen(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.run("1 + 1")
    session = chapter.context.new_cdp_session(chapter)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    chapter.wait_for_timeout(1000)
    session.send("Page.setWebLifecycleState", {"state": "active"})
    assert cell.run("print('awake')") == "awake\n"


def test_a_hidden_tab(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.edit("import time\ntime.sleep(1)\nprint('done')")
    cell.start()
    other = chapter.context.new_page()
    other.goto("about:blank")
    other.bring_to_front()
    chapter.bring_to_front()
    expect(cell.output).to_have_text("done\n", timeout=LONG)


def test_back_to_the_page(chapter: Page, server: str) -> None:
    cell = cells(chapter)[0]
    cell.run("print('mine')")
    chapter.goto(server + "index.html")
    chapter.go_back()
    assert cells(chapter)[0].source() == "print('mine')"
    assert cells(chapter)[0].run() == "mine\n"


def test_forward_and_back_within_the_page(chapter: Page, server: str) -> None:
    cell = cells(chapter)[0]
    cell.edit("print('mine')")
    chapter.goto(f"{server}{CHAPTER}#pooling")
    chapter.go_back()
    assert cell.run() == "mine\n"


def test_a_worker_killed_by_the_browser(chapter: Page) -> None:
    """No message, no error, the worker is just gone."""
    cell = cells(chapter)[0]
    stay(cell)
    for worker in chapter.workers:
        with suppress(Error):  # the page ends the others once one is gone
            worker.evaluate("() => close()")
    expect(cell.status).to_contain_text("Python stopped responding")
    assert cell.run("1 + 1") == "2\n"


def test_a_timer_that_closes_the_worker_goes_with_its_run(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.run("import js\njs.setTimeout(js.close.bind(js.globalThis), 300)")
    assert cell.run("import time\ntime.sleep(.5)\nprint('after it')") == "after it\n"
    assert "responding" not in cell.status.inner_text()


def test_python_that_nobody_asks_for_is_ended_and_wakes_when_one_turns_to_a_cell(page: Page, server: str) -> None:
    page.clock.install()
    page.goto(server + CHAPTER)
    cell = cells(page)[0]
    assert cell.run("import numpy.random\nprint('mine')") == "mine\n"
    touch_instrument(page)
    assert page.workers
    for _ in range(3):
        page.clock.fast_forward(60_000)
    until(page, lambda: not page.workers)
    page.mouse.move(2, 2)
    cell.figure.hover()
    until(page, lambda: page.workers)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    assert cell.run() == "mine\n"
    touch_instrument(page)
    assert [url for url in fetched if not url.startswith(("blob:", "data:"))] == []


def test_five_minutes_of_nothing(chapter: Page) -> None:
    """The clock of the page is moved, not the test's patience."""
    cell = cells(chapter)[0]
    cell.run("1 + 1")
    chapter.clock.install()
    chapter.clock.fast_forward(5 * 60 * 1000)
    assert cell.run("2 + 2") == "4\n"
