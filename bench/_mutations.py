"""Small changes to a source, one at a time, each of which some test should notice."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

COMPARED = {"==": "!=", "!=": "==", "<=": "<", ">=": ">", "<": "<=", ">": ">=", "not in": "in", "in": "not in"}
COMPARED |= {"is not": "is", "is": "is not"}
COMPUTED = {"**": "*", "//": "*", "+": "-", "-": "+", "*": "+", "/": "*", "%": "*", "@": "+", "|": "&", "&": "|"}
JOINED = {"and": "or", "or": "and"}
SCRIPT = {
    r"===": "!==",
    r"!==": "===",
    r"&&": "||",
    r"\|\|": "&&",
    r" <= ": " < ",
    r" >= ": " > ",
    r" < ": " <= ",
    r" > ": " >= ",
    r" \+ ": " - ",
    r" - ": " + ",
    r" \* ": " + ",
    r"\btrue\b": "false",
    r"\bfalse\b": "true",
    r"\breturn [^;]+;": "return;",
    r"(?<![\w.])\d+(?![\w.])": "{}+1",
    r"(?<=\()!(?=\w)": "",
}
"""What is changed in JavaScript, found by its looks; {} is what was there."""


@dataclass(frozen=True)
class Mutant:
    """`old`, the bytes from `start` on, becomes `new`; lines count from 1."""

    file: Path
    line: int
    start: int
    old: str
    new: str

    def applied(self, source: bytes) -> bytes:
        """The source with the change."""
        return source[: self.start] + self.new.encode() + source[self.start + len(self.old.encode()) :]


def mutants(file: Path) -> list[Mutant]:
    """Every change to a file, in the order of its lines."""
    source = file.read_bytes()
    found = _python(source) if file.suffix == ".py" else _script(source.decode())
    made = [Mutant(file, source.count(b"\n", 0, start) + 1, start, old, new) for start, old, new in found]
    return sorted(set(made), key=lambda mutant: (mutant.start, mutant.old, mutant.new))


def _script(source: str) -> Iterator[tuple[int, str, str]]:
    start = 0
    for line in source.splitlines(keepends=True):
        if not re.match(r"\s*(//|/?\*|import\b|export \{)", line):
            for pattern, new in SCRIPT.items():
                for match in re.finditer(pattern, line):
                    yield start + len(line[: match.start()].encode()), match[0], new.replace("{}", match[0])
        start += len(line.encode())


def _python(source: bytes) -> Iterator[tuple[int, str, str]]:
    starts = [0, *(at.end() for at in re.finditer(rb"\n", source))]

    def span(node: ast.AST) -> tuple[int, int]:
        assert isinstance(node, ast.expr | ast.stmt)
        return starts[node.lineno - 1] + node.col_offset, starts[(node.end_lineno or 0) - 1] + (
            node.end_col_offset or 0
        )

    for node in _run(ast.parse(source)):
        match node:
            case ast.Compare(left=left, comparators=others):
                for one, two in pairwise([left, *others]):
                    yield from _between(source, span(one)[1], span(two)[0], COMPARED)
            case ast.BinOp(left=left, right=right):
                yield from _between(source, span(left)[1], span(right)[0], COMPUTED)
            case ast.BoolOp(values=values):
                for one, two in pairwise(values):
                    yield from _between(source, span(one)[1], span(two)[0], JOINED)
        for new in _replaced(node, source):
            start, end = span(node)
            yield start, source[start:end].decode(), new


def _replaced(node: ast.AST, source: bytes) -> Iterator[str]:
    """What may stand in the place of a whole node."""
    match node:
        case ast.Constant(value=bool(value)):
            yield str(not value)
        case ast.Constant(value=int() | float() as number):
            yield repr(number + 1)
        case ast.UnaryOp(op=ast.Not(), operand=operand) | ast.UnaryOp(op=ast.USub(), operand=operand):
            yield ast.get_source_segment(source.decode(), operand) or ""
        case ast.Return(value=value) if value is not None and not (
            isinstance(value, ast.Constant) and value.value is None
        ):
            yield "return None"
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise():
            yield "pass"


def _between(source: bytes, start: int, end: int, swapped: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    """The operator between two operands, swapped."""
    words = "|".join(re.escape(word) for word in sorted(swapped, key=len, reverse=True))
    match = re.search(rf"(?<![\w])(?:{words})(?![\w=])".encode(), source[start:end])
    if match:
        yield start + match.start(), match[0].decode(), swapped[match[0].decode()]


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that do something when tests run: no annotations, no decorators."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_comment"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _run(child)
