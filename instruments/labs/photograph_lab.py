"""Instrument: what a network trained on ImageNet makes of a photograph: its answers, and what speaks for one.

What speaks for it is asked in two ways: what each place adds to the score, and what is lost when a place is covered.
The network is `instruments.nn.efficientnet`; its weights, the names of its classes and the photographs are fetched when
a reader turns to the lab. A reader's own picture stays in the page.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from instruments import kit, shown_photograph
from instruments.data.photographs import SIDE
from instruments.experiments.imagenet import names, starters, weights
from instruments.kit import Button, Choice, Option, Region, Toggle, charts
from instruments.nn import efficientnet, occlusion
from instruments.nn.efficientnet import BLOCKS, CLASSES, HEAD, STEM
from instruments.nn.occlusion import PLACES

Array = NDArray[Any]

FILES = shown_photograph.FILES
SIZES = (224, 160, 128, 96)
ANSWERS = 5
VEIL = 0.8
"""How much of the photograph is hidden where nothing speaks for an answer."""


@dataclass(frozen=True)
class State:
    """What the network sees, at which size; the answer, 0 the likeliest, whose reasons are shown, and how.

    `covered` is what the likeliest answers' shares became with each place covered, if that was asked (see `_written`).
    """

    photograph: str = "chelsea"
    size: int = 224
    why: bool = True
    way: str = "scores"
    answer: int = 0
    covered: str = ""
    picture: str = ""


CONTROLS: tuple[kit.Control, ...] = (
    *shown_photograph.CHOICE,
    Choice("size", "Pixels along a side", tuple(Option(size, str(size)) for size in SIZES), on_phones=128),
    Toggle("why", "Veil what does not speak for the answer"),
    Choice("way", "By", (Option("scores", "its scores"), Option("covered", "covering places"))),
    Button("cover", f"Cover {PLACES**2} places in turn", work=True),
)

REGIONS = (
    Region("photograph", "What it looks at", "picture", place="stage"),
    Region("answers", "What it says", "picture", place="beside"),
    Region("readouts", "Readouts", "readouts"),
    Region("reasons", "", "table"),
)


@dataclass(frozen=True)
class Look:
    """A look at a picture (size, size, 3): the last map (H, W, 1280), probabilities (1000,)."""

    pixels: Array
    head: Array
    probabilities: Array

    @property
    def ranked(self) -> list[int]:
        """The likeliest classes."""
        return [int(i) for i in np.argsort(-self.probabilities, kind="stable")[:ANSWERS]]


def normalise(state: State) -> State:
    """Return the nearest state that can be shown; a picture of the reader's own goes before the others."""
    state = replace(shown_photograph.settled(state), answer=min(max(0, state.answer), ANSWERS - 1))
    covered = state.covered if _shares(state) is not None else ""
    return replace(state, covered=covered, way=state.way if covered and state.way == "covered" else "scores")


def limits(state: State) -> dict[str, dict[str, Any]]:
    """Nothing has been lost before places were covered."""
    return {"way": {"hidden": not state.covered}, "cover": {"disabled": bool(state.covered)}}


def assign(state: State, field: str, value: Any) -> State:
    """Set a field; another picture, or another size of it, is looked at afresh."""
    changed = shown_photograph.assigned(state, field, value)
    return replace(changed, answer=0) if field in ("photograph", "picture", "size") and changed != state else changed


def act(state: State, act: kit.Act) -> State:
    """Ask for the reasons of an answer."""
    match act:
        case kit.RowPress("answer", row):
            return replace(state, answer=row, why=True)
    return state


def work(state: State) -> Iterator[dict[str, str] | State]:
    """Cover the places row by row, and ask again each time."""
    look = compute(state)
    x, chosen, found = efficientnet.normalised(look.pixels), look.ranked, np.zeros((0, PLACES, ANSWERS))

    def asked(numbers: Array) -> Array:
        *_, head = efficientnet.maps_of(numbers, weights())
        return efficientnet.probabilities(efficientnet.scores(head, weights()))[chosen]

    for row in occlusion.answers(x, asked):
        found = np.concatenate([found, row[None]])
        yield {"readouts": _progress(len(found))}
    yield normalise(replace(state, covered=_written(state, found), way="covered", why=True))


def _progress(rows: int) -> str:
    words = f"{rows * PLACES} of {PLACES**2} places covered"
    return f'<p class="hint">{words} <progress value="{rows}" max="{PLACES}" aria-label="{words}"></progress></p>'


def _written(state: State, shares: Array) -> str:
    """Write shares (PLACES, PLACES, ANSWERS) as text, with the photograph and size they belong to."""
    return f"{_mark(state)}{b64encode(shares.astype('<f4').tobytes()).decode()}"


def _mark(state: State) -> str:
    return f"{state.photograph}:{crc32(state.picture.encode()):x}:{state.size}:"


def _shares(state: State) -> Array | None:
    """Read what `_written` wrote; None if it is something else, or of another picture."""
    if not state.covered.startswith(_mark(state)):
        return None
    try:
        shares = np.frombuffer(b64decode(state.covered.removeprefix(_mark(state)), validate=True), "<f4")
    except ValueError:
        return None
    sensible = shares.size == PLACES**2 * ANSWERS and ((shares >= 0) & (shares <= 1)).all()
    return shares.reshape(PLACES, PLACES, ANSWERS) if sensible else None


def compute(state: State) -> Look:
    """Look at the photograph."""
    return _look(state.photograph, state.picture, state.size)


@lru_cache(maxsize=2)
def _look(photograph: str, picture: str, size: int) -> Look:
    pixels = shown_photograph.square(photograph, picture, size)
    *_, head = efficientnet.maps(pixels, weights())
    return Look(pixels, head, efficientnet.probabilities(efficientnet.scores(head, weights())))


