"""The Python behind the pictures as pages: whoever asks how something was drawn reads the file that drew it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment

from press.book.model import Book
from press.browser.bundles import Bundle
from press.page import render

FOLDER = "code"


def pages(templates: Environment, book: Book, bundle: Bundle, root: Path) -> dict[str, bytes]:
    """A page for every Python file of the instruments, by its address in the site: `code/kernel_explorer.html`."""
    return {
        f"{FOLDER}/{name}.html": render.code_page(templates, book, path, source, bundle).encode()
        for name, path, source in _files(root)
    }


def _files(root: Path) -> Iterator[tuple[str, str, str]]:
    """Address, path as the project has it, and text of each file."""
    folder = root / "instruments"
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        in_labs = parts[0] == "labs" and path.stem != "__init__"  # a lab's page is named for its module alone
        yield "-".join(parts[in_labs:]), path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
