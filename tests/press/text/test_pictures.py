"""Which files of a chapter can be shown, and how large they are."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from press.text.pictures import NoPicture, Picture, picture


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "content", "size"),
    [
        ("a.png", png(30, 20), (30, 20)),
        ("B.PNG", png(3, 4), (3, 4)),
        ("a.gif", b"GIF89a" + struct.pack("<HH", 7, 9) + b"\0\0\0;", (7, 9)),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="264" height="140"/>', (264, 140)),
    ],
)
def test_a_picture_has_the_size_that_its_file_says(
    tmp_path: Path, name: str, content: bytes, size: tuple[int, int]
) -> None:
    (tmp_path / name).write_bytes(content)
    assert picture(tmp_path, name) == Picture(name, f"pictures/{name}", *size)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.png", b"no picture", "the size of “a.png” cannot be read"),
        ("a.png", b"", "the size of “a.png” cannot be read"),
        ("a.svg", b"<svg/>", "the size of “a.svg” cannot be read"),
        ("a.txt", b"words", "“a.txt” is no picture that browsers show"),
        ("a.tiff", b"II*\0", "“a.tiff” is no picture that browsers show"),
    ],
)
def test_a_file_that_cannot_be_shown_is_refused_in_words(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(NoPicture, match=words):
        picture(tmp_path, name)


def test_a_name_off_by_a_letter_gets_a_suggestion(tmp_path: Path) -> None:
    (tmp_path / "window.png").write_bytes(png(1, 1))
    with pytest.raises(NoPicture) as caught:
        picture(tmp_path, "windwo.png")
    assert caught.value.hint == "did you mean window.png?"


@pytest.mark.parametrize("name", ["../secret.png", "/etc/hostname", "folder", "link.png"])
def test_nothing_outside_the_folder_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.png").write_bytes(png(1, 1))
    (tmp_path / "pictures" / "folder").mkdir(parents=True)
    (tmp_path / "pictures" / "link.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(NoPicture):
        picture(tmp_path / "pictures", name)
