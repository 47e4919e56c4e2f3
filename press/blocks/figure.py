"""Figure: a picture with a number, a title and a caption that says what to notice.

The picture is a file, or is drawn when the chapter is built by a function of the chapter's own Python; one that draws
a picture for each of several whole numbers becomes a figure that the reader moves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from markupsafe import Markup

from press.blocks.block import NotebookContext, PageContext, Render, Titled
from press.text.options import BlockSource, Options, require
from press.text.pictures import NoPicture, attachment, picture
from press.text.places import Mistake, Text
from press.text.values import Evaluate

FUNCTION = re.compile(r"(?:[a-z]\w*\.)?[a-z]\w*")
MOST_FRAMES = 100
FRAMES = range(2, MOST_FRAMES + 1)


@dataclass(frozen=True)
class Figure(Titled):
    """`file` is one of the chapter's pictures, or `draw` names a function, which draws so many `frames`.

    `alt` says the same to those who cannot see it.
    """

    file: Text
    draw: Text
    frames: int
    alt: Text
    caption: Text

    kind = "figure"
    label = "fig"
    numbered = True
    options = Options(required=("title", "alt"), optional=("file", "draw", "frames"))
    must_be_referred_to = True

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """The body is the caption."""
        caption = require(source.body, "this figure has no caption that says what to notice", source.place, mistakes)
        title, file, alt = map(source.option, ("title", "file", "alt"))
        draw, frames = _drawn(source, mistakes)
        return cls(source.place, source.name, title.source, file, draw, frames, alt, caption)

    @property
    def module(self) -> str:
        """The file of the function that draws, below the chapter's folder."""
        file, dot, _ = self.draw.source.partition(".")
        return f"pictures/{file}.py" if dot else "figures.py"

    @property
    def function(self) -> str:
        """The name of the function that draws."""
        return self.draw.source.rpartition(".")[2]

    def sentences(self) -> tuple[Text, ...]:
        """The caption."""
        return (self.caption,)

    def searched(self, evaluate: Evaluate) -> tuple[str, ...]:
        """The caption and the words for the picture."""
        return (self.caption.source, self.alt.source)

    def html(self, page: PageContext, render: Render) -> Markup:
        """The picture at its size; nothing, and a mistake, where the file cannot be shown."""
        if not self.file:
            drawn = page.drawn.get(self.name)
            return render(drawn=drawn) if drawn else Markup()
        try:
            shown = picture(page.writer.pictures, self.file.source)
        except NoPicture as error:
            page.writer.mistakes.append(Mistake(self.file.place, str(error), error.hint))
            return Markup()
        page.writer.used_pictures.add(shown.file)
        return render(drawn=None, picture=shown)

    def notebook(self, head: str, notebook: NotebookContext) -> str:
        """The picture travels in the file; of several, the one the page shows at first."""
        file, words = self.file.source, ""
        if drawn := notebook.drawn.get(self.name):
            file = drawn.shown.wide.file
            words = f"{drawn.shown.words}\n\n" if drawn.address else ""
        return f"{head}\n\n![{self.alt.source}]({attachment(file)})\n\n{words}{notebook.text(self.caption)}"


def _drawn(source: BlockSource, mistakes: list[Mistake]) -> tuple[Text, int]:
    """The function that draws, empty where a file is shown, and for how many frames."""
    file, draw, frames = map(source.option, ("file", "draw", "frames"))
    if bool(file) == bool(draw):
        what = "this figure has both file and draw" if file else "this figure has neither file nor draw"
        hint = "a picture is a line file: …, or a function's name, draw: …"
        mistakes.append(Mistake(source.place, what, hint))
    if frames and not draw:
        mistakes.append(Mistake(frames.place, "only a figure that is drawn has frames", "name a function, draw: …"))
    count = _frames(frames, mistakes) if frames else 1
    if draw and not FUNCTION.fullmatch(draw.source):
        hint = "write draw: name for one in figures.py, draw: file.name for one in pictures/file.py"
        mistakes.append(Mistake(draw.place, f"“{draw.source}” is not the name of a function", hint))
        return Text(draw.place, ""), count
    return draw, count


def _frames(typed: Text, mistakes: list[Mistake]) -> int:
    if typed.source.isdecimal() and int(typed.source) in FRAMES:
        return int(typed.source)
    hint = f"a whole number from {FRAMES.start} to {MOST_FRAMES}: the function is called with 0, 1, 2 …"
    mistakes.append(Mistake(typed.place, f"“{typed.source}” is no number of frames", hint))
    return FRAMES.start  # so that it is called as it is written
