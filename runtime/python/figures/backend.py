"""matplotlib's backend for cells: a figure becomes a picture in the cell's output, the same here and in the browser.

A figure appears once: where `plt.show()`, `display` or a last expression asks for it, else when the run ends.
"""

from __future__ import annotations

import io
import sys
import warnings
from collections.abc import Mapping
from itertools import islice
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot
from matplotlib._pylab_helpers import Gcf
from matplotlib.artist import Artist
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import QuadMesh
from matplotlib.colors import Normalize
from matplotlib.container import Container
from matplotlib.figure import Figure

from runtime.python.figures.description import alternative, values
from runtime.python.figures.themes import by_theme, numbered
from runtime.python.pictures import Picture, show, svg_picture

NAME = "module://runtime.python.figures.backend"
SIGNED = "book-signed"
"""The colour map of signed values."""
PIXELS = 200
"""Pixels of an inch where something is drawn as pixels: twice those of a common screen."""
UNSIGNED = {"Date": None, "Creator": None, "Format": None, "Type": None}
"""What would say when and by what the file was made."""
MOST_POINTS = 20_000
"""Points of one artist that are drawn as such; more become pixels."""
MOST_PIXELS = 400_000
"""Values of an image that are shown one by one; more are averaged to the pixels there are."""
TALLEST = 40.0
"""Inches of a figure's side: more would be a picture of many thousand pixels."""


class FigureManager(FigureManagerBase):
    """A figure that is open."""

    @classmethod
    def pyplot_show(cls, *, block: bool | None = None) -> None:
        """`plt.show()`: all that are open, in their order."""
        show_open()

    def show(self) -> None:
        """`figure.show()`."""
        show_figure(self.canvas.figure)


class FigureCanvas(FigureCanvasSVG):
    """Draws SVG."""

    manager_class = FigureManager


def show_open() -> None:
    """Show the figures that are open, and close them."""
    for manager in Gcf.get_all_fig_managers():
        show_figure(manager.canvas.figure)


def show_figure(figure: Figure) -> None:
    """Show one, and close it; an animation shows its first frame and says so."""
    moving = _animation(figure)
    show(figure)
    if moving:
        print("An animation stands still here: this is its first frame.")


class Figures:
    """matplotlib, as cells use it; `settings` are those that every run finds."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = dict(settings)

    def begin(self) -> None:
        """No figure is open, and the settings are the book's, whatever was done before."""
        Gcf.figs.clear()
        dict.clear(mpl.rcParams)
        dict.update(mpl.rcParams, self._settings)
        if pyplot._get_backend_mod().FigureCanvas is not FigureCanvas:
            pyplot.switch_backend(NAME)
        warnings.filterwarnings("ignore", "FigureCanvasAgg is non-interactive")  # its figures are shown all the same

    def finish(self) -> None:
        """Show what is open."""
        show_open()

    def picture(self, value: Any) -> Picture | None:
        """The picture of a figure; None for anything else."""
        return drawn(value) if isinstance(value, Figure) else None

    def is_silent(self, value: Any) -> bool:
        """Artists, and what holds some: lines, bars, axes."""
        if isinstance(value, Artist | Container):
            return not isinstance(value, Figure)
        parts = value.flat if isinstance(value, np.ndarray) and value.dtype.hasobject else value
        return isinstance(parts, list | tuple | np.flatiter) and any(map(self.is_silent, islice(parts, 50)))


def drawn(figure: Figure) -> Picture:
    """Draw a figure, which is not open any more."""
    Gcf.destroy_fig(figure)
    if moving := _animation(figure):
        moving._draw_was_started = True  # or it complains later that nobody drew it
        moving._init_draw()
    figure.set_size_inches(*(min(side, TALLEST) for side in figure.get_size_inches()))
    for artist in figure.findobj(_is_dense):
        artist.set_rasterized(True)
    for axes in figure.axes:
        for image in axes.images:
            _centre(image)
            if image.get_size()[0] * image.get_size()[1] > MOST_PIXELS:
                image.set_interpolation("auto")
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata=UNSIGNED, dpi=PIXELS)
    return svg_picture(by_theme(numbered(file.getvalue())), alternative(figure), values(figure))


def _animation(figure: Figure) -> Any:
    """The animation that waits for the figure to be drawn, or None; the figure itself knows of none."""
    module = sys.modules.get("matplotlib.animation")
    waiting = figure.canvas.callbacks.callbacks.get("draw_event", {}) if module else {}
    owners = [getattr(call(), "__self__", None) for call in waiting.values()]
    return next((owner for owner in owners if module and isinstance(owner, module.Animation)), None)


def _centre(image: Any) -> None:
    """Signed colours stand for values from -peak to peak where the range was not chosen."""
    norm, array = image.norm, image.get_array()
    if image.cmap.name == SIGNED and type(norm) is Normalize and (norm.vmin, norm.vmax) == (array.min(), array.max()):
        peak = abs(array).max()
        image.set_clim(-peak, peak)


def _is_dense(artist: Artist) -> bool:
    """Whether an artist has so many points that pixels say as much."""
    if isinstance(artist, QuadMesh):
        return np.size(artist.get_coordinates()) > 2 * MOST_POINTS
    asks = (getattr(artist, name, None) for name in ("get_offsets", "get_xdata", "get_paths"))
    return any(ask is not None and len(ask()) > MOST_POINTS for ask in asks)
