"""Spelling of technical terms, from a list of how they are written here.

Another spelling of a listed term (capitals, hyphen, one word or two) and a long word one letter away from one are
mistakes. An open compound may take a hyphen, as before a noun; a first letter may be a capital; a plural may end in s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from press.book.model import Chapter
from press.checks.plain import mistake, texts
from press.text.places import Mistake
from press.text.scanner.scan import blanked

WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
LONG = 8
"""Letters of a word that can hardly be one letter away from another term by chance."""


def read(file: Path) -> dict[str, str]:
    """The terms of a list, one a line, by their letters alone. A missing list is empty."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return {_letters(line): line.strip() for line in lines if line.strip() and not line.startswith("#")}


def terms(chapter: Chapter, known: Mapping[str, str]) -> Iterator[Mistake]:
    """One mistake for every term that is written in another way."""
    for text in texts(chapter):
        plain = blanked(text.source)
        words = list(WORD.finditer(plain))
        for n, word in enumerate(words):
            for last in words[n : n + 3]:
                typed = re.sub("[’']s$", "", plain[word.start() : last.end()])
                if re.fullmatch(r"[\w’'-]+(?: [\w’'-]+)*", typed) and (term := _other_than(typed, known)):
                    yield mistake(text, word.start(), f"“{typed}” is written “{term}” here")
            term = _misspelt(word[0].lower(), known)
            if term:
                yield mistake(text, word.start(), f"“{word[0]}” is no known term", f"did you mean {term}?")


def _letters(term: str) -> str:
    return re.sub(r"[^\w]", "", term.lower())


def _other_than(typed: str, known: Mapping[str, str]) -> str:
    """The right spelling of what was typed, or nothing when it is right or no term."""
    letters = _letters(typed)
    term = known.get(letters) or (known.get(letters[:-1], "") if letters.endswith("s") else "")
    if not term:
        return ""
    plural = term + "s"
    right = {term, plural, term.replace(" ", "-"), plural.replace(" ", "-")}
    return "" if typed in right or typed in {word[:1].upper() + word[1:] for word in right} else term


def _misspelt(word: str, known: Mapping[str, str]) -> str:
    """The long term that differs from a word by one letter, if the word is not one itself."""
    if len(word) < LONG or word in known or word.removesuffix("s") in known or word.removesuffix("d") in known:
        return ""
    near = (term for letters, term in known.items() if len(letters) >= LONG and letters.isalpha() and " " not in term)
    return next((term for term in near if _one_apart(word, term.lower())), "")


def _one_apart(one: str, other: str) -> bool:
    """Whether one insertion, deletion, replacement or exchange of neighbours makes one word the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
