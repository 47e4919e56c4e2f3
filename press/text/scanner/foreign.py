"""What other dialects of Markdown have and this one has not: how it looks, and what to write instead.

It is told where it is typed; nothing of it ever reaches a page as stray signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

Told = tuple[re.Pattern[str], str, str]
"""How it looks, what is wrong, what to write."""


def _told(rows: Iterable[tuple[str, str, str]]) -> tuple[Told, ...]:
    return tuple((re.compile(pattern), what, hint) for pattern, what, hint in rows)


CALLOUT = "a callout is a block: write /// callout | name"
LINES = _told(
    (
        (r"(!!!|\?\?\?\+?)(\s|$)", "boxes of other dialects are not known here", CALLOUT),
        (r":::", "boxes of other dialects are not known here", CALLOUT),
        (r"===\+?!? [\"“]", "tabs are not known here", "write one after the other, each under a sub-heading"),
        (r":\s+\S", "lists of definitions are not known here", "write /// term | name, or a list with -"),
        (r"\[\^[^\]\s]+\]:", "footnotes are not known here", "say it in the text, or cite a work with @cite:key"),
        (r"\[[^\]]+\]:\s", "an address stands in its link", "write [words](https://…) where the words are"),
        (r"\*\[[^\]]+\]:", "abbreviations are not known here", "write /// term | name"),
        (r"\[\[?_?(toc|TOC)_?\]?\]\s*$", "the contents are made by themselves", "leave this line out"),
        (r"\d+\)\s", "a number with a bracket makes no list", "write 1. for a numbered list"),
        (r"(?:[-*+]|\d+\.)\s*$", "an item of a list without words", "write them behind it, or take it out"),
        (r"[•‣◦▪–]\s", "this sign makes no list", "write - for a list"),
        (
            r"\\begin\{|\\\[(?:\s|$|.*\\\]\s*$)",
            "TeX stands between dollars",
            "write $$ before it and after it, or /// equation | name",
        ),
    )
)
"""Looked for where a line begins."""
QUOTED = _told(((r"\[!\w+\]", "boxes of other dialects are not known here", CALLOUT),))
"""Looked for where a line of a quotation begins."""

BRACES = "a picture with a title and a number is /// figure | name"
INLINE = _told(
    (
        (r"~~(?=\S)[^~]+~~", "words cannot be struck out", "leave them out"),
        (r"==(?=[^\s=])[^=\n]+(?<=\S)==(?!=)", "words cannot be marked", "write **words**"),
        (r"\+\+(?=[^\s+])[^+\n]+(?<=\S)\+\+(?!\+)", "words cannot be underlined", "write *words*"),
        (r"\^\[|\[\^[^\]\s]+\]", "footnotes are not known here", "say it in the text, or cite a work with @cite:key"),
        (r"\^\w+\^|(?<=\w)~\w+~", "small signs above or below stand in a formula", "write $x^2$ or $x_2$"),
        (r"\[-?@(?:cite:|(?![a-z]+:))[^\]]*\](?!\()", "a citation has no brackets", "write @cite:key"),
        (r"\[\[[^\]]*\]\]", "a link in two pairs of brackets", "write [words](@sec:name)"),
        (r":[a-z][a-z0-9_+-]+:(?!\w)", "names of little pictures are not known here", "type the character itself"),
        (r"@[a-z]+:(?!\w)", "a label without a name", "write @eq:name"),
        (r"@(?:[A-Z][A-Za-z]*| [a-z]+):(?=\w)", "a label in capitals, or with a space", "write @eq:name"),
        (r"@\w[\w-]*", "this names nothing", r"write @cite:key or @eq:name, or \@ for the sign alone"),
        (r"\{#[^}]*\}", "a name in braces", "only a section's title and a cell have one"),
        (r"\{\s*(?::|\.[\w-]|[\w-]+\s*=)[^}]*\}", "attributes in braces are not known here", BRACES),
        (r"\{(?:\+\+|--|~~|==|>>)[^}]*\}", "marks of an editor are not known here", "write a comment, <!-- … -->"),
        (r"\\\((?:(?!\n\s*\n).)*?\\\)", "a formula stands between dollars", "write $x$"),
        (r"\\[A-Za-z]+", "TeX outside of a formula", "write $…$ around it, or ` around what is code"),
        (r"\\(?:\n|$)", "a line cannot be broken off", "take the \\ out, or begin a new paragraph"),
        (r"  +\n", "two spaces at the end would break this line", "take them out, or begin a new paragraph"),
        (r"<!--", "a comment that does not end", "write --> where it ends"),
        (r"</?[a-zA-Z!?][^>]*>", "raw HTML is not allowed", "write &lt; for a less-than sign"),
    )
)
"""Looked for inside sentences, where nothing that is known here begins."""
