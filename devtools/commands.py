"""What `dev.py` understands: reads the words, sets up the tools, starts the builder, the checks or a benchmark."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from devtools.checks import run_all
from devtools.chromium import VARIABLE, chromium
from devtools.setup import PYTHON, set_up
from devtools.smoke import smoke
from devtools.subprocesses import ROOT, become
from devtools.terminal import Problem, clear

PASSED_ON = ("test", "new", "grade", "zip")
"""Commands whose further words are another program's to understand."""


def main(words: Sequence[str]) -> int:
    """Obey one command line; gives the exit status. A Problem becomes one sentence on stderr and status 1."""
    options, rest = _parser().parse_known_args(words)
    if rest and options.command not in PASSED_ON:
        _parser().error(f"unknown words: {' '.join(rest)}")
    try:
        return _obey(options, rest)
    except Problem as problem:
        clear()
        print(f"dev.py: {problem}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        clear()
        print("dev.py: stopped.", file=sys.stderr)
        return 130


def _obey(options: argparse.Namespace, rest: Sequence[str]) -> int:
    if options.command == "bench":
        return _bench(options.name)
    if options.command == "smoke":
        return _smoke(options.url)
    if options.command == "test":
        set_up(tests=True)
        return run_all(rest)
    if options.command == "pdf":
        set_up(tests=True)
        return become([PYTHON, ROOT / "build.py", "pdf", "--course", options.course], {VARIABLE: str(chromium())})
    set_up()
    words = list(rest)
    if options.command in ("serve", "build"):
        words += ["--course", options.course]
    if options.command == "serve":
        words += ["--port", str(options.port)]
    if options.command == "grade":
        words = [word if word.startswith("-") else str(Path(word).absolute()) for word in rest]
    return become([PYTHON, ROOT / "build.py", options.command, *words])


def _smoke(url: str) -> int:
    """Say what is wrong with a served book; 1 if anything is."""
    asked, found = smoke(url)
    print("\n".join([*found, f"{asked} addresses asked for, {len(found)} wrong."]))
    return 1 if found else 0


def _bench(name: str) -> int:
    """Run `bench/<name>.py`, which prints a table and, as its last line, one JSON object."""
    names = sorted(file.stem for file in (ROOT / "bench").glob("[!_]*.py"))
    if name not in names:
        raise Problem(f"there is no benchmark {name}; there are: {', '.join(names) or 'none yet'}")
    set_up(tests=True)
    return become([PYTHON, "-P", "-m", f"bench.{name}"], {VARIABLE: str(chromium()), "PYTHONPATH": str(ROOT)})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py", description="Build, read and check the book.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="build the book and show it at http://127.0.0.1:8000/")
    serve.add_argument("--port", type=_port, default=8000, help="first port to try (default: 8000)")
    commands.add_parser("test", help="run every check; further words go to pytest", add_help=False)
    build = commands.add_parser("build", help="only build the book, into site/")
    pdf = commands.add_parser("pdf", help="build the book with each chapter as a PDF beside it")
    for edition in (serve, build, pdf):
        edition.add_argument("--course", default="", help="a course of content/courses.toml, for its edition")
    commands.add_parser(
        "zip", help="pack the built book into site.zip; --scorm 1.2|2004 for a course system", add_help=False
    )
    commands.add_parser("check", help="look for what a build does not mind and a reader does")
    commands.add_parser("grade", help="check work that readers saved: grade FILE ...; runs their code", add_help=False)
    commands.add_parser(
        "new", help="make a skeleton: new chapter NAME, new instrument NAME, new lab NAME", add_help=False
    )
    served = commands.add_parser("smoke", help="check a served book from outside: answers, types, bytes")
    served.add_argument("url", metavar="URL")
    bench = commands.add_parser("bench", help="run a benchmark from bench/")
    bench.add_argument("name", metavar="NAME")
    return parser


def _port(word: str) -> int:
    """A port number; 0 means any free one."""
    if not word.isascii() or not word.isdigit() or int(word) > 65535:
        raise argparse.ArgumentTypeError(f"{word!r} is not a port number (0 to 65535)")
    return int(word)
