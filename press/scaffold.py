"""`build.py new`: a chapter, an instrument or a lab that builds at once, to be changed into one's own."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

from press.book import read
from press.book.model import Entry
from press.text.options import NAME

SKELETONS = Path(__file__).with_name("skeletons")
CHAPTER = ("chapter.toml", "1-introduction.md", "figures.py")
BLOCK = "/// {kind} | {name}\ntitle: {title}\n\nWhat to try and what to notice. Refer to it as @{label}:{name}.\n///"
LABELS = {"instrument": "inst", "lab": "lab"}


class CannotMake(Exception):
    """One sentence that says why nothing was made."""


def chapter(root: Path, name: str) -> list[Path]:
    """Makes the chapter's folder and gives it its place in book.toml; the files made or changed. Raises CannotMake."""
    folder, settings = root / "content" / name, root / "content" / "book.toml"
    _check(name, folder)
    book, _, _ = read.book(root / "content")
    if book is None:
        raise CannotMake("content/book.toml cannot be read; build.py build says why")
    entry = next((entry for entry in book.entries if not entry.folder and _slug(entry.title) == name), None)
    source = settings.read_text(encoding="utf-8")
    if entry is None:
        entry = Entry(f"{len(book.entries) + 1:02d}", _title(name))
        at = [match.end() for match in re.finditer(r"^\[\[chapters\]\]\n(?:\w.*\n)*", source, re.MULTILINE)][-1]
        added = f'\n[[chapters]]\nnumber = "{entry.number}"\ntitle = "{entry.title}"\nfolder = "{name}"\n'
        source = source[:at] + added + source[at:]
    else:
        line = f'title = "{entry.title}"\n'
        source = source.replace(line, f'{line}folder = "{name}"\n', 1)
    number = int(entry.number)
    words = {
        "number": entry.number,
        "prefix": f"N{number}",
        "title": entry.title,
        "before": f"{number - 1:02d}",
    }
    made = [_write(folder / file, file, words) for file in CHAPTER]
    (folder / "references.bib").write_text("", encoding="utf-8")
    settings.write_text(source, encoding="utf-8", newline="\n")
    return [settings, *made, folder / "references.bib"]


def instrument(root: Path, name: str) -> list[Path]:
    """Makes an instrument and its test; the files made. Raises CannotMake."""
    module = _free(root, name)
    words = {**_words(name), "imports": ", ".join(sorted((module, "kit")))}
    file, test = root / "instruments" / f"{module}.py", root / "tests" / "instruments" / f"test_{module}.py"
    return [_write(file, "instrument.py", words), _write(test, "test_instrument.py", words)]


def lab(root: Path, name: str) -> list[Path]:
    """Makes an instrument that works step by step, and its test; the files made. Raises CannotMake."""
    module = _free(root, name)
    file, test = root / "instruments" / "labs" / f"{module}.py", root / "tests" / "labs" / f"test_{module}.py"
    return [_write(file, "lab.py", _words(name)), _write(test, "test_lab.py", _words(name))]


def block(kind: str, name: str) -> str:
    """What an author writes to show an instrument or a lab."""
    return BLOCK.format(kind=kind, label=LABELS[kind], name=name, title=_words(name)["title"])


def _free(root: Path, name: str) -> str:
    """The module's name, which no instrument and no lab has yet. Raises CannotMake."""
    module = name.replace("-", "_")
    for folder in (root / "instruments", root / "instruments" / "labs"):
        _check(name, folder / module)
        _check(name, folder / f"{module}.py")
    return module


def _words(name: str) -> dict[str, str]:
    return {"title": _title(name).capitalize(), "module": name.replace("-", "_")}


def _check(name: str, place: Path) -> None:
    if not NAME.match(name):
        raise CannotMake(f"“{name}” is not a name: use small letters, digits and hyphens, as in sequence-models")
    if place.exists():
        raise CannotMake(f"there is {place.parent.name}/{place.name} already")


def _write(path: Path, skeleton: str, words: dict[str, str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = Template((SKELETONS / f"{skeleton}.txt").read_text(encoding="utf-8")).safe_substitute(words)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _title(name: str) -> str:
    return name.replace("-", " ").title()
