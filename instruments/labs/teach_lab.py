"""Instrument: the reader teaches a real network two or three kinds of picture, with photographs of their own.

The arithmetic is `instruments.experiments.teaching`. A picture is a name, if it is a piece of a texture, and its
own pixels otherwise, so that a state holds all that is shown. The reader's stay in the page, which keeps none of them.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instruments import kit
from instruments.data.textures import NAMES, SIDE, TEXTURES, asked, taught
from instruments.experiments import teaching
from instruments.experiments.imagenet import backbone
from instruments.experiments.teaching import CUTS, SOURCES, Head, pieces, wilson
from instruments.kit import Button, Choice, Option, Picture, Region, Text, charts
from instruments.labs import phases

Array = NDArray[Any]

FILES = ("backbone-features", "textures")
KINDS = ("kind1", "kind2", "kind3")
LETTERS = ("A", "B", "C")
MOST = {**dict.fromkeys(KINDS, 5), "asked": 9}
"""Pictures of a kind, and to be judged."""
LARGEST = 240
"""Longest side that the page hands on, px: of 16 : 9 the middle square still has 135."""
SHOWN = 64
"""Side of the reader's pictures as they are shown, px."""
PLACES = {cut: f"block {cut}" if cut else "layer 1" for cut in CUTS}
MARKS = {cut: str(cut) if cut else "layer 1" for cut in CUTS}
ORIGINS = {"trained": "ImageNet’s weights", "random": "random weights", "pixels": "pixels"}


@dataclass(frozen=True)
class State:
    """The pictures of each kind and what the kinds are called; the pictures to judge; what judges them; the run."""

    kind1: tuple[str, ...] = taught("brick")
    kind2: tuple[str, ...] = taught("grass")
    kind3: tuple[str, ...] = taught("gravel")
    name1: str = ""
    name2: str = ""
    name3: str = ""
    asked: tuple[str, ...] = tuple(name for texture in TEXTURES for name in asked(texture))
    source: str = "trained"
    cut: int = 11
    step: int = 15
    phase: str = "finished"
    notice: str = ""


def _kind(letter: str, name: str, pictures: str) -> tuple[kit.Control, ...]:
    group = f"Kind {letter}"
    return (
        Text(name, "Name", 16, "what it is", group=group),
        Picture(pictures, "Add", LARGEST, several=True, group=group),
    )


CONTROLS: tuple[kit.Control, ...] = (
    *_kind("A", "name1", "kind1"),
    *_kind("B", "name2", "kind2"),
    *_kind("C", "name3", "kind3"),
    Button("start", "Teach it", work=True),
    Button("stop", "Stop"),
    Button("empty", "Begin with no pictures"),
    Picture("asked", "Add photographs to judge", LARGEST, several=True),
    Choice("source", "Features from", tuple(Option(source, ORIGINS[source]) for source in SOURCES)),
    Choice("cut", "Cut after block", tuple(Option(cut, MARKS[cut]) for cut in CUTS)),
)

REGIONS = (
    Region("kinds", "What you teach", "picture", place="stage"),
    Region("readouts", "Each judged by a head taught without it", "readouts"),
    Region("judged", "What it makes of other pictures", "picture"),
    Region("cuts", "Each judged by a head taught without it", "picture"),
    Region("table", "", "table"),
)


# ---- the state ----------------------------------------------------------------------------------------------------


def pictures(state: State) -> tuple[str, ...]:
    """The pictures that teach."""
    return (*state.kind1, *state.kind2, *state.kind3)


def teachable(state: State) -> bool:
    """Whether there is something to tell apart."""
    return sum(bool(getattr(state, kind)) for kind in KINDS) >= 2


def normalise(state: State) -> State:
    """Return the nearest state that can be shown."""
    kept: dict[str, Any] = {field: _entries(getattr(state, field))[:most] for field, most in MOST.items()}
    state = replace(state, **kept)
    if not teachable(state):
        return replace(state, step=0, phase="ready")
    return phases.settled(state, len(pictures(state)))


