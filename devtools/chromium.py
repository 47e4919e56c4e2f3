"""A Chromium for the tests: the one named by the environment, one already installed, or one installed now.

Only finds it; how tests start it stands in `tests/conftest.py`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from devtools.setup import PYTHON
from devtools.subprocesses import watch
from devtools.terminal import Problem, clear, progress, step

VARIABLE = "CHROMIUM"
SANDBOX = ["--no-sandbox"] if os.name != "nt" and os.geteuid() == 0 else []
"""What Chromium must be told when the administrator starts it: its own sandbox refuses that."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
SHELL = "chromium-headless-shell"
ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def chromium() -> Path:
    """The browser to test with, installed if need be.

    Raises Problem when $CHROMIUM names none, or when there is none and none can be installed.
    """
    return installed() or _from_playwright() or _from_debian() or _give_up()


def headless_shell(browser: Path) -> Path:
    """The same browser without windows where it stands beside it: it opens a page for half of the processor's time."""
    shell = browser.with_name(SHELL)
    return shell if _works(shell) else browser


def provide_headless_shell(browser: Path) -> None:
    """Install Debian's package of it beside Debian's browser; without it, tests take a third longer."""
    if browser == Path("/usr/bin/chromium") and headless_shell(browser) == browser:
        _install(SHELL)


def installed() -> Path | None:
    """The first working browser among $CHROMIUM, the PATH, the usual folders and Playwright's own."""
    named = os.environ.get(VARIABLE)
    if named:
        if not _works(Path(named)):
            raise Problem(f"{VARIABLE} is set to {named}, which does not start as a browser")
        return Path(named)
    return next((path for path in _places() if _works(path)), None)


def _places() -> Iterator[Path]:
    yield from (Path(found) for found in map(shutil.which, NAMES) if found)
    if sys.platform == "darwin":
        yield from map(Path, MAC)
    if sys.platform == "win32":
        roots = [os.environ[name] for name in WINDOWS_FOLDERS if name in os.environ]
        yield from (Path(root, name) for name in WINDOWS for root in roots)
    status, output = watch([PYTHON, "-c", ASK_PLAYWRIGHT], lambda line: None)
    if status == 0:
        yield Path(output.strip())


def _works(path: Path) -> bool:
    """Whether it starts; a file is believed on Windows, where `--version` opens a window instead."""
    if sys.platform == "win32" or not path.is_file():
        return path.is_file()
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _from_playwright() -> Path | None:
    step("No Chromium found; asking Playwright for one")
    watch([PYTHON, "-m", "playwright", "install", "chromium"], progress)
    clear()
    return installed()


def _from_debian() -> Path | None:
    return installed() if _install("chromium") else None


def _install(package: str) -> bool:
    """Ask Debian for it; only where this is the administrator already, for no password is ever asked for."""
    apt = shutil.which("apt-get")
    if apt is None or os.name == "nt" or os.geteuid() != 0:
        return False
    step(f"Installing Debian's package {package}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    watch([apt, "update"], progress, quiet)
    watch([apt, "install", "--yes", "--no-install-recommends", package], progress, quiet)
    clear()
    return True


def _give_up() -> Path:
    raise Problem(
        "the browser tests need Chromium or Chrome, and none could be found or installed; "
        f"install one, or set {VARIABLE} to the path of its program"
    )
