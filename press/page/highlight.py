"""Python source as HTML, with a span for each run of words that the page colours alike and for nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from html import escape
from itertools import groupby
from pathlib import Path

import pygments
from markupsafe import Markup
from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

from press.cache import Cache, Inputs

COLOURED = {
    Keyword: "k",
    Operator.Word: "k",
    String: "s",
    Number: "m",
    Name.Function: "nf",
    Name.Class: "nf",
    Name.Decorator: "nf",
    Name.Builtin: "nb",
    Name.Exception: "nb",
    Name.Variable.Magic: "nb",
    Comment: "c",
}
"""Pygments' token types, their subtypes included, and the classes of `assets/css/code.css`."""


def highlight(code: str) -> Markup:
    """Python source as HTML, without a wrapper; its text is the source, ended by a line break."""
    tokens = PythonLexer(stripnl=False, ensurenl=True).get_tokens(code)
    parts = []
    for name, run in groupby(tokens, lambda token: _class(token[0])):
        text = escape("".join(word for _, word in run), quote=False)
        parts.append(f'<span class="{name}">{text}</span>' if name else text)
    return Markup("".join(parts))


def _class(kind: _TokenType) -> str:
    return next((COLOURED[part] for part in reversed(kind.split()) if part in COLOURED), "")


def cached_highlight(cache: Cache) -> Callable[[str], Markup]:
    """`highlight`, its results cached."""
    maker: Inputs = {"pygments": pygments.__version__, "this": Path(__file__).read_bytes()}

    @lru_cache(maxsize=4096)
    def cached(code: str) -> Markup:
        return Markup(cache.get({**maker, "code": code}, lambda: highlight(code).encode()).decode())

    return cached
