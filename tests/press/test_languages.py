"""Every word of the page's own stands in the catalogue, in every language, and is said nowhere else."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from languages import make_types
from press import site
from press.blocks import KINDS
from press.browser.bundles import Bundle
from press.text.languages import catalogue
from press.text.languages.words import Words
from press.text.places import Mistake, Place, Text
from runtime.python import errors
from tests.languages.probe import CONTENT, speak, square

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = Bundle({}, "assets/main.css", "assets/main.js", "assets/theme.js", (), {})
NAMES = re.compile(r"BibTeX|PDF|CC BY 4\.0|doi:|(?i:tiny (square|first))|The area is")
"""What is called so in all languages, and what the instrument, which is the author's, is called and says."""
SILENT = {"code", "kbd", "pre", "script", "style", "math", "svg"}
SHOWN = ("aria-label", "title", "placeholder", "alt")


def known(tag: str) -> Words:
    mistakes: list[Mistake] = []
    words = catalogue.words(Text(Place("book.toml", 4), tag), mistakes)
    assert mistakes == []
    return words


@pytest.mark.parametrize("name", ["de", "en", "es", "fr"])
def test_a_language_has_all_words(name: str) -> None:
    assert known(name).table.keys() == catalogue.english().table.keys()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('stop = "Anhalten"\n', "", "“cell.stop” is missing; in English it is “Stop”"),
        ('stop = "Anhalten"', 'halt = "Anhalten"\nstop = "Anhalten"', "“cell.halt” is a word that no page has"),
        ('stop = "Anhalten"', 'stop = ""', "“cell.stop” is empty"),
        (
            'solved = "Gelöste Aufgaben: {solved} von',
            'solved = "Gelöste Aufgaben: {count} von',
            "write {all}, {solved}",
        ),
        ('search = "Suchen"', "search = Suchen", "not TOML"),
    ],
)
def test_a_word_that_is_wrong_is_told_at_its_line(
    old: str, new: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(catalogue.FOLDER, tmp_path / "languages")
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path / "languages")
    german = tmp_path / "languages" / "de.toml"
    before = german.read_text(encoding="utf-8")
    german.write_text(before.replace(old, new, 1), encoding="utf-8")
    mistakes: list[Mistake] = []
    catalogue.words(Text(Place("book.toml", 4), "de"), mistakes)
    (mistake,) = mistakes
    assert told in str(mistake)
    line = before[: before.index(old)].count("\n") + 1
    section = before[: before.rindex("\n[", 0, before.index(old))].count("\n") + 2
    assert (mistake.place.file, mistake.place.line) == ("languages/de.toml", section if "missing" in told else line)


def test_a_region_speaks_as_its_language_does() -> None:
    swiss = known("de-CH")
    assert (swiss.tag, swiss("cell.run")) == ("de-CH", known("de")("cell.run"))


def test_numbers_and_plurals_follow_the_language() -> None:
    english, german, french = known("en"), known("de"), known("fr")
    assert english.figures("1,024.5") == "1,024.5"
    assert german.figures("1,024.5 of 0.25, Python 3.11.5, x1.5") == "1.024,5 of 0,25, Python 3.11.5, x1.5"
    assert french.figures("12,345") == "12\u202f345"
    assert [german("exercise.points", n) for n in (0, 0.5, 1, 2)] == ["0 Punkte", "0,5 Punkte", "1 Punkt", "2 Punkte"]
    assert [french("exercise.points", n) for n in (0, 1.5, 2)] == ["0 point", "1,5 point", "2 points"]
    assert (english.within("CELL 2.1"), german.within("ZELLE 2.1")) == ("cell 2.1", "Zelle 2.1")


def named() -> Iterator[tuple[str, str]]:
    """Each word that a template, the builder or a script says, and where."""
    python = re.compile(r"""(?:words|own|\w\.words)\(\s*f?["'](\w+\.[\w{}.]+)["']""")
    other = re.compile(r'"((?:exercise|question|reference|download|site|cell)\.\w+)"')
    for path in (*ROOT.glob("templates/**/*.html"), *ROOT.glob("press/**/*.py")):
        text = path.read_text(encoding="utf-8")
        yield from ((name, path.name) for name in {*python.findall(text), *other.findall(text)})
    for path in ROOT.glob("runtime/**/*.js"):
        for name in re.findall(r"\bWORDS\.(\w+\.\w+)", path.read_text(encoding="utf-8")):
            yield name, path.name


def test_every_word_that_is_said_is_in_the_catalogue_and_no_other() -> None:
    said = {re.sub(r"\{.*\}", "", name) for name, _ in named()}
    table = {re.sub(r"\.(one|other)$", "", name) for name in catalogue.english().table}
    begun = tuple(name for name in said if name.endswith((".", "_")))
    marks = {name for name in table if name.startswith("language.")}
    assert {name for name in said if name not in table and not name.endswith((".", "_"))} == set()
    assert {name for name in table - said - marks if not name.startswith(begun)} == set()


def test_the_types_of_words_are_those_of_the_catalogue() -> None:
    assert make_types.TYPES.read_text(encoding="utf-8") == make_types.types(), "run languages/make_types.py"


def test_python_s_own_words_are_those_of_the_catalogue() -> None:
    words = catalogue.english().table
    assert {f"hint.{name}": sentence for name, sentence in errors.WORDS.items()} == {
        name: words[name] for name in words if name.startswith("hint.")
    }


