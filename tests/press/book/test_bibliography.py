"""Bibliographies as tools export them are printed rightly; a broken entry is told at its line and the others live."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from press import site
from press.book.bibliography import references
from press.browser.bundles import Bundle
from press.text.languages import catalogue
from press.text.places import AuthorErrors

TESTS = Path(__file__).resolve().parents[2]
ROOT = TESTS.parent
EXPORTED = TESTS / "bibliography" / "exported.bib"
EXPECTED = (TESTS / "bibliography" / "expected.txt").read_text(encoding="utf-8").splitlines()
BUNDLE = Bundle({}, "assets/main.css", "assets/main.js", "assets/theme.js", (), {})


def made(tmp_path: Path, bibliography: str, text: str, language: str = "en") -> dict[str, str]:
    """The files of a chapter with such a bibliography, apart from pictures and the like. Raises AuthorErrors."""
    content = Path(shutil.copytree(TESTS / "book", tmp_path / "content"))
    with (content / "demo" / "chapter.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\nlanguage = "{language}"\n')
    (content / "demo" / "references.bib").write_text(bibliography, encoding="utf-8")
    (content / "demo" / "section.md").write_text(f"# Title {{#demo}}\n\n{text}\n", encoding="utf-8")
    files = site.pages(ROOT, content, BUNDLE, {})
    return {name: file.decode() for name, file in files.items() if isinstance(file, bytes) and name in FILES}


FILES = ("demo/index.html", "demo/demo.ipynb", "search.json")


def page(tmp_path: Path, bibliography: str, text: str = "Text.") -> str:
    """The chapter's page. Raises AuthorErrors."""
    return made(tmp_path, bibliography, text)["demo/index.html"]


def shown(html: str) -> dict[str, tuple[str, str, str]]:
    """By key: what the page prints of a work, with TeX for formulas, where its first link leads, and its note."""
    works = {}
    for key, work in re.findall(r'<li class="reference" id="ref-([^"]+)">(.*?)</li>', html, re.DOTALL):
        text, link, note = (
            re.search(pattern, work, re.DOTALL)
            for pattern in (r"<p>(.*?)</p>", r'<a href="(h[^"]*)"', r'reference-note">(.*?)</div>')
        )
        assert text
        works[key] = (words(text[1]), unescape(link[1]) if link else "", note[1] if note else "")
    return works


class Words(HTMLParser):
    """What a reader sees: the text, and of a formula its MathML."""

    def __init__(self) -> None:
        super().__init__()
        self.seen, self.hidden = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += self.hidden > 0 or ("class", "katex-html") in attrs

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= self.hidden > 0

    def handle_data(self, data: str) -> None:
        self.seen += "" if self.hidden else data.replace("\u2060", "")


def words(html: str) -> str:
    """A paragraph's text."""
    parser = Words()
    parser.feed(html)
    return parser.seen


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str, str]]:
    return shown(page(tmp_path_factory.mktemp("exported"), EXPORTED.read_text(encoding="utf-8")))


@pytest.mark.parametrize("line", EXPECTED, ids=lambda line: line.partition(" ")[0])
def test_what_tools_export_is_printed_rightly(line: str, exported: dict[str, tuple[str, str, str]]) -> None:
    key, text, link = (part.strip() for part in line.split("|"))
    found, leads, _ = exported[key]
    found = found.replace("’", "'") if "’" not in text else found
    assert (found, leads) == (text, link)


def test_every_entry_is_printed_once_in_the_order_of_the_file(exported: dict[str, tuple[str, str, str]]) -> None:
    assert list(exported) == [line.partition(" ")[0] for line in EXPECTED]
    assert len(EXPECTED) >= 30


def test_a_note_is_the_author_s_and_what_zotero_writes_is_none(exported: dict[str, tuple[str, str, str]]) -> None:
    assert exported["olah2014"][2] == "<p>A first picture of what weights are shared for.</p>"
    assert exported["he_deep_2016"][2] == ""


