"""Mistakes in an instrument are told before the page is made, each at its line of the instrument's file."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from instruments import kit
from press.browser.bundles import Bundle
from press.execution.instrument_mistakes import declared
from press.execution.instrument_places import InstrumentPlaces
from press.site import Press
from press.text.places import AuthorErrors

ROOT = Path(__file__).resolve().parents[3]
BUNDLE = Bundle({}, "assets/main.css", "assets/main.js", "assets/theme.js", (), {})
SOUND = '''"""A square."""

from dataclasses import dataclass

from instruments import kit


@dataclass(frozen=True)
class State:
    side: int = 2
    shade: str = "dark"
    filled: bool = True


CONTROLS = (
    kit.Slider("side", "Side", 1, 9),
    kit.Choice("shade", "Shade", (kit.Option("dark", "Dark"), kit.Option("light", "Light"))),
    kit.Toggle("filled", "Filled"),
    kit.Button("turn", "Turn"),
)
REGIONS = (
    kit.Region("area", "Area", "readouts"),
    kit.Region("drawing", "Drawing", "picture"),
)


def normalise(state):
    return state


def limits(state):
    return {"turn": {"disabled": False}}


def view(state):
    return {
        "area": kit.readouts([("AREA", kit.number(state.side**2))]),
        "drawing": "",
    }


def sentence(state):
    return "A square."
'''

TWO_REGIONS = SOUND.partition("REGIONS = ")[2].partition("\n\n\n")[0]
ONE_REGION = '(kit.Region("area", "Area", "readouts"))'
SLIDER = 'kit.Slider("side", "Side", 1, 9),'
CASES = {
    "a control for a field State lacks": (
        'kit.Slider("side",',
        'kit.Slider("sidde",',
        16,
        "State has no field “sidde”, which a control sets; did you mean side?",
    ),
    "an option of another type": (
        'kit.Option("light",',
        "kit.Option(3,",
        17,
        "the choice “shade” offers 3, but its field is of type str",
    ),
    "a default that is no option": (
        'shade: str = "dark"',
        'shade: str = "grey"',
        17,
        "the choice “shade” does not offer its default, 'grey'",
    ),
    "a start on phones that is no option": (
        'kit.Option("light", "Light"))',
        'kit.Option("light", "Light")), on_phones="grey"',
        17,
        "the choice “shade” does not offer what phones begin with, 'grey'",
    ),
    "a default out of range": ("side: int = 2", "side: int = 12", 16, "the default of “side”, 12, is not from 1 to 9"),
    "a range without room": ("1, 9)", "9, 9)", 16, "the slider “side” goes from 9 to 9 in steps of 1"),
    "a slider for a text": ("side: int = 2", 'side: str = "2"', 16, "a slider cannot set “side”, a field of type str"),
    "a toggle for a number": (
        "filled: bool = True",
        "filled: int = 1",
        18,
        "a toggle cannot set “filled”, a field of type int",
    ),
    "two controls for a field": (
        'kit.Toggle("filled", "Filled")',
        'kit.Slider("side", "Again", 1, 9)',
        18,
        "two controls are for “side”",
    ),
    "two buttons for an act": (
        'kit.Toggle("filled", "Filled")',
        'kit.Button("turn", "Again")',
        19,
        "two controls are for “turn”",
    ),
    "a kind of region that is none": (
        '"Drawing", "picture"',
        '"Drawing", "pictures"',
        23,
        "there is no kind of region “pictures”; did you mean picture?",
    ),
    "two regions of one name": ('kit.Region("drawing"', 'kit.Region("area"', 23, "two regions are called “area”"),
    "a region without markup": ('        "drawing": "",\n', "", 35, "view returns nothing for the region “drawing”"),
    "markup without a region": (
        '"drawing": "",',
        '"drawing": "", "drawign": "",',
        35,
        "view returns “drawign”, which REGIONS lacks; did you mean drawing?",
    ),
    "markup that is no text": (
        '"drawing": "",',
        '"drawing": 3,',
        35,
        "view returns int for “drawing”, where text is needed",
    ),
    "a view of nothing": (
        'return {\n        "area"',
        '{\n        "area"',
        35,
        "view returns NoneType, not markup by region",
    ),
    "limits of nothing": (
        '{"turn": {',
        '{"trun": {',
        31,
        "limits names “trun”, which is no control; did you mean turn?",
    ),
    "a sentence of nothing": ('"A square."\n', '" "\n', 42, "sentence says nothing"),
    "a field without a default": ("side: int = 2", "side: int", 10, "the field “side” of State has no default"),
    "a State that is no dataclass": ("@dataclass(frozen=True)\n", "", 8, "State is no dataclass"),
    "one record without a comma": (TWO_REGIONS, ONE_REGION, 21, "REGIONS is no tuple; a tuple of one needs a comma"),
    "a record that is none": (SLIDER, '"side",', 15, "CONTROLS holds str, which is no control"),
    "an instrument without a view": ("def view(", "def show(", 15, "the instrument has no view"),
    "an exception in view": (
        "state.side**2",
        "state.size**2",
        37,
        "AttributeError: 'State' object has no attribute 'size'",
    ),
    "an exception below the kit": (
        "state.side**2",
        '"two"',
        37,
        "ValueError: Unknown format code 'f' for object of type 'str'",
    ),
    "an exception in State": ("side: int = 2", "side: Side = 2", 10, "NameError: name 'Side' is not defined"),
}
"""What is changed, by what, at which line it is told, and how."""

Told = Callable[[str], list[str]]


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """What the build says of a page with this instrument."""
    root = tmp_path / "project"
    root.mkdir()
    for name in (
        *("templates", "assets", "press", "instruments", "runtime", "node_modules"),
        *("requirements.txt", "package-lock.json"),
    ):
        (root / name).symlink_to(ROOT / name)
    content = Path(shutil.copytree(ROOT / "tests/book", tmp_path / "content"))
    block = "# A section {#demo}\n\nSee @inst:square.\n\n/// instrument | square\ntitle: Square\n\nA caption.\n///\n"
    (content / "demo" / "section.md").write_text(block, encoding="utf-8")
    monkeypatch.setattr(kit, "instruments", lambda: ("square",))
    monkeypatch.setattr(kit, "load", lambda name: importlib.import_module(f"instruments_of_test.{name}"))
    monkeypatch.syspath_prepend(str(root))

    def build(source: str) -> list[str]:
        folder = root / "instruments_of_test"
        folder.mkdir()
        (folder / "square.py").write_text(source, encoding="utf-8")
        try:
            with Press(root, content) as press:
                press.pages(lambda _: BUNDLE, {})
        except AuthorErrors as error:
            return str(error).splitlines()
        return []

    yield build
    for name in [name for name in sys.modules if name.startswith("instruments_of_test")]:
        del sys.modules[name]


def test_a_sound_instrument_is_built(told: Told) -> None:
    assert told(SOUND) == []


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_told_at_its_line(told: Told, name: str) -> None:
    old, new, line, what = CASES[name]
    assert SOUND.count(old) == 1
    assert told(SOUND.replace(old, new)) == [f"instruments_of_test/square.py:{line}: {what}"]


def test_all_mistakes_are_told_at_once(told: Told) -> None:
    source = SOUND.replace("side: int = 2", "side: int = 12").replace('"picture"', '"drawing"')
    assert [line.split(":")[1] for line in told(source)] == ["16", "23"]


@pytest.mark.parametrize("name", kit.instruments())
def test_no_instrument_of_ours_has_a_mistake(name: str) -> None:
    assert declared(InstrumentPlaces(kit.load(name), ROOT)) == []


def test_what_a_package_takes_from_its_files_is_found_there() -> None:
    places = InstrumentPlaces(kit.load("kernel_explorer"), ROOT)
    place = places.at("State", "notice")
    assert place.file == "instruments/kernel_explorer/state.py"
    line = (ROOT / place.file).read_text(encoding="utf-8").splitlines()[place.line - 1]
    assert line == '    notice: str = ""'
    assert places.at("view").file == "instruments/kernel_explorer/__init__.py"
