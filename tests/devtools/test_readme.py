"""The README's examples, taken from the README and run."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from instruments import kit
from press import site
from press.browser.bundles import Bundle
from press.text.places import AuthorErrors

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BUNDLE = Bundle({}, "assets/main.css", "assets/main.js", "assets/theme.js", (), {})


def fence(language: str, ticks: str = "```") -> str:
    """The text of the README's first fence of a language."""
    match = re.search(rf"^{ticks}{language}\n(.*?)^{ticks}$", README, re.MULTILINE | re.DOTALL)
    assert match
    return match[1]


@pytest.fixture
def instrument(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    path = tmp_path / "window_counter.py"
    outside = README.replace(fence("markdown", "````"), "")
    match = re.search(r"^```python\n(.*?)^```$", outside, re.MULTILINE | re.DOTALL)
    assert match
    path.write_text(match[1], encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, path.stem, module)
    spec.loader.exec_module(module)
    return module


def test_the_instrument_counts(instrument: ModuleType) -> None:
    assert "<dd>7</dd>" in kit.respond(instrument, {})["regions"]["count"]
    answer = kit.respond(instrument, {"set": {"n": 3, "k": 9}})
    assert answer["state"] == {"n": 3, "k": 3}
    assert answer["sentence"] == "A row of 3 pixels has room for 1 windows of 3."


def test_the_half_page_becomes_a_page(instrument: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "instruments", lambda: ("window_counter",))
    monkeypatch.setattr(kit, "load", lambda _: instrument)
    content = Path(shutil.copytree(ROOT / "tests/book", tmp_path / "content"))
    (content / "demo/section.md").write_text(fence("markdown", "````"), encoding="utf-8")
    shutil.copytree(ROOT / "tests/pages/figure/pictures", content / "demo/pictures")
    page = site.pages(ROOT, content, BUNDLE, {})["demo/index.html"]
    assert isinstance(page, bytes)
    for words in (
        "EQ T1.1",
        "CELL 1.1",
        "EXERCISE 1.1",
        "INSTRUMENT T1.1",
        "FIG 1.1",
        "5 -&gt; 28",
        "the last k was 5",
        "$. Works",
        'href="#term-kernel"',
    ):
        assert words in page.decode(), words
    assert 'data-answer="28"' in page.decode()


def test_the_report_shown_is_the_report_made(tmp_path: Path) -> None:
    content = Path(shutil.copytree(ROOT / "tests/book", tmp_path / "content"))
    section = "# T {#t}\n\n/// equation | max-pooling\ntitle: T\n\nx\n\nc\n///\n\nSee @eq:maxpooling.\n"
    (content / "demo/section.md").write_text(section, encoding="utf-8")
    with pytest.raises(AuthorErrors) as error:
        site.pages(ROOT, content, BUNDLE, {})
    shown = fence("text").strip().partition(": ")[2]
    assert str(error.value) == f"content/demo/section.md:11: {shown}"


def test_every_folder_is_in_the_layout_list() -> None:
    listed = set(re.findall(r"`([\w.*]+?)/?`", README.partition("## What lies where")[2]))
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    folders = {name.partition("/")[0] for name in tracked.splitlines() if "/" in name and not name.startswith(".")}
    assert folders <= listed
    assert [name for name in listed - {"nn", "kit"} if not list(ROOT.glob(name))] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_link_to_a_file_leads_somewhere(name: str) -> None:
    prose = re.sub(r"^(`{3,}).*?^\1$", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\(([^)#:]+)\)", prose)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
