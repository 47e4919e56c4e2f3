"""A process that answers each line of JSON with a line of JSON, in order; it starts at the first question.

Questions can be asked ahead, so that it works while we do: an answer is a Future.
"""

from __future__ import annotations

import json
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread
from typing import Any


class Ended(RuntimeError):
    """The process has ended before it answered."""


class LineProcess:
    """The process of a command; `close` ends it. An answer raises Ended when the process ends before it.

    It has a session of its own: Ctrl+C in a terminal reaches whoever asks, and is theirs to act upon.
    """

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self._command, self._folder, self._environment = command, folder, environment
        self._process: subprocess.Popen[str] | None = None
        self._reader: Thread | None = None
        self._asked: deque[Future[Any]] = deque()
        self._lock, self._over = Lock(), False

    def ask(self, question: object) -> Future[Any]:
        """The answer to come."""
        process = self._started()
        assert process.stdin
        answer: Future[Any] = Future()
        with self._lock:
            if self._over:
                answer.set_exception(self._ended())
                return answer
            self._asked.append(answer)
        with suppress(BrokenPipeError):  # it has ended, which the answer will say
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
        return answer

    def close(self) -> None:
        """Ask nothing more and wait for the end, which comes at once where an answer is still owed."""
        if self._process is not None and self._reader is not None:
            assert self._process.stdin and self._process.stdout
            with suppress(BrokenPipeError):
                self._process.stdin.close()
            if self._asked:
                self._process.terminate()
            self._reader.join()
            self._process.stdout.close()
            self._process.wait()
            self._process = None

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                start_new_session=True,
            )
            self._over = False
            self._reader = Thread(target=self._read, args=(self._process,), daemon=True)
            self._reader.start()
        return self._process

    def _read(self, process: subprocess.Popen[str]) -> None:
        """Fills answers in as they come; a thread of its own, or both sides would wait with full pipes."""
        assert process.stdout
        for line in process.stdout:
            self._asked.popleft().set_result(json.loads(line))
        with self._lock:
            self._over = True
        while self._asked:
            self._asked.popleft().set_exception(self._ended())

    def _ended(self) -> Ended:
        return Ended(f"{self._command[0]} has ended unasked")
