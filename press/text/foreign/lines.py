"""What other dialects begin a line with."""

from __future__ import annotations

from press.text.foreign.advice import BOX, CALLOUT, COMMENT, IN_TEXT, NO_NOTES
from press.text.foreign.told import told

PARAGRAPH = r"(?<!\S\n)"
"""Only where a paragraph begins."""
GRID = r"\+(?:[-=:]+\+)+\s*$"
LINES = told(
    (
        (r"(!!!|\?\?\?\+?)(\s|$)", BOX, CALLOUT),
        (rf"{PARAGRAPH}(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION):\s", BOX, CALLOUT),
        (r"\[(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*$", BOX, CALLOUT),
        (r"\[source\b[^\]]*\]\s*$", "settings of code are not known here", "write ```python above it and ``` below"),
        (r"===\+?!? [\"“]", "tabs are not known here", "write one after the other, each under a sub-heading"),
        (rf"{PARAGRAPH}={{1,6}}\s+[^\s=]", "a heading is written with #", "write ## before its words"),
        (r":\s+\S", "lists of definitions are not known here", "write /// term | name, or a list with -"),
        (r"\[\^[^\]\s]+\]:", NO_NOTES, IN_TEXT),
        (r"\[[^\]]+\]:\s", "an address stands in its link", "write [words](https://…) where the words are"),
        (r"\*\[[^\]]+\]:", "abbreviations are not known here", "write /// term | name"),
        (r"\[\[?_?(toc|TOC)_?\]?\]\s*$", "the contents are made by themselves", "leave this line out"),
        (
            r"\([\w:.-]+\)=\s*$",
            "a name on a line of its own",
            "a block's name stands in its first line, /// figure | name",
        ),
        (
            r"(?:import|export)\s+(?:[\w*{}, ]+\sfrom\s+)?[\"'][^\"'\s]+[\"'];?\s*$",
            "scripts are not known here",
            "leave them out",
        ),
        (r"(?<![\d}$]\n)%+\s", "this line would be read by everyone", rf"{COMMENT}; write \%% for the sign"),
        (GRID, "tables are not drawn with + here", "write | a | b |, and |---|---| below the head"),
        (r"\d+\)\s", "a number with a bracket makes no list", "write 1. for a numbered list"),
        (r"(?:[-*+]|\d+\.)\s*$", "an item of a list without words", "write them behind it, or take it out"),
        (r"[•‣◦▪–]\s", "this sign makes no list", "write - for a list"),
        (
            r"\\\[(?:\s|$|.*\\\]\s*$)",
            "TeX stands between dollars",
            "write $$ before it and after it, or /// equation | name",
        ),
    )
)
"""Looked for where a line of a paragraph begins; the end of the line above stands before it."""
QUOTED = told(((r"\[!\w+\]", BOX, CALLOUT),))
"""Looked for where a line of a quotation begins."""
