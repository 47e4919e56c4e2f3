"""Packages that a chapter lists: they come when code imports them, and print what the build printed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from press.processes.static_server import background
from press.site import build
from tests.browser.reader import LONG, cells

ROOT = Path(__file__).resolve().parents[2]
SECTION = """# Packages {#demo}

```python {#map title="A map"}
import numpy as np


def correlated(x):
    from scipy import ndimage

    return ndimage.correlate(x, np.outer([1, 2, 1], [-1, 0, 1]), mode="constant")


print(correlated(np.arange(36).reshape(6, 6)))
print(np.argsort([3, 1, 2]).dtype)
```

```python {#plain title="Plain"}
print(1 + 1)
```
"""


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A chapter that lists scipy."""
    folder = tmp_path_factory.mktemp("packages")
    content = Path(shutil.copytree(ROOT / "tests" / "book", folder / "content"))
    with (content / "demo" / "chapter.toml").open("a", encoding="utf-8") as settings:
        settings.write('packages = ["scipy"]\n')
    (content / "demo" / "section.md").write_text(SECTION, encoding="utf-8")
    build(ROOT, folder / "site", content)
    with background(folder / "site") as running:
        context = browser.new_context()
        context.set_default_timeout(LONG)
        page = context.new_page()
        page.goto(f"{running.url}demo/index.html")
        yield page
        context.close()


def test_a_package_comes_with_the_first_import_and_prints_what_the_build_printed(page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    with_scipy, plain = cells(page)
    built = with_scipy.output.text_content() or ""
    assert "int64" in built
    assert plain.run() == "2\n"
    plain.run("__import__('sci' + 'py')")
    expect(plain.error).to_contain_text("write the import in this form")
    assert not any("package" in name for name in fetched)
    page.route("**/package-scipy-*", lambda route: route.abort())
    with_scipy.run()
    expect(with_scipy.figure).to_contain_text("could not be fetched")
    page.unroute("**/package-scipy-*")
    assert with_scipy.run() == built
    with_scipy.run()
    plain.run("import sys; print('scipy.ndimage' in sys.modules)")
    assert plain.output.text_content() == "True\n", "the next run has to import it again"


def test_what_is_not_listed_is_told_with_what_there_is(page: Page) -> None:
    cell = cells(page)[1]
    cell.run("import pandas")
    have = "cells have Python's standard library, numpy, matplotlib, PIL and scipy"
    expect(cell.error).to_contain_text(f"“pandas” is not available in this page: {have}")
