"""What a cell prints: gathered in batches, cut to a head and a tail, and made safe to show as text.

Knows nothing of cells, errors or the page. A million prints must cost a million appends, not a million messages.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

HEAD, HEAD_LINES = 36_000, 1_000
"""Characters and lines kept from the start: what comes first."""
TAIL, TAIL_LINES = 12_000, 250
"""Characters and lines kept from the end once the head is full. Escaped sixfold, head and tail stay under 300 kB."""
BATCH = 4_096
"""Writes gathered at most before they are sorted into head, hidden part and tail."""
RAGGED = 2_000
"""Longest piece of a line given up so that a cut falls between lines, and longest line that can be written over."""

FREE = 50
"""Messages sent at once after a rest: what is printed before a long computation must be seen."""
REST, PAUSE, LONG_PAUSE = 0.05, 0.002, 0.05
"""Seconds: silence that counts as a rest; between messages after that; between messages that replace the tail."""

ERASE = ("\x1b[K", "\x1b[0K", "\x1b[2K")
"""What a terminal erases a line with."""
ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

Emit = Callable[[str, str, int, int], object]
"""Called with text to append to the head, the whole present tail, and the lines and characters hidden between them."""


@dataclass(frozen=True)
class Hidden:
    """How much of the output lies between head and tail and is not shown."""

    lines: int = 0
    characters: int = 0

    def __str__(self) -> str:
        return f"{self.lines:,} lines" if self.lines else f"{self.characters:,} characters"


class Pace:
    """When the next message may go out: at once for a few, then at intervals."""

    def __init__(self) -> None:
        self.due = self._last = 0.0
        self._free = FREE

    def sent(self, now: float, whole_tail: bool) -> None:
        """Tell that a message went out at `now`, a time in seconds."""
        self._free = FREE if now - self._last > REST else self._free - 1
        self._last = now
        if whole_tail:
            self.due = now + LONG_PAUSE
        else:
            self.due = now if self._free > 0 else now + PAUSE


class Printed(io.TextIOBase):
    """A text stream that keeps the beginning and the end of what is written to it."""

    encoding = "utf-8"

    def __init__(self, emit: Emit | None = None) -> None:
        """`emit` is called at a line's end, if the pace allows it, at `flush` and at `finish`."""
        self._emit = emit
        self._pending: list[str] = []
        self._head = self._tail = self._unsent = ""
        self._line = ""
        """The last line while it has no end: as in a terminal, a carriage return lets it be written over."""
        self._full = self._ragged = False
        self._lines = self._characters = 0
        self._room, self._room_lines = HEAD, HEAD_LINES
        self._pace = Pace()

    def writable(self) -> bool:
        """Always: a cell may print at any time."""
        return True

    def write(self, text: str) -> int:
        """Append `text`; raises TypeError for anything but a str, as every text stream does."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        pending = self._pending
        pending.append(text)
        if text[-1:] == "\n" or not len(pending) % 16:  # asking the clock each time would cost more than the append
            if monotonic() >= self._pace.due:
                self.flush()
            elif len(pending) >= BATCH:
                self._sort()
        return len(text)

    def flush(self) -> None:
        """Send what was written, if a message is due."""
        now = monotonic()
        if now >= self._pace.due:
            self._sort()
            self._send()
            self._pace.sent(now, self._full)

    def finish(self) -> None:
        """Send what has not been sent yet."""
        self._sort()
        self._keep(self._line.rstrip("\r"))
        self._line = ""
        self._send()

    def part(self) -> str:
        """End a part of the output, before a picture: all its text. The next begins with what is left of the head."""
        self.finish()
        text = self.text
        self._room -= len(self._head)
        self._room_lines -= self._head.count("\n")
        self._head = self._tail = ""
        self._full = self._ragged = False
        self._lines = self._characters = 0
        return text

    @property
    def hidden(self) -> Hidden:
        """What `text` leaves out."""
        self._sort()
        return self._cut()[1]

    @property
    def text(self) -> str:
        """Everything shown: head, a line that tells what is missing, tail."""
        self._sort()
        tail, hidden = self._cut()
        tail += self._line
        if not hidden.characters:
            return visible(self._head + tail)
        return f"{visible(self._head)}\n… {hidden} not shown …\n{visible(tail)}"

    def _sort(self) -> None:
        """Keep pending lines; the last one waits for its end, unless it is long."""
        text = self._line + "".join(self._pending)
        self._pending.clear()
        end = text.rfind("\n") + 1
        line = written_over(text[end:])
        if len(line) > RAGGED:
            end, line = len(text), ""
        self._line = line
        text = text[:end].replace("\r\n", "\n")
        self._keep("\n".join(map(written_over, text.split("\n"))) if "\r" in text else text)

    def _keep(self, text: str) -> None:
        """Move text to the head while there is room, then to the tail."""
        if not self._full:
            text = self._fill(text)
        if text:
            self._push(text)

    def _fill(self, text: str) -> str:
        """Fill the head from `text`; return what did not fit."""
        room = self._room - len(self._head)
        if len(text) > room:
            line_end = text.rfind("\n", max(0, room - RAGGED), room) + 1
            room = line_end or room
        lines = self._room_lines - self._head.count("\n")
        if text.count("\n", 0, room) >= lines:
            room = _after_line(text, lines)
        self._full = room < len(text)
        self._head += text[:room]
        self._unsent += text[:room]
        return text[room:]

    def _push(self, text: str) -> None:
        """Append to the tail; count what falls out of its front."""
        text = self._tail + text
        cut = max(0, len(text) - TAIL)
        cut = max(cut, _before_lines(text, TAIL_LINES))
        self._lines += text.count("\n", 0, cut)
        self._characters += cut
        if cut:
            self._ragged = text[cut - 1] != "\n"
        self._tail = text[cut:]

    def _cut(self) -> tuple[str, Hidden]:
        """The tail from its first whole line on, and what is hidden before it."""
        start = self._tail.find("\n", 0, RAGGED) + 1 if self._ragged else 0
        lines = self._lines + (1 if start else 0)
        return self._tail[start:], Hidden(lines, self._characters + start)

    def _send(self) -> None:
        if self._emit:
            tail, hidden = self._cut()
            self._emit(visible(self._unsent), visible(tail + self._line), hidden.lines, hidden.characters)
            self._unsent = ""


def _after_line(text: str, number: int) -> int:
    """Where the line after the first `number` lines begins."""
    end = 0
    for _ in range(number):
        end = text.index("\n", end) + 1
    return end


def _before_lines(text: str, number: int) -> int:
    """Where the last `number` lines begin, ended or not; 0 if there are fewer."""
    start = len(text) - text.endswith("\n")
    for _ in range(number):
        start = text.rfind("\n", 0, start)
        if start < 0:
            return 0
    return start + 1


def written_over(line: str) -> str:
    """What a terminal shows of a line in which carriage returns go back to its start; the last one is kept."""
    if "\r" not in line:
        return line
    shown = ""
    for part in line.split("\r"):
        if part.startswith(ERASE):
            shown = ""
        part = ESCAPES.sub("", part)
        shown = part + shown[len(part) :]
    return shown + "\r" * line.endswith("\r")


def visible(text: str) -> str:
    """`text` without terminal colours, other control characters and lone surrogates written as escapes."""
    text = ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "")
    return UNSHOWABLE.sub(lambda found: ascii(found[0])[1:-1], text)
