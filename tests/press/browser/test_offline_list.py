"""The list with which a chapter is kept offline: all that its page may load, as it is, and nothing else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from press.browser.offline_list import service_worker


def listed(keeper: str) -> dict[str, dict[str, Any]]:
    files = json.loads(keeper.partition("\n")[0].removeprefix("self.files = ").removesuffix(";"))
    return {file["url"]: file for file in files}


def test_the_list_says_what_the_files_are(site: Path) -> None:
    files = listed((site / "cnn" / "offline.js").read_text(encoding="utf-8"))
    for url, file in files.items():
        content = (site / url).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    loaded = {
        path.relative_to(site).as_posix() for folder in ("assets", "pyodide") for path in site.glob(f"{folder}/**/*")
    }
    assert {url for url in loaded if (site / url).is_file()} <= files.keys()


def test_a_chapter_s_list_holds_its_own_pages_and_pictures() -> None:
    shared = {"assets/main-1.js": b"js"}
    own = ["index.html", "embed.html", "drawn/1.png", "pictures/a.jpg"]
    made = {f"{folder}/{name}": b"" for folder in ("one", "two") for name in own}
    made |= {"index.html": b"", "search.json": b"", "code/ops.html": b""}
    found = service_worker("one", "script()", shared, made)
    files = listed(found.decode())
    assert files.keys() == {"assets/main-1.js", "search.json", *(f"one/{name}" for name in own)}
    assert {files[name]["type"] for name in ("assets/main-1.js", "one/pictures/a.jpg")} == {
        "text/javascript; charset=utf-8",
        "image/jpeg",
    }
    assert found.endswith(b"\nscript()")


def test_of_what_pages_fetch_a_chapter_s_list_holds_what_its_page_names() -> None:
    made: dict[str, Path | bytes] = {"one/index.html": b'{"url":"../assets/package-a-1.parcel"}', "two/index.html": b""}
    made |= {f"{folder}/embed.html": b"" for folder in ("one", "two")} | {"assets/package-a-1.parcel": b"a"}
    one, two = (listed(service_worker(folder, "", {}, made).decode()) for folder in ("one", "two"))
    assert "assets/package-a-1.parcel" in one
    assert two.keys() == {"two/index.html", "two/embed.html"}
