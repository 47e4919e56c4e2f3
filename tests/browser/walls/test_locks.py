"""A lock taken, or none to be had, changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserType, Page, expect

from tests.browser.conftest import CHAPTER
from tests.browser.reader import cells, stay, touch_instrument

TAKE_ALL = """async () => {
  const { held, pending } = await navigator.locks.query();
  for (const { name } of [...held, ...pending]) await navigator.locks.request(name, { steal: true }, () => {});
  return held.length;
}"""


def test_whoever_takes_every_lock_ends_no_run_and_no_instrument(chapter: Page) -> None:
    cell = cells(chapter)[0]
    touch_instrument(chapter)
    stay(cell)
    started: list[object] = []
    chapter.on("worker", lambda worker: started.append(worker))
    assert chapter.evaluate(TAKE_ALL) > 0
    cell.edit("import time\nprint('begun', flush=True)\ntime.sleep(.2)\nprint('ended')")
    cell.start()
    expect(cell.output).to_contain_text("begun")
    chapter.evaluate(TAKE_ALL)
    cell.settle()
    assert cell.output.text_content() == "begun\nended\n"
    touch_instrument(chapter)
    assert cell.run("print('again')") == "again\n"
    assert "responding" not in (cell.status.text_content() or "")
    assert started == []


def test_where_the_reader_blocks_site_data_everything_works(
    browser_type: BrowserType, whole_browser: dict[str, Any], server: str, tmp_path: Path
) -> None:
    """The browser itself denies locks, storage and caches then."""
    settings = tmp_path / "Default" / "Preferences"
    settings.parent.mkdir()
    settings.write_text(json.dumps({"profile": {"default_content_setting_values": {"cookies": 2}}}), encoding="utf-8")
    with browser_type.launch_persistent_context(tmp_path, **whole_browser) as context:
        page = context.pages[0]
        page.goto(server + CHAPTER)
        assert (
            page.evaluate("navigator.locks.request('x', () => 'had').catch((error) => error.name)") == "SecurityError"
        )
        assert cells(page)[0].run("print('mine')") == "mine\n"
        touch_instrument(page)


def test_denied_locks_are_not_missed(private: Callable[[str], Page]) -> None:
    page = private("LockManager.prototype.request = () => Promise.reject(new DOMException('no', 'SecurityError'))")
    assert cells(page)[0].run("print('mine')") == "mine\n"
