"""Where in the project's own files an exception comes from, as a mistake an author can mend."""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb

from press.text.places import Mistake, Place

NOT_OURS = (".venv", "node_modules", ".cache")


def mistake(error: BaseException, root: Path, otherwise: Place, home: Path | None = None) -> Mistake:
    """The exception in one line, placed at the innermost line that it passed, or else at `otherwise`.

    Lines are those of the project; with `home`, a file or a folder, only those in it.
    """
    what = f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError) and error.filename and _ours(error.filename, root):
        return Mistake(_place(error.filename, error.lineno or 1, root), f"{type(error).__name__}: {error.msg}")
    frames = [frame for frame in extract_tb(error.__traceback__) if _ours(frame.filename, root)]
    frames = [frame for frame in frames if home is None or Path(frame.filename).is_relative_to(home)]
    if not frames:
        return Mistake(otherwise, what)
    return Mistake(_place(frames[-1].filename, frames[-1].lineno or 1, root), what)


def _ours(file: str, root: Path) -> bool:
    path = Path(file)
    return path.is_relative_to(root) and path.relative_to(root).parts[0] not in NOT_OURS


def _place(file: str, line: int, root: Path) -> Place:
    return Place(Path(file).relative_to(root).as_posix(), line)
