"""An author's check of a reader's code, passed only where none of that code runs.

The check runs twice. First beside the reader's code, on stand-ins for what it names: data are copied, and of each call
of a function its result is noted, as data. These notes are the reader's claims. Then, in a Python that never ran any of
the reader's code, the check runs again, and the stand-ins answer with what was claimed: that run gives the verdict.
"""

from __future__ import annotations

import ast
import builtins
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from runtime.python.plain_data import NotData, Other, decoded, encoded, parsed

CALLS = 1_000
"""Calls of the reader's functions that a check may make."""
WORDS = 1_000
"""Letters of an exception's message that are claimed."""


class Unanswered(BaseException):
    """The check asks what the claims do not answer. No `except Exception` of a check may swallow it."""


class Claims:
    """What a check asked of a reader's code, and the answers."""

    def __init__(self) -> None:
        self._names: dict[str, Any] = {}
        """By name its value, in a list, or None for a function."""
        self._calls: list[Any] = []
        """For each call, in order, the result or what was raised."""

    @property
    def text(self) -> str:
        """All of it, as it travels."""
        return json.dumps({"names": self._names, "calls": self._calls})

    def record(self, check: str, names: Mapping[str, Any]) -> dict[str, Any]:
        """What `check` finds of the reader's `names` while it runs beside them."""
        found: dict[str, Any] = {"__name__": "check"}
        for name in sorted(_named(check) & names.keys()):
            value = names[name]
            self._names[name] = None if callable(value) else [encoded(value)]
            found[name] = self._noting(name, value) if callable(value) else decoded(encoded(value))
        return found

    def _noting(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **named: Any) -> Any:
            given, by_name = decoded(encoded(list(arguments))), decoded(encoded(named))
            if any(isinstance(each, Other) for each in (*given, *by_name.values())):
                raise TypeError(f"a check can hand data to {name}, and nothing else")
            try:
                if len(self._calls) >= CALLS:
                    raise RuntimeError(f"a check can call the reader's functions {CALLS} times")
                result = encoded(function(*given, **by_name))
            except Exception as error:
                self._calls.append({"raised": type(error).__name__, "words": str(error)[:WORDS]})
                raise
            self._calls.append({"gave": result})
            return decoded(result)

        called.__name__ = called.__qualname__ = name
        return called


def _named(check: str) -> set[str]:
    """Names that a check takes from the reader: neither Python's own nor bound by the check itself."""
    used: set[str] = set()
    bound = set(vars(builtins))
    for node in ast.walk(ast.parse(check)):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
    return used - bound


def claimed(text: str) -> dict[str, Any]:
    """What a check finds when it is run again: the names of the claims, whose functions answer as was claimed.

    Raises NotData for a text that holds no claims.
    """
    claims = parsed(text)
    try:
        answers = iter([_claim(call) for call in claims["calls"]])
        names: Mapping[str, Any] = claims["names"]
        return {
            name: _answering(name, answers) if value is None else decoded(value[0])
            for name, value in names.items()
            if not hasattr(builtins, name)  # a check uses Python's own
        }
    except (TypeError, KeyError, IndexError, AttributeError) as error:
        raise NotData(str(error)) from None


def _claim(call: Mapping[str, Any]) -> tuple[Any, Exception | None]:
    """The result of a call, or what it raised."""
    if "raised" not in call:
        return decoded(call["gave"]), None
    kind = getattr(builtins, str(call["raised"]), None)
    words = str(call["words"])
    try:
        return None, kind(words) if isinstance(kind, type) and issubclass(kind, Exception) else RuntimeError(words)
    except Exception:  # some kinds want more than words
        return None, RuntimeError(words)


def _answering(name: str, answers: Iterator[tuple[Any, Exception | None]]) -> Callable[..., Any]:
    def called(*_: Any, **__: Any) -> Any:
        for result, error in answers:
            if error is not None:
                raise error
            return result
        raise Unanswered("the check asks more of your code than it answered")

    called.__name__ = called.__qualname__ = name
    return called
