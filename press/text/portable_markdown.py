"""An author's text -> Markdown that any reader understands, for files that leave the site.

Computed numbers are filled in, labels become words, links within the chapter lead to `#anchor`, pictures are named as
attachments. TeX and code stay as typed. The text has been checked before: `markdown.py` reports
mistakes, this does not.
"""

from __future__ import annotations

import re

from press.text.labels import Label, Links, Target
from press.text.markdown import LABEL, PAIRED
from press.text.values import Evaluate

TOKEN = re.compile(
    rf"(?P<hashes>^#+)(?= )|!\[(?P<alt>[^\]]*)\]\((?P<file>[^)]+)\)"
    rf"|\[(?P<words>[^\]]*)\]\({LABEL}(?:\?[^)]*)?\)|@(?P<bare>[a-z]+:\w+(?:[-/]\w+)*)|{PAIRED}",
    re.MULTILINE,
)


def plain(source: str, links: Links, evaluate: Evaluate) -> str:
    """The text of one chapter, whose labels `links` resolves. Raises ValueMistake."""

    def replaced(match: re.Match[str]) -> str:
        if match["hashes"]:
            return f"#{match['hashes']}"
        if match["file"]:
            return f"![{match['alt']}](attachment:{match['file']})"
        if match["words"] is not None:
            return linked(TOKEN.sub(replaced, match["words"]), links.find(Label(match["kind"], match["name"])), links)
        if match["bare"]:
            return _named(Label(*match["bare"].split(":")), links)
        value = re.fullmatch(r"\{\{(.*)\}\}", match[0], re.DOTALL)
        return evaluate(value[1]) if value else match[0]

    return TOKEN.sub(replaced, source)


def linked(words: str, target: Target | None, links: Links) -> str:
    """Words as a link where their target stands on the same page, as words elsewhere."""
    return f"[{words}](#{target.anchor})" if target and target.anchor and target.folder == links.folder else words


def _named(label: Label, links: Links) -> str:
    if label.kind == "pending":
        return links.pending[label.name]
    target = links.find(label)
    words = target.words if target else str(label)
    return linked(words.replace("[", r"\[").replace("]", r"\]"), target, links)
