"""What the terminal shows: a line per step, one line that changes while something downloads, a reason to stop.

Prints plain ASCII marks, because a Windows console may know nothing else. Never asks anything.
"""

import shutil
import sys


class Problem(Exception):
    """A reason to stop, told in one sentence."""


def step(text: str) -> None:
    """Tell what is being done now."""
    print(f"> {text}", flush=True)


def progress(text: str) -> None:
    """Rewrite the terminal's last line; says nothing where the output is kept in a file."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        print("\r" + f"  {text}"[:width].ljust(width), end="", flush=True)


def clear() -> None:
    """Take the changing line away."""
    if sys.stdout.isatty():
        print("\r" + " " * (shutil.get_terminal_size().columns - 1) + "\r", end="", flush=True)
