"""What a cell put out -> markup, and the files of its pictures, which lie beside the page.

A picture is a link to its file, so that it opens large without a script; see `runtime/page/cells/pictures.js` for what
it does with one.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from press.page.drawn_figures import FOLDER, file_name
from press.text.tex import TexError, Typesetter
from runtime.python.output import Part, Parts
from runtime.python.pictures import Picture

SMALLEST = 0.79
"""Share of its size down to which a drawing is scaled, so that its text stays legible; as in `pictures.js`."""


@dataclass(frozen=True)
class CellOutput:
    """Markup to stand in the element of the output, and pictures by their address below the page's folder."""

    markup: Markup
    pictures: Mapping[str, bytes]


def in_words(parts: Parts, alt: str) -> Parts:
    """The parts, with an author's words for the first picture."""
    words = iter([alt])
    return tuple(part if isinstance(part, str) else replace(part, alt=next(words, part.alt)) for part in parts)


def markup(parts: Parts, typesetter: Typesetter) -> CellOutput:
    """Text and pictures in the order they came."""
    pictures: dict[str, bytes] = {}

    def shown(part: Part) -> Markup:
        if isinstance(part, str):
            return Markup.escape(part)
        if part.kind == "tex":
            return _formula(part, typesetter)
        content = part.content.encode() if part.kind == "svg" else b64decode(part.content)
        address = f"{FOLDER}/{file_name('output', content, part.kind)}"
        pictures[address] = content
        return _picture(part, address)

    return CellOutput(Markup("").join(map(shown, parts)), pictures)


def _picture(picture: Picture, address: str) -> Markup:
    values = Markup(' data-values="{}"').format(picture.values) if picture.values else ""
    least = Markup(' style="min-width: {}px"').format(round(picture.width * SMALLEST)) if picture.kind == "svg" else ""
    image = Markup('<img src="{}" width="{}" height="{}" alt="{}" loading="lazy"{}{}>').format(
        address, picture.width, picture.height, picture.alt, least, values
    )
    return Markup('<a class="output-picture" href="{}">{}</a>').format(address, image)


def _formula(part: Picture, typesetter: Typesetter) -> Markup:
    """Set as on paper, without the dollars around it; as it was written where it cannot be set."""
    tex = part.content.strip().strip("$").removeprefix(r"\displaystyle").strip()
    try:
        return Markup('<span class="output-tex">{}</span>').format(Markup(typesetter.html(tex, display=True)))
    except TexError:
        return Markup.escape(f"{part.content}\n")
