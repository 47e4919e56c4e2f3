"""The browser's Python: the right numpy or none, archives that are equal byte for byte, names that follow content."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from press.browser import wheels
from press.browser.pyodide_files import archive, browser_runtime
from press.browser.wheels import RuntimeMissing, Wheel, fetch
from press.processes.static_server import background

ROOT = Path(__file__).resolve().parents[3]
CLOSED = "http://127.0.0.1:9/"
CONTENT = b"pretend this is numpy"
WANTED = Wheel("1.0", "numpy.whl", hashlib.sha256(CONTENT).hexdigest())


@pytest.fixture
def cdn(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A host of our own in the CDN's place: its folder and its address."""
    folder = tmp_path / "cdn"
    folder.mkdir()
    with background(folder) as server:
        yield folder, server.url


def carrier(folder: Path, content: bytes, *more: Wheel) -> None:
    """A package of the carrier's name that holds `content` where the real one holds numpy, and under further names."""
    name, version = wheels.CARRIER.split("==")
    stem = f"{name.replace('-', '_')}-{version}"
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as target:
        for wheel in (WANTED, *more):
            target.writestr(f"{wheels.CARRIER_FOLDER}/{wheel.name}", content)
        target.writestr(f"{stem}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        target.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")


def test_the_cdn_s_file_is_kept_and_not_fetched_again(cdn: tuple[Path, str], tmp_path: Path) -> None:
    folder, url = cdn
    (folder / WANTED.name).write_bytes(CONTENT)
    (kept,) = fetch([WANTED], tmp_path / "cache", url)
    assert kept.read_bytes() == CONTENT
    assert fetch([WANTED], tmp_path / "cache", CLOSED) == [kept]


def test_a_cdn_out_of_reach_leads_to_the_package(no_index: Path, tmp_path: Path) -> None:
    carrier(no_index, CONTENT)
    start = time.monotonic()
    assert [path.read_bytes() for path in fetch([WANTED], tmp_path / "cache", CLOSED)] == [CONTENT]
    assert time.monotonic() - start < 10
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [WANTED.name]


def test_several_come_from_one_package(no_index: Path, tmp_path: Path) -> None:
    more = [Wheel("1.0", f"{name}.whl", WANTED.sha256) for name in "abc"]
    carrier(no_index, CONTENT, *more)
    found = fetch([WANTED, *more], tmp_path / "cache", CLOSED)
    assert [path.name for path in found] == ["numpy.whl", "a.whl", "b.whl", "c.whl"]
    assert {path.read_bytes() for path in found} == {CONTENT}


def test_a_wrong_file_is_refused_wherever_it_comes_from(
    cdn: tuple[Path, str], no_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, url = cdn
    cache = tmp_path / "cache"
    cache.mkdir()
    for place in (folder, cache):
        (place / WANTED.name).write_bytes(CONTENT[:-1])
    carrier(no_index, b"something else")
    with pytest.raises(RuntimeMissing) as refusal:
        fetch([WANTED], cache, url)
    assert str(refusal.value) == (
        "numpy.whl for the browser could not be fetched: "
        "Pyodide's CDN: another file than Pyodide's lock names (wrong hash); "
        "open-webui==0.12.4: another file than Pyodide's lock names (wrong hash)."
    )
    assert "in the cache was not the file" in capsys.readouterr().out
    assert list(cache.iterdir()) == []


def test_without_any_source_one_sentence_names_both(no_index: Path, tmp_path: Path) -> None:
    with pytest.raises(RuntimeMissing, match=r"^numpy.whl for .+ could not be fetched: Pyodide's CDN: .+; open-"):
        fetch([WANTED], tmp_path, CLOSED)


def test_an_archive_of_equal_files_is_equal_byte_for_byte(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for root, names in ((first, ("a.py", "data/b.bin")), (second, ("data/b.bin", "a.py"))):
        (root / "data").mkdir(parents=True)
        for name in names:
            (root / name).write_text(name, encoding="utf-8")
    os.utime(second / "a.py", (0, 0))
    (second / "a.py").chmod(0o600)
    packed = [archive(root, root.rglob("*")) for root in (first, second)]
    assert packed[0] == packed[1]
    assert zipfile.ZipFile(BytesIO(packed[0])).namelist() == ["a.py", "data/b.bin"]


def test_the_manifest_describes_every_file_it_names() -> None:
    runtime = browser_runtime(ROOT)
    for entry in runtime.manifest["files"].values():
        file = runtime.files[entry["url"]]
        content = file if isinstance(file, bytes) else file.read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (entry["bytes"], entry["sha256"])
    assert list(runtime.manifest["lock"]["packages"]) == ["numpy"]


def test_a_changed_byte_changes_the_name(tmp_path: Path) -> None:
    for folder in ("node_modules/pyodide", ".cache/wheels"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "instruments").mkdir()
    source = tmp_path / "instruments" / "one.py"
    source.write_text("1\n", encoding="utf-8")
    before = browser_runtime(tmp_path, "none").manifest
    source.write_text("2\n", encoding="utf-8")
    (tmp_path / "node_modules/pyodide/pyodide.mjs").write_text("// changed\n", encoding="utf-8")
    after = browser_runtime(tmp_path, "none").manifest
    assert before["engine"] != after["engine"]
    assert before["files"]["pack"]["url"] != after["files"]["pack"]["url"]
