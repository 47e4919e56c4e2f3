"""What may cost a reader their work: somebody's code, saved files, a second tab, a full disk."""

from __future__ import annotations

import json
import time

from playwright.sync_api import expect

from bench._reader import Reader, earlier, shows
from tests.browser.faults.test_links import packed
from tests.browser.reader import PASTE, Cell, cells
from tests.browser.walls.attacks import EMIT, PORTS, STEAL, chain
from tests.browser.walls.test_chain import REGIONS
from tests.browser.walls.test_kept import FILL, FREE, bring, choose, exported

ATTACKS = {
    EMIT + "while True: emit('x' * 10**6, '', 0, 0)": "The page ended Python",
    EMIT + "while True: emit('x', '', 0, 0)": "The page ended Python",
    PORTS + "while True: tell(1)": "The page ended Python",
    PORTS + "tell('x' * (5 * 10**7))\nwhile True: pass": "The page ended Python",
    STEAL + "raise ValueError('all locks taken')": "all locks taken",
    "import os\nos._exit(1)": "Python",
}
"""Somebody's code, and what is said of it."""

LATER = f"""(editor, [text, at]) => {{
  const paste = {PASTE};
  setTimeout(() => paste(editor, text), at - Date.now());
}}"""
STORED = """([name, text]) => Object.entries(localStorage).some(([key, value]) =>
  key.endsWith(` cell ${name}`) && value.includes(text.split('\\n')[0]))"""
LARGE = f"# {'x' * 148}\n" * 60
"""Takes more room than a few earlier versions, and is short enough to be drawn as a whole."""
SOON = 500
"""Milliseconds from the order to two tabs until both write."""


def link(reader: Reader) -> None:
    """Somebody's code in a cell: run or not, then kept, given back or written over."""
    cell, token = _shared(reader), reader.token()
    mine = reader.write(cell, "1 + 1")
    _follow(reader, cell, f"print('{token}')")
    if reader.chance.random() < 0.5:
        cell.start()
        cell.settle()
        assert cell.output.text_content() == f"{token}\n", "lost: the output of a link's code"
    end = reader.chance.choice(("Keep it", "Back to what was here", "edit"))
    if end == "edit":
        reader.write(cell, "2 + 2")
    else:
        choose(cell, end)
    if end == "Back to what was here":
        shows(cell, mine)
    else:
        assert earlier(cell, mine), "lost: what a link replaced"


def attack(reader: Reader) -> None:
    """Somebody's code that floods or attacks; then the reader's own again, which runs."""
    cell, token = _shared(reader), reader.token()
    mine = reader.write(cell, f"print('{token}')")
    code, said = reader.chance.choice([*ATTACKS.items(), (_chain(reader), "")])
    _follow(reader, cell, code)
    cell.start()
    cell.settle()
    if said:
        expect(cell.error).to_contain_text(said)
    choose(cell, "Back to what was here")
    shows(cell, mine)
    assert cell.run() == f"{token}\n", "lost: the run after an attack"
    assert reader.elsewhere.heard == [], "lost: another origin was asked"


def file(reader: Reader) -> None:
    """A file with another text of a cell is brought back, and undone or kept."""
    cell, page = reader.cell(), reader.page
    reader.write(cell, "1 + 1")
    work = exported(page, reader.folder)
    theirs = f"# {reader.token()}\nfrom_a_file = 1"
    work["entries"][f"cell {cell.name}"] |= {"text": f"{theirs}\n"}  # type: ignore[operator]
    mine = reader.write(cell, "2 + 2")
    bring(page, json.dumps(work).encode())
    shows(cell, theirs)
    expect(cell.notice).to_contain_text("came with a file")
    if reader.chance.random() < 0.5:
        page.locator("[data-memory] [data-status] button").click()
        shows(cell, mine)
    else:
        choose(cell, "Keep it")
        assert earlier(cell, mine), "lost: what a file replaced"


