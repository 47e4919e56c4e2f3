"""An author's text -> Markdown that any reader understands, for files that leave the site.

Computed numbers are filled in, labels become words, links within the chapter lead to `#anchor`, pictures are named as
attachments. TeX and code stay as typed. The text has been checked before: `markdown.py` reports
mistakes, this does not.
"""

from __future__ import annotations

from press.text.labels import Label, Links, Target
from press.text.pictures import attachment
from press.text.scanner.inline import Token
from press.text.scanner.lines import Edit
from press.text.scanner.scan import COMPUTED, LEADS, Scan, edited, scan
from press.text.values import Evaluate


def plain(source: str, links: Links, evaluate: Evaluate) -> str:
    """The text of one chapter, whose labels `links` resolves. Raises ValueMistake."""
    found = scan(source)
    edits = [edit for token in found.tokens for edit in _edits(found, token, links, evaluate)]
    return edited(source, [*edits, *(Edit(at, at, "#") for at in found.headings)])


def filled(tex: str, evaluate: Evaluate) -> str:
    """TeX with its values computed. Raises ValueMistake."""
    return COMPUTED.sub(lambda match: evaluate(match[1]), tex)


def _edits(found: Scan, token: Token, links: Links, evaluate: Evaluate) -> list[Edit]:
    inner = found.inner(token)
    if token.sort == "value":
        return [Edit(token.start, token.end, evaluate(inner))]
    if token.sort in ("formula", "display"):
        return [Edit(token.inner_start, token.inner_end, filled(inner, evaluate))]
    if token.sort == "label":
        return [Edit(token.start, token.end, _named(found, token, links))]
    if token.sort == "picture":
        return [Edit(token.inner_end, token.end, f"]({attachment(token.target)})")]
    label = LEADS.fullmatch(token.target) if token.sort == "link" else None
    if label is None:
        return []
    target = links.find(Label(label["kind"], label["name"]))
    begin, end = linked("\n", target, links).split("\n")
    return [Edit(token.start, token.inner_start, begin), Edit(token.inner_end, token.end, end)]


def linked(words: str, target: Target | None, links: Links) -> str:
    """Words as a link where their target stands on the same page, as words elsewhere."""
    return f"[{words}](#{target.anchor})" if target and target.anchor and target.folder == links.folder else words


def _named(found: Scan, token: Token, links: Links) -> str:
    label = Label(*token.target.split(":", 1))
    if label.kind == "pending":
        return links.pending[label.name]
    target = links.find(label)
    before, words = found.cited(token, target.words if target else str(label))
    return before + linked(words.replace("[", r"\[").replace("]", r"\]"), target, links)
