"""JPEGs before other bytes, in one file: Python in the browser reads no JPEG and hands them on as `data:` URLs."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

import numpy as np


def written(files: Sequence[bytes]) -> bytes:
    """Write the size of each, then all of them."""
    return b"".join([np.array([len(file) for file in files], "<u4").tobytes(), *files])


def read(data: bytes, count: int) -> tuple[list[str], bytes]:
    """Read so many, as URLs; then what stands behind them."""
    at, urls = 4 * count, []
    for size in np.frombuffer(data, "<u4", count).tolist():
        urls.append("data:image/jpeg;base64," + b64encode(data[at : at + size]).decode())
        at += size
    return urls, data[at:]
