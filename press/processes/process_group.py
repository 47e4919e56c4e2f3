"""Ending a process with all that it has started: what it forked would otherwise outlive it.

Windows has no groups of processes; there the process alone ends.
"""

from __future__ import annotations

import contextlib
import os
import signal
from multiprocessing.process import BaseProcess


def lead() -> None:
    """In the process itself, before it runs anything else: what it starts from now on belongs to its group."""
    if hasattr(os, "setsid"):
        os.setsid()


def end(process: BaseProcess) -> None:
    """End a process that leads a group, and the group, even if the process has ended already."""
    if hasattr(os, "killpg") and process.pid is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
