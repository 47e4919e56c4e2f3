"""Long output: head and tail are kept, what is hidden is counted, and nothing grows without bound."""

from __future__ import annotations

import time

import pytest

from runtime.python.output_stream import HEAD, HEAD_LINES, LONG_PAUSE, TAIL, TAIL_LINES, Hidden, Printed, visible


def shown(lines: int) -> Printed:
    printed = Printed()
    for i in range(lines):
        print(i, file=printed)
    return printed


def test_short_output_is_whole() -> None:
    assert shown(3).text == "0\n1\n2\n"
    assert shown(3).hidden == Hidden()


def test_no_line_is_lost_uncounted() -> None:
    printed = shown(100_000)
    head, told, tail = printed.text.partition("\n… ")
    number, _, rest = tail.partition(" lines not shown …\n")
    kept = [*head.split("\n"), *rest.rstrip("\n").split("\n")]
    assert told
    assert kept[0] == "0"
    assert kept[-1] == "99999"
    assert len([line for line in kept if line]) + int(number.replace(",", "")) == 100_000
    assert all(line.isdigit() for line in kept if line)


def test_many_short_lines_are_cut_by_number() -> None:
    assert shown(HEAD_LINES).text.count("\n") == HEAD_LINES
    assert shown(HEAD_LINES + TAIL_LINES).hidden == Hidden()
    assert shown(HEAD_LINES + TAIL_LINES + 7).hidden.lines == 7
    assert shown(10**5).text.count("\n") <= HEAD_LINES + TAIL_LINES + 2


def test_what_is_printed_before_a_hang_has_been_sent() -> None:
    heard: list[str] = []
    printed = Printed(lambda added, *_: heard.append(added))
    for i in range(10):
        print(i, file=printed)
    assert "".join(heard) == "".join(f"{i}\n" for i in range(10))


def test_dots_without_a_line_break_are_sent_when_flushed() -> None:
    heard: list[str] = []
    printed = Printed(lambda added, tail, *_: heard.append(added + tail))
    for _ in range(3):
        print(".", end="", file=printed, flush=True)
    assert heard == [".", "..", "..."]


def test_progress_replaces_what_it_writes_over() -> None:
    """What the page shows: all that was added, and the present tail."""
    heard: list[str] = []
    head = ""

    def emit(added: str, tail: str, lines: int, characters: int) -> None:
        nonlocal head
        head += added
        heard.append(head + tail)

    printed = Printed(emit)
    print("start", file=printed)
    for step in ("1/3", "2/3", "3/3"):
        print(f"\r{step}", end="", file=printed, flush=True)
    print("\nend", file=printed)
    printed.finish()
    assert heard[0] == "start\n"
    assert heard[1:4] == ["start\n1/3", "start\n2/3", "start\n3/3"]
    assert heard[-1] == "start\n3/3\nend\n" == printed.text


def test_a_flood_is_few_messages() -> None:
    heard: list[str] = []
    printed = Printed(lambda added, *_: heard.append(added))
    begin = time.monotonic()
    for i in range(300_000):
        print(i, file=printed)
    assert len(heard) < HEAD_LINES + 2 + (time.monotonic() - begin) / LONG_PAUSE


def test_one_endless_line() -> None:
    printed = Printed()
    printed.write("x" * 5_000_000)
    assert printed.hidden == Hidden(0, 5_000_000 - HEAD - TAIL)
    assert "characters not shown" in printed.text
    assert len(printed.text) < HEAD + TAIL + 100


def test_the_browser_gets_what_text_says() -> None:
    """Joining what was emitted gives the same as asking at the end."""
    head, last = "", ("", 0, 0)

    def emit(added: str, tail: str, lines: int, characters: int) -> None:
        nonlocal head, last
        head, last = head + added, (tail, lines, characters)

    printed = Printed(emit)
    for i in range(30_000):
        printed.write(f"{i} ")
        printed.write("\n" if i % 7 == 0 else "")
    printed.finish()
    tail, lines, characters = last
    assert printed.text == f"{head}\n… {Hidden(lines, characters)} not shown …\n{tail}"


@pytest.mark.parametrize("text", ["\0", "\ud800", "😀", "\x1b[1m", "é"])
def test_escapes_stay_below_300_kilobytes(text: str) -> None:
    printed = Printed()
    printed.write(text * 1_000_000)
    assert len(printed.text.encode()) < 300_000


def test_only_text_can_be_written() -> None:
    with pytest.raises(TypeError, match="must be str, not int"):
        Printed().write(5)  # type: ignore[arg-type]


def test_visible_text_is_untouched() -> None:
    text = "tab\t, line\n, é, 漢, 😀, \u202e"
    assert visible(text) == text
