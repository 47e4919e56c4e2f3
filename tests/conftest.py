"""What tests share: the site built once, servers of it, and a Chromium that leaves evidence when a test fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, WebError, expect

from devtools.chromium import SANDBOX, chromium, headless_shell
from instruments.labs import photograph_lab, teach_lab
from press.browser.fetched_files import provide
from press.browser.wheels import RuntimeMissing
from press.processes.static_server import background
from press.site import build

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30_000
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    # Python starts hundreds of times: compiling it once, for the start, leaves out the second time, for speed. What it
    # computes is the same, and Firefox, WebKit and the benchmarks do both.
    "--js-flags=--no-wasm-tier-up --no-wasm-dynamic-tiering",
    "--no-first-run",
)
LINES = pytest.StashKey[list[str]]()
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # how fast an example is says more about the machine than about the code


@pytest.fixture(scope="session", autouse=True)
def trained_network() -> None:
    """Files that an instrument fetches lie where its Python looks for them, as a build leaves them.

    Where they cannot be had, tests that need them say which file is missing, and the others run.
    """
    with suppress(RuntimeMissing):
        provide(ROOT, {*photograph_lab.FILES, *teach_lab.FILES})


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's site, built once; it lies below a path with a space."""
    out = tmp_path_factory.mktemp("host") / "a b" / "c"
    out.parent.mkdir()
    build(ROOT, out)
    return out


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """The address of the site at the root of a host, with a slash at its end."""
    with background(site) as running:
        yield running.url


@pytest.fixture(scope="session")
def nested_server(site: Path) -> Iterator[str]:
    """The address of the same site below the sub-path `/a b/c/`."""
    with background(site.parent.parent) as running:
        yield f"{running.url}a%20b/c/"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Chromium as `devtools.chromium` finds it; the administrator's needs another sandbox setting."""
    shell = headless_shell(chromium())
    return {**browser_type_launch_args, "executable_path": str(shell), "args": [*QUIET, *SANDBOX]}


@pytest.fixture(scope="session")
def whole_browser(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """What starts the browser with its settings, which the one without windows does not have."""
    return {**browser_type_launch_args, "executable_path": str(chromium())}


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    """Starting Python takes seconds on a busy machine."""
    expect.set_options(timeout=PATIENCE)


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], request: pytest.FixtureRequest
) -> Callable[..., BrowserContext]:
    """Contexts whose console lines are kept for the case of failure."""
    lines: list[str] = request.node.stash.setdefault(LINES, [])

    def listening(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(PATIENCE)
        context.on("console", lambda message: lines.append(_line(message)))
        context.on("weberror", lambda error: lines.append(_error(error)))
        return context

    return listening


def _line(message: ConsoleMessage) -> str:
    return f"{message.type}: {message.text}  ({message.location['url']}:{message.location['lineNumber']})"


def _error(error: WebError) -> str:
    return f"uncaught: {error.error.message}\n{error.error.stack}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Leave screenshot, page source and console of every page that a failed test had open."""
    report = yield
    browser = getattr(item, "funcargs", {}).get("browser")
    if report.when == "call" and report.failed and browser is not None:
        folder = Path(item.config.getoption("--output")) / re.sub(r"[^\w.-]+", "-", item.nodeid.removeprefix("tests/"))
        folder.mkdir(parents=True, exist_ok=True)
        lines: list[str] = item.stash.get(LINES, [])
        for number, page in enumerate(_pages(browser), start=1):
            _keep(page, folder / f"page-{number}")
        (folder / "console.txt").write_text("\n".join(lines), encoding="utf-8")
        report.sections.append(("evidence", f"screenshots, page sources and console: {folder}"))
    return report


def _pages(browser: Browser) -> list[Page]:
    return [page for context in browser.contexts for page in context.pages]


def _keep(page: Page, name: Path) -> None:
    """A page that is gone or hangs cannot be kept; the test's own failure matters more."""
    try:
        name.with_suffix(".html").write_text(page.content(), encoding="utf-8")
        page.screenshot(path=name.with_suffix(".png"), timeout=10_000)
    except Error as error:
        name.with_suffix(".txt").write_text(str(error), encoding="utf-8")
