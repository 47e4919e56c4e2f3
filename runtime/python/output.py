"""What a run puts out: text and pictures in the order they came, each within its limits.

The text is a stream of `output_stream.py`; pictures end a part of it. Knows nothing of what draws them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

from runtime.python.output_stream import Emit, Printed
from runtime.python.pictures import Picture

MOST, ALL = 40, 12_000_000
"""Pictures of a run that are shown, and their characters."""

Part = str | Picture
Parts = tuple[Part, ...]
Frame = Callable[[str], object]
"""Called with a picture as JSON, after the text before it."""


class Output:
    """One run's; `printed` is the stream to print to."""

    def __init__(self, emit: Emit | None = None, frame: Frame | None = None) -> None:
        self.printed = Printed(emit)
        self._frame = frame
        self._parts: list[Part] = []
        self._shown = self._size = self._left_out = 0

    def show(self, picture: Picture) -> None:
        """Put a picture after what was printed so far, if there is room for it."""
        if self._shown == MOST or self._size + len(picture.content) > ALL:
            self._left_out += 1
            return
        self._shown += 1
        self._size += len(picture.content)
        self._keep(self.printed.part())
        self._parts.append(picture)
        if self._frame:
            self._frame(json.dumps(asdict(picture)))

    def finish(self) -> Parts:
        """Everything shown; nothing may follow."""
        if self._left_out:
            more = "picture is" if self._left_out == 1 else "pictures are"
            self.printed.write(f"… {self._left_out:,} more {more} not shown …\n")
        self.printed.finish()
        self._keep(self.printed.text)
        return tuple(self._parts)

    def _keep(self, text: str) -> None:
        if text:
            self._parts.append(text)


def text(parts: Parts) -> str:
    """What was printed, without the pictures."""
    return "".join(part for part in parts if isinstance(part, str))
