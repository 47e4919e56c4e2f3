"""Pictures of classes -> files that follow day and night.

A picture in a file of its own sees no style sheet of the page's. It takes along the rules of the instruments' sheet for
the classes that it uses, and the colours that those name; its colour scheme is that of the page around it.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SHEETS = ("instruments.css", "drawn.css")
NAMESPACE = "http://www.w3.org/2000/svg"
etree.register_namespace("", NAMESPACE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
AT_RULE = re.compile(r"@[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
RULE = re.compile(r"\s*(?P<selector>[^{}]+?)\s*\{(?P<body>[^{}]*)\}")
CLASS = re.compile(r"\.([\w-]+)|\[class\*=\"([\w-]+)\"\]")
TOKEN = re.compile(r"(--[\w-]+):\s*([^;]+);")
USED = re.compile(r"var\((--[\w-]+)")
SHAPES = ("circle", "ellipse", "line", "path", "polygon", "polyline", "rect")
CLASSES = re.compile(r'class="([^"]*)"')


@dataclass(frozen=True)
class Style:
    """The rules for classes, each with the classes it is for, and the colours and faces by name."""

    rules: tuple[tuple[str, frozenset[str]], ...]
    tokens: Mapping[str, str]

    def of(self, markup: str) -> str:
        """The style sheet that a picture needs."""
        used = {name for names in CLASSES.findall(markup) for name in names.split()}
        rules = "".join(rule for rule, classes in self.rules if any(_means(each, used) for each in classes))
        wanted = f"svg{{color-scheme:light dark;font-family:var(--mono-face)}}{rules}{markup}"
        tokens = "".join(f"{name}:{value};" for name, value in self._reached(wanted).items())
        return f":root{{{tokens}}}{wanted.removesuffix(markup)}"

    def unknown(self, markup: str) -> list[str]:
        """The classes of shapes that no rule is for, so that nothing gives them a colour."""
        known = {name for _, classes in self.rules for name in classes}
        shapes = (each for each in etree.fromstring(markup).iter() if each.tag.rpartition("}")[2] in SHAPES)
        bare = (each for each in shapes if {each.get("stroke"), each.get("fill"), each.get("style")} <= {None, "none"})
        named = {each.get("class", "") for each in bare} - {""}
        return sorted(name for name in named if not any(_means(each, set(name.split())) for each in known))

    def _reached(self, source: str) -> dict[str, str]:
        """The tokens that a source names, and those that they name."""
        found: dict[str, str] = {}
        ahead = USED.findall(source)
        while ahead:
            name = ahead.pop()
            if name in self.tokens and name not in found:
                found[name] = self.tokens[name]
                ahead += USED.findall(found[name])
        return dict(sorted(found.items()))


def _means(typed: str, used: set[str]) -> bool:
    """Whether a class of a selector, or the beginning of one, is among those used."""
    return any(name.startswith(typed) for name in used) if typed.endswith("-") else typed in used


def style(folder: Path) -> Style:
    """The style of the sheets in a folder: tokens.css, and what instruments draw with."""
    tokens = _plain(folder / "tokens.css").partition("{")[2].partition("}")[0]
    rules = (rule for sheet in SHEETS for rule in _rules(_plain(folder / sheet)))
    return Style(tuple(rules), dict(TOKEN.findall(tokens)))


def _plain(sheet: Path) -> str:
    return COMMENT.sub("", sheet.read_text(encoding="utf-8"))


def _rules(source: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Each rule, written short, with the classes that it is for; without those for the picture as an element."""
    for match in RULE.finditer(AT_RULE.sub("", source)):
        selector, body = (" ".join(match[part].split()) for part in ("selector", "body"))
        classes = frozenset(name or start for name, start in CLASS.findall(selector)) - {"picture"}
        if classes or selector == ".picture text":
            yield f"{selector}{{{body}}}", classes or frozenset({"picture"})


def standalone(markup: str, width: float, height: float, style: Style) -> bytes:
    """An SVG as a file, so many pixels large."""
    root = etree.fromstring(markup)
    space = f"{{{NAMESPACE}}}" if root.tag.startswith("{") else ""
    sizes = {"width": f"{width:g}", "height": f"{height:g}"}
    for name, value in (sizes if space else {"xmlns": NAMESPACE, **sizes}).items():
        root.set(name, value)
    root.attrib.pop("style", None)
    sheet = etree.Element(f"{space}style")
    sheet.text = style.of(markup)
    root.insert(0, sheet)
    return etree.tostring(root)
