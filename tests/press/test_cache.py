"""The cache: a changed input is another result, a damaged result is none, the oldest go first."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.cache import SUMS, Cache, key

INPUTS = st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.binary(max_size=8), max_size=4)


@given(INPUTS, INPUTS)
def test_equal_inputs_and_only_they_have_one_key(one: dict[str, str | bytes], other: dict[str, str | bytes]) -> None:
    assert (key(one) == key(other)) == (one == other)


@given(st.text(), st.integers(0, 8), st.integers(0, 8))
def test_moving_characters_from_one_input_to_the_next_changes_the_key(text: str, here: int, there: int) -> None:
    one, other = ({"a": text[:cut], "b": text[cut:]} for cut in (here, there))
    assert (key(one) == key(other)) == (one == other)


def test_a_result_is_computed_once(tmp_path: Path) -> None:
    cache, calls = Cache(tmp_path, "kind"), []

    def compute() -> bytes:
        calls.append(1)
        return b"result"

    assert [cache.get({"source": "x"}, compute) for _ in range(3)] == [b"result"] * 3
    assert Cache(tmp_path, "kind").get({"source": "x"}, compute) == b"result"
    assert len(calls) == 1
    cache.get({"source": "y"}, compute)
    Cache(tmp_path, "other").get({"source": "x"}, compute)
    assert len(calls) == 3


@pytest.mark.parametrize("damage", [b"", b"x", b"f" * 64 + b"\nresult"])
def test_a_damaged_result_is_made_again_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: bytes
) -> None:
    cache = Cache(tmp_path, "kind")
    cache.store({"source": "x"}, b"result")
    (file,) = (tmp_path / "kind").iterdir()
    file.write_bytes(damage)
    assert cache.get({"source": "x"}, lambda: b"again") == b"again"
    assert "in the cache was damaged; making it again" in capsys.readouterr().out
    assert cache.find({"source": "x"}) == b"again"


def make(folder: Path) -> None:
    (folder / "below").mkdir()
    (folder / "below" / "a.txt").write_text("a", encoding="utf-8")
    (folder / "b.txt").write_text("b", encoding="utf-8")


@pytest.mark.parametrize("file", ["below/a.txt", "b.txt", SUMS, "new.txt"])
def test_a_folder_in_which_anything_was_changed_is_made_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str
) -> None:
    cache = Cache(tmp_path, "kind")
    folder = cache.files({"source": "x"}, make)
    assert folder is not None
    (folder / file).write_text("changed", encoding="utf-8")
    again = cache.files({"source": "x"}, make)
    assert again is not None
    assert (again / "below" / "a.txt").read_text(encoding="utf-8") == "a"
    assert not (again / "new.txt").exists()
    assert "was damaged" in capsys.readouterr().out


def test_a_folder_that_nothing_can_make_is_missing(tmp_path: Path) -> None:
    assert Cache(tmp_path, "kind").files({"source": "x"}, None) is None


def test_a_failed_make_leaves_nothing(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").write_text("half", encoding="utf-8")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        Cache(tmp_path, "kind").files({"source": "x"}, fail)
    assert list((tmp_path / "kind").iterdir()) == []


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, "kind", most=2)
    for n, name in enumerate("ab"):
        cache.store({"source": name}, name.encode())
        os.utime(tmp_path / "kind" / key({"source": name}), (n, n))
    assert cache.find({"source": "a"}) == b"a"
    cache = Cache(tmp_path, "kind", most=2)
    cache.store({"source": "c"}, b"c")
    assert [cache.find({"source": name}) for name in "abc"] == [b"a", None, b"c"]


def test_many_builds_at_once_read_whole_results(tmp_path: Path) -> None:
    content, wrong = b"result" * 10_000, list[bytes | None]()

    def build() -> None:
        cache = Cache(tmp_path, "kind")
        for _ in range(20):
            cache.store({"source": "x"}, content)
            wrong.extend(found for found in [cache.find({"source": "x"})] if found != content)

    threads = [threading.Thread(target=build) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
