"""What an impatient reader does at random: runs, stops, edits, moves of instruments, tasks and fatal errors."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from bench._reader import Reader
from instruments import kit
from tests.browser.reader import LONG, Cell, cells

FATAL = (
    "import json\njson.loads('[' * 200000)",
    "import os\nos._exit(1)",
    "class A: __repr__ = lambda s: repr(s)\nprint(A())",
)


def run(reader: Reader) -> None:
    """One run; its output is its own."""
    cell, token = reader.cell(), reader.token()
    shown = reader.run(cell, f"print('{token}')")
    assert shown == f"{token}\n", f"lost: {shown[:80]!r}"


def both(reader: Reader) -> None:
    """Two runs at once, the second before the first has ended."""
    first, second = reader.chance.sample(cells(reader.page), 2)
    tokens = reader.token(), reader.token()
    for cell, token in zip((first, second), tokens, strict=True):
        reader.write(cell, f"import time\ntime.sleep(.05)\nx = '{token}'\ntime.sleep(.05)\nprint(x)")
    first.start()
    second.start()
    for cell, token in zip((first, second), tokens, strict=True):
        cell.settle()
        assert cell.output.text_content() == f"{token}\n", "lost: a run beside another"


def flood(reader: Reader) -> None:
    """More output than is shown."""
    cell, token = reader.cell(), reader.token()
    shown = reader.run(cell, f"for i in range(50_000): print(i)\nprint('{token}')")
    assert shown.startswith("0\n1\n"), "lost: the head"
    assert shown.endswith(f"49999\n{token}\n"), "lost: the tail"


def stop(reader: Reader) -> None:
    """A run without end is stopped."""
    cell, token = reader.cell(), reader.token()
    reader.write(cell, f"print('{token}')\nwhile True: pass")
    cell.start()
    expect(cell.output).to_have_text(f"{token}\n", timeout=LONG)
    cell.button("stop").click()
    expect(cell.status).to_contain_text("Stopped")
    assert cell.output.text_content() == f"{token}\n", "lost: output before a stop"


def fail(reader: Reader) -> None:
    """A run that fails tells what it printed before."""
    cell, token = reader.cell(), reader.token()
    reader.run(cell, f"print('before')\nraise ValueError('{token}')")
    expect(cell.error).to_contain_text(f"ValueError: {token}")
    assert cell.output.text_content() == "before\n", "lost: output before an error"


def original(reader: Reader) -> None:
    """The book's code gives the book's output."""
    cell = reader.cell()
    if cell.button("reset").is_enabled():
        cell.button("reset").click()
    assert cell.run() == reader.printed[cell.name], "lost: the output of the book"


def crash(reader: Reader) -> None:
    """Python is lost in a run; the next one has another."""
    cell = reader.cell()
    reader.run(cell, reader.chance.choice(FATAL))
    expect(cell.error).to_be_visible()
    assert reader.run(cell, "1 + 1") == "2\n", "lost: the run after a crash"


def move(reader: Reader) -> None:
    """One slider of one instrument; the sentence must become what CPython says."""
    sections = [each for each in reader.page.locator(".instrument").all() if _sliders(each)]
    section = reader.chance.choice(sections)
    slider = reader.chance.choice(_sliders(section))
    low, high = (int(slider.get_attribute(name) or 0) for name in ("min", "max"))
    wanted = reader.chance.randint(low, high)
    slider.fill(str(wanted))
    name, module = slider.get_attribute("name") or "", section.get_attribute("data-instrument") or ""
    request = {"state": reader.states.pop(module, {}), "set": {name: wanted}}
    answer = kit.respond(kit.load(module), request)
    shown = section.locator("[data-sentence]")
    if not reader.until(lambda: shown.text_content() == answer["sentence"], LONG):
        said = shown.text_content()
        section.locator("[data-action=reset]").click()
        raise AssertionError(f"lost: {name} = {wanted} gives {said!r}, not {answer['sentence']!r}")
    reader.states[module] = answer["state"]


def task(reader: Reader) -> None:
    """The book's solution of a task passes its check, other code does not."""
    section = reader.chance.choice(reader.page.locator("[data-exercise]:has([data-action=check])").all())
    cell, right = Cell(reader.page, f"ex-{section.get_attribute('data-exercise')}"), reader.chance.random() < 0.5
    solution = section.locator(".explanation pre").text_content() or ""
    reader.write(cell, solution if right else "x = 1")
    section.locator("[data-action=check]").click()
    verdict = "Right: it passes every check." if right else "Not yet"
    expect(section.locator("[data-verdict]")).to_contain_text(verdict, timeout=LONG)
    cell.settle()


def _sliders(section: Locator) -> list[Locator]:
    return [each for each in section.locator("input[type=range]").all() if each.is_visible() and each.is_enabled()]
