"""The file a reader saved -> answers and edited cells. Believes nothing in it: whatever is malformed is said."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from press.text.suggestion import meant

FORMAT = 1
LONGEST_NAME = 200


class NotWork(Exception):
    """What is wrong with a file, in a sentence."""


@dataclass(frozen=True)
class Work:
    """What a reader did in the chapter of a folder, by name: answers as typed, the text of edited cells and tasks.

    `variants` tells which version of an exercise an answer belongs to, where that is not the first; `solved` are
    answers that the page has found right, each after the number of its version. `name` is what the reader wrote as
    their name and `saved` when, by their clock, in ISO 8601; both may be empty.
    """

    folder: str
    name: str
    saved: str
    answers: Mapping[str, str]
    cells: Mapping[str, str]
    variants: Mapping[str, int]
    solved: Mapping[str, tuple[int, str]]


def work(content: bytes, folders: Collection[str]) -> Work:
    """The work in a saved file; `folders` are the chapters there are. Raises NotWork."""
    file = _json(content)
    entries = file.get("entries") if isinstance(file, dict) else None
    if not isinstance(entries, dict) or not isinstance(file.get("chapter"), str):
        raise NotWork("this is not a file saved from a chapter's page")
    if file.get("format") != FORMAT:
        raise NotWork(f"format {file.get('format')!r} is not known here; this book reads format {FORMAT}")
    folder = _folder(file["chapter"], folders)
    answers = {name: _text(name, value) for name, value in _of_kind("answer", entries)}
    cells = {name: _text(name, _part(value)) for name, value in _of_kind("cell", entries)}
    variants = {name: _number(name, value) for name, value in _of_kind("variant", entries)}
    solved = {name: _solved(name, value) for name, value in _of_kind("solved", entries) if value is not True}
    name, saved = (_text(part, file.get(part, ""))[:LONGEST_NAME] for part in ("name", "saved"))
    return Work(folder, name, saved, answers, cells, variants, solved)


def _json(content: bytes) -> Any:
    """What the file holds. Raises NotWork for what Python's reader refuses, or takes and cannot write again."""
    try:
        file = json.loads(content.decode("utf-8-sig"))
        json.dumps(file, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise NotWork("this is not UTF-8 text") from error
    except UnicodeEncodeError as error:
        raise NotWork("a text in it holds half a character") from error
    except json.JSONDecodeError as error:
        raise NotWork(f"line {error.lineno} is not JSON: {error.msg}") from error
    except RecursionError as error:
        raise NotWork("this is nested too deeply") from error
    except ValueError as error:
        raise NotWork("a number in it has thousands of digits") from error
    return file


def _folder(page: str, folders: Collection[str]) -> str:
    """The chapter of a page's address: its last folder."""
    found = re.search(r"([^/ ]+)/(index\.html)?$", page)
    folder = found[1] if found else page
    if folder not in folders:
        raise NotWork(f"it belongs to a chapter “{folder}”, which this book does not have; {meant(folder, folders)}")
    return folder


def _of_kind(kind: str, entries: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(key.partition(" ")[2], value) for key, value in entries.items() if key.startswith(f"{kind} ")]


def _part(value: Any) -> Any:
    return value.get("text") if isinstance(value, dict) else None


def _solved(name: str, value: Any) -> tuple[int, str]:
    known = value if isinstance(value, dict) else {}
    return _number(name, known.get("variant")), _text(name, known.get("answer"))


def _number(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotWork(f"the version it holds of “{name}” is not a whole number")
    return value


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise NotWork(f"what it holds for “{name}” is not a text")
    return value
