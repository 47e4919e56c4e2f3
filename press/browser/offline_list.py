"""A chapter's service worker: the list of all files the chapter needs, with sizes and hashes, and then the script.

It lies in the chapter's folder, which is what it may answer for. For what it does see
`runtime/offline/service_worker.js`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from press.browser.file_entry import file_entry
from press.processes.static_server import TYPES

NAME = "offline.js"
PAGE = "index.html"
FETCHED = "assets"
"""Folder of what pages fetch."""
COMMON = ("search.json",)
"""What chapters share of the files that are made with the pages."""


def service_worker(
    folder: str, script: str, shared: Mapping[str, Path | bytes], made: Mapping[str, Path | bytes]
) -> bytes:
    """The service worker of the chapter in a folder.

    `script` is its source; `shared` are the files that every chapter of its language loads, `made` the pages, what lies
    beside them, and what some of them fetch.
    """
    common = {name: made[name] for name in COMMON if name in made}
    return _keeper(script, {**shared, **common, **_own(folder, made)})


def _own(folder: str, made: Mapping[str, Path | bytes]) -> dict[str, Path | bytes]:
    """What lies beside a chapter's page, and of what pages fetch all that this one names."""
    page = made.get(f"{folder}/{PAGE}", b"")
    text = page if isinstance(page, bytes) else page.read_bytes()
    fetched = (name for name in made if name.startswith(f"{FETCHED}/") and name.encode() in text)
    return {name: made[name] for name in (*(name for name in made if name.startswith(f"{folder}/")), *fetched)}


def _keeper(script: str, files: Mapping[str, Path | bytes]) -> bytes:
    types = {name: TYPES.get(PurePosixPath(name).suffix, TYPES[""]) for name in files}
    entries = [{**file_entry(name, content), "type": types[name]} for name, content in sorted(files.items())]
    return f"self.files = {json.dumps(entries)};\n{script}".encode()
