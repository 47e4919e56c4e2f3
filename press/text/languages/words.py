"""The words of one language: said with values in their braces, counted, and how the language writes numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

FIGURE = re.compile(r"(?<![\w.])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?:e[+-]\d+)?(?!\w|[.,]\d)")
"""A number with a separator, as Python writes it: 1,024 or 0.5."""
TEXT = re.compile(r"(?:^|(?<=>))[^<]+")
"""Between tags."""
NO_BREAK, NARROW = "\u00a0", "\u202f"
AT_PERCENT = (re.compile(r"(?<=\d) ?(?=%)"), NO_BREAK)
SPACES: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    "de": (AT_PERCENT,),
    "es": (AT_PERCENT,),
    "fr": ((re.compile(r" (?=[;!?])"), NARROW), (re.compile(r" (?=[:»])|(?<=«) "), NO_BREAK), AT_PERCENT),
}
"""By language: where a space belongs at which no line breaks, and which. English sets its marks close."""
SMALL_AS_ONE = {"fr"}
"""Languages that say of nought, and of one and a half, what they say of one."""
Table = Mapping[str, str]


@dataclass(frozen=True)
class Words:
    """The words of one language by their names; those that count have two, ending in `.one` and `.other`.

    `tag` is what the author calls the language (de-CH), `name` what its file is called (de).
    """

    tag: str
    name: str
    table: Table = field(hash=False)

    def phrase(self, name: str, count: float | None = None) -> str:
        """A word or a sentence with its braces; where it counts, the form for so many. Raises KeyError."""
        if count is None:
            return self.table[name]
        single = abs(count) < 2 if self.name in SMALL_AS_ONE else count == 1
        return self.table[f"{name}.{'one' if single else 'other'}"]

    def __call__(self, name: str, count: float | None = None, **values: object) -> str:
        """A word or a sentence with these values in its braces. Raises KeyError."""
        number = {} if count is None else {"count": self.figures(f"{count:g}")}
        return self.phrase(name, count).format(**number, **values)

    def within(self, label: str) -> str:
        """What stands above a block as it is called within a sentence: `cell 2.1`, but `Zelle 2.1` in German."""
        small = label.lower()
        return small[:1].upper() + small[1:] if self.table["language.nouns"] == "capital" else small

    def figures_in_markup(self, markup: str) -> str:
        """The same of the texts between tags: what an instrument's Python draws has numbers as Python writes them."""
        if self.table["language.decimal"] == ".":
            return markup
        return TEXT.sub(lambda match: self.figures(match[0]), markup)

    def spaced(self, text: str) -> str:
        """A text with the language's spaces at marks and signs, where no line may break."""
        for place, space in SPACES.get(self.name, ()):
            text = place.sub(space, text)
        return text

    def figures(self, text: str) -> str:
        """A text whose numbers are as Python writes them, 1,024.5, with the signs of the language between digits."""
        signs = {",": self.table["language.thousands"], ".": self.table["language.decimal"]}
        return FIGURE.sub(lambda match: "".join(signs.get(sign, sign) for sign in match[0]), text)
