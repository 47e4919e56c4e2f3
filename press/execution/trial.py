"""An author's Python, tried out in a process of its own before the builder relies on it.

What is computed for the text, by `figures.py`, by `cover.py` or by an instrument may never end, or end the Python that
computes it. Here that ends a helper, and is a mistake at the line that was being computed. What fails in the usual way
is left to the builder, which computes it again and tells the exception.

`python -m press.execution.trial` is the helper.
"""

from __future__ import annotations

import base64
import faulthandler
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

from instruments import kit
from press.execution.cover import cover
from press.processes.line_process import Ended, LineProcess
from press.text import values
from press.text.places import Mistake, Place
from press.text.values import Evaluate, Names, ValueMistake

SECONDS = 30
"""What a value, a file or an instrument's first view may take."""
FRAME = re.compile(r'^  File "(?P<file>.+)", line (?P<line>\d+) in ', re.MULTILINE)


class NeverEnds(Exception):
    """Python that took too long, or ended its process; holds the mistake."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake)
        self.mistake = mistake


class NeverComes(ValueMistake):
    """A value whose Python never ends, or ends itself."""


def until_one_never_comes(evaluate: Evaluate) -> Evaluate:
    """The same, but after a value that never comes no other is waited for: the next would often take as long."""
    stuck: list[str] = []

    def evaluated(source: str, names: Names = ()) -> str:
        if stuck:
            raise ValueMistake(f"{{{{ {source.strip()} }}}} was not tried", f"{{{{ {stuck[0]} }}}} comes before it")
        try:
            return evaluate(source, names)
        except NeverComes:
            stuck.append(source.strip())
            raise

    return evaluated


class Trial:
    """The helper of a project; use it as a context manager. It starts with the first question."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = tempfile.TemporaryDirectory(prefix="trial-")
        self._where = Path(self._folder.name) / "where"
        self._where.touch()
        self._helper = LineProcess([sys.executable, "-m", __name__, str(self._where)], root)

    def ahead(self) -> None:
        """Have the helper start, because it will be wanted."""
        self._helper.ask({"job": "start", "seconds": SECONDS})

    def evaluator(self, figures: Path) -> Evaluate:
        """As `values.evaluator`, of functions that have been loaded before, with a limit for each value."""
        known = values.evaluator(figures)

        @lru_cache(maxsize=4096)
        def evaluate(source: str, names: Names = ()) -> str:
            words = {"figures": str(figures), "source": source, "names": names}
            try:
                found = self._ask("value", words, f"{{{{ {source.strip()} }}}}", Place("", 0), figures)
            except NeverEnds as error:
                at = error.mistake.place
                where = f", at {at.file}:{at.line}" if at.file else ""
                raise NeverComes(f"{error.mistake.what}{where}", error.mistake.hint) from error
            return known(source, names) if found is None else str(found)

        return evaluate

    def figures(self, path: Path, place: Place) -> None:
        """Load a chapter's own functions. Raises NeverEnds."""
        self._ask("figures", {"figures": str(path)}, path.name, place, path)

    def cover(self, path: Path, place: Place) -> bytes | None:
        """The picture that a cover.py gives; None where it fails. Raises NeverEnds."""
        found = self._ask("cover", {"cover": str(path)}, path.name, place, path)
        return base64.b64decode(found) if found else None

    def instruments(self, place: Place) -> None:
        """Import all instruments. Raises NeverEnds."""
        self._ask("instruments", {}, "an instrument's module", place, self._root / "instruments")

    def view(self, instrument: str, asked: Mapping[str, Any], place: Place) -> str | None:
        """What an instrument shows, as JSON; None where it fails. Raises NeverEnds."""
        words = {"instrument": instrument, "asked": asked}
        what = f"the instrument {instrument.replace('_', '-')}"
        return self._ask("view", words, what, place, self._root / "instruments")

    def _ask(self, job: str, words: Mapping[str, Any], what: str, place: Place, home: Path) -> str | None:
        """The answer. Raises NeverEnds at the innermost line in `home`, a file or a folder, or at `place`."""
        try:
            answer: str | None = self._helper.ask({"job": job, "seconds": SECONDS, **words}).result()
        except Ended as error:
            self._helper.close()
            frames = FRAME.findall(self._where.read_text(encoding="utf-8", errors="replace"))
            told = f"{what} did not end within {SECONDS} s" if frames else f"{what} ended Python"
            inner = [(Path(file), int(line)) for file, line in frames if Path(file).is_relative_to(home)]
            at = Place(inner[0][0].relative_to(self._base(home)).as_posix(), inner[0][1]) if inner else place
            raise NeverEnds(Mistake(at, told)) from error
        return answer

    def _base(self, home: Path) -> Path:
        """The folder below which places are told: the project's, or the one that holds another book's content."""
        return self._root if home.is_relative_to(self._root) else home.parents[2]

    def __enter__(self) -> Trial:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._helper.close()
        self._folder.cleanup()


_evaluator = cache(values.evaluator)


def _value(question: Mapping[str, Any]) -> str:
    names = tuple((name, value) for name, value in question["names"])
    return _evaluator(Path(question["figures"]))(question["source"], names)


def _figures(question: Mapping[str, Any]) -> str:
    _evaluator(Path(question["figures"]))
    return ""


def _cover(question: Mapping[str, Any]) -> str:
    return base64.b64encode(cover(Path(question["cover"])) or b"").decode()


def _view(question: Mapping[str, Any]) -> str:
    return json.dumps(kit.respond(kit.load(question["instrument"]), question["asked"]))


JOBS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "value": _value,
    "figures": _figures,
    "cover": _cover,
    "view": _view,
    "instruments": lambda _: " ".join(kit.instruments()),
    "start": lambda _: "",
}


def main(where: Path) -> None:
    """Answer each question; end, and write into the file `where` what was being computed, if one takes too long."""
    questions, answers = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what an author reads is no question, and what one prints no answer
    with where.open("w", encoding="utf-8") as file:
        for line in questions:
            question = json.loads(line)
            faulthandler.dump_traceback_later(question["seconds"], exit=True, file=file)
            try:
                answer: str | None = JOBS[question["job"]](question)
            except BaseException:  # the builder meets it, too, and tells it
                answer = None
            faulthandler.cancel_dump_traceback_later()
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
