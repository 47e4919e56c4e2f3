"""The names of all words as types for the page's scripts: `words.d.ts`, made anew from `en.toml`.

`.venv/bin/python languages/make_types.py` writes it; a script that names a word which is not there, or leaves a brace
empty, fails the type check.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TYPES = HERE / "words.d.ts"
HEAD = "/** Made from `en.toml` by `make_types.py`: what scripts can say. The build puts the words in its place. */"


def types() -> str:
    """What `words.d.ts` has to say today."""
    words = tomllib.loads((HERE / "en.toml").read_text(encoding="utf-8"))
    return f"{HEAD}\ndeclare const LANGUAGE: string;\ndeclare const WORDS: {_type(words, '')};\n"


def _type(words: Any, margin: str) -> str:
    """A text with braces is of its own type, so that they are known; any other is any text."""
    if isinstance(words, str):
        return json.dumps(words, ensure_ascii=False) if "{" in words else "string"
    inner = f"{margin}  "
    lines = [f"{inner}readonly {name}: {_type(value, inner)};\n" for name, value in words.items()]
    return f"{{\n{''.join(lines)}{margin}}}"


if __name__ == "__main__":
    TYPES.write_text(types(), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{TYPES.relative_to(HERE.parent).as_posix()}\n")
