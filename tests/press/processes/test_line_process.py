"""Questions asked ahead of a process are answered in order, however many there are, and never left hanging."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from press.processes.line_process import Ended, LineProcess

ECHO = "import sys\nfor line in sys.stdin: print(line.strip(), flush=True)"


def helper(code: str) -> LineProcess:
    return LineProcess([sys.executable, "-c", code], Path(__file__).parent)


def test_more_than_pipes_can_hold_is_answered_in_order() -> None:
    echo = helper(ECHO)
    asked = [echo.ask([n, "x" * 1000]) for n in range(500)]
    assert [answer.result(30)[0] for answer in asked] == list(range(500))
    echo.close()


def test_a_process_that_ends_fails_what_was_asked() -> None:
    once = helper("input(); print(1, flush=True)")
    first, second = once.ask("a"), once.ask("b")
    assert first.result(30) == 1
    with pytest.raises(RuntimeError, match="has ended unasked"):
        second.result(30)
    once.close()


def test_what_is_asked_after_the_end_fails_too_and_a_new_process_follows_a_close() -> None:
    once = helper("input(); print(1, flush=True); input()")
    assert once.ask("a").result(30) == 1
    with pytest.raises(Ended):
        once.ask("b").result(30)
    with pytest.raises(Ended):
        once.ask("c" * 100_000).result(30)
    once.close()
    assert once.ask("d").result(30) == 1
    once.close()


def test_what_never_answers_ends_when_it_is_closed() -> None:
    never = helper("import time\nwhile True: time.sleep(1)")
    asked = never.ask("a")
    never.close()
    with pytest.raises(Ended):
        asked.result(30)


def test_nothing_starts_where_nothing_is_asked() -> None:
    LineProcess(["no such program"], Path(__file__).parent).close()
