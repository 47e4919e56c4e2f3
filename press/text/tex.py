"""TeX -> static HTML and MathML, by KaTeX in one Node process that starts only when the cache has no answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any

from press.cache import Cache, Inputs
from press.processes.line_process import LineProcess


class TexError(Exception):
    """TeX that KaTeX refuses, in KaTeX's words."""


class Typesetter:
    """Typesets formulas; use it as a context manager, which ends Node.

    `node` is the Node executable, `script` is tex.mjs, `cache` holds earlier answers.
    """

    def __init__(self, node: Path, script: Path, cache: Cache) -> None:
        self._node = LineProcess([str(node), str(script)], script.parent)
        self._cache = cache
        package = script.parents[2] / "node_modules" / "katex" / "package.json"
        self._maker = {"script": script.read_bytes(), "katex": package.read_bytes()}
        self._answers: dict[tuple[str, bool], dict[str, str]] = {}
        self._ahead: dict[tuple[str, bool], Future[Any]] = {}

    def ahead(self, formulas: Iterable[tuple[str, bool]]) -> None:
        """Have formulas (TeX, and whether displayed) typeset that will be wanted."""
        for formula in formulas:
            if formula not in self._ahead and self._known(formula) is None:
                self._ahead[formula] = self._ask(*formula)

    def html(self, tex: str, *, display: bool) -> str:
        """The markup of a formula. Raises TexError."""
        formula = (tex, display)
        answer = self._known(formula)
        if answer is None:
            answer = (self._ahead.pop(formula, None) or self._ask(tex, display)).result()
            self._answers[formula] = answer
            self._cache.store(self._inputs(formula), json.dumps(answer).encode())
        if "error" in answer:
            raise TexError(answer["error"].removeprefix("KaTeX parse error: "))
        return answer["html"]

    def _inputs(self, formula: tuple[str, bool]) -> Inputs:
        return {**self._maker, "tex": formula[0], "display": str(formula[1])}

    def _known(self, formula: tuple[str, bool]) -> dict[str, str] | None:
        if formula not in self._answers and (found := self._cache.find(self._inputs(formula))) is not None:
            self._answers[formula] = json.loads(found)
        return self._answers.get(formula)

    def _ask(self, tex: str, display: bool) -> Future[Any]:
        return self._node.ask({"tex": tex, "display": display})

    def __enter__(self) -> Typesetter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._node.close()
