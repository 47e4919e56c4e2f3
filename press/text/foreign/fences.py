"""Fences, blocks and labels by the names that other dialects have for them."""

from __future__ import annotations

from press.text.foreign.advice import BOX, BOXES, CALLOUT, EQUATION, FIGURE
from press.text.foreign.told import told

CELLS = told(
    (
        (rf"[`~]{{3,}}\s*\{{{BOXES}\}}", BOX, CALLOUT),
        (r"[`~]{3,}\s*\{(?:figure|image)\}", "directives of other dialects are not known here", FIGURE),
        (r"[`~]{3,}\s*\{math\}", "directives of other dialects are not known here", EQUATION),
        (
            r"[`~]{3,}\s*\{code-?(?:block|cell)?\}",
            "directives of other dialects are not known here",
            'a cell is ```python {#name title="…"}, code to show ```python',
        ),
        (
            r"[`~]{3,}[^`{]*\{",
            "braces make a cell, and cells are in python",
            'write ```python {#name title="…"}, or no braces',
        ),
    )
)
"""Looked for where a fence with braces opens that is no cell."""
LANGUAGES = told(
    (
        (r"(?:mermaid|plantuml|d2|vega|vega-lite)$", "", "diagrams are not drawn here; a picture is /// figure | name"),
        (r"(?:math|asciimath|katex|equation)$", "", EQUATION),
        (rf"(?:{BOXES}|ad-\w+)$", "", CALLOUT),
    )
)
"""Looked for in the name of a language that is unknown."""
BLOCKS = told(
    (
        (rf"(?:{BOXES}|box|aside|remark|remarque|callout-\w+)$", "", CALLOUT),
        (r"(?:image|img|picture|photo)$", "", FIGURE),
        (r"(?:math|formula|eq)$", "", "write /// equation | name"),
        (r"(?:def|definition|glossary)$", "", "write /// term | name"),
        (r"(?:code|python|cell)$", "", 'a cell is a fence: write ```python {#name title="…"}'),
        (r"(?:quiz|problem)$", "", "write /// exercise | name, or /// question | name"),
    )
)
"""Looked for in the name of a block that is unknown."""
