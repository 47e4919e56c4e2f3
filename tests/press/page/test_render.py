"""The reading time of a chapter, and JSON inside a page."""

import json
from dataclasses import replace

from press.blocks.exercises.exercise import Exercise
from press.blocks.prose import Prose
from press.book.model import Chapter, Edition, Section
from press.book.reading import minutes
from press.page.render import script_json
from press.text.languages import catalogue
from press.text.places import Place, Text
from press.text.scanner.scan import count_words

AT = Place("content/demo/section.md", 1)


def text(source: str) -> Text:
    return Text(AT, source)


def chapter(words: int, exercises: int) -> Chapter:
    blocks = [Prose(AT, "", text("word " * words))]
    ask = Exercise(AT, "x", text(""), text("1"), text(""))
    section = Section(AT, "demo", "Demo", (*blocks, *[ask] * exercises))
    own = catalogue.english()
    return Chapter(
        "demo", "01", "T1", "Demo", "Demo", text(""), "CORE", "NOTHING", None, (section,), (), (), Edition(AT), own
    )


def test_reading_takes_words_over_200_and_doing_2_minutes_for_an_exercise() -> None:
    assert minutes(chapter(2000, 0)) == (10, 0)
    assert minutes(chapter(2000, 3)) == (10, 6)


def test_reading_time_of_an_empty_chapter_is_zero() -> None:
    assert minutes(replace(chapter(0, 0), sections=())) == (0, 0)


def test_a_formula_a_number_and_a_label_are_one_word_each() -> None:
    assert count_words("It is $a + b = c$, or {{ 1 + 1 : .0f }}; see @eq:conv. — | don't") == 8


def test_json_cannot_end_the_script_it_stands_in() -> None:
    shown = script_json({"a": "</script><b>"})
    assert "<" not in shown
    assert json.loads(shown) == {"a": "</script><b>"}
