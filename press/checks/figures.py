"""Figures in prose that neither code nor a cited work backs.

A figure here is a number that looks like a result: with a thousands separator, with a decimal point, a percentage, or
four digits and more that are no year. Small whole numbers are words of the language and left alone. A sentence that
cites a work reports that work's figures. A literal in braces, {{ "15.3 %" }}, says that it is typed on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from press.book.model import Chapter
from press.checks.plain import mistake, texts
from press.text.places import Mistake
from press.text.scanner.scan import blanked

FIGURE = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d{4,})(?![\w.]*\d)(?:\s?%)?|(?<![\w.,])\d+\s?%"
)
YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
SENTENCE = re.compile(r".+?(?:[.!?:](?=\s)|\n|$)", re.DOTALL)


def figures(chapter: Chapter) -> Iterator[Mistake]:
    """One mistake for every figure without backing."""
    for text in texts(chapter):
        plain = blanked(text.source)
        for sentence in SENTENCE.finditer(plain):
            if "@cite:" in text.source[sentence.start() : sentence.end() + 1]:
                continue
            for found in FIGURE.finditer(sentence[0]):
                if not YEAR.fullmatch(found[0]):
                    what = f"the figure {found[0].strip()} is typed; no code and no cited work backs it"
                    hint = f'compute it, {{{{ … }}}}, or say that it is meant: {{{{ "{found[0].strip()}" }}}}'
                    yield mistake(text, sentence.start() + found.start(), what, hint)
