"""A process that answers each line of JSON with a line of JSON, in order; it starts at the first question.

Questions can be asked ahead, so that it works while we do: an answer is a Future.
"""

from __future__ import annotations

import json
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from typing import Any


class LineProcess:
    """The process of a command; `close` ends it. An answer raises RuntimeError when the process ends before it."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self._command, self._folder, self._environment = command, folder, environment
        self._process: subprocess.Popen[str] | None = None
        self._reader: Thread | None = None
        self._asked: deque[Future[Any]] = deque()

    def ask(self, question: object) -> Future[Any]:
        """The answer to come."""
        process = self._started()
        assert process.stdin
        answer: Future[Any] = Future()
        self._asked.append(answer)
        process.stdin.write(json.dumps(question) + "\n")
        process.stdin.flush()
        return answer

    def close(self) -> None:
        """Ask nothing more and wait for the end."""
        if self._process is not None and self._reader is not None:
            assert self._process.stdin and self._process.stdout
            self._process.stdin.close()
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
            )
            self._reader = Thread(target=self._read, args=(self._process,), daemon=True)
            self._reader.start()
        return self._process

    def _read(self, process: subprocess.Popen[str]) -> None:
        """Fills answers in as they come; a thread of its own, or both sides would wait with full pipes."""
        assert process.stdout
        for line in process.stdout:
            self._asked.popleft().set_result(json.loads(line))
        while self._asked:
            self._asked.popleft().set_exception(RuntimeError(f"{self._command[0]} has ended unasked"))