def _entries(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The names and pictures among some texts, each once; pictures as their middle square, 128 × 128."""
    found = (text if text in NAMES else _squared(text) for text in texts)
    return tuple(dict.fromkeys(entry for entry in found if entry))


@lru_cache(maxsize=64)
def _squared(text: str) -> str:
    pixels = kit.decoded(text, LARGEST)
    if pixels is None:
        return ""
    if pixels.shape == (SIDE, SIDE, 3):
        return text
    return f"{SIDE}x{SIDE}:{b64encode(kit.middle_square(pixels, SIDE).tobytes()).decode()}"


def assign(state: State, field: str, value: Any) -> State:
    """Set a field; pictures are added, the reader's own in the place of textures. Another lesson has not begun."""
    if field not in MOST:
        return phases.assigned(state, field, value, ())
    before = getattr(state, field)
    added = tuple(entry for entry in _entries(value) if entry not in before)
    if not added:
        return state
    whole = (*(entry for entry in before if entry not in NAMES), *added)
    most = MOST[field]
    if field == "asked":
        return phases.assigned(state, field, whole[-most:], ())
    left = len(whole) - most
    words = f"{most} pictures of a kind are enough: {kit.counted(left, 'picture')} left out." if left > 0 else ""
    return replace(phases.assigned(state, field, whole[:most], KINDS), notice=words)


def act(state: State, act: kit.Act) -> State:
    """Press a button, or take a picture away."""
    match act:
        case phases.START if not teachable(state):
            return state
        case kit.ButtonPress("empty", ""):
            none: dict[str, Any] = dict.fromkeys(MOST, ())
            return replace(state, **none, name1="", name2="", name3="", step=0, phase="ready")
        case kit.RowPress(field, row) if field in MOST:
            left = tuple(entry for i, entry in enumerate(getattr(state, field)) if i != row)
            return phases.assigned(state, field, left, KINDS)
    return phases.pressed(state, act)


def limits(state: State) -> dict[str, dict[str, Any]]:
    """Say which buttons have something to do; a texture keeps its name."""
    running = state.phase == "running"
    names = {f"name{i + 1}": {"disabled": _texture(getattr(state, kind)) is not None} for i, kind in enumerate(KINDS)}
    return {
        **names,
        "start": {"disabled": running or state.phase == "finished" or not teachable(state)},
        "stop": {"disabled": not running},
        "empty": {"disabled": not any(getattr(state, field) for field in MOST)},
        "cut": {"hidden": state.source == "pixels"},
    }


def _texture(entries: tuple[str, ...]) -> str | None:
    """The texture that all pictures of a kind are pieces of."""
    found = {entry.partition("-")[0] if entry in NAMES else None for entry in entries}
    return found.pop() if len(found) == 1 else None


def called(state: State, kind: int) -> str:
    """What a kind is called: a texture's name, what the reader says, or a letter."""
    texture = _texture(getattr(state, KINDS[kind]))
    return TEXTURES[texture].name if texture else getattr(state, f"name{kind + 1}").strip() or LETTERS[kind]


# ---- the lesson ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lesson:
    """Heads by source and cut; the kinds they know, as numbers in KINDS; what kind each picture was, (n,)."""

    heads: Mapping[tuple[str, int], Head]
    kinds: tuple[int, ...]
    labels: Array

    def head(self, source: str, cut: int) -> Head:
        """The head on features of a source, cut there; pixels have no cut."""
        return self.heads[source, CUTS[-1] if source == "pixels" else cut]

    def rights(self, source: str, cut: int) -> int:
        """Count the pictures that a head taught without them judges rightly."""
        return int((self.head(source, cut).left_out.argmax(axis=1) == self.labels).sum())

    @property
    def alone(self) -> bool:
        """Whether a kind has one picture only: without it, nobody can know the kind."""
        return bool((np.bincount(self.labels) == 1).any())


@lru_cache(maxsize=64)
def features(entry: str) -> Array:
    """All features of a picture: those of a piece are at hand, one of the reader's own is looked at twice."""
    if entry in NAMES:
        return pieces()[entry].features
    pixels = kit.decoded(entry, LARGEST)
    assert pixels is not None, "normalise lets nothing else through"
    return teaching.looked_at(pixels, backbone())


def compute(state: State) -> Lesson | None:
    """Teach, if the pictures have been looked at."""
    return _lesson(state.kind1, state.kind2, state.kind3) if state.phase == "finished" else None


@lru_cache(maxsize=4)
def _lesson(*kinds: tuple[str, ...]) -> Lesson:
    known = tuple(i for i, entries in enumerate(kinds) if entries)
    labels = np.repeat(np.arange(len(known)), [len(kinds[i]) for i in known])
    seen = np.array([features(entry) for entries in kinds for entry in entries])
    cases = [(source, cut) for source in SOURCES for cut in (CUTS if source != "pixels" else CUTS[-1:])]
    heads = {case: teaching.taught(seen[:, teaching.part(*case)], labels, len(known)) for case in cases}
    return Lesson(heads, known, labels)


def work(state: State) -> Iterator[tuple[State, dict[str, str]] | State]:
    """Look at one picture after another; then teach."""
    if not teachable(state):
        return
    for now in phases.onwards(state, len(pictures(state)), 1):
        features(pictures(state)[now.step - 1])
        whole = now.phase == "finished" or now.step == state.step + 1
        yield now if whole else (now, {"kinds": _kinds(now), "readouts": _readouts(now, None)})


def view(state: State) -> dict[str, str]:
    """Draw every region."""
    lesson = compute(state)
    return {
        "kinds": _kinds(state),
        "judged": _judged(state, lesson),
        "readouts": _readouts(state, lesson),
        "cuts": _cuts(lesson if lesson and not lesson.alone else None, len(pictures(state))),
        "table": kit.folded("left-out", "Values as a table", _table(lesson)) if lesson and not lesson.alone else "",
    }


def sentence(state: State) -> str:
    """Say what was taught, and how well each source's features serve; or what was left out."""
    if state.notice:
        return state.notice
    lesson = compute(state)
    n = len(pictures(state))
    if not lesson:
        if state.phase == "running":
            return f"{kit.counted(n, 'picture')} to learn from: the network looks at one after another."
        ready = "“Teach it” begins." if teachable(state) else "Two kinds need at least a picture each."
        return f"{kit.counted(n, 'picture')} to learn from, {state.step} looked at. {ready}"
    names = ", ".join(called(state, kind) for kind in lesson.kinds)
    found = f"Taught with {kit.counted(n, 'picture')}: {names}."
    if lesson.alone:
        return f"{found} {ALONE}"
    shares = "; ".join(f"{ORIGINS[source]} {lesson.rights(source, state.cut)} of {n}" for source in SOURCES)
    return f"{found} Judged rightly when left out, cut after {PLACES[state.cut]}: {shares}."


ALONE = "To leave one out, every kind needs two."


# ---- the pictures -------------------------------------------------------------------------------------------------


def _kinds(state: State) -> str:
    """A column for each kind: its name, its pictures, places for more; veiled is what has not been looked at."""
    columns, first = "", 0
    for i, field in enumerate(KINDS):
        entries = getattr(state, field)
        cells = "".join(
            f"<li{_veiled(state, first + row)}>{_taken(field, row, entry, called(state, i))}</li>"
            for row, entry in enumerate(entries)
        )
        if len(entries) < MOST[field] or _texture(entries):
            cells += f'<li data-js><label class="add" for="open-{field}" title="Add photographs">+</label></li>'
        first += len(entries)
        columns += f'<div class="kind"><p><b>{escape(called(state, i))}</b></p><ul class="thumbs">{cells}</ul></div>'
    return f'<div class="kinds">{columns}</div>{_hint(state)}'


def _hint(state: State) -> str:
    if state.notice:
        return f'<p class="notice">{escape(state.notice)}</p>'
    shown = (*pictures(state), *state.asked)
    if shown and all(entry in NAMES for entry in shown):
        credits = (TEXTURES[name].credit for name in TEXTURES if any(entry.startswith(f"{name}-") for entry in shown))
        return f'<p class="hint">{escape("; ".join(credits))}</p>'
    return '<p class="hint">Yours stay in this page, which forgets them when you leave it. Press one to remove it.</p>'


def _veiled(state: State, number: int) -> str:
    return "" if number < state.step else ' class="is-new"'


def _taken(field: str, row: int, entry: str, name: str) -> str:
    """A picture that goes when it is pressed."""
    return (
        f'<button type="button" class="thumb" data-act="{field}:{row}" data-key="{field}-{row}" title="Remove" '
        f'aria-label="Remove picture {row + 1} of {escape(name)}">{_image(entry)}</button>'
    )


def _image(entry: str) -> str:
    return f'<img src="{_url(entry)}" alt="" width="{SHOWN}" height="{SHOWN}" loading="lazy">'


@lru_cache(maxsize=64)
def _url(entry: str) -> str:
    if entry in NAMES:
        return pieces()[entry].url
    pixels = kit.decoded(entry, LARGEST)
    return "" if pixels is None else kit.png_url(kit.middle_square(pixels, SHOWN))


def _judged(state: State, lesson: Lesson | None) -> str:
    """A card for each picture to judge: its bars, the likeliest kind in bold."""
    cards = "".join(
        f'<li class="judged">{_taken("asked", row, entry, "those to judge")}{_answer(state, lesson, entry)}</li>'
        for row, entry in enumerate(state.asked)
    )
    return f'<ul class="asked">{cards}</ul>'


def _answer(state: State, lesson: Lesson | None, entry: str) -> str:
    if not lesson:
        return '<p class="hint">Teach it first</p>'
    head = lesson.head(state.source, state.cut)
    (shares,) = head.probabilities(features(entry)[None, teaching.part(state.source, state.cut)])
    best = int(shares.argmax())
    rows = "".join(
        f"<li{BEST if i == best else ''}><span>{escape(called(state, kind))}</span> "
        f"{charts.share_bar(float(share))}<span>{kit.percent(float(share), 1)}</span></li>"
        for i, (kind, share) in enumerate(zip(lesson.kinds, shares, strict=True))
    )
    return f'<ol class="shares">{rows}</ol>{_mistake(state, lesson.kinds[best], entry)}'


BEST = ' class="is-best"'


def _mistake(state: State, answer: int, entry: str) -> str:
    """Say what a piece is that is taken for another texture."""
    if entry not in NAMES:
        return ""
    texture = entry.partition("-")[0]
    known = [_texture(getattr(state, kind)) for kind in KINDS]
    wrong = texture in known and known[answer] != texture
    return f'<p class="wrong">✗ it is {TEXTURES[texture].name.lower()}</p>' if wrong else ""


# ---- the results --------------------------------------------------------------------------------------------------


def _readouts(state: State, lesson: Lesson | None) -> str:
    n = len(pictures(state))
    run = f"{state.phase}, {state.step} of {n} pictures"
    if not lesson or lesson.alone:
        return kit.readouts([*((ORIGINS[source], "–") for source in SOURCES), ("Run", ALONE if lesson else run)])
    found = ((ORIGINS[source], _interval(lesson.rights(source, state.cut), n)) for source in SOURCES)
    return kit.readouts([*found, ("Run", run)])


def _interval(rights: int, n: int) -> str:
    low, high = (kit.number(100 * end, 0) for end in wilson(rights, n))
    return f"{rights} of {n} ({low}–{high} %)"


def _cuts(lesson: Lesson | None, n: int) -> str:
    """A line for each source over the cuts, with n pictures; without a lesson their place is empty."""
    marks = tuple(enumerate(MARKS.values()))
    across = charts.Axis(0, len(CUTS) - 1, marks, "cut after block")
    up = charts.Axis(0, 1, tuple((share / 5, f"{20 * share} %") for share in range(6)), "")
    lines = []
    for source in SOURCES:
        rights = [lesson.rights(source, cut) for cut in CUTS] if lesson else []
        ends = [wilson(count, n) for count in rights]
        points = [(i, count / n) for i, count in enumerate(rights)]
        low, high = ([end[side] for end in ends] for side in (0, 1))
        lines.append(charts.Line(ORIGINS[source], points, True, low, high))
    note = f"whiskers: 95 % interval of a share of {n}"
    label = "Share of pictures judged rightly when left out, by the cut; values in the table"
    return charts.Chart(across, up, note=note).draw(lines, label)


def _table(lesson: Lesson) -> str:
    n = len(lesson.labels)
    rows = [(PLACES[cut], [_interval(lesson.rights(source, cut), n) for source in SOURCES]) for cut in CUTS]
    caption = f"Of {n} pictures, judged rightly when left out (95 % interval)"
    return kit.table(caption, ["cut after", *ORIGINS.values()], rows)
