"""The builder's command line; `build.py --help` says what it can do. Thin; see `press/`."""

from __future__ import annotations

import argparse
import errno
import os
import re
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""A disk that takes nothing more."""

# What a command needs is imported when it is given: the author's server starts its builder by importing this file.


def main(words: list[str] | None = None) -> int:
    """Does what the command line says; the exit status."""
    parser = argparse.ArgumentParser(prog="build.py", description="Builds the book in content/ into a static site.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (
        ("build", "build the site"),
        ("pdf", "build the site with each chapter as a PDF beside it; needs Chromium"),
        ("zip", "pack the built site into one file beside it, for a course server"),
        ("serve", "serve the site on this machine; build on every save"),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument("--out", type=Path, default=ROOT / "site", help="the folder of the site (site/)")
        if name != "zip":
            command.add_argument("--course", default="", help="a course of content/courses.toml, for its edition")
        if name == "build":
            command.add_argument("--plain", action="store_true", help="without the start-up image for Python")
        if name == "zip":
            command.add_argument("--scorm", choices=["1.2", "2004"], help="as a SCORM package, which reports scores")
        if name == "serve":
            command.add_argument("--port", type=int, default=8000, help="the first port to try (8000)")
    commands.add_parser("check", help="look for what a build does not mind and a reader does")
    graded = commands.add_parser("grade", help="check the work that readers saved to files; runs their code")
    graded.add_argument("files", type=Path, nargs="+", help="files saved from a chapter's page")
    forms = graded.add_mutually_exclusive_group()
    for form, what in (("csv", "a line for each file, points by exercise"), ("json", "everything known of each file")):
        forms.add_argument(f"--{form}", dest="form", action="store_const", const=form, default="text", help=what)
    scaffold = commands.add_parser("new", help="make a chapter, an instrument or a lab that builds at once")
    scaffold.add_argument("kind", choices=["chapter", "instrument", "lab"])
    scaffold.add_argument("name", help="small letters, digits and hyphens, as in sequence-models")
    options = parser.parse_args(words)
    try:
        return obey(options)
    except KeyboardInterrupt:
        print("build.py: stopped; what was there before is as it was.", file=sys.stderr)
        return 130
    except OSError as error:
        if error.errno not in FULL:
            raise
        print(f"{error.strerror}: make room and try again; what was there before is as it was.", file=sys.stderr)
        return 1


def obey(options: argparse.Namespace) -> int:
    """Does one command; the exit status."""
    if options.command == "new":
        return make(options.kind, options.name)
    if options.command == "check":
        return check()
    if options.command == "grade":
        return grade(options.files, options.form)
    if options.command == "serve":
        return serve(options.out, options.port, options.course)
    if options.command == "zip":
        return pack(options.out, options.scorm)
    plain, paper = options.command == "build" and options.plain, options.command == "pdf"
    return build(options.out, options.course, plain=plain, paper=paper)


def build(out: Path, course: str, plain: bool, paper: bool) -> int:
    """Builds and says what came of it."""
    from press import site
    from press.browser import bundles, wheels
    from press.text import places

    start = time.perf_counter()
    base_url = os.environ.get("BASE_URL", "")  # a workflow knows where the site will be before book.toml does
    base_url = f"{base_url.rstrip('/')}/" if base_url else ""
    try:
        site.build(ROOT, out, image="none" if plain else "made", paper=paper, base_url=base_url, course=course)
    except places.AuthorErrors as error:
        count = len(error.mistakes)
        print(f"{error}\n{count} mistake{'s' * (count > 1)}; {out.name}/ is as it was.", file=sys.stderr)
        return 1
    except (bundles.BuildError, wheels.RuntimeMissing) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Built {out.name}/ in {time.perf_counter() - start:.1f} s.")
    return 0


def pack(out: Path, scorm: str | None) -> int:
    """Packs what was built, as a SCORM package if a version is named, and says how large it is."""
    import shutil
    import tempfile

    from press.book import read
    from press.browser.pyodide_files import archive
    from press.cache import write
    from press.outputs.scorm import added

    if not (out / "index.html").is_file():
        print(f"{out.name}/ is not there yet: build the site first.", file=sys.stderr)
        return 1
    files = [path for path in out.rglob("*") if path.is_file()]
    with tempfile.TemporaryDirectory() as folder:
        site = Path(shutil.copytree(out, Path(folder) / "site"))
        book, chapters, _ = read.book(ROOT / "content")
        if scorm and book:
            names = [path.relative_to(out).as_posix() for path in files]
            titles = {chapter.folder: (chapter.title, chapter.words.tag) for chapter in chapters}
            for name, content in added("2004" if scorm == "2004" else "1.2", book.title, titles, names).items():
                (site / name).write_bytes(content)
        packed = write(out.with_name(f"{out.name}.zip"), archive(site, site.rglob("*")))
    use = f"give it to the course system as a SCORM {scorm} package" if scorm else "unpack it on any web server"
    print(f"{packed.name}: {packed.stat().st_size / 1e6:.1f} MB; {use}.")
    return 0


def check() -> int:
    """Tells every finding; 1 if there is any."""
    from press.browser import bundles, wheels
    from press.checks.run import check
    from press.text import places

    try:
        found = check(ROOT, ROOT / "content")
    except places.AuthorErrors as error:
        found = list(error.mistakes)
    except (bundles.BuildError, wheels.RuntimeMissing) as error:
        print(error, file=sys.stderr)
        return 1
    for mistake in found:
        print(mistake)
    print(f"{len(found)} finding{'s' * (len(found) != 1)}.")
    return 1 if found else 0


def grade(files: list[Path], form: str) -> int:
    """Tells what came of each file as text, `csv` or `json`; 0: all is right, 1: it is not, 2: one cannot be graded."""
    from press.grading import report
    from press.grading.grade import grade
    from press.text import places

    found = []
    for file in files:
        try:
            found.append(grade(ROOT, ROOT / "content", file.read_bytes(), str(file)))
        except places.AuthorErrors as error:
            print(error, file=sys.stderr)
            return 2
        except OSError as error:
            found.append(report.Report(str(file), error.strerror or str(error)))
        if found[-1].mistake:
            print(_harmless(f"{file}: {found[-1].mistake}"), file=sys.stderr)
        elif form == "text":
            print(_harmless(f"{file}: {found[-1]}\n"))
    if form != "text":
        print(_harmless(report.table(found) if form == "csv" else report.as_json(found)), end="")
    return 2 if any(each.mistake for each in found) else 0 if all(each.passed for each in found) else 1


def _harmless(text: str) -> str:
    """What comes from a reader's file cannot command the terminal it is shown on."""
    return re.sub(r"[^\n\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\U0010ffff]", lambda match: ascii(match[0])[1:-1], text)


def make(kind: str, name: str) -> int:
    """Makes files and names them."""
    from press import scaffold

    try:
        made = {"chapter": scaffold.chapter, "instrument": scaffold.instrument, "lab": scaffold.lab}[kind](ROOT, name)
    except scaffold.CannotMake as error:
        print(f"{error}.", file=sys.stderr)
        return 1
    for path in made:
        print(path.relative_to(ROOT).as_posix())
    if kind != "chapter":
        print(f"\nTo show it, write into a section:\n\n{scaffold.block(kind, name)}")
    return 0


def serve(out: Path, port: int, course: str) -> int:
    """Serves until interrupted."""
    from press.serve import live_reload

    live_reload.serve(ROOT, out, port, course)
    return 0


if __name__ == "__main__":
    sys.exit(main())
