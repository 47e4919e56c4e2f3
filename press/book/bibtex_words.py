"""The TeX that bibliographies are written in -> words, and its names -> as people say them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import cache

from bibtexparser.middlewares.names import InvalidNameError, parse_single_name_into_parts, split_multiple_persons_names
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

FORMULA = re.compile(r"((?<!\\)\$(?:\\.|[^$\\])+\$)")
TEX = re.compile(r"[\\~]|``|''|--")
"""Signs of TeX apart from braces and formulas; most fields have none."""
SPECIAL = re.compile(r"(?<!\\)[&%#]")
LINK = re.compile(r"\\href\s*\{[^{}]*\}")
TAG = re.compile(r"</?(?:b|em|i|scp|strong|sub|sup)>", re.IGNORECASE)
"""What publishers leave in titles."""
MARKDOWN = re.compile(r"([\\`*_\[\]<>@~=^!$&{}])")
PARTS = re.compile(r"(?<!\w)(family|given|prefix|suffix)\s*=\s*(\"[^\"]*\"|\{[^{}]*\}|[^,]*)")
"""Names as biblatex writes them apart: family=Müller, given=Karl, prefix=von."""
OTHERS = "others"


class NoName(ValueError):
    """What is wrong with a list of names, in words; the second argument is a hint."""


def words(tex: str) -> str:
    """TeX as the words that it sets; formulas stay as typed, between dollars."""
    return _joined(tex, lambda text: text)


def markdown(tex: str) -> str:
    """The same for the page's writer, which typesets the formulas: no other sign of it means anything."""
    return _joined(tex, lambda text: MARKDOWN.sub(r"\\\1", text))


def _joined(tex: str, written: Callable[[str], str]) -> str:
    parts = FORMULA.split(html.unescape(TAG.sub("", tex)))
    found = "".join(part if n % 2 else written(_decoded(part)) for n, part in enumerate(parts))
    return " ".join(found.split())


def _decoded(tex: str) -> str:
    if not TEX.search(tex):
        return re.sub(r"[{}]", "", tex)
    return str(_decoder().latex_to_text(LINK.sub("", SPECIAL.sub(r"\\\g<0>", tex))))


@cache
def _decoder() -> LatexNodes2Text:
    known = get_default_latex_context_db()
    own = [MacroTextSpec(name, simplify_repl=name) for name in ("TeX", "LaTeX", "BibTeX")]
    known.add_context_category("ours", prepend=True, macros=[*own, MacroTextSpec("url", simplify_repl="%s")])
    return LatexNodes2Text(math_mode="verbatim", latex_context=known)


def verbatim(tex: str) -> str:
    """A field that holds an address or a number: only what BibTeX itself needs is taken off."""
    return re.sub(r"\\([_%&#$~{}])|[{}]", r"\1", tex.replace(r"\url", "")).strip()


def names(tex: str, others: str) -> list[str]:
    """The names of a field, given names first; then `others` where it says that there are some. Raises NoName."""
    found = []
    for name in split_multiple_persons_names(" ".join(html.unescape(tex).split())):
        if ";" in re.sub(r"\{[^{}]*\}", "", name):
            raise NoName(f"“{name}” holds a semicolon", "put “and” between names")
        found.append(others if name == OTHERS else _name(name))
    return [name for name in found if name]


def _name(name: str) -> str:
    if re.match(r"family\s*=", name):
        parts = {part: value.strip('"{}') for part, value in PARTS.findall(name)}
        return words(" ".join(parts[part] for part in ("given", "prefix", "family", "suffix") if part in parts))
    try:
        parsed = parse_single_name_into_parts(name)
    except InvalidNameError as error:
        raise NoName(f"“{name}” is no name: {error.reason.lower()}", "put “and” between names") from error
    return words(parsed.merge_first_name_first)
