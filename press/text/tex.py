"""TeX -> static HTML and MathML, by KaTeX in one Node process that starts only when the cache has no answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any

from press.cache import keep
from press.processes.line_process import LineProcess

KEPT = 20_000
"""Formulas in the cache; a book of a hundred chapters has a few thousand."""


class TexError(Exception):
    """TeX that KaTeX refuses, in KaTeX's words."""


class Typesetter:
    """Typesets formulas; use it as a context manager, which ends Node. `save` keeps the answers for the next time.

    `node` is the Node executable, `script` is tex.mjs, `cache` a JSON file of earlier answers keyed by content.
    """

    def __init__(self, node: Path, script: Path, cache: Path) -> None:
        self._node = LineProcess([str(node), str(script)], script.parent)
        self._cache = cache
        package = script.parents[2] / "node_modules" / "katex" / "package.json"
        self._salt = script.read_text() + package.read_text()
        self._known: dict[str, dict[str, str]] = _load(cache)
        self._ahead: dict[str, Future[Any]] = {}
        self._new = 0

    def ahead(self, formulas: Iterable[tuple[str, bool]]) -> None:
        """Have formulas (TeX, and whether displayed) typeset that will be wanted."""
        for tex, display in formulas:
            key = self._key(tex, display)
            if key not in self._known and key not in self._ahead:
                self._ahead[key] = self._ask(tex, display)

    def html(self, tex: str, *, display: bool) -> str:
        """The markup of a formula. Raises TexError."""
        key = self._key(tex, display)
        if key in self._known:
            answer = self._known.pop(key)
        else:
            answer = (self._ahead.pop(key, None) or self._ask(tex, display)).result()
        self._known[key] = answer
        if "error" in answer:
            raise TexError(answer["error"].removeprefix("KaTeX parse error: "))
        return answer["html"]

    def _key(self, tex: str, display: bool) -> str:
        return hashlib.sha256(f"{display}\n{tex}\n{self._salt}".encode()).hexdigest()

    def _ask(self, tex: str, display: bool) -> Future[Any]:
        self._new += 1
        return self._node.ask({"tex": tex, "display": display})

    def save(self) -> None:
        """Write the cache, if there is anything new in it; what was used last is kept longest."""
        if self._new:
            kept = dict([*self._known.items()][-KEPT:])
            keep(json.dumps(kept).encode(), self._cache)
            self._new = 0

    def __enter__(self) -> Typesetter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._node.close()


def _load(cache: Path) -> dict[str, dict[str, str]]:
    """An unreadable cache is an empty one."""
    try:
        answers: dict[str, dict[str, str]] = json.loads(cache.read_text(encoding="utf-8"))
        return answers
    except (OSError, ValueError):
        return {}
