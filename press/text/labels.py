"""Names that can be referred to, and what they point at. Gives no numbers; that is `book/numbering.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from press.text.suggestion import meant


@dataclass(frozen=True)
class Label:
    """The name of something that can be referred to: `eq:conv` is kind `eq`, name `conv`."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True)
class Target:
    """What a label points at: the words that stand for it, its number alone, its title, its page and its anchor.

    Without an anchor it is not part of the page: see `Edition`.
    """

    words: str
    number: str
    title: str
    folder: str
    anchor: str


@dataclass(frozen=True)
class Links:
    """All labels of the book as one chapter sees them: its own by name, others' as `kind:folder/name`.

    `kinds` are the kinds of label there are; `pending` gives the words for what other volumes will hold.
    """

    folder: str
    table: Mapping[tuple[str, Label], Target]
    pending: Mapping[str, str]
    kinds: tuple[str, ...]

    def find(self, label: Label) -> Target | None:
        """The target of a label typed in this chapter, or None."""
        folder, slash, name = label.name.rpartition("/")
        return self.table.get((folder if slash else self.folder, Label(label.kind, name)))

    def href(self, target: Target) -> str:
        """The address of a target as seen from this chapter's page."""
        page = "" if target.folder == self.folder else f"../{target.folder}/"
        return f"{page}#{target.anchor}"

    def suggest(self, label: Label) -> str:
        """What was probably meant by a label that points nowhere."""
        if label.kind not in self.kinds:
            kinds = [kind for kind in self.kinds if label.kind.startswith(kind)]
            return f"write @{max(kinds, key=len)}:{label.name}" if kinds else f"known: {', '.join(sorted(self.kinds))}"
        if label.kind == "pending":
            return meant(label.name, self.pending)
        if label.kind == "cite" and label.name.startswith("10."):
            return "a DOI is no key; write the key that its entry has in references.bib"
        names = {
            known.name if folder == self.folder else f"{folder}/{known.name}"
            for folder, known in self.table
            if known.kind == label.kind
        }
        hint = meant(label.name, names, f"{label.kind}:{{}}")
        return f"{hint}; a sub-heading has no name".removeprefix("; ") if label.kind == "sec" else hint
