"""Every mistake an author can make is reported with file, line and a hint, and the old site stays.

A case in `errors/` is a section file that holds its own expected report below the line `=== expected ===`.
"""

import shutil
from pathlib import Path

import pytest

from press import site
from press.browser.bundles import Bundle
from press.text.places import AuthorErrors

TESTS = Path(__file__).resolve().parents[2]
ROOT = TESTS.parent
CASES = sorted((TESTS / "errors").glob("*.md"))
BUNDLE = Bundle({}, "assets/main.css", "assets/main.js", "assets/theme.js", (), {})


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A book of one chapter, its only section not yet written."""
    return Path(shutil.copytree(TESTS / "book", tmp_path / "content"))


def report(content: Path) -> list[str]:
    """What the build says about a folder of text; nothing when it is content."""
    try:
        site.pages(ROOT, content, BUNDLE, {})
    except AuthorErrors as error:
        return str(error).splitlines()
    return []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_mistake_is_reported(case: Path, content: Path) -> None:
    source, expected = case.read_text(encoding="utf-8").split("=== expected ===\n")
    (content / "demo" / "section.md").write_text(source, encoding="utf-8")
    assert report(content) == expected.splitlines()


def test_a_section_without_mistakes_is_accepted(content: Path) -> None:
    (content / "demo" / "section.md").write_text("# Title {#demo}\n\nText.\n", encoding="utf-8")
    assert report(content) == []


def test_a_decimal_comma_in_a_formula(content: Path) -> None:
    with (content / "demo" / "chapter.toml").open("a", encoding="utf-8") as settings:
        settings.write('language = "fr"\n')
    fine = r"$0{,}63$, $0, 63$, $x_{1,2}$, $x \in [0,1]$, $(1,2)$, $\{0,1\}$, $1,2,3$, ${{ 1/4 }}$"
    source = f"# Title {{#demo}}\n\n{fine}\n\nSoit $x = 0,63$.\n"
    (content / "demo" / "section.md").write_text(source, encoding="utf-8")
    what = "a comma that parts two numbers in a formula; write 0{,}63, or 0, 63 for two numbers"
    assert report(content) == [f"content/demo/section.md:5: {what}"]


def test_missing_section_file(content: Path) -> None:
    (content / "demo" / "sectoin.md").write_text("# Title {#demo}\n", encoding="utf-8")
    expected = "content/demo/chapter.toml:8: there is no file content/demo/section.md; did you mean sectoin.md?"
    assert report(content) == [expected]


def test_a_link_out_of_the_folder_is_not_read(content: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Secret {#demo}\n", encoding="utf-8")
    (content / "demo" / "section.md").symlink_to(tmp_path / "secret.md")
    what = "content/demo/section.md leads out of the folder content; copy the file itself"
    assert report(content) == [f"content/demo/chapter.toml:8: {what}"]


def test_text_that_is_not_utf8(content: Path) -> None:
    (content / "demo" / "section.md").write_bytes("# Title {#demo}\n\nCaf\xe9\n".encode("latin-1"))
    assert report(content) == ["content/demo/section.md:3: this is not UTF-8 text; save the file as UTF-8"]


@pytest.mark.parametrize("character", ["\0", "\x1b", "\f", "\u2028", "\x85"])
def test_characters_that_nobody_sees(content: Path, character: str) -> None:
    source = f"# Title {{#demo}}\n\nText.\n\nMore{character}text.\n"
    (content / "demo" / "section.md").write_text(source, encoding="utf-8", newline="")
    what = f"there is an invisible character here, U+{ord(character):04X}; delete it"
    assert report(content) == [f"content/demo/section.md:5: {what}"]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_of_every_system_and_a_byte_order_mark(content: Path, ends: str) -> None:
    section = content / "demo" / "section.md"
    good = "# Title {#demo}\n\nText.\n\n/// callout | a\ntitle: A\n\nB\n///\n"
    section.write_text(good.replace("\n", ends), encoding="utf-8-sig", newline="")
    assert report(content) == []
    section.write_text((good + "\n@eq:nope\n").replace("\n", ends), encoding="utf-8-sig", newline="")
    assert report(content) == ["content/demo/section.md:11: unknown label “eq:nope”"]


def test_unknown_key_in_settings(content: Path) -> None:
    (content / "demo" / "section.md").write_text("# Title {#demo}\n\nText.\n", encoding="utf-8")
    settings = content / "demo" / "chapter.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + 'levle = "x"\n', encoding="utf-8")
    assert report(content) == ["content/demo/chapter.toml:9: unknown key “levle”; did you mean level?"]


SETTINGS = {
    ("chapter.toml", '"section.md"', '"../book.toml"'): (
        "demo/chapter.toml:8: “../book.toml” is not the name of a file beside this one; write it as 1-introduction.md"
    ),
    ("chapter.toml", '["section.md"]', "[]"): "demo/chapter.toml:8: “sections” is empty",
    ("chapter.toml", '"Demonstration"', '""'): "demo/chapter.toml:3: “title” is empty",
    ("chapter.toml", 'number = "01"', 'number = "07"'): (
        "demo/chapter.toml:1: book.toml gives this chapter the number “01”, not “07”"
    ),
    ("book.toml", 'folder = "demo"', 'folder = "../demo"'): (
        "book.toml:6: “../demo” is not the name of a folder; use small letters, digits and hyphens"
    ),
    ("book.toml", 'folder = "demo"', 'folder = "dmo"'): "book.toml:9: there is no file content/dmo/chapter.toml",
    ("book.toml", '"Not Written"', '"Not Written"\nfolder = "demo"'): (
        "book.toml:11: the folder “demo” is another chapter's already"
    ),
    ("book.toml", 'number = "02"', 'number = "01"'): "book.toml:11: the number “01” is another chapter's already",
    ("book.toml", 'language = "en"', 'language = "in English"'): (
        "book.toml:4: “in English” is no language; write a tag as en or de-CH"
    ),
    ("book.toml", 'language = "en"', 'language = "xx"'): (
        "book.toml:4: the words of the page are not known in the language “xx”; known: de, en, es, fr; "
        "a file languages/xx.toml with the same keys adds one"
    ),
    ("chapter.toml", 'short = "Demo"', 'short = "Demo"\nlanguage = "xx-YY"'): (
        "demo/chapter.toml:5: the words of the page are not known in the language “xx-YY”; known: de, en, es, fr; "
        "a file languages/xx-YY.toml with the same keys adds one"
    ),
    ("book.toml", 'language = "en"', 'language = "en"\npublished = "2026-13-45"'): (
        "book.toml:5: “2026-13-45” is no published; write a day as 2026-01-31"
    ),
}


@pytest.mark.parametrize(("change", "expected"), SETTINGS.items())
def test_settings_that_cannot_be(content: Path, change: tuple[str, str, str], expected: str) -> None:
    (content / "demo" / "section.md").write_text("# Title {#demo}\n\nText.\n", encoding="utf-8")
    name, old, new = change
    settings = next(content.rglob(name))
    source = settings.read_text(encoding="utf-8")
    assert old in source
    settings.write_text(source.replace(old, new), encoding="utf-8")
    assert report(content) == [f"content/{expected}"]


PYTHON = {
    ("figures.py", "def f(:\n"): "figures.py:1: SyntaxError: invalid syntax",
    ("figures.py", "import no_such_thing\n"): "figures.py:1: ModuleNotFoundError: No module named 'no_such_thing'",
    ("figures.py", "x = 1\n\n1 / 0\n"): "figures.py:3: ZeroDivisionError: division by zero",
    ("figures.py", "raise SystemExit\n"): "figures.py:1: SystemExit: ",
    ("cover.py", "def cover():\n    1 / 0\n"): "cover.py:2: ZeroDivisionError: division by zero",
    ("cover.py", "x = 1\n"): "cover.py:1: AttributeError: module 'cover_of_demo' has no attribute 'cover'",
}


@pytest.mark.parametrize(("file", "expected"), PYTHON.items())
def test_a_chapter_s_own_python_that_fails(content: Path, file: tuple[str, str], expected: str) -> None:
    (content / "demo" / "section.md").write_text("# Title {#demo}\n\nText.\n", encoding="utf-8")
    (content / "demo" / file[0]).write_text(file[1], encoding="utf-8")
    assert report(content) == [f"content/demo/{expected}"]


def test_broken_settings(content: Path) -> None:
    (content / "book.toml").write_text('brand = "x"\ntitle = \n', encoding="utf-8")
    assert report(content) == ["content/book.toml:2: not TOML: Invalid value (at line 2, column 9)"]


def test_a_number_that_toml_does_not_read(content: Path) -> None:
    settings = content / "demo" / "chapter.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('number = "01"', "number = 08"), encoding="utf-8")
    (told,) = report(content)
    assert told.startswith("content/demo/chapter.toml:1: not TOML: ")
    assert told.endswith('; put it in quotation marks, "08"')


def test_two_chapters_with_one_prefix(content: Path) -> None:
    shutil.copytree(content / "demo", content / "other")
    settings = content / "other" / "chapter.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('number = "01"', 'number = "77"'), encoding="utf-8"
    )
    with (content / "book.toml").open("a", encoding="utf-8") as book:
        book.write('\n[[chapters]]\nnumber = "77"\ntitle = "Other"\nfolder = "other"\n')
    what = "the prefix “T1” is that of the chapter in demo; choose another: it begins the numbers of equations and"
    assert f"content/other/chapter.toml:2: {what} instruments" in report(content)


def test_an_opening_that_stands_in_the_text_too(content: Path) -> None:
    block = "# T {#t}\n\n/// instrument | first-look\ntitle: Look\n\nLook.\n///\n\nSee @inst:first-look.\n"
    (content / "demo" / "section.md").write_text(block, encoding="utf-8")
    with (content / "demo" / "chapter.toml").open("a", encoding="utf-8") as settings:
        settings.write('opening = "first-look"\n')
    what = "“first-look” stands in the text, too; leave it out here or there"
    assert report(content) == [f"content/demo/chapter.toml:9: {what}"]


def test_bibliography_mistakes(content: Path) -> None:
    (content / "demo" / "section.md").write_text("# Title {#demo}\n\nText.\n", encoding="utf-8")
    entry = "@article{x,\n  author = {A, B},\n  titel = {T},\n  year = {2000},\n  doi = {1},\n  note = {n}\n}\n"
    (content / "demo" / "references.bib").write_text(entry, encoding="utf-8")
    assert report(content) == [
        "content/demo/references.bib:1: “x” has no title",
        "content/demo/references.bib:3: unknown field “titel”; did you mean title?",
    ]


def test_a_bibliography_that_cannot_be_read(content: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (content / "demo" / "section.md").write_text("# Title {#demo}\n\nText.\n", encoding="utf-8")
    entry = "@article{, author={A}, title={T}, year={2000}, doi={10.1/x}, note={n}}\n@article{x, author = {A\n"
    (content / "demo" / "references.bib").write_text(entry, encoding="utf-8")
    assert report(content) == [
        "content/demo/references.bib:1: “” is not a key that @cite: can name; call it a2000",
        "content/demo/references.bib:2: this entry cannot be read; look for a missing brace or comma",
    ]
    assert capfd.readouterr() == ("", "")


def test_the_old_site_survives_a_failed_build(content: Path, tmp_path: Path) -> None:
    (content / "demo" / "section.md").write_text("# Title {#demo}\n\nA lone $.\n", encoding="utf-8")
    old = tmp_path / "site" / "index.html"
    old.parent.mkdir()
    old.write_text("the old page", encoding="utf-8")
    with pytest.raises(AuthorErrors):
        site.build(ROOT, tmp_path / "site", content)
    assert old.read_text(encoding="utf-8") == "the old page"
    assert [path.name for path in tmp_path.iterdir() if "site" in path.name] == ["site"]


def test_a_listed_package_that_there_is_not(content: Path) -> None:
    (content / "demo" / "section.md").write_text("# Title {#demo}\n\nText.\n", encoding="utf-8")
    with (content / "demo" / "chapter.toml").open("a", encoding="utf-8") as settings:
        settings.write('packages = [\n  "pillow",\n  "sklearn",\n]\n')
    what = 'Pyodide has no package “sklearn”; write "scikit-learn"'
    assert report(content) == [f"content/demo/chapter.toml:11: {what}"]
