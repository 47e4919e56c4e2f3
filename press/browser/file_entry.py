"""What others must know of a file of the site to fetch it, count its bytes and check it."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any


def file_entry(url: str, content: Path | bytes) -> dict[str, Any]:
    """Address, size in bytes and SHA-256 of a file."""
    if isinstance(content, bytes):
        size, sha256 = len(content), hashlib.sha256(content).hexdigest()
    else:
        state = content.stat()
        size, sha256 = state.st_size, _of_file(content, state.st_mtime_ns, state.st_size)
    return {"url": url, "bytes": size, "sha256": sha256}


@cache
def _of_file(path: Path, changed: int, size: int) -> str:
    """Hashed once as long as the file does not change."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
