"""Numbers in prose, computed by the Python that also draws the instruments.

`{{ expression }}` or `{{ expression : format }}` is evaluated with all of `instruments.nn.ops` and the chapter's own
`figures.py` in scope. Integers get separators between thousands unless a format says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from instruments.nn import ops
from press.text.own_module import load
from press.text.suggestion import meant

DEFINED = "functions are those of instruments/nn/ops.py and of the chapter's figures.py"
DECIMAL_COMMA = re.compile(r"\s*-?\d+,\d+\s*$")
FILTER = "a bar calls nothing; a format stands behind a colon, {{ x : .2f }}, and a function is called, {{ round(x) }}"
Names = tuple[tuple[str, float], ...]
"""Values by name, for expressions that use them."""


class Evaluate(Protocol):
    """Computes what stands between the braces."""

    def __call__(self, source: str, names: Names = ()) -> str:
        """The words in the text; `names` are further values that the source may use."""


class ValueMistake(Exception):
    """An expression that cannot be computed; the second argument is a hint."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.hint = hint


def evaluator(figures: Path) -> Evaluate:
    """A function that computes what stands between the braces.

    `figures` is the chapter's own module of functions; it may be missing. Raises ValueMistake when called.
    """
    scope = _public(ops) | (_public(load(figures)) if figures.exists() else {})

    @lru_cache(maxsize=4096)
    def evaluate(source: str, names: Names = ()) -> str:
        return _evaluate(source, scope | dict(names))

    return evaluate


def _evaluate(source: str, scope: Mapping[str, Any]) -> str:
    expression, _, style = source.partition(" : ")
    try:
        value = eval(expression.strip(), dict(scope))
        if value is None:
            raise ValueMistake(f"{{{{ {expression.strip()} }}}} gives nothing", "let its function return something")
        if isinstance(value, tuple):
            decimal = expression.strip().replace(",", ".") if DECIMAL_COMMA.match(expression) else "12.5"
            what = f"{{{{ {expression.strip()} }}}} gives {len(value)} values"
            raise ValueMistake(what, f"a decimal has a point, {decimal}; the page shows the sign of its language")
        if isinstance(value, complex):
            hint = "write abs(…) or its .real, or str(…) for the whole"
            raise ValueMistake(f"{{{{ {expression.strip()} }}}} gives a complex number", hint)
        return format(value, style.strip()) if style else _plain(value)
    except ValueMistake:
        raise
    except NameError as error:
        hint = FILTER if re.search(r"\|\s*[a-z]", expression) else meant(error.name or "", scope) or DEFINED
        raise ValueMistake(f"{error} in {{{{ {expression.strip()} }}}}", hint) from error
    except (Exception, SystemExit) as error:
        what = f"cannot compute {{{{ {source.strip()} }}}}: {type(error).__name__}: {error}"
        raise ValueMistake(what, FILTER if re.search(r"\|\s*[a-z]", expression) else "") from error


def _plain(value: Any) -> str:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        return str(value)
    return f"{int(value):,}"


def _public(module: ModuleType) -> dict[str, Any]:
    return {name: value for name, value in vars(module).items() if not name.startswith("_")}
