"""Who may import whom, beyond what the contracts in pyproject.toml say: instruments, host, and who names Pyodide."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from instruments import kit

ROOT = Path(__file__).resolve().parents[2]


def imports(path: Path) -> Iterator[str]:
    """Every module a file imports, wherever in it; `from a import b` may mean the module `a` or `a.b`, so both."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path.name}: relative imports hide who imports whom"
            yield node.module or ""
            yield from (f"{node.module}.{name.name}" for name in node.names)


def is_instrument(path: Path) -> bool:
    """An instrument is a file that defines CONTROLS, or a package whose `__init__.py` does."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    targets = [node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None) for node in body]
    return any(isinstance(target, ast.Name) and target.id == "CONTROLS" for target in targets)


def modules(folder: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).glob("**/*.py") if path.parent.name != "data")


def top(names: Iterator[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def dotted(path: Path) -> str:
    """The name Python has for a file: `instruments.labs.train_cnn`; for an `__init__.py` that of the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_in(name: str, package: str) -> bool:
    return f"{name}.".startswith(f"{package}.")


INSTRUMENTS = [dotted(path) for path in modules("instruments") if is_instrument(path)]


def test_the_instruments_looked_at_are_those_of_the_kit() -> None:
    assert {name.rpartition(".")[2] for name in INSTRUMENTS} == set(kit.instruments())


@pytest.mark.parametrize("path", modules("instruments"), ids=dotted)
def test_instruments_need_numpy_and_the_standard_library_only(path: Path) -> None:
    assert top(imports(path)) <= {"instruments", "numpy", *sys.stdlib_module_names}


@pytest.mark.parametrize("path", modules("instruments"), ids=dotted)
def test_an_instrument_is_imported_by_its_own_files_alone(path: Path) -> None:
    others = [instrument for instrument in INSTRUMENTS if not is_in(dotted(path), instrument)]
    assert not [name for name in imports(path) for other in others if is_in(name, other)]


@pytest.mark.parametrize("path", modules("runtime"), ids=lambda path: path.stem)
def test_the_host_imports_instruments_only(path: Path) -> None:
    """And matplotlib in the folder for it, which is not in every browser's Python."""
    more = {"matplotlib"} if path.parent.name == "figures" else set()
    assert top(imports(path)) <= {"instruments", "runtime", "numpy", "js", "pyodide", *more, *sys.stdlib_module_names}


@pytest.mark.parametrize("path", [ROOT / "dev.py", *modules("devtools")], ids=lambda path: path.stem)
def test_devtools_need_the_standard_library_only(path: Path) -> None:
    assert top(imports(path)) <= {"devtools", *sys.stdlib_module_names}


def test_one_script_names_pyodide() -> None:
    scripts = {path.name: path.read_text(encoding="utf-8").lower() for path in (ROOT / "runtime").glob("**/*.js")}
    assert [name for name, text in scripts.items() if "pyodide" in text] == ["worker.js"]
