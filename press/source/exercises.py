"""Exercises and tasks as authors write them -> model. Computes nothing: answers and slips stay as typed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from press.book.model import Exercise, Mistake, Numbers, Slip, Task, Text
from press.book.suggestion import meant
from press.source.options import BlockSource, halves, require
from press.source.split import FENCE

RULE = re.compile(r"^---+\s*$")
SLIP = re.compile(r"^(?P<answer>\{\{.*?\}\}|\S+?):\s+(?P<words>\S.*)$")
NUMBERS = re.compile(r"^(?P<name>[A-Za-z]\w*)\s*=\s*(?P<values>.+)$")
PARTS = ("start", "check", "solution")


def exercise(block: BlockSource, mistakes: list[Mistake]) -> Exercise:
    """A block with an `answer`; each `slip` is a wrong answer and words, `numbers` names values to choose from."""
    question, explanation = halves(block.body, lambda line: bool(RULE.match(line)))
    require(question, "this exercise asks nothing", block.place, mistakes)
    require(explanation, "this exercise has no explanation; write it below a line ---", block.place, mistakes)
    return Exercise(
        block.place,
        block.name,
        question,
        block.option("answer"),
        explanation,
        block.option("unit").source,
        _numbers(block.option("numbers"), mistakes),
        tuple(_slips(block.all("slip"), mistakes)),
        block.all("hint"),
    )


def _numbers(text: Text, mistakes: list[Mistake]) -> Numbers:
    """`H = 224, 112; k = 7, 5` as names and values."""
    found = {}
    for part in text.source.split(";") if text else ():
        match = NUMBERS.match(part.strip())
        try:
            values = ast.literal_eval(f"({match['values']},)") if match else ()
        except (SyntaxError, ValueError):
            values = ()
        if not (match and values and all(isinstance(value, (int, float)) for value in values)):
            hint = "write names and values, as in H = 224, 112; k = 7, 5"
            mistakes.append(Mistake(text.place, f"cannot read the numbers “{part.strip()}”", hint))
        else:
            found[match["name"]] = values
    return tuple(found.items())


def _slips(texts: tuple[Text, ...], mistakes: list[Mistake]) -> Iterator[Slip]:
    for text in texts:
        match = SLIP.match(text.source)
        if match:
            yield Slip(Text(text.place, match["answer"]), Text(text.place, match["words"]))
        else:
            hint = "write slip: {{ 32 - 5 }}: what went wrong"
            mistakes.append(Mistake(text.place, "a slip is a wrong answer, a colon and words", hint))


def task(block: BlockSource, mistakes: list[Mistake]) -> Task:
    """A block whose body holds the fences `python start`, `python check` and `python solution`."""
    body, explanation = halves(block.body, lambda line: bool(RULE.match(line)))
    question, parts = _parts(body, mistakes)
    require(question, "this task asks nothing", block.place, mistakes)
    require(explanation, "this task has no explanation; write it below a line ---", block.place, mistakes)
    for part in PARTS:
        if part not in parts:
            hint = f"add a fence that opens with ```python {part}"
            mistakes.append(Mistake(block.place, f"this task has no {part}", hint))
    start, check, solution = (parts.get(part, Text(block.place, "")) for part in PARTS)
    mistakes += _silent(check)
    title, hints = block.option("title").source, block.all("hint")
    return Task(block.place, block.name, title, question, start, check, solution, explanation, hints)


def _parts(body: Text, mistakes: list[Mistake]) -> tuple[Text, dict[str, Text]]:
    """The question, which is what stands outside the fences of a task, and the code in them by their names."""
    lines, parts = body.source.split("\n"), {}
    asked, at = [], 0
    while at < len(lines):
        fence = FENCE.match(lines[at])
        language, _, part = (fence["info"] if fence else "").strip().partition(" ")
        if not fence or language != "python" or not part:
            asked.append(lines[at])
            at += 1
            continue
        if part not in PARTS:
            mistakes.append(Mistake(body.place.below(at), f"a task has no part “{part}”", meant(part, PARTS)))
        end = next((n for n in range(at + 1, len(lines)) if lines[n].strip() == fence["ticks"]), len(lines))
        parts[part] = Text(body.place.below(at + 1), "\n".join(lines[at + 1 : end]) + "\n")
        asked += [""] * (end + 1 - at)
        at = end + 1
    return Text(body.place, "\n".join(asked).rstrip()), parts


def _silent(check: Text) -> Iterator[Mistake]:
    """Assertions without words: their failure would tell the reader nothing."""
    try:
        tree = ast.parse(check.source)
    except SyntaxError:
        return  # the build runs it and says so
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and node.msg is None:
            hint = 'write assert …, "what is wrong, in words"'
            yield Mistake(check.place.below(node.lineno - 1), "this assertion says nothing when it fails", hint)
