"""Starting other programs: by a list of words, never through a shell, always from the project's folder.

Does not decide what a failure means; the caller reads status and output.
"""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

Command = Sequence[str | Path]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment, with UTF-8 everywhere and whatever `extra` adds."""
    return {**os.environ, "PYTHONUTF8": "1", **(extra or {})}


def watch(command: Command, notice: Callable[[str], None], extra: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run to the end, handing each line to `notice` as it comes; gives exit status and everything printed."""
    lines = []
    with subprocess.Popen(
        [str(word) for word in command],
        cwd=ROOT,
        env=environment(extra),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            notice(line.strip())
    return process.returncode, "".join(lines)


def show(command: Command, extra: Mapping[str, str] | None = None) -> int:
    """Run to the end with the terminal as it is; gives the exit status."""
    return subprocess.run([str(word) for word in command], cwd=ROOT, env=environment(extra), check=False).returncode


def become(command: Command, extra: Mapping[str, str] | None = None) -> int:
    """Let the command take this process's place, so that who stops the one stops the other; Windows can only wait."""
    if os.name == "nt":
        return show(command, extra)
    os.chdir(ROOT)
    words = [str(word) for word in command]
    os.execve(words[0], words, environment(extra))
