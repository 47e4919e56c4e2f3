"""courses.toml -> what an instructor sets for one course, beside what each chapter.toml says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from press.book.model import Edition
from press.book.settings import SWITCHES, misfits, toml
from press.text.options import NAME
from press.text.places import Mistake, Place, Text
from press.text.suggestion import meant

FILE = "courses.toml"


@dataclass(frozen=True)
class Course:
    """The fields of `Edition` that a course sets: in every chapter, and in the chapter of a folder."""

    everywhere: Mapping[str, Any] = field(default_factory=dict)
    chapters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def edition(self, folder: str, own: Edition) -> Edition:
        """The edition of a chapter whose chapter.toml makes it `own`."""
        return replace(own, **{**self.everywhere, **self.chapters.get(folder, {})})


def course(source: str, file: str, name: str, folders: Collection[str]) -> tuple[Course, list[Mistake]]:
    """The course of that name, in a book whose chapters have these folders; mistakes of all courses."""
    table, mistakes = toml(source, file)
    courses = {key: value for key, value in (table or {}).items() if isinstance(value, dict)}
    place = partial(_place, source, file)
    for key in (table or {}).keys() - courses.keys():
        mistakes.append(Mistake(place("", key), f"“{key}” belongs to no course", "write it below a line [my-course]"))
    for each, settings in courses.items():
        mistakes += _checked(each, settings, place, folders)
    if table is not None and name not in courses:
        mistakes.append(Mistake(Place(file, 1), f"there is no course “{name}”", meant(name, courses)))
    if mistakes:
        return Course(), mistakes
    own, chapters = _parted(courses[name])
    fields = {folder: _fields(value, partial(place, f"{name}.{folder}")) for folder, value in chapters.items()}
    return Course(_fields(own, partial(place, name)), fields), []


def _parted(course: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """What a course sets everywhere, and by chapter."""
    chapters = {key: value for key, value in course.items() if isinstance(value, dict)}
    return {key: value for key, value in course.items() if key not in chapters}, chapters


def _checked(
    name: str, course: Mapping[str, Any], place: Callable[[str, str], Place], folders: Collection[str]
) -> Iterator[Mistake]:
    if not NAME.match(name):
        hint = "use small letters, digits and hyphens, as in autumn-2026"
        yield Mistake(place(name, ""), f"“{name}” is not the name of a course", hint)
    own, chapters = _parted(course)
    if "labs" in own:
        hint = f"write them below [{name}.{next(iter(folders), 'chapter')}]"
        yield Mistake(place(name, "labs"), "labs are those of one chapter", hint)
        del own["labs"]
    yield from misfits(
        own, {key: kind for key, kind in SWITCHES.items() if key != "labs"}, partial(place, name), SWITCHES
    )
    for folder, settings in chapters.items():
        header = f"{name}.{folder}"
        if folder not in folders:
            yield Mistake(place(header, ""), f"the book has no chapter in a folder “{folder}”", meant(folder, folders))
        yield from misfits(settings, SWITCHES, partial(place, header), SWITCHES)


def _fields(given: Mapping[str, Any], place: Callable[[str], Place]) -> dict[str, Any]:
    """Fields of `Edition`: where a seed stands is the place that a lab's mistake with it is told at."""
    fields = dict(given)
    if "labs" in given:
        fields["labs"] = tuple(Text(place("labs"), str(lab)) for lab in given["labs"])
    return fields | ({"place": place("seed")} if "seed" in given else {})


def _place(source: str, file: str, header: str, key: str) -> Place:
    """The line of a key below a header, or of the header."""
    lines = source.splitlines()
    first = next((n for n, line in enumerate(lines) if line.strip().startswith(f"[{header}]")), 0) if header else 0
    below = (n for n in range(first, len(lines)) if key and lines[n].strip().startswith(key))
    return Place(file, next(below, first) + 1)
