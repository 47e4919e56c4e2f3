"""Modules that code for readers imports and their Python does not have, each at its line; nothing is run.

The build's own Python has more: what its tests need, what the system brings. A cell that uses it would run here and
fail in every browser.
"""

from __future__ import annotations

import ast
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path

from press.browser import distribution
from press.browser.environments import MATPLOTLIB
from press.execution.dependencies import Sources
from press.text.places import Mistake, Place, Text

ROOT = Path(__file__).resolve().parents[2]
STDLIB = Path("node_modules/pyodide/python_stdlib.zip")
COMPILED = frozenset(
    [
        *("array", "atexit", "binascii", "builtins", "cmath", "errno", "faulthandler", "fcntl", "gc", "itertools"),
        *("marshal", "math", "mmap", "posix", "pyexpat", "select", "sys", "termios", "time", "unicodedata", "zlib"),
    ]
)
"""Modules that are part of Pyodide's WebAssembly and stand in no list of files; a test asks Pyodide for them."""
BESIDES = ("numpy", "instruments", "runtime", "__future__")
PLOTTING = frozenset(MATPLOTLIB.imports)
"""What cells can import besides; instruments run where it is not."""
USELESS = {
    "multiprocessing": "Python in a page has a single process",
    "subprocess": "other programs cannot be started from a page",
}
"""Modules that can be imported there and do nothing."""
GUARDS = ("ImportError", "ModuleNotFoundError", "Exception")


@cache
def modules(root: Path) -> frozenset[str]:
    """The names of all modules that a reader's Python can import."""
    with zipfile.ZipFile(root / STDLIB) as files:
        listed = {name.partition("/")[0].removesuffix(".py").removesuffix(".pyc") for name in files.namelist()}
    return frozenset({*listed, *COMPILED, *BESIDES})


def in_cells(codes: Iterable[Text], root: Path, listed: Iterable[str] = ()) -> Iterator[Mistake]:
    """What code of cells and tasks imports in vain; `listed` are modules that the chapter's own packages bring."""
    return _in_code(codes, modules(root) | PLOTTING | {*listed}, partial(_to_list, root, tuple(listed)))


def imported(codes: Iterable[str]) -> frozenset[str]:
    """The top names of all that code imports, anywhere in it."""
    return frozenset(name for code in codes for _, name, _ in _imports(code))


def plots(codes: Iterable[str]) -> bool:
    """Whether code imports, anywhere in it, what the Python with matplotlib is for."""
    return not imported(codes).isdisjoint(distribution.modules_that_plot(ROOT))


def _in_code(codes: Iterable[Text], known: frozenset[str], hint: Callable[[str], str]) -> Iterator[Mistake]:
    for code in codes:
        for line, name, guarded in _imports(code.source):
            if guarded:
                continue
            place = code.place.below(line - 1)
            if name in USELESS:
                yield Mistake(place, f"{name} does nothing for readers: {USELESS[name]}")
            elif name not in known:
                yield Mistake(place, f"readers' Python has no module “{name}”", hint(name))


def _to_list(root: Path, listed: tuple[str, ...], name: str) -> str:
    """How to bring a module to cells, if it can be brought, and else what there is."""
    found = next((each.name for each in distribution.packages(root).values() if name in each.imports), "")
    return f'list "{found}" in packages in chapter.toml' if found else _have(listed)


def _have(listed: tuple[str, ...] = ()) -> str:
    own = ", ".join(("matplotlib", *listed))
    return f"readers have Python's standard library, numpy, in cells {own}, and what lies in instruments/"


def in_instrument(module: str, sources: Sources, root: Path) -> Iterator[Mistake]:
    """What an instrument, `instruments.tile_counter`, and all of the project that it rests on import in vain."""
    for path in sorted(sources.reached(f"import {module}")):
        if path.suffix == ".py":
            place = Place(path.relative_to(root).as_posix(), 1)
            yield from _in_code([Text(place, path.read_text(encoding="utf-8"))], modules(root), lambda _: _have())


@cache
def _imports(code: str) -> tuple[tuple[int, str, bool], ...]:
    """Lines and top names of the modules that code imports, and whether it provides for their absence.

    Kept, because what several instruments rest on is asked for by each.
    """
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()  # whoever runs it says so
    guarded = {id(node) for each in ast.walk(tree) for part in _guarded(each) for node in ast.walk(part)}
    return tuple(
        (node.lineno, name.partition(".")[0], id(node) in guarded)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in _names(node)
    )


def _names(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if node.module and not node.level else []


def _guarded(node: ast.AST) -> list[ast.stmt]:
    """Statements in which an import may fail: in a try that catches it, or for a type checker's eyes only."""
    if isinstance(node, ast.If):
        return node.body if ast.unparse(node.test).endswith("TYPE_CHECKING") else []
    if not isinstance(node, ast.Try):
        return []
    caught = (handler.type for handler in node.handlers)
    return (
        node.body if any(each is None or any(name in ast.unparse(each) for name in GUARDS) for each in caught) else []
    )
