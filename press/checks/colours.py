"""Contrast of the colours that stand on each other, by day and by night (WCAG 2.2: 4.5 for text, 3 for outlines).

Pairs are every text role on every surface, and whatever a style sheet sets as `color` together with a background.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from press.text.places import Mistake, Place

SURFACES = ("paper", "panel", "sunk", "tint", "hover")
TEXTS = ("ink", "quiet", "faint", "accent", "right", "wrong")
OUTLINES = ("edge", "focus")
TEXT, OUTLINE = 4.5, 3.0
TOKEN = re.compile(r"--([\w-]+):\s*(?:light-dark\(\s*(#\w{6}),\s*(#\w{6})\s*\)|(#\w{6})|var\(--([\w-]+)\));")
RULE = re.compile(r"\{([^{}]*)\}")
COLOUR = re.compile(r"(?<![\w-])color:\s*var\(--([\w-]+)\)")
GROUND = re.compile(r"(?<![\w-])background(?:-color)?:\s*var\(--([\w-]+)\)")


def colours(root: Path) -> Iterator[Mistake]:
    """One mistake for every pair that is too weak, by day or by night."""
    styles = root / "assets" / "css"
    tokens = _tokens((styles / "tokens.css").read_text(encoding="utf-8"))
    pairs = dict.fromkeys(product(TEXTS, SURFACES), ("assets/css/tokens.css", 1, TEXT))
    pairs |= dict.fromkeys(product(OUTLINES, SURFACES), ("assets/css/tokens.css", 1, OUTLINE))
    for file in sorted(styles.rglob("*.css")):
        source = file.read_text(encoding="utf-8")
        for rule in RULE.finditer(source):
            for pair in product(COLOUR.findall(rule[1]), GROUND.findall(rule[1])):
                line = source.count("\n", 0, rule.start()) + 1
                pairs.setdefault((pair[0], pair[1]), (file.relative_to(root).as_posix(), line, TEXT))
    for (front, back), (name, line, least) in pairs.items():
        for time, (one, other) in enumerate(zip(tokens.get(front, ()), tokens.get(back, ()), strict=False)):
            if (found := contrast(one, other)) < least:
                what = f"{front} on {back} by {('day', 'night')[time]}: contrast {found:.1f}"
                yield Mistake(Place(name, line), what, f"{least} is the least")


def _tokens(source: str) -> dict[str, tuple[str, str]]:
    """Every colour by name, by day and by night."""
    found: dict[str, tuple[str, str]] = {}
    for name, day, night, same, other in TOKEN.findall(source):
        if other:
            found |= {name: found[other]} if other in found else {}
        else:
            found[name] = (day or same, night or same)
    return found


def contrast(one: str, other: str) -> float:
    """The contrast of two colours like #1b1e25, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(code: str) -> float:
    shares = (int(code[n : n + 2], 16) / 255 for n in (1, 3, 5))
    linear = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
