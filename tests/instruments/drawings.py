"""Reads pictures and tables of instruments back: what a reader sees, as arrays. Uses nothing of `instruments`."""

from __future__ import annotations

import re
import struct
import zlib
from base64 import b64decode
from dataclasses import dataclass
from html import unescape
from typing import Any
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Element = ElementTree.Element


def pictures(markup: str) -> list[Element]:
    """Every svg of a region."""
    return [
        ElementTree.fromstring(re.sub(r" data-paint(?=[ />])", ' data-paint=""', found))
        for found in re.findall(r"<svg.*?</svg>", markup, re.DOTALL)
    ]


def value(text: str) -> float:
    """A number as instruments write it: "−1,234.5", "2/9", "38 %"."""
    top, _, bottom = text.replace("\u2212", "-").replace(",", "").removesuffix("%").strip().partition("/")
    return float(top) / float(bottom or 1)


@dataclass(frozen=True)
class Fill:
    """A grid of cells: where its corner is, the side of a cell, and the class of each, (rows, columns)."""

    x: float
    y: float
    cell: float
    classes: Array

    @property
    def levels(self) -> Array:
        """Strengths with their sign: "neg-3" is −3, "pos-3" and "mag-3" are 3, "zero" is 0."""
        return np.array([[level(name) for name in row] for row in self.classes.tolist()])


def level(name: str) -> int:
    kind, _, strength = name.partition("-")
    return 0 if kind == "zero" else -int(strength) if kind == "neg" else int(strength)


def fills(picture: Element) -> list[Fill]:
    """The grids whose cells are filled one by one, in the order drawn."""
    return [_fill(group) for group in picture.iter("g") if "scale" in group.get("transform", "")]


def _fill(group: Element) -> Fill:
    x, y, cell = map(float, re.findall(r"-?[\d.]+", group.get("transform", "")))
    blocks: list[tuple[str, tuple[int, ...]]] = [
        (path.get("class", ""), tuple(map(int, found)))
        for path in group.iter("path")
        for found in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+", path.get("d", ""))
    ]
    rows, columns = (max(block[i] + block[j] for _, block in blocks) for i, j in ((1, 3), (0, 2)))
    classes = np.full((rows, columns), "", dtype="<U8")
    for name, (left, top, n, high) in blocks:
        assert (classes[top : top + high, left : left + n] == "").all(), "a cell is filled twice"
        classes[top : top + high, left : left + n] = name
    assert (classes != "").all(), "a cell is not filled"
    return Fill(x, y, cell, classes)


def numbers(picture: Element, fill: Fill) -> Array:
    """The values printed in the cells of a grid, (rows, columns)."""
    shown = np.full(fill.classes.shape, np.nan)
    for text in picture.iter("text"):
        if text.get("class") == "svg-number":
            row = (float(text.get("y", "")) - fill.y) / fill.cell - 0.5
            column = (float(text.get("x", "")) - fill.x) / fill.cell - 0.5
            assert abs(row - round(row)) + abs(column - round(column)) < 0.01, "a text stands beside its cell"
            shown[round(row), round(column)] = value(text.text or "")
    return shown


def boxes(picture: Element, kind: str) -> list[tuple[float, float, float, float]]:
    """The rectangles of a class: x, y, width, height."""
    rects = [rect for rect in picture.iter("rect") if rect.get("class") == kind]
    return [tuple(float(rect.get(name, "")) for name in ("x", "y", "width", "height")) for rect in rects]  # type: ignore[misc]


def cells(box: tuple[float, float, float, float], x: float, y: float, cell: float) -> tuple[float, ...]:
    """A rectangle in cells of a grid: row, column, rows, columns, to a hundredth."""
    return tuple(round(number / cell, 2) + 0.0 for number in (box[1] - y, box[0] - x, box[3], box[2]))


def pixels(picture: Element) -> Array:
    """The one picture in greys outside masks, (H, W), 0 to 255."""
    masked = {image for mask in picture.iter("mask") for image in mask.iter("image")}
    (image,) = (image for image in picture.iter("image") if image not in masked)
    return png(image.get("href", ""))


def masks(picture: Element) -> dict[str, Array]:
    """How much of a colour shows through, (H, W), 0 to 15, by the class of the colour and the identity of the mask."""
    shown = {mask.get("id", ""): png(next(mask.iter("image")).get("href", "")) for mask in picture.iter("mask")}
    return {
        f"{rect.get('class')} {name}": shown[name]
        for rect in picture.iter("rect")
        if (name := rect.get("mask", "")[5:-1])
    }


def png(url: str) -> Array:
    """The pixels of a grey PNG without row filters, 8 or 4 bits, (H, W)."""
    data = b64decode(url.removeprefix("data:image/png;base64,"))
    width, height, bits, colour = struct.unpack(">IIBB", data[16:26])
    assert colour == 0
    start = data.index(b"IDAT")
    (length,) = struct.unpack(">I", data[start - 4 : start])
    lines = zlib.decompress(data[start + 4 : start + 4 + length])
    stride = 1 + (width * bits + 7) // 8
    rows = [lines[row * stride + 1 : (row + 1) * stride] for row in range(height)]
    if bits == 8:
        return np.array([list(row) for row in rows])
    return np.array([[half for byte in row for half in (byte >> 4, byte & 15)][:width] for row in rows])


def colours(url: str) -> Array:
    """The pixels of an RGB PNG without row filters, (H, W, 3)."""
    data = b64decode(url.removeprefix("data:image/png;base64,"))
    width, height, bits, colour = struct.unpack(">IIBB", data[16:26])
    assert (bits, colour) == (8, 2)
    start = data.index(b"IDAT")
    (length,) = struct.unpack(">I", data[start - 4 : start])
    lines = np.frombuffer(zlib.decompress(data[start + 4 : start + 4 + length]), np.uint8)
    return lines.reshape(height, 1 + 3 * width)[:, 1:].reshape(height, width, 3)


def tables(markup: str) -> dict[str, list[list[str]]]:
    """The rows of every table, heads included, by the caption."""
    found = {}
    for table in re.findall(r"<table.*?</table>", markup, re.DOTALL):
        caption = re.search(r"<caption>(.*?)</caption>", table)
        found[unescape(caption[1]) if caption else ""] = [
            [words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
            for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.DOTALL)
        ]
    return found


def readouts(markup: str) -> dict[str, str]:
    """Measured values by their names."""
    return {unescape(name): unescape(shown) for name, shown in re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", markup)}


def words(markup: str) -> str:
    """The text of some markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())