BROKEN = {
    "a comma is missing": (
        "@misc{a,\n  title = {T}\n  year = {2000}\n}\n",
        ["2: something is wrong after the value of “title”; is a comma missing?", "1: “a” has no title"],
    ),
    "a comma after the key is missing": (
        "@misc{a\n  title = {T}\n}\n",
        ["1: this entry cannot be read; look for a missing brace or comma"],
    ),
    "a brace is missing": (
        "@misc{a,\n  title = {T,\n  year = {2000}\n}\n\n",
        ["1: this entry cannot be read; look for a missing brace or comma"],
    ),
    "a brace too many": (
        "@misc{a,\n  title = {T}},\n  year = {2000}\n}\n",
        ["2: this stands outside any entry; the entry above has a brace too many"],
    ),
    "a key twice": (
        "@misc{a, title = {T}}\n@misc{a, title = {U}}\n",
        ["2: “a” is in the bibliography twice"],
    ),
    "an abbreviation that nobody has defined": (
        "@string{jmlr = {J}}\n@article{a,\n  title = {T},\n  journal = jmrl\n}\n",
        ["4: unknown abbreviation “jmrl”; did you mean jmlr?"],
    ),
    "a volume that is not there": (
        "@misc{a,\n  title = {T},\n  crossref = {goode}\n}\n",
        ["3: there is no entry “goode”; did you mean good?"],
    ),
    "authors behind commas": (
        "@misc{a, title = {T},\n  author = {LeCun, Yann, Bottou, Léon}}\n",
        ["2: “LeCun, Yann, Bottou, Léon” is no name: too many commas; put “and” between names"],
    ),
    "authors behind semicolons": (
        "@misc{a, title = {T},\n  author = {LeCun, Yann; Bottou, Léon}}\n",
        ["2: “LeCun, Yann; Bottou, Léon” holds a semicolon; put “and” between names"],
    ),
    "a field with a slip of the pen": (
        "@misc{a,\n  title = {T},\n  autor = {A}\n}\n",
        ["3: unknown field “autor”; did you mean author?"],
    ),
    "an address that is none": (
        "@misc{a,\n  title = {T},\n  url = {javascript:alert(1)}\n}\n",
        ["3: “javascript:alert(1)” is no address; write https://…"],
    ),
    "a key that is an address": (
        "@misc{10.1145/3065386, title = {T}, author = {Krizhevsky, Alex}, year = 2012}\n",
        ["1: “10.1145/3065386” is not a key that @cite: can name; call it krizhevsky2012"],
    ),
    "a key that leads elsewhere": (
        "@misc{../../x, title = {T}}\n",
        ["1: “../../x” is not a key that @cite: can name; as in lecun1998"],
    ),
    "a field without a value": (
        "@misc{a,\n  title = {T},\n  year = ,\n}\n",
        ["3: “year” has no value that can be read; write year = {…}"],
    ),
    "a formula that TeX does not know": (
        "@misc{a,\n  title = {The $\\foo$}\n}\n",
        ["2: bad TeX: Undefined control sequence: \\foo at position 1: \\̲f̲o̲o̲"],
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_entry_is_told_at_its_line_and_the_others_live(case: str, tmp_path: Path) -> None:
    broken, expected = BROKEN[case]
    good = "@misc{good, title = {A good one}}\n"
    with pytest.raises(AuthorErrors) as told:
        page(tmp_path, f"{broken}{good}", "As said @cite:good.")
    lines = [str(mistake).removeprefix("content/demo/references.bib:") for mistake in told.value.mistakes]
    assert sorted(lines) == sorted(expected)


TOLD = {
    "three authors behind commas": (
        "@misc{a, title = {T},\n  author = {John Smith, Mary Jones, Al Brown}}\n",
        ["2: “John Smith, Mary Jones, Al Brown” is no name: too many commas; put “and” between names"],
    ),
    "a year that is none": (
        "@misc{a,\n  title = {T},\n  year = {in press}\n}\n",
        ["3: “in press” is no year; write it in figures, or n.d."],
    ),
    "a command that TeX does not know": (
        "@misc{a,\n  title = {The \\foo{one} and \\foo{two}},\n  note = {By \\textbaz{me}.}\n}\n",
        [
            "2: the TeX command \\foo is not known here; write its words",
            "3: the TeX command \\textbaz is not known here; write its words",
        ],
    ),
    "a work as RIS": (
        "% mine\n\nTY  - JOUR\nTI  - A title\nAU  - me@example.org\nER  - \n",
        ["3: this is RIS, not BibTeX; export the works as BibTeX"],
    ),
    "works as CSL JSON": (
        '[\n  {"id": "a", "type": "book", "title": "A"}\n]\n',
        ["1: this is JSON, not BibTeX; export the works as BibTeX"],
    ),
    "a work as EndNote has it": (
        "@misc{a, title = {T}}\n\n%0 Journal Article\n%T A title\n",
        ["3: this is EndNote's format, not BibTeX; export the works as BibTeX"],
    ),
    "words between entries": (
        "@misc{a, title = {T}}\n\nLeCun, Y. (1998). Gradient-based learning.\n",
        ["3: this stands outside any entry; a comment begins with %"],
    ),
}


@pytest.mark.parametrize("case", TOLD)
def test_nothing_of_a_bibliography_is_misread_or_left_out_in_silence(case: str) -> None:
    source, expected = TOLD[case]
    _, mistakes = references(source, "x.bib", catalogue.english())
    assert [str(mistake).removeprefix("x.bib:") for mistake in mistakes] == expected


def test_a_work_that_nothing_but_its_title_is_known_of_can_be_cited(tmp_path: Path) -> None:
    html = page(tmp_path, "@misc{a, title = {A leaflet}}", "As said @cite:a.")
    assert 'href="#ref-a" id="cite-a-1">[1]</a>' in html
    assert shown(html)["a"] == ("A leaflet (n.d.).", "", "")


def test_what_authors_and_tools_write_between_entries_is_a_comment() -> None:
    between = (
        "Automatically generated by Mendeley Desktop 1.19\nAny changes to this file will be lost if it is regenerated "
        "by Mendeley.\n\nBibTeX export options can be customized via Options -> BibTeX in Mendeley Desktop\n\n"
        "This file was created with JabRef 2.10.\nEncoding: UTF8\nScopus\nEXPORT DATE: 3 May 2024\n"
        "% {mine}, title = x\n@comment{jabref-meta: grouping:0;}\n@Comment\n"
    )
    works, mistakes = references(f"{between}@misc{{a, title = {{T}}}} % a\n{between}", "x.bib", catalogue.english())
    assert ([work.key for work in works], mistakes) == (["a"], [])


NOTES = {
    "Conference Name: Transactions of the IRE": "",
    "Conference Name: The IRE\nISSN: 0096-1000\nShort and clear.": "Short and clear.",
    "Publisher: Nature Publishing\n\tGroup": "",
    "[Online; accessed 3-May-2024]": "",
    "[Online; Stand 3. Mai 2024]": "",
    "Accessed: 2024-05-03": "",
    "Accessed by thousands since 1998.": "Accessed by thousands since 1998.",
    "[1] is best; written in 1998.": "[1] is best; written in 1998.",
    "Il dit ``cela'', d\\'ej\\`a, de $f''(x)$.": "Il dit \"cela\", déjà, de $f''(x)$.",
    "The ``first'' of *all*.": 'The "first" of *all*.',
}


@pytest.mark.parametrize("typed", NOTES)
def test_what_tools_write_into_a_note_is_not_printed_as_advice(typed: str) -> None:
    (work,), mistakes = references(f"@misc{{a, title = {{T}}, note = {{{typed}}}}}", "x.bib", catalogue.english())
    assert (work.note.source, mistakes) == (NOTES[typed], [])


def test_a_citation_of_an_entry_that_cannot_be_read_is_no_second_mistake(tmp_path: Path) -> None:
    with pytest.raises(AuthorErrors) as told:
        page(tmp_path, "@misc{a,\n  title = {T,\n}\n\n@misc{b, title = {U}}\n", "As said @cite:a and @cite:b.")
    assert [str(mistake) for mistake in told.value.mistakes] == [
        "content/demo/references.bib:1: this entry cannot be read; look for a missing brace or comma"
    ]


def test_several_works_are_cited_at_once_and_prose_is_left_alone(tmp_path: Path) -> None:
    works = "@misc{a, title = {A}}\n@misc{b-c, title = {B}}\n@misc{wiki, title = {W}}\n"
    text = (
        "One @cite:a,b-c. Two @cite:a, wiki, however, (@cite:wiki,a, b-c). Three @cite:a; @cite:wiki, code "
        "`@cite:a, wiki`.\n\n> Four @cite:a,\n> wiki,b-c, so *five @cite:a,wiki*.\n"
    )
    first = "One [1, 2]. Two [1, 3], however, ([3, 1, 2]). Three [1]; [3], code @cite:a, wiki."
    second = "Four [1], [3, 2], so five [1, 3]."
    files = made(tmp_path, works, text)
    html, search = files["demo/index.html"], json.loads(files["search.json"])
    paragraphs = [" ".join(words(each).split()) for each in re.findall(r"<p>(.*?)</p>", html, re.DOTALL)]
    assert paragraphs[:2] == [first, second]
    assert search[0][3] == f"{first} {second}"
    notebook = json.loads(files["demo/demo.ipynb"])["cells"][2]["source"]
    assert notebook.startswith(r"One [\[1,](#ref-a) [2\]](#ref-b-c). Two [\[1,](#ref-a) [3\]](#ref-wiki), however")
    cited = re.findall(r'<a class="cite" href="#ref-([^"]+)" id="cite-([^"]+)-\d+">\[?(\d)[\],]?</a>', html)
    keys = ["", "a", "b-c", "wiki"]
    assert [number for _, _, number in cited] == list("12133121313213")
    assert all(keys[int(number)] == key == place for key, place, number in cited)


def test_a_french_page_says_in_french_what_tools_write_in_english(tmp_path: Path) -> None:
    work = "@misc{a, title = {T}, year = {n.d.}, note = {Dit ``cela''.}}\n"
    text, _, note = shown(made(tmp_path, work, "Voir @cite:a.", "fr")["demo/index.html"])["a"]
    assert (" ".join(text.split()), " ".join(unescape(note).split())) == ("T (s. d.).", "<p>Dit « cela ».</p>")


def test_braces_and_dollars_of_a_title_are_no_signs_of_the_dialect() -> None:
    (work,), mistakes = references(
        "@misc{a, title = {{{6 * 7}} costs \\$5, `x` \\& @y <b>}}", "x.bib", catalogue.english()
    )
    assert (work.title, mistakes) == ("6 * 7 costs $5, `x` & @y", [])
    assert work.marked_title.source == r"6 \* 7 costs \$5, \`x\` \& \@y"
