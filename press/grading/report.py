"""What was found in one file, and how it is told: as text, as a line of a table, as JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

RUNS, FAILS = "runs", "fails"
"""What comes of a cell."""
GOOD = ("right", RUNS)
COMMAND = re.compile(r"^[=+\-@\t\r]")
"""How a text begins that a spreadsheet would compute."""
FIRST = ("file", "mistake", "name", "saved", "chapter", "points", "of")


@dataclass(frozen=True)
class Row:
    """One exercise or cell: its number and name, what came of it, points and how many there are, details below."""

    words: str
    name: str
    result: str
    details: str = ""
    points: float = 0.0
    of: float = 0.0


@dataclass(frozen=True)
class Report:
    """Everything found in one file; `mistake` says why it could not be graded, and then nothing else is known."""

    file: str
    mistake: str = ""
    name: str = ""
    saved: str = ""
    chapter: str = ""
    rows: tuple[Row, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every exercise is answered rightly and every edited cell runs."""
        return not self.mistake and all(row.result in GOOD for row in self.rows)

    @property
    def points(self) -> float:
        """What the reader has."""
        return sum(row.points for row in self.rows)

    @property
    def of(self) -> float:
        """What there is to have."""
        return sum(row.of for row in self.rows)

    def __str__(self) -> str:
        wide = max((len(row.name) for row in self.rows), default=0)
        who = ", ".join(part for part in (self.name, self.saved) if part)
        lines = [self.chapter, *([who] if who else []), ""]
        for row in self.rows:
            worth = f"  {row.points:g} of {row.of:g}" if row.of not in (0, 1) else ""
            lines.append(f"{row.words:<14}{row.name:<{wide + 2}}{row.result}{worth}")
            lines += [f"    {line}" for line in row.details.splitlines()]
        results = [row.result for row in self.rows]
        exercises = sum(row.result not in (RUNS, FAILS) for row in self.rows)
        right, runs = (results.count(good) for good in GOOD)
        told = f"{right} of {exercises} right; {runs} of {len(results) - exercises} edited cells run."
        return "\n".join([*lines, "", f"{told} Points: {self.points:g} of {self.of:g}."])


def table(reports: Sequence[Report]) -> str:
    """A line of comma-separated values for each file: who, points, then the points of each exercise by its name.

    An edited cell has no points; its column says whether it runs. What a spreadsheet would take for a formula begins
    with an apostrophe.
    """
    columns = list(dict.fromkeys(row.name for report in reports for row in report.rows))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*FIRST, *columns])
    for report in reports:
        shown = {row.name: f"{row.points:g}" if row.of else row.result for row in report.rows}
        first = (report.file, report.mistake, report.name, report.saved, report.chapter)
        sums = ("", "") if report.mistake else (f"{report.points:g}", f"{report.of:g}")
        writer.writerow([*map(_inert, first), *sums, *(shown.get(column, "") for column in columns)])
    return out.getvalue()


def as_json(reports: Sequence[Report]) -> str:
    """Everything known of each file, as a list; other letters than those of ASCII are escaped."""
    known = [{**asdict(report), "points": report.points, "of": report.of} for report in reports]
    return json.dumps(known, indent=1) + "\n"


def _inert(text: str) -> str:
    return f"'{text}" if COMMAND.match(text) else text
