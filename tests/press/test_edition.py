"""What an instructor sets in chapter.toml: without solutions, with a fixed seed, with some of the labs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from press import site
from press.browser.bundles import Bundle
from press.processes.static_server import background
from press.text.places import AuthorErrors

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = Bundle({}, "assets/main.css", "assets/main.js", "assets/theme.js", (), {})
SECTION = """# T {#t}

/// exercise | sum
numbers: a = 2, 3; b = 3, 4
answer: {{ a + b }}
slip: {{ a * b }}: You found the secret product.

{{ a }} and {{ b }}?

---

Count the secret fingers.
///

/// task | add
title: Add

Write `add`.

```python start
def add(a, b):
    return a
```

```python check
assert add(2, 3) == 5, "two and three make five"
```

```python solution
def add(a, b):
    secret = a + b
    return secret
```

---

Another secret.
///

/// lab | shift-lab
title: First

One.
///

/// lab | train-cnn
title: Second

Two.
///

See @lab:shift-lab, [set it](@lab:shift-lab?seed=12), @lab:train-cnn.
"""

Make = Callable[[str], dict[str, str]]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """The pages of a chapter with two labs whose settings end with some lines."""

    def made(switches: str) -> dict[str, str]:
        content = Path(shutil.copytree(ROOT / "tests" / "book", tmp_path / "content", dirs_exist_ok=True))
        settings = content / "demo" / "chapter.toml"
        settings.write_text(f"{settings.read_text(encoding='utf-8')}{switches}\n", encoding="utf-8")
        (content / "demo" / "section.md").write_text(SECTION, encoding="utf-8")
        pages = site.pages(ROOT, content, BUNDLE, {})
        return {name: page.decode() for name, page in pages.items() if isinstance(page, bytes) and "drawn" not in name}

    return made


COURSES = """[autumn-2026]
solutions = false

[autumn-2026.demo]
labs = ["train-cnn"]

