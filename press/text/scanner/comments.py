"""An author's comments, `<!-- … -->`, and characters that nobody sees: what is not part of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from press.text.places import Mistake, Place

COMMENT = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^`\n]*\n(?:.*\n)*?[ \t>]*(?P=fence)[`~]*[ \t]*$"
    r"|(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n)[\s\S])+?(?<!`)(?P=ticks)(?!`)"
    r"|\\."
    r"|(?P<before>[ \t]*)(?P<comment><!--[\s\S]*?-->)(?P<after>[ \t]*$)?",
    re.MULTILINE,
)
"""A comment, or code, in which there is none."""
UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
INVISIBLE = re.compile(rf"[{UNSEEN}]|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])")
"""Joiners belong to some scripts, and to pictures made of several characters, and not between letters of English."""
OTHER_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")


def without_comments(source: str) -> str:
    """The text without comments, its lines where they were. A comment on lines of its own leaves them blank."""
    return COMMENT.sub(_left, source) if "<!--" in source else source


def _left(match: re.Match[str]) -> str:
    if match["comment"] is None:
        return match[0]
    lines = "\n" * match["comment"].count("\n")
    parted = match.string[match.end() : match.end() + 1] in (" ", "\t")
    return lines if match["after"] is not None or lines or parted else match["before"]


def invisible(source: str, file: str) -> Iterator[Mistake]:
    """A mistake for every line with a character that nobody sees, or that only looks like a space."""
    for number, line in enumerate(source.split("\n"), start=1):
        if found := INVISIBLE.search(line):
            what = f"there is an invisible character here, U+{ord(found[0]):04X}"
            yield Mistake(Place(file, number), what, "delete it")
        elif found := OTHER_SPACE.search(line):
            what = f"there is a space here that is none, U+{ord(found[0]):04X}"
            yield Mistake(Place(file, number), what, "type a space, or &nbsp; where no line may end")
