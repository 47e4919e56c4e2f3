"""The kit: numbers as text, states made valid, pictures as bytes, and what every instrument must answer."""

from __future__ import annotations

import json
import re
import struct
import zlib
from base64 import b64decode
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments import kit
from tests.instruments.states import RUBBISH, requests

INSTRUMENTS = ("kernel_explorer", "feature_maps", "receptive_field")
VOID = {"rect", "path", "image", "input", "img", "br"}


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(0.0, 2, "0"), (-0.001, 2, "0"), (-3.0, 2, "−3"), (0.5, 2, "0.5"), (1234567, 0, "1,234,567"), (100, 0, "100")],
)
def test_numbers(value: float, digits: int, text: str) -> None:
    assert kit.number(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1 / 9, "1/9"), (-2 / 7, "−2/7"), (0.25, "0.25"), (3.0, "3"), (0.1234, "0.12")]
)
def test_fractions(value: float, text: str) -> None:
    assert kit.fraction(value) == text


@pytest.mark.parametrize(
    ("text", "value"), [("−1", -1), ("0,5", 0.5), (" 1/4 ", 0.25), ("1/0", None), ("nan", None), ("", None)]
)
def test_numbers_as_people_write_them(text: str, value: float | None) -> None:
    assert kit.parsed(text) == value


def test_signed_classes_are_symmetric_and_show_every_value_that_is_not_zero() -> None:
    assert kit.signed_class(0, 5) == "zero"
    assert kit.signed_class(5, 5) == "pos-8"
    assert kit.signed_class(-5, 5) == "neg-8"
    assert kit.signed_class(0.01, 5) == "pos-1"
    assert kit.signed_class(-0.01, 5) == "neg-1"
    assert kit.signed_class(3, 0) == "zero"


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**31))
def test_runs_cover_every_cell_once(rows: int, columns: int, seed: int) -> None:
    levels = np.random.default_rng(seed).integers(-2, 3, (rows, columns))
    drawn = np.full(levels.shape, 99)
    for level, path in kit.runs(levels).items():
        for block in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+", path):
            x, y, n, height = map(int, block)
            assert (drawn[y : y + height, x : x + n] == 99).all()
            drawn[y : y + height, x : x + n] = level
    assert (drawn == levels).all()


@pytest.mark.parametrize(("shape", "bits"), [((3, 5, 3), 8), ((4, 7), 8), ((4, 7), 4), ((300, 250), 8), ((1, 1), 4)])
def test_png_holds_the_pixels(shape: tuple[int, ...], bits: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 2**bits, shape)
    data = b64decode(kit.png_url(pixels, bits).removeprefix("data:image/png;base64,"))
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, place = {}, 8
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind, content = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        assert struct.unpack(">I", data[place + 8 + length : place + 12 + length])[0] == zlib.crc32(kind + content)
        chunks[kind], place = content, place + 12 + length
    assert struct.unpack(">IIBB", chunks[b"IHDR"][:10]) == (shape[1], shape[0], bits, 2 if len(shape) == 3 else 0)
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(shape[0], -1)
    assert not lines[:, 0].any()
    values = lines[:, 1:] if bits == 8 else np.stack([lines[:, 1:] >> 4, lines[:, 1:] & 15], -1).reshape(shape[0], -1)
    assert (values[:, : pixels[0].size] == pixels.reshape(shape[0], -1)).all()


@pytest.mark.parametrize(
    "text",
    ["", "x", "2x2:", "2x2:AAAA", "2x2:!!!!", "0x2:", "-1x2:AAAA", "99999x1:AAAA", "65x1:" + "AAAA" * 65, "²x1:AAAA"],
)
def test_what_is_no_picture(text: str) -> None:
    assert kit.decoded(text, 64) is None


def test_a_picture_is_read_row_by_row() -> None:
    pixels = kit.decoded("2x1:AQIDBAUG", 64)
    assert pixels is not None
    assert pixels.tolist() == [[[1, 2, 3], [4, 5, 6]]]


