"""Firefox and WebKit, driven by the protocols that come with them; nothing here knows the book.

Firefox speaks Marionette (a length, a colon, JSON; firefox-source-docs.mozilla.org/testing/marionette), WebKitGTK's
MiniBrowser speaks WebDriver (w3.org/TR/webdriver2) on a screen that Xvfb pretends. Both are Debian's packages.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

Result = TypeVar("Result")

MINUTES = 4
"""For an installation."""
SECONDS = 60
"""For a start, or an answer."""
QUIET = {
    "services.settings.server": "data:,",
    "app.normandy.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
}
"""Settings of Firefox: no other host is asked for anything."""


@dataclass(frozen=True)
class Engine:
    """A browser with one page."""

    go: Callable[[str], object]
    """Opens an address and waits until it is loaded."""
    script: Callable[[str], Any]
    """Runs the body of a function in the page and gives what it returns."""

    def until(self, condition: str, seconds: float) -> Any:
        """Ask for an expression until it is true. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while not (value := self.script(f"return {condition}")):
            if time.monotonic() > end:
                raise TimeoutError(condition)
            time.sleep(0.1)
        return value


def missing(programs: dict[str, str]) -> str:
    """The programs, of program -> package, that are neither installed nor can be; installs where this is root."""
    wanted = [package for program, package in programs.items() if not shutil.which(program)]
    apt = shutil.which("apt-get")
    if wanted and apt and os.name != "nt" and os.geteuid() == 0:
        patient = [apt, "-o", "DPkg::Lock::Timeout=60", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"]
        for words in (["update"], ["install", "--yes", "--no-install-recommends", *wanted]):
            quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            try:
                subprocess.run([*patient, *words], env=quiet, capture_output=True, timeout=60 * MINUTES, check=False)
            except subprocess.TimeoutExpired:
                break
    return ", ".join(program for program in programs if not shutil.which(program))


@contextmanager
def firefox(folder: Path) -> Iterator[Engine]:
    """Firefox with a profile in a new folder."""
    settings = {"marionette.port": 0, **QUIET}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items()]
    (folder / "user.js").write_text("".join(lines), encoding="utf-8")
    command = ["firefox-esr", "--headless", "--marionette", "--no-remote", "--profile", str(folder)]
    with _program(command, folder / "log.txt"):
        port = int(_soon((folder / "MarionetteActivePort").read_text))
        with socket.create_connection(("127.0.0.1", port), SECONDS) as line, line.makefile("rb") as answers:
            _message(answers)

            def ask(name: str, **words: object) -> Any:
                text = json.dumps([0, 1, f"WebDriver:{name}", words]).encode()
                line.sendall(b"%d:%s" % (len(text), text))
                _, _, error, result = _message(answers)
                if error:
                    raise RuntimeError(error)
                return result

            ask("NewSession")
            yield Engine(lambda url: ask("Navigate", url=url), lambda js: ask("ExecuteScript", script=js)["value"])


@contextmanager
def webkit(folder: Path) -> Iterator[Engine]:
    """WebKitGTK's MiniBrowser on a screen of its own."""
    browser = str(next(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser")))
    options = {"webkitgtk:browserOptions": {"binary": browser, "args": ["--automation"]}}
    screen = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with _program(screen, folder / "screen.txt"):
        display = f":{int(_soon((folder / 'screen.txt').read_text))}"
        surroundings = {"DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1", "WEBKIT_DISABLE_DMABUF_RENDERER": "1"}
        driver = ["WebKitWebDriver", f"--port={port}", "--host=127.0.0.1"]
        with _program(driver, folder / "log.txt", surroundings):
            base = f"http://127.0.0.1:{port}/session"
            _soon(lambda: socket.create_connection(("127.0.0.1", port)).close())
            base += "/" + _post(base, capabilities={"alwaysMatch": options})["sessionId"]
            yield Engine(
                lambda url: _post(f"{base}/url", url=url), lambda js: _post(f"{base}/execute/sync", script=js, args=[])
            )
            urllib.request.urlopen(urllib.request.Request(base, method="DELETE"), timeout=SECONDS).close()


@contextmanager
def _program(command: list[str], log: Path, more: dict[str, str] | None = None) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **(more or {})})
        try:
            yield
        finally:
            process.terminate()
            process.wait(SECONDS)


def _soon(attempt: Callable[[], Result]) -> Result:
    """Try until it works; a file may be there before its content is."""
    end = time.monotonic() + SECONDS
    while True:
        try:
            if (result := attempt()) != "":
                return result
        except OSError:
            if time.monotonic() > end:
                raise
        time.sleep(0.1)


def _message(answers: IO[bytes]) -> Any:
    size = b""
    while (byte := answers.read(1)) != b":":
        size += byte
    return json.loads(answers.read(int(size)))


def _post(address: str, /, **words: object) -> Any:
    request = urllib.request.Request(address, json.dumps(words).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return json.load(answer)["value"]
