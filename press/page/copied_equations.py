"""The TeX of a page's equations, for readers who copy them: found again by the MathML that stands in the page.

The page itself has no room for it. `runtime/page/reading/copy_tex.js` reads the same shape from the page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from contextlib import suppress

from press.text.tex import TexError, Typesetter

MATH = re.compile(r"<math[ >].*?</math>", re.DOTALL)
PARTS = re.compile(r"<([a-z]+)[^>]*>([^<]*)|</[a-z]+>([^<]*)")


def typed(formulas: Iterable[tuple[str, bool]], typesetter: Typesetter) -> dict[str, str]:
    """Shape -> TeX, of formulas and whether each is displayed; what KaTeX refuses is told elsewhere."""
    found: dict[str, str] = {}
    for tex, display in formulas:
        with suppress(TexError):
            if match := MATH.search(typesetter.html(tex, display=display)):
                found[shape(match[0])] = " ".join(tex.split())
    return found


def shape(markup: str) -> str:
    """The names of the elements and the texts between them, in reading order."""
    parts = (part for match in PARTS.finditer(markup) for part in match.groups() if part)
    return " ".join(html.unescape(part) for part in parts)
