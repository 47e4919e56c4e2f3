"""A lock taken, or none to be had, changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from press.serve import background
from tests.browser.conftest import CHAPTER
from tests.browser.reader import LONG, cells

TAKE_ALL = """async () => {
  const { held, pending } = await navigator.locks.query();
  for (const { name } of [...held, ...pending]) await navigator.locks.request(name, { steal: true }, () => {});
  return held.length;
}"""
FRAME = '<!doctype html><title>elsewhere</title><iframe title="book" sandbox="allow-scripts" src="{}"></iframe>'


def moved(page: Page) -> None:
    """Touch the first instrument; it must answer."""
    section = page.locator("[data-instrument]").first
    slider, sentence = section.locator("input[type=range]:visible").last, section.locator("[data-sentence]")
    before = sentence.text_content() or ""
    slider.focus()
    slider.press("ArrowRight" if slider.evaluate("slider => slider.value !== slider.max") else "ArrowLeft")
    expect(sentence).not_to_have_text(before, timeout=LONG)


def test_whoever_takes_every_lock_ends_no_run_and_no_instrument(chapter: Page) -> None:
    cell = cells(chapter)[0]
    moved(chapter)
    cell.run("1 + 1")
    started: list[object] = []
    chapter.on("worker", lambda worker: started.append(worker))
    assert chapter.evaluate(TAKE_ALL) > 0
    cell.edit("import time\nprint('begun', flush=True)\ntime.sleep(.2)\nprint('ended')")
    cell.start()
    expect(cell.output).to_contain_text("begun")
    chapter.evaluate(TAKE_ALL)
    cell.settle()
    assert cell.output.text_content() == "begun\nended\n"
    moved(chapter)
    assert cell.run("print('again')") == "again\n"
    assert "responding" not in (cell.status.text_content() or "")
    assert started == []


def test_in_a_frame_without_an_origin_everything_works(page: Page, site: Path, tmp_path: Path) -> None:
    """There the browser really denies locks, storage and caches."""
    with background(site) as book, background(tmp_path) as other:
        (tmp_path / "index.html").write_text(FRAME.format(book.url + CHAPTER), encoding="utf-8")
        page.goto(other.url)
        frame = page.frame_locator("iframe")
        figure = frame.locator("[data-cell]").first
        printed = figure.locator("[data-output]").text_content() or ""
        figure.locator("[data-action=run]").click()
        expect(figure.locator(".cell-bar [data-status]")).to_contain_text("Done", timeout=LONG)
        expect(figure.locator("[data-output]")).to_have_text(printed)


def test_denied_locks_are_not_missed(private: Callable[[str], Page]) -> None:
    page = private("LockManager.prototype.request = () => Promise.reject(new DOMException('no', 'SecurityError'))")
    assert cells(page)[0].run("print('mine')") == "mine\n"
