"""`@cite:a, b` -> `@cite:a,b`, where b is the key of a work; else it is the sentence's next word."""

from __future__ import annotations

import re
from collections.abc import Collection

from press.text.scanner.inline import ANOTHER
from press.text.scanner.lines import Edit
from press.text.scanner.scan import edited, scan

SPACED = re.compile(r",(?P<space>[ \t]+|[ \t]*\n[ \t>]*)(?P<name>\w+(?:[-/]\w+)*)")


def joined(source: str, keys: Collection[str]) -> str:
    """The text with such citations in one piece; one that goes on in the next line gets a sign of its own there."""
    if not any(match["name"] in keys for match in SPACED.finditer(source)):
        return source
    edits = []
    for token in scan(source).tokens:
        at = token.end if token.sort == "label" and token.target.startswith("cite:") else -1
        while at >= 0 and (match := SPACED.match(source, at)) and match["name"] in keys:
            broken = "\n" in match["space"]
            edits.append(Edit(*match.span("space"), f"{match['space']}@cite:" if broken else ""))
            at = match.end()
            while another := ANOTHER.match(source, at):
                at = another.end()
    return edited(source, edits)