@pytest.mark.parametrize(
    ("name", "side", "taken"),
    [
        *(("kernel_explorer", 64, True), ("kernel_explorer", 65, False)),
        *(("feature_maps", 400, True), ("feature_maps", 401, False)),
    ],
)
def test_pictures_as_large_as_their_control_says_are_taken(name: str, side: int, taken: bool) -> None:
    picture = f"{side}x{side}:" + "AAAA" * side**2
    assert kit.respond(kit.load(name), {"set": {"picture": picture}})["state"]["picture"] == (picture if taken else "")


def test_every_instrument_is_named() -> None:
    assert set(INSTRUMENTS) <= set(kit.instruments())
    assert kit.load("kernel-explorer") is kit.load("kernel_explorer")


@pytest.mark.parametrize("name", ["ops", "kit", "", "os", "../ops", "kernel.explorer", "nothing"])
def test_what_is_no_instrument(name: str) -> None:
    with pytest.raises(KeyError):
        kit.load(name)


class Markup(HTMLParser):
    """Checks that tags nest and that keys and identities are unique."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.keys: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        self.keys += [f"{name} {value}" for name, value in attrs if name in ("id", "data-key")]
        assert dict(attrs).get("role") != "img" or dict(attrs).get("aria-label"), "a picture without words"
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def checked(module: Any, answer: dict[str, Any]) -> None:
    """What holds for every answer of every instrument."""
    assert set(answer) == {"state", "regions", "limits", "sentence"}
    assert set(answer["regions"]) == {region.name for region in module.REGIONS}
    assert answer["sentence"].strip()
    markup = Markup()
    for region in answer["regions"].values():
        markup.feed(region)
        assert not markup.open
        assert not re.search(r"\b(nan|inf|None|True|False)\b", re.sub(r'(href|src)="[^"]*"', "", region))
    assert len(markup.keys) == len(set(markup.keys))
    fields = {control.field for control in module.CONTROLS if hasattr(control, "field")}
    acts = {control.act for control in module.CONTROLS if hasattr(control, "act")}
    assert set(answer["limits"]) <= fields | acts
    words = {control.field for control in module.CONTROLS if isinstance(control, kit.Text)}
    for field in fields - words - set(answer["state"]):  # words may stay as they are typed
        assert "value" in answer["limits"][field]
    json.dumps(answer, allow_nan=False)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_the_first_picture_is_that_of_the_default_state(name: str) -> None:
    module = kit.load(name)
    assert module.normalise(module.State()) == module.State()
    checked(module, kit.respond(module, {}))


@pytest.mark.parametrize("name", INSTRUMENTS)
@given(data=st.data())
@settings(max_examples=60)
def test_every_reachable_state_has_an_answer(name: str, data: st.DataObject) -> None:
    module = kit.load(name)
    answer = kit.respond(module, data.draw(requests(module)))
    checked(module, answer)
    again = kit.respond(module, json.loads(json.dumps({"state": answer["state"]})))
    quiet = {**answer["state"], "notice": ""}
    assert again["state"] == quiet, "an answer's state must lead back to itself"
    assert module.normalise(kit.state_after(module, {"state": quiet})) == kit.state_after(module, {"state": quiet})


@pytest.mark.parametrize("name", INSTRUMENTS)
@given(request=RUBBISH)
@settings(max_examples=30)
def test_rubbish_is_answered_with_a_picture(name: str, request: Any) -> None:
    module = kit.load(name)
    checked(module, kit.respond(module, request))
    checked(module, kit.respond(module, {"state": request, "set": request, "acts": request}))


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_numbers_out_of_range_meet_the_nearest_end(name: str) -> None:
    module = kit.load(name)
    for control in module.CONTROLS:
        if isinstance(control, kit.Slider):
            for wish, end in ((1e300, control.high), ("-1e400", None), (-5, control.low), (10**400, None)):
                state = kit.state_after(module, {"state": {control.field: wish}})
                value = getattr(state, control.field)
                assert control.low <= value <= control.high
                if end is not None and control.field not in ("padding", "pools", "channel"):
                    assert value == end
