"""The TeX that bibliographies are written in -> words, and its names -> as people say them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import cache

from bibtexparser.middlewares.names import InvalidNameError, parse_single_name_into_parts
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

FORMULA = re.compile(r"((?<!\\)\$(?:\\.|[^$\\])+\$)")
TEX = re.compile(r"[\\~]|``|''|--")
"""Signs of TeX apart from braces and formulas; most fields have none."""
SPECIAL = re.compile(r"(?<!\\)[&%#]")
NO_WORDS = re.compile(r"\\(?:href|noopsort)\s*\{[^{}]*\}")
"""Commands with an argument that is not printed."""
QUOTE = re.compile(r"\\(?:enquote|mkbibquote)\s*\{([^{}]*)\}")
LOOK = re.compile(
    r"\\(?:[mhf]box|text(?:tt|sf|sl|up|md|normal|subscript|superscript)|(?:Make)?(?:[uU]pp|[lL]ow)ercase|natexlab|"
    r"mkbib(?:emph|bold)|protect|relax|newline|par|xspace|(?:no|allow)break|tiny|(?:footnote|script)size|small|[lL]arge|"
    r"boldmath|bf|em|it|rm|sc|sl|sf|tt|(?:bf|md)series|(?:it|sc|sl|up)shape|(?:rm|sf|tt)family|normalfont)(?![a-zA-Z])"
)
"""Commands that change how words look; the words stay."""
COMMAND = re.compile(r"\\(?:([a-zA-Z]+)|.)", re.DOTALL)
SIGNS = {name: name for name in ("TeX", "LaTeX", "BibTeX")}
SIGNS |= {"textless": "<", "textgreater": ">", "textquotesingle": "'", "og": "« ", "fg": " »", "cprime": "ʹ"}
SIGNS |= {"textunderscore": "_", "textbar": "|", "textbraceleft": "{", "textbraceright": "}", "textquotedbl": '"'}
SIGNS |= {
    "textminus": "−",
    "slash": "/",
    "S": "§",
    "P": "¶",
    "copyright": "©",
    "pounds": "£",
    "degree": "°",
    "space": " ",
}
"""Commands for signs and names, besides those that pylatexenc knows."""
NO_TITLE = ("cite", "footnote", "frac", "ref")
"""Commands that pylatexenc knows and that make no words in a bibliography."""
TAG = re.compile(r"</?(?:b|em|i|scp|strong|sub|sup)>", re.IGNORECASE)
"""What publishers leave in titles."""
MARKDOWN = re.compile(r"([\\`*_\[\]<>@~=^!$&{}])")
PARTS = re.compile(r"(?<!\w)(family|given|prefix|suffix)\s*=\s*(\"[^\"]*\"|\{[^{}]*\}|[^,]*)")
"""Names as biblatex writes them apart: family=Müller, given=Karl, prefix=von."""
OTHERS = "others"
AND = re.compile(r"\\.|[{}]|(?<=\s)and(?=\s)", re.IGNORECASE)
ET_AL = re.compile(r"(?:^|,?[\s~]+)et\.?[\s~]*al\.?$", re.IGNORECASE)
"""What people write for `and others`."""
JR = re.compile(r"(jr|sr|junior|senior|[ivx]+|\dnd|\drd|\dth|esq|md|phd|fils|père|filho|neto)", re.IGNORECASE)
"""What may stand between a last name and a first one; compared without full stops."""


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
    return str(_decoder().latex_to_text(_simple(SPECIAL.sub(r"\\\g<0>", tex))))


def _simple(tex: str) -> str:
    """The same words with fewer commands."""
    return LOOK.sub("", QUOTE.sub(r"``\1''", NO_WORDS.sub("", tex)))


def unknown_commands(tex: str) -> Iterator[str]:
    """Commands outside of formulas whose words, if they have any, nobody here can know."""
    for part in FORMULA.split(tex)[::2]:
        for name in COMMAND.findall(_simple(part)):
            if name and (name in NO_TITLE or _decoder().latex_context.get_macro_spec(name) is None):
                yield f"\\{name}"


@cache
def _decoder() -> LatexNodes2Text:
    known = get_default_latex_context_db()
    own = [MacroTextSpec(name, simplify_repl=sign) for name, sign in SIGNS.items()]
    known.add_context_category("ours", prepend=True, macros=[*own, MacroTextSpec("url", simplify_repl="%s")])
    return LatexNodes2Text(math_mode="verbatim", latex_context=known)


def verbatim(tex: str) -> str:
    """A field that holds an address or a number: only what BibTeX itself needs is taken off."""
    return re.sub(r"\\([_%&#$~{}])|[{}]", r"\1", tex.replace(r"\url", "")).strip()


def names(tex: str, others: str) -> list[str]:
    """The names of a field, given names first; then `others` where it says that there are some. Raises NoName."""
    found: list[str] = []
    for name in _apart(" ".join(html.unescape(tex).split())):
        if ";" in re.sub(r"\{[^{}]*\}", "", name):
            raise NoName(f"“{name}” holds a semicolon", "put “and” between names")
        known = ET_AL.sub("", name)
        found.append("" if known == OTHERS else _name(known))
        found += [others] if known == OTHERS or known != name else []
    return [name for name in found if name]


def _apart(tex: str) -> Iterator[str]:
    """What stands between the `and`s; one in braces belongs to its name."""
    depth = start = 0
    for sign in AND.finditer(tex):
        depth += {"{": 1, "}": -1}.get(sign[0], 0)
        if depth == 0 and sign[0].lower() == "and":
            yield tex[start : sign.start()].strip()
            start = sign.end()
    yield tex[start:].strip()


def _name(name: str) -> str:
    if re.match(r"family\s*=", name):
        parts = {part: value.strip('"{}') for part, value in PARTS.findall(name)}
        return words(" ".join(parts[part] for part in ("given", "prefix", "family", "suffix") if part in parts))
    try:
        parsed = parse_single_name_into_parts(name)
    except InvalidNameError as error:
        raise NoName(f"“{name}” is no name: {error.reason.lower()}", "put “and” between names") from error
    if parsed.jr and not JR.fullmatch(words(" ".join(parsed.jr)).replace(".", "")):
        raise NoName(f"“{name}” is no name: too many commas", "put “and” between names")
    return words(parsed.merge_first_name_first)
