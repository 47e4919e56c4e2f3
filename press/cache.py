"""Files of the cache: whole or not there, although several builds may write them at once."""

from __future__ import annotations

import os
import threading
from pathlib import Path


def keep(content: bytes, file: Path) -> Path:
    """Write beside and rename, so that nobody ever reads half a file; make the folder if it is missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}.{threading.get_ident()}")
    part.write_bytes(content)
    return part.replace(file)
