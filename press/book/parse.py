"""An author's file -> a section: its title and its blocks. What is not understood becomes a mistake with its place.

Labels, TeX and Markdown stay as typed; they are looked at further down the line.
"""

from __future__ import annotations

import re

from press.blocks import KINDS
from press.blocks.block import Block
from press.book.model import Section
from press.text.foreign.fences import BLOCKS
from press.text.foreign.told import first
from press.text.options import BlockSource, check_name, check_plain, read_block, read_fence
from press.text.places import Mistake, Place, Text
from press.text.scanner.comments import invisible, without_comments
from press.text.split import Piece, split
from press.text.suggestion import meant

TITLE = re.compile(r"^#\s+(?P<title>.+?)\s*\{#(?P<name>[^}]*)\}\s*$")
OPENED = {word: kind for word, kind in KINDS.items() if kind.typed == "slashes"}


def section(source: str, file: str) -> tuple[Section, list[Mistake]]:
    """One markdown file as a section, with every mistake in it."""
    mistakes = list(invisible(source, file))
    lines = _without_settings(without_comments(source).split("\n"), file, mistakes)
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    place = Place(file, first + 1)
    heading = TITLE.match(lines[first])
    if heading is None:
        mistakes.append(Mistake(place, "a section begins with its title", "write # Title {#name}"))
    title, name = (heading["title"], heading["name"]) if heading else ("", "")
    if heading:
        check_name(name, place, mistakes)
        check_plain(Text(place, title), "a section", "", mistakes)
    pieces, split_mistakes = split(
        lines[first + 1 :] if heading else lines, place.below(1) if heading else Place(file, 1)
    )
    blocks = tuple(block for piece in pieces if (block := _block(piece, mistakes)) is not None)
    return Section(place, name, title, blocks), mistakes + split_mistakes


def _without_settings(lines: list[str], file: str, mistakes: list[Mistake]) -> list[str]:
    """Blank lines in place of what other tools write between --- or +++ at the top of a file."""
    mark = lines[0].rstrip()
    end = next((n for n, line in enumerate(lines[1:], start=1) if line.rstrip() == mark), None)
    if mark not in ("---", "+++") or end is None:
        return lines
    hint = "the title stands in the first line, # Title {#name}, the rest in chapter.toml"
    mistakes.append(Mistake(Place(file, 1), "a section has no settings at its top", hint))
    return [""] * (end + 1) + lines[end + 1 :]


def _block(piece: Piece, mistakes: list[Mistake]) -> Block | None:
    if piece.sort == "prose":
        text = Text(piece.place, "\n".join(piece.lines))
        return KINDS["prose"].read(BlockSource(piece.place, "", {}, {}, text), mistakes)
    if piece.sort == "cell":
        source = read_fence(piece, "cell", KINDS["cell"].options, mistakes)
        check_name(source.name, piece.place, mistakes)
        return KINDS["cell"].read(source, mistakes)
    word, _, name = (part.strip() for part in piece.head.partition("|"))
    if word not in OPENED:
        found = first(BLOCKS, word.lower())
        hint = found.hint if found else meant(word, OPENED)
        mistakes.append(Mistake(piece.place, f"unknown block “{word}”", hint))
        return None
    check_name(name, piece.place, mistakes)
    return OPENED[word].read(read_block(piece, word, name, OPENED[word].options, mistakes), mistakes)