def test_python_says_what_is_wrong_in_the_language_of_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    german = {
        name.removeprefix("hint."): words for name, words in known("de").table.items() if name.startswith("hint.")
    }
    monkeypatch.setattr(errors, "WORDS", german)
    told = errors.explain(ModuleNotFoundError("No module named 'torch'", name="torch"), ())
    assert told.hint.startswith("„torch“ gibt es in dieser Seite nicht: Zellen haben Pythons Standardbibliothek, numpy")


class Reader(HTMLParser):
    """Everything that a page says, in order: texts and what elements are called; code and formulas left out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.called: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        about = dict(attrs)
        self.called += [value for name, value in attrs if name in SHOWN and value]
        self.called += [about["content"] or ""] if about.get("name") == "description" else []

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        self.texts += [] if self._silent else [data]


def unknown(text: str) -> list[str]:
    """The words in Latin letters outside of brackets."""
    depth, outside = 0, ""
    for letter in text:
        depth += (letter == "⟦") - (letter == "⟧")
        outside += letter if depth == 0 and letter != "⟧" else " "
    return re.findall(r"[A-Za-z]{2,}", NAMES.sub("", outside))


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    speak(tmp_path, monkeypatch)
    square(monkeypatch)
    made = site.pages(ROOT, CONTENT, BUNDLE, {})
    return {name: page.decode() for name, page in made.items() if isinstance(page, bytes) and not name.endswith(".png")}


def test_no_page_says_a_word_that_is_not_in_the_catalogue(pages: dict[str, str]) -> None:
    section = (CONTENT / "probe" / "probe.md").read_text(encoding="utf-8")
    assert {kind for kind in KINDS if f"/// {kind} |" in section} == KINDS.keys() - {"cell", "prose"}
    for name in ("index.html", "404.html", "probe/index.html", "probe/embed.html", "code/kit.html"):
        reader = Reader()
        reader.feed(pages[name].replace("instruments/kit/__init__.py", ""))
        texts = re.sub(r"\b\w+\.py\b", "", "".join(reader.texts)) if name.startswith("code/") else "".join(reader.texts)
        assert (name, unknown(texts)) == (name, [])
        assert (name, [called for called in reader.called if unknown(called)]) == (name, [])


def test_what_a_reader_takes_along_says_no_other_word(pages: dict[str, str]) -> None:
    cells = json.loads(pages["probe/probe.ipynb"])["cells"]
    words = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    words = re.sub(r"```.*?```|<[^>]*>|\]\([^)]*\)|\$[^$]*\$|`[^`]*`", " ", words, flags=re.DOTALL)
    assert unknown(words) == []
    assert [line for line in pages["probe/run.py"].splitlines() if line.startswith("#") and unknown(line)] == []
    names = [entry[1] for entry in json.loads(pages["search.json"])]
    assert [name for name in names if unknown(name)] == []


def test_marks_and_numbers_in_the_text_are_those_of_the_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    square(monkeypatch)
    content = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    settings = content / "book.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("qps", "de-CH"), encoding="utf-8")
    shown = site.pages(ROOT, content, BUNDLE, {})["probe/index.html"]
    assert isinstance(shown, bytes)
    page = shown.decode()
    assert page.startswith('<!doctype html>\n<html lang="de-CH" data-base=')
    assert "&bdquo;в кавычках&ldquo;" in page
    assert "число 1024,5 и" in page
    assert '<mn>0</mn><mo separator="true">,</mo>' not in page, "a comma between digits is no separator"
    assert "<p>Antwort: <strong>0,5 м</strong>.</p>" in page
    assert 'data-answer="0.5"' in page


LITERAL = re.compile(r'"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`')
COMMENT = re.compile(r'/\*.*?\*/|(?<![:"\'\\/])//[^\n]*', re.DOTALL)
NO_WORDS = {
    *('"Escape"', '"Enter"', '"Shift-Enter"', '"Mod-Enter"', '"Ctrl-Enter"'),
    *(
        '"AssertionError: "',
        '"Exit"',
        '"ExitStatus"',
        '"Worker"',
        '"SharedWorker"',
        '"BroadcastChannel"',
        '"LockManager"',
    ),
    "`Python starts without its heap image: ${words}`",
}
"""Keys, names of Python and of browsers, and what only the console hears."""


def test_scripts_say_nothing_that_is_not_in_the_catalogue() -> None:
    found = set()
    for path in ROOT.glob("runtime/**/*.js"):
        literals = LITERAL.findall(COMMENT.sub("", path.read_text(encoding="utf-8")))
        found |= {each for each in literals if re.match(r"[\"`][^\w$]*(\$\{\w+\} )?[A-Z“][a-z’]", each)}
    assert found == NO_WORDS


@pytest.mark.parametrize("name", ["de", "es", "fr"])
def test_no_word_was_left_in_english(name: str) -> None:
    """Those that are equal are names, numbers, or words that both languages have."""
    table, english = known(name).table, catalogue.english().table
    equal = {english[key] for key in table if table[key] == english[key] and re.search(r"[a-z]{3}", english[key])}
    assert len(equal) < 20, equal
    assert not [words for words in equal if len(words.split()) > 2 and "{" not in words], equal
