"""TeX inside of a formula that this book writes in another way: what KaTeX refuses, and what it would show."""

from __future__ import annotations

from press.text.foreign.told import told

UNDEFINED = r"(?s:.*?)Undefined control sequence: "
REFUSED = told(
    (
        (rf"{UNDEFINED}\\label\b", "", "the name in the first line, /// equation | name, is its label"),
        (rf"{UNDEFINED}\\\w*[rR]ef\b", "", "write @eq:name among the words around the formula"),
        (rf"{UNDEFINED}\\\w*[cC]ite\w*", "", "write @cite:key among the words around the formula"),
        (rf"{UNDEFINED}\\(?:SI|si|qty|unit|num|ang|SIrange)\b", "", r"write 5\,\text{Hz}"),
        (r"(?s:.*?)unicodeTextInMathMode", "", r"words stand in \text{…}, or in the text around the formula"),
        (r"(?s:.*?)Can't use function '\$'", "", "take out the dollars: all of it is a formula"),
        (r"(?s:.*?)commentAtEnd", "", r"write \%% for the sign"),
        (r"(?s:.*?)No such environment: (?:eqnarray|multline)", "", r"write \begin{aligned}"),
        (r"(?s:.*?)Expected 'EOF', got '&'", "", r"columns stand in \begin{aligned} … \end{aligned}"),
    )
)
"""Looked for in KaTeX's words."""
NUMBERED = told(
    ((r"(?s:.*?)\\tag\*?\{", "an equation's number is not typed", "take out \\tag; /// equation | name has a number"),)
)
"""Looked for in the TeX."""
INDEX = r"[_^]\{[^{}]*\}"
DECIMAL_COMMA = told(
    (
        (
            r"(?s:.*?)(?<![\d.,{(\[_^])(?P<whole>\d+),(?P<part>\d+)(?![\d.,)\]}])",
            "a comma that parts two numbers in a formula",
            "write %(whole)s{,}%(part)s, or %(whole)s, %(part)s for two numbers",
        ),
    )
)
"""Looked for in the TeX without its indices, where the language writes decimals with a comma; not in brackets."""
