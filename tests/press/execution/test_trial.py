"""An author's Python that never ends, or ends Python, is a mistake at its line, and the next build goes on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from instruments.kit import answer
from press.browser.bundles import Bundle
from press.execution import trial
from press.site import Press
from press.text.places import AuthorErrors

ROOT = Path(__file__).resolve().parents[3]
BUNDLE = Bundle({}, "assets/main.css", "assets/main.js", "assets/theme.js", (), {})
FOREVER = "while True:\n    pass\n"


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(trial, "SECONDS", 5)
    return Path(shutil.copytree(ROOT / "tests" / "book", tmp_path / "content"))


@pytest.fixture
def press(content: Path) -> Iterator[Press]:
    with Press(ROOT, content) as press:
        yield press


def told(press: Press, content: Path, text: str = "Text.") -> list[str]:
    """What a build says of a section with such a text."""
    (content / "demo" / "section.md").write_text(f"# Title {{#demo}}\n\n{text}\n", encoding="utf-8")
    try:
        press.pages(lambda _: BUNDLE, {})
    except AuthorErrors as error:
        return [str(mistake) for mistake in error.mistakes]
    return []


VALUES = {
    "{{ 10**10**10 }}": "{{ 10**10**10 }} did not end within 5 s",
    "{{ sum(iter(int, 1)) }}": "{{ sum(iter(int, 1)) }} did not end within 5 s",
    "{{ exit() }}": "cannot compute {{ exit() }}: SystemExit: None",
    "{{ __import__('os')._exit(0) }}": "{{ __import__('os')._exit(0) }} ended Python",
    "{{ slow(3) }}": "{{ slow(3) }} did not end within 5 s, at content/demo/figures.py:5",
}


@pytest.mark.parametrize("value", VALUES)
def test_a_value_that_never_comes_is_named_at_its_line(press: Press, content: Path, value: str) -> None:
    figures = "def slow(n):\n    return later(n)\n\ndef later(n):\n    while n: pass\n"
    (content / "demo" / "figures.py").write_text(figures, encoding="utf-8")
    assert told(press, content, f"One.\n\nTwo {value}.") == [f"content/demo/section.md:5: {VALUES[value]}"]
    assert told(press, content, "One {{ 6 * 7 }}.") == []


def test_after_a_value_that_never_comes_no_other_is_waited_for(press: Press, content: Path) -> None:
    text = "One {{ 1 + 1 }}, two {{ sum(iter(int, 1)) }}, three {{ sum(iter(int, 2)) }}."
    assert told(press, content, text) == [
        "content/demo/section.md:3: {{ sum(iter(int, 1)) }} did not end within 5 s",
        "content/demo/section.md:3: {{ sum(iter(int, 2)) }} was not tried; {{ sum(iter(int, 1)) }} comes before it",
    ]


@pytest.mark.parametrize("file", ["figures.py", "cover.py"])
def test_a_file_that_never_ends_is_named_at_its_line(press: Press, content: Path, file: str) -> None:
    path = content / "demo" / file
    path.write_text(f"x = 1\n\n{FOREVER}", encoding="utf-8")
    (mistake,) = told(press, content)
    assert mistake in {f"content/demo/{file}:{line}: {file} did not end within 5 s" for line in (3, 4)}
    path.unlink()
    assert told(press, content) == []


def test_an_instrument_that_never_ends_is_named_at_its_line(
    press: Press, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = (ROOT / "press/skeletons/instrument.py.txt").read_text(encoding="utf-8")
    body = source.replace("$title", "Endless").replace("$module", "endless_trial")
    head = "def normalise(state: State) -> State:\n"
    assert head in body
    path = ROOT / "instruments" / "endless_trial.py"
    block = "/// instrument | endless-trial\ntitle: Endless\n\nIt turns.\n///"
    try:
        path.write_text(body.replace(head, f"{head}    while True: state = state\n"), encoding="utf-8")
        answer._paths.cache_clear()
        line = path.read_text(encoding="utf-8").splitlines().index("    while True: state = state") + 1
        what = "the instrument endless-trial did not end within 5 s"
        assert told(press, content, block) == [f"instruments/endless_trial.py:{line}: {what}"]
    finally:
        path.unlink()
        answer._paths.cache_clear()
