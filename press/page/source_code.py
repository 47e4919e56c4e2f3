"""The Python behind the pictures as pages: whoever asks how something was drawn reads the file that drew it."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment

from press.book.model import Book
from press.browser.bundles import Bundle
from press.page import render

FOLDER = "code"
LABS = "labs"


def pages(templates: Environment, book: Book, bundle: Bundle, root: Path) -> dict[str, bytes]:
    """A page for every Python file of the instruments, by its address in the site: `code/kernel_explorer.html`.

    The page of a package shows its `__init__.py` and leads to the files beside it.
    """
    folder = root / "instruments"
    made = {}
    for path in sorted(folder.rglob("*.py")):
        beside = sorted(path.parent.glob("*.py")) if path.stem == "__init__" and path.parent != folder else []
        made[f"{FOLDER}/{_address(path, folder)}"] = render.code_page(
            templates,
            book,
            path.relative_to(root).as_posix(),
            path.read_text(encoding="utf-8"),
            {other.name: _address(other, folder) for other in beside if other != path},
            bundle,
        ).encode()
    return made


def _address(path: Path, folder: Path) -> str:
    """`kit-grid.html` for a module, `kit.html` for a package; a lab's is named without its folder."""
    parts = path.relative_to(folder).with_suffix("").parts
    if parts[-1] == "__init__":
        parts = parts[:-1] or (folder.name,)
    if parts[0] == LABS and len(parts) > 1:
        parts = parts[1:]
    return "-".join(parts) + ".html"