def reasons(state: State) -> Array:
    """What speaks for the chosen answer: by place what it adds to the score, or what its share loses, in points."""
    look, shares = compute(state), _shares(state)
    chosen = look.ranked[state.answer]
    if state.way == "covered" and shares is not None:
        return np.asarray(100 * (look.probabilities[chosen] - shares[..., state.answer]))
    return efficientnet.activation_map(look.head, weights(), chosen)


def view(state: State) -> dict[str, str]:
    """Draw every region."""
    look, found = compute(state), reasons(state)
    words = "What each place adds to the score, as a table"
    if state.way == "covered":
        words = "What covering each place takes from the share, in points, as a table"
    return {
        "photograph": _photograph(state, look, found),
        "answers": _answers(state, look),
        "readouts": _readouts(state, look),
        "reasons": kit.folded("reasons", words, _table(state, look.ranked[state.answer], found)),
    }


def sentence(state: State) -> str:
    """Say what it sees, and what the veil leaves."""
    look = compute(state)
    said = ", ".join(f"{names()[i]} {_percent(look.probabilities[i])}" for i in look.ranked)
    answer = names()[look.ranked[state.answer]]
    why = f" Clear is what speaks for {answer}." if state.why else ""
    if state.way == "covered":
        why = f" Covering the clearest place takes {_points(reasons(state).max())} from {answer}."
    return f"{shown_photograph.subject(state)} at {state.size} × {state.size} pixels: {said}.{why}"


def _points(points: float) -> str:
    return f"{kit.number(float(points), 1)} points"


def _percent(share: float) -> str:
    per_cent = 100 * float(share)
    return f"{kit.number(per_cent, 0 if per_cent >= 10 else 1)} %" if per_cent >= 0.1 else "under 0.1 %"


# ---- the photograph and the answers -------------------------------------------------------------------------------


def _photograph(state: State, look: Look, found: Array) -> str:
    """The picture as the network gets it; with a veil, more of it the less speaks for the answer."""
    as_it_is = state.size == SIDE and not state.picture
    url = starters()[state.photograph].url if as_it_is else kit.png_url(look.pixels)
    kind = "svg-photo" if state.size == SIDE else "svg-pixels"  # a coarser picture is shown as coarse as it is
    body = f'<image class="{kind}" width="{SIDE}" height="{SIDE}" href="{url}"/>'
    label = "The photograph"
    if state.why:
        body += _veil(found)
        label += f", veiled where nothing speaks for {names()[look.ranked[state.answer]]}"
    credit = escape(shown_photograph.credit(state))
    return kit.svg(body, SIDE, SIDE, label, longest=2 * SIDE) + f'<p class="hint">{credit}</p>'


def _veil(found: Array) -> str:
    """A dark square over each place of the last map; none over the one that speaks most for the answer."""
    rows, columns = found.shape
    grid = kit.Grid(rows, columns, cell=SIDE / rows)
    hidden = VEIL * (1 - np.clip(found / max(float(found.max()), 1e-9), 0, 1))
    squares = (
        kit.box("tone-0", column * grid.cell, row * grid.cell, grid.cell, grid.cell, f'fill-opacity="{share:.2f}"')
        for (row, column), share in np.ndenumerate(hidden)
    )
    return f'<g shape-rendering="crispEdges">{"".join(squares)}</g>'


def _answers(state: State, look: Look) -> str:
    """The likeliest answers, each a button that asks for its reasons, with bars that end at 100 %."""
    rows = "".join(
        f'<li><button type="button" data-act="answer:{row}" data-key="answer-{row}" '
        f'aria-pressed="{"true" if row == state.answer else "false"}">{escape(names()[i])}</button> '
        f"<span>{_percent(look.probabilities[i])}</span>{charts.share_bar(float(look.probabilities[i]))}</li>"
        for row, i in enumerate(look.ranked)
    )
    rest = 1 - sum(float(look.probabilities[i]) for i in look.ranked)
    others = f"the other {len(names()) - ANSWERS}"
    other = f"<li><span>{others}</span> <span>{_percent(rest)}</span>{charts.share_bar(rest)}</li>"
    note = f"It must divide 100 % among {kit.number(len(names()), 0)} names; none of them is “something else”."
    return f'<ol class="answers">{rows}{other}</ol><p class="hint">{note}</p>'


def _readouts(state: State, look: Look) -> str:
    count = sum(w.size + b.size for w, b in weights().values())
    return kit.readouts(
        [
            ("Input", f"{state.size} × {state.size} × 3"),
            ("Last map", " × ".join(kit.number(n, 0) for n in look.head.shape)),
            ("Weights and biases", f"{kit.number(count / 1e6)} million"),
            ("Multiply-adds", f"{kit.number(products(state.size) / 1e6, 0)} million"),
        ]
    )


def products(side: int) -> int:
    """Count the multiply-adds for a picture of side × side: those of each layer (EQ N2.3) at the sides it has."""
    side = -(-side // 2)
    total = side**2 * STEM * 27
    for block in BLOCKS:
        if block.inner != block.c_in:
            total += side**2 * block.c_in * block.inner
        side = -(-side // block.stride)
        total += side**2 * block.inner * (block.k**2 + block.c_out)
    return total + side**2 * BLOCKS[-1].c_out * HEAD + HEAD * CLASSES


def _table(state: State, answer: int, found: Array) -> str:
    if state.way == "covered":
        return kit.grid_table(f"Points that {names()[answer]} loses", found, digits=1)
    _, b = weights()["classes"]
    words = f"Their mean and the bias, {kit.number(float(b[answer]))}, are the score of {names()[answer]}"
    return kit.grid_table(words, found, digits=1)