[spring]
seed = 12
"""


@pytest.fixture
def taught(make: Make, tmp_path: Path) -> Callable[[str, str], str]:
    """The page of the same chapter, whose chapter.toml sets a seed, in the edition of a course."""

    def made(courses: str, course: str) -> str:
        make("seed = 42")
        (tmp_path / "content" / "courses.toml").write_text(courses, encoding="utf-8")
        with site.Press(ROOT, tmp_path / "content", course=course) as press:
            page = press.pages(lambda _: BUNDLE, {})["demo/index.html"]
        assert isinstance(page, bytes)
        return page.decode()

    return made


def test_a_course_has_its_edition_beside_the_chapter_s_own(taught: Callable[[str, str], str]) -> None:
    autumn, spring = (taught(COURSES, name) for name in ("autumn-2026", "spring"))
    assert "secret" not in autumn and 'data-instrument="shift_lab"' not in autumn
    assert re.findall(r"&#34;seed&#34;: (\d+)\b", autumn) == ["42"]
    assert "secret fingers" in spring and 'data-instrument="shift_lab"' in spring
    assert re.findall(r"&#34;seed&#34;: (\d+)\b", spring) == ["12", "12"]


@pytest.mark.parametrize(
    ("courses", "course", "expected"),
    [
        (COURSES, "autumn", "1: there is no course “autumn”; did you mean autumn-2026?"),
        ("[a]\nseeds = 3", "a", "2: unknown key “seeds”; did you mean seed?"),
        ("[a]\nseed = 3\n[b]\nseed = true", "a", "4: “seed” should be a whole number"),
        ("[a]\n[a.dema]\nseed = 3", "a", "2: the book has no chapter in a folder “dema”; did you mean demo?"),
        ("[a]\n\nlabs = []", "a", "3: labs are those of one chapter; write them below [a.demo]"),
        ("[a.demo]\nlabs = ['shift-lap']", "a", "2: this chapter has no lab “shift-lap”; did you mean shift-lab?"),
        ("[a]\nsolutions = true\nseed = 5", "a", "3: “shift-lab” has no seed 5; the nearest is 10"),
        ("solutions = false\n[a]", "a", "1: “solutions” belongs to no course; write it below a line [my-course]"),
        ("[A b]\n", "a", "1: not TOML: Expected ']' at the end of a table declaration (at line 1, column 4)"),
    ],
)
def test_a_mistake_in_a_course_is_told_at_its_line(
    taught: Callable[[str, str], str], courses: str, course: str, expected: str
) -> None:
    with pytest.raises(AuthorErrors) as error:
        taught(courses, course)
    assert str(error.value).splitlines() == [f"content/courses.toml:{expected}"]


def test_a_course_needs_its_file(make: Make, tmp_path: Path) -> None:
    make("")
    with site.Press(ROOT, tmp_path / "content", course="autumn") as press, pytest.raises(AuthorErrors) as error:
        press.pages(lambda _: BUNDLE, {})
    assert str(error.value) == "content/courses.toml:1: there is no such file; write [autumn] into it"


def mistakes(make: Make, switches: str) -> list[str]:
    with pytest.raises(AuthorErrors) as error:
        make(switches)
    return str(error.value).splitlines()


def test_without_switches_everything_is_there(make: Make) -> None:
    page = make("")["demo/index.html"]
    assert 'data-answer="5"' in page
    assert "data-another" in page
    assert "secret fingers" in page
    assert len(re.findall(r'name="seed"', page)) == 2
    assert page.count("data-instrument=") == 2


def test_solutions_are_in_no_file_of_the_chapter(make: Make) -> None:
    pages = make("solutions = false")
    assert "2 and 3?" in pages["demo/index.html"]
    assert "2 and 3?" in pages["demo/demo.ipynb"]
    for page in pages.values():
        assert "secret" not in page
        assert "data-answer=" not in page
        assert "data-another" not in page


def test_a_hidden_lab_leaves_plain_words_and_the_others_keep_their_numbers(make: Make) -> None:
    pages = make('labs = ["train-cnn"]')
    page = pages["demo/index.html"]
    assert 'data-instrument="shift_lab"' not in page + pages["demo/embed.html"]
    assert '<span class="pending" title="Not in this edition">LAB 1.1</span>' in page
    assert '<span class="pending" title="Not in this edition">set it</span>' in page
    assert '<a class="label label-lab" href="#lab-train-cnn">LAB 1.2</a>' in page
    assert "See LAB 1.1, set it, [LAB 1.2](#lab-train-cnn)." in pages["demo/demo.ipynb"]


def test_no_labs_at_all(make: Make) -> None:
    assert "data-instrument=" not in make("labs = []")["demo/index.html"]


def test_a_fixed_seed_is_where_labs_start_and_has_no_control(make: Make) -> None:
    page = make("seed = 42")["demo/index.html"]
    assert len(re.findall(r"&#34;seed&#34;: 42\b", page)) == 2
    assert 'name="seed"' not in page


@pytest.mark.parametrize(
    ("switches", "expected"),
    [
        ("solution = false", "content/demo/chapter.toml:9: unknown key “solution”; did you mean solutions?"),
        ('solutions = "no"', "content/demo/chapter.toml:9: “solutions” should be true or false"),
        ("\nseed = true", "content/demo/chapter.toml:10: “seed” should be a whole number"),
        ('labs = "train-cnn"', "content/demo/chapter.toml:9: “labs” should be a list"),
        (
            'labs = [\n"train-cnn",\n"shift-lap",\n]',
            "content/demo/chapter.toml:11: this chapter has no lab “shift-lap”; did you mean shift-lab?",
        ),
        ("seed = 5", "content/demo/chapter.toml:9: “shift-lab” has no seed 5; the nearest is 10"),
    ],
)
def test_a_mistyped_switch_is_reported(make: Make, switches: str, expected: str) -> None:
    assert mistakes(make, switches) == [expected]


@pytest.mark.browser
def test_an_answer_is_kept_unchecked_where_solutions_are_hidden(page: Page, tmp_path: Path) -> None:
    content = Path(shutil.copytree(ROOT / "tests" / "book", tmp_path / "content"))
    settings = content / "demo" / "chapter.toml"
    settings.write_text(f"{settings.read_text(encoding='utf-8')}solutions = false\n", encoding="utf-8")
    (content / "demo" / "section.md").write_text(SECTION.partition("/// task")[0], encoding="utf-8")
    site.build(ROOT, tmp_path / "site", content, image="none")
    with background(tmp_path / "site") as server:
        page.goto(f"{server.url}demo/")
        page.get_by_role("button", name="Check").click()
        expect(page.locator("[data-verdict]")).to_have_text("Answer first.")
        page.get_by_label("Your answer").fill("4")
        page.get_by_role("button", name="Check").click()
        expect(page.locator("[data-verdict]")).to_contain_text("Kept, unchecked.")
        page.reload()
        expect(page.get_by_label("Your answer")).to_have_value("4")
