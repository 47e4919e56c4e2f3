"""Pictures that instruments write into their markup as `data:` addresses -> files beside the page.

The page's text then arrives without them. When an instrument is first moved, its own markup takes over again.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FOLDER = "drawn"
PICTURE = re.compile(r"data:image/(?P<kind>png|jpeg);base64,(?P<data>[A-Za-z0-9+/]{300,}=*)")


@dataclass(frozen=True)
class Extracted:
    """Views whose pictures have addresses below the page's folder, and those pictures by address."""

    views: Mapping[str, Mapping[str, Any]]
    pictures: Mapping[str, bytes]


def extract_pictures(views: Mapping[str, Mapping[str, Any]]) -> Extracted:
    """Take the larger pictures out of the regions of views, by module."""
    pictures: dict[str, bytes] = {}

    def lift(match: re.Match[str]) -> str:
        content = b64decode(match["data"])
        address = f"{FOLDER}/{hashlib.sha256(content).hexdigest()[:12]}.{match['kind']}"
        pictures[address] = content
        return address

    fresh = {
        module: {**view, "regions": {name: PICTURE.sub(lift, markup) for name, markup in view["regions"].items()}}
        for module, view in views.items()
    }
    return Extracted(fresh, pictures)