def twin(reader: Reader) -> None:
    """A second tab writes in the same cell: after the first one, at the same time, or takes the book's code."""
    cell = reader.cell()
    there = Cell(reader.other(), cell.name)
    mine = reader.write(cell, "1 + 1")
    shows(there, mine)
    how = reader.chance.choice((_in_turn, _at_once, _reset_there))
    how(reader, cell, there)


def _in_turn(reader: Reader, cell: Cell, there: Cell) -> None:
    mine = cell.source()
    there.page.bring_to_front()
    theirs = reader.write(there, "2 + 2")
    cell.page.bring_to_front()
    shows(cell, theirs)
    assert earlier(cell, mine), "lost: what another tab replaced"


def _at_once(reader: Reader, cell: Cell, there: Cell) -> None:
    texts = [reader.mark(cell, f"{n} + {n}") for n in (3, 4)]
    for place in (cell, there):
        if not place.code.locator(".cm-content").count():
            place.code.click(position={"x": 40, "y": 20})
        place.code.locator(".cm-content").press("ControlOrMeta+a")
    at = time.time() * 1000 + SOON
    for place, text in zip((cell, there), texts, strict=True):
        place.code.locator(".cm-content").evaluate(LATER, [text, at])
    agreed = reader.until(lambda: cell.source() == there.source() and cell.source() in texts)
    assert agreed, f"lost: two tabs disagree: {cell.source()!r}, {there.source()!r}"
    for text in texts:
        assert reader.until(lambda text=text: reader.finds(cell.name, text)), "lost: one of two texts"  # type: ignore[misc]


def _reset_there(reader: Reader, cell: Cell, there: Cell) -> None:
    mine = cell.source()
    there.page.bring_to_front()
    there.button("reset").click()
    cell.page.bring_to_front()
    assert reader.until(lambda: cell.source() == there.source() != mine), "lost: Reset in another tab"
    assert earlier(there, mine), "lost: what Reset in another tab replaced"


def full(reader: Reader) -> None:
    """Another project of the origin fills the disk: what is not kept is told; with room again all is kept."""
    some = reader.chance.sample(cells(reader.page), 4)
    for cell in some:
        reader.write(cell, "pass")
    try:
        told = any(_told_beside_a_full_disk(reader, cell) for cell in some)
    finally:
        reader.page.evaluate(FREE)
    assert told, "no edit was told to be unkept"
    for cell in some:
        mine = reader.write(cell, "'there is room again'")
        assert reader.page.evaluate(STORED, [cell.name, mine]), "lost: an edit after the disk was full"
    expect(reader.page.locator("[data-unkept]")).to_have_count(0)


def _told_beside_a_full_disk(reader: Reader, cell: Cell) -> bool:
    """Whether an edit was told to be unkept; it is kept where earlier versions gave way to it."""
    token = reader.token()
    reader.page.evaluate(FILL)
    mine = reader.write(cell, LARGE + f"print('{token}')")
    told, kept = cell.figure.locator("[data-unkept]"), [cell.name, mine]
    if not reader.until(lambda: told.count() == 1 or reader.page.evaluate(STORED, kept)):
        raise AssertionError("lost: an edit neither kept nor told")
    assert cell.run() == f"{token}\n", "lost: a run beside a full disk"
    shows(cell, mine)
    if told.count():
        expect(told).to_contain_text("storage is full")
    return bool(told.count())


def _follow(reader: Reader, cell: Cell, code: str) -> None:
    anchor = cell.figure.get_attribute("id")
    reader.page.evaluate("hash => { location.hash = hash }", f"{anchor}?code={packed(code)}")
    head = code.split("\n")[:3]
    assert reader.until(lambda: cell.source().split("\n")[:3] == head), "lost: code of a link"
    expect(cell.notice).to_contain_text("This code came with the link")


def _shared(reader: Reader) -> Cell:
    """A cell that links can name."""
    return reader.chance.choice([cell for cell in cells(reader.page) if cell.figure.get_attribute("id")])


def _chain(reader: Reader) -> str:
    section = reader.page.locator(".instrument").first
    return chain(reader.elsewhere.url, section.evaluate(REGIONS))
