"""What search looks through: every place of the book, as words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from press import site
from press.browser.bundles import Bundle

ROOT = Path(__file__).resolve().parents[3]
BUNDLE = Bundle({}, "assets/main.css", "assets/main.js", "assets/theme.js", (), {})


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    files = site.pages(ROOT, ROOT / "content", BUNDLE, {})
    texts = {name: content for name, content in files.items() if name.endswith((".html", ".json"))}
    return {name: content.decode() for name, content in texts.items() if isinstance(content, bytes)}


@pytest.fixture(scope="module")
def entries(made: dict[str, str]) -> list[list[str]]:
    found: list[list[str]] = json.loads(made["search.json"])
    return found


def test_every_entry_leads_to_a_place_on_a_page(made: dict[str, str], entries: list[list[str]]) -> None:
    assert len(entries) > 50
    for address, *_ in entries:
        page, _, anchor = address.partition("#")
        assert f' id="{anchor}"' in made[page], address


def test_every_kind_of_thing_is_found(entries: list[list[str]]) -> None:
    kinds = {re.split(r"[ \d]", name)[0] for _, name, _, _ in entries}
    assert {"§", "EQ", "CELL", "EXERCISE", "INSTRUMENT", "LAB", "TABLE", "["} <= kinds


def test_a_term_is_found_by_its_name_and_stands_there_once(entries: list[list[str]]) -> None:
    (term,) = [entry for entry in entries if entry[0] == "cnn/index.html#term-jump"]
    assert term[1:3] == ["jump", ""]
    assert term[3].startswith("j_l The distance, in input pixels,")


def test_texts_are_words_and_give_no_answers(entries: list[list[str]]) -> None:
    texts = {name: text for _, name, _, text in entries}
    assert "224 · 224 · 3 = 150,528 numbers" in texts["§ 2.1"]
    assert "EXERCISE 2.1" in texts
    assert "By counting" not in "".join(texts.values())
    prose = "".join(text for name, text in texts.items() if name.startswith("§"))
    assert re.findall(r"\]\(|\*\*|\{\{ |@[a-z]+:", prose) == []
