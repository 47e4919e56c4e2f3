"""What the answer of an exercise is: a number, true or false, one or several of its choices, or a few words.

The page's script and `grade` compare with it by the same code, `runtime/page/exercises/answers.js`; here it is found
and checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from press.text.foreign.told import first, told
from press.text.places import Mistake, Text

if TYPE_CHECKING:
    from press.blocks.exercises.exercise import Exercise

NUMBER = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.(?P<decimals>\d+))?(e[+-]?\d+)?")
RELATIVE = re.compile(r"(?P<number>\d+(\.\d+)?)\s*%")
MEANT = told(
    (
        (r"(?P<whole>-?\d+),(?P<part>\d+)$", "", "write %(whole)s.%(part)s; the page shows the sign of its language"),
        (r"(?P<share>-?\d+\s*/\s*\d+)$", "", "write {{ %(share)s }}"),
        (r"(?P<first>-?\d{1,3}) (?P<second>\d{3})$", "", "write %(first)s%(second)s"),
        (r"-?\d{1,3}(?: \d{3}){2,}$", "", "write the digits without spaces"),
        (r"(?P<number>-?[\d.]+)\s*(?P<unit>%|[^\W\d_].*|°.*)$", "", "write %(number)s, and unit: %(unit)s"),
        (r"(?i:vrai|oui|yes|wahr|ja|richtig|verdadero|sí)$", "", "write true"),
        (r"(?i:faux|non|no|falsch|nein|falso)$", "", "write false"),
    )
)
"""What is no answer, and was meant as one."""
Kind = Literal["number", "statement", "choice", "choices", "text"]


class NoAnswer(Exception):
    """Something that cannot be one; holds the mistake."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake)
        self.mistake = mistake


@dataclass(frozen=True)
class Expected:
    """What a reader's answer is compared with, and the same for people.

    `answer` is digits with a point, `true` or `false`, the counted places of the right choices with spaces between, or
    accepted words on lines of their own. `tolerance` is the largest difference of a number that is right; empty where
    the digits say it: 0.28 is anything that rounds to it, and a whole number is exact.
    """

    kind: Kind
    answer: str
    shown: str
    tolerance: str = ""


UNKNOWN = Expected("number", "", "")


def expected(block: Exercise, value: Callable[[Text], str]) -> Expected:
    """The answer of an exercise; `value` computes the values in a text. Raises NoAnswer."""
    if block.choices:
        right = [str(n) for n, choice in enumerate(block.choices, start=1) if choice.right]
        return Expected("choice" if len(right) == 1 else "choices", " ".join(right), "")
    if block.texts:
        texts = [value(text).strip() for text in block.texts]
        return Expected("text", "\n".join(texts), texts[0])
    if not block.answer:
        return UNKNOWN  # which was told when the exercise was read
    found = number_or_statement(block.answer, value)
    return Expected(found.kind, found.answer, found.shown, _tolerance(block.tolerance, found, value))


def number_or_statement(text: Text, value: Callable[[Text], str]) -> Expected:
    """A typed or computed number, or a truth value. Raises NoAnswer."""
    shown = value(text).strip()
    if shown.lower() in ("true", "false"):
        return Expected("statement", shown.lower(), shown.capitalize())
    if not NUMBER.fullmatch(shown):
        advice = first(MEANT, shown)
        hint = "write a number as 1,000.5, or true or false; per cent as unit: %, words as text: …, choices as right: …"
        raise NoAnswer(Mistake(text.place, f"“{shown}” is not an answer", advice.hint if advice else hint))
    return Expected("number", shown.replace(",", ""), shown)


def slip(text: Text, answer: Expected, choices: int, value: Callable[[Text], str]) -> str:
    """A wrong answer of the same kind, as scripts compare it. Raises NoAnswer."""
    typed = value(text).strip()
    if answer.kind in ("choice", "choices"):
        places = typed.split()
        if not places or not all(place.isdigit() and 1 <= int(place) <= choices for place in places):
            hint = f"write the places of choices, from 1 to {choices}"
            raise NoAnswer(Mistake(text.place, f"“{typed}” chooses nothing", hint))
        typed = " ".join(sorted(places, key=int))
    elif answer.kind != "text":
        typed = number_or_statement(text, value).answer
    return typed


def is_right(typed: str, answer: Expected) -> bool:
    """Whether something in the form of an answer is the expected one."""
    if answer.kind != "number":
        return typed.lower() in answer.answer.lower().split("\n")
    if not NUMBER.fullmatch(typed):
        return False
    return abs(float(typed) - float(answer.answer)) <= max(_allowed(answer), 1e-9 * abs(float(answer.answer)))


def _allowed(answer: Expected) -> float:
    """Half a unit of the last digit that is given, unless the author says how much."""
    if answer.tolerance:
        return float(answer.tolerance)
    match = NUMBER.fullmatch(answer.answer)
    return 0.5 * 10.0 ** -len(match["decimals"]) if match and match["decimals"] else 0.0


def _tolerance(text: Text, answer: Expected, value: Callable[[Text], str]) -> str:
    """`0.01`, or `2 %` of the answer, as a difference."""
    if not text:
        return ""
    typed = value(text).strip()
    share = RELATIVE.fullmatch(typed)
    if answer.kind != "number" or not (share or NUMBER.fullmatch(typed)) or typed.startswith("-"):
        hint = "write how far off a number may be, as 0.01 or 2 %"
        raise NoAnswer(Mistake(text.place, f"“{typed}” is no tolerance", hint))
    return f"{abs(float(answer.answer)) * float(share['number']) / 100:.12g}" if share else typed.replace(",", "")
