"""Figures in prose that neither code nor a cited work backs.

A figure here is a number that looks like a result: with separated thousands, with decimals, a percentage, or
four digits and more that are no year. Small whole numbers are words of the language and left alone. A sentence that
cites a work reports that work's figures. A literal in braces, {{ "15.3 %" }}, says that it is typed on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from press.book.model import Chapter
from press.checks.plain import mistake, texts
from press.text.languages.words import Words
from press.text.places import Mistake
from press.text.scanner.scan import blanked

YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
SENTENCE = re.compile(r".+?(?:[.!?:](?=\s)|\n|$)", re.DOTALL)


def _figure(words: Words) -> re.Pattern[str]:
    """How a figure looks with the signs of a language between its digits."""
    point, comma = (re.escape(words(f"language.{sign}")) for sign in ("decimal", "thousands"))
    whole, broken = rf"\d{{1,3}}(?:{comma}\d{{3}})+(?:{point}\d+)?", rf"\d+{point}\d+"
    return re.compile(rf"(?<![\w.,])(?:{whole}|{broken}|\d{{4,}})(?![\w.]*\d)(?:\s?%)?|(?<![\w.,])\d+\s?%")


def figures(chapter: Chapter) -> Iterator[Mistake]:
    """One mistake for every figure without backing."""
    figure = _figure(chapter.words)
    for text in texts(chapter):
        plain = blanked(text.source)
        for sentence in SENTENCE.finditer(plain):
            if "@cite:" in text.source[sentence.start() : sentence.end() + 1]:
                continue
            for found in figure.finditer(sentence[0]):
                if not YEAR.fullmatch(found[0]):
                    what = f"the figure {found[0].strip()} is typed; no code and no cited work backs it"
                    hint = f'compute it, {{{{ … }}}}, or say that it is meant: {{{{ "{found[0].strip()}" }}}}'
                    yield mistake(text, sentence.start() + found.start(), what, hint)
