"""The same synthetic text as a book of ours and as a site of MkDocs Material; every chapter has words of its own."""

from __future__ import annotations

import random
from pathlib import Path

SECTIONS = 4
WORDS = (  # noqa: SIM905 - a list is harder to read
    "filter image window stride weight map edge pixel channel layer gradient loss batch kernel sum shape plane field"
    " slides reads adds shrinks keeps learns shares moves sees answers counts holds small bright exact local deep flat"
    " every each one two the a of over under before after into while because"
).split()
SETTINGS = """number = "{n:02d}"
prefix = "C{n}"
title = "Chapter {n}"
short = "C{n}"
lead = "What chapter {n} is about."
level = "Core"
builds_on = "Nothing"
sections = [{files}]
"""
ENTRY = """
[[chapters]]
number = "{n:02d}"
title = "Chapter {n}"
folder = "c{n}"
"""
WORK = """@article{{work{n},
  author = {{Author, A}},
  title = {{Work {n}}},
  journal = {{Journal}},
  year = {{2000}},
  doi = {{10.1000/{n}}},
  note = {{It is cited here.}}
}}
"""
MKDOCS = """site_name: Synthetic
theme: {name: material}
plugins: []
markdown_extensions:
  - tables
  - smarty
  - admonition
  - toc: {permalink: true}
  - pymdownx.betterem
  - pymdownx.highlight
  - pymdownx.superfences
  - pymdownx.details
  - pymdownx.arithmatex: {generic: true}
"""
CODE = """def total_{k}(rows):
    found = 0
    for row in rows:
        found += sum(row) * {k}
    return found


print(total_{k}([[1, 2, 3], [4, 5, {k}]]))
"""
ROWS = "| Layer | Weights |\n|---|---|\n" + "".join(f"| {k}×{k} | {k * k} |\n" for k in (1, 3, 5, 7))


def ours(content: Path, chapters: int) -> None:
    """A book of so many chapters into a new folder."""
    content.mkdir(parents=True)
    head = 'brand = "B"\ntitle = "Synthetic"\nlead = "A book."\nlanguage = "en"\n'
    entries = "".join(ENTRY.format(n=n) for n in range(1, chapters + 1))
    (content / "book.toml").write_text(head + entries, encoding="utf-8")
    for n in range(1, chapters + 1):
        folder = content / f"c{n}"
        folder.mkdir()
        files = ", ".join(f'"{s}.md"' for s in range(1, SECTIONS + 1))
        (folder / "chapter.toml").write_text(SETTINGS.format(n=n, files=files), encoding="utf-8")
        (folder / "references.bib").write_text(WORK.format(n=n), encoding="utf-8")
        for s in range(1, SECTIONS + 1):
            (folder / f"{s}.md").write_text(_our_section(n, s, chapters), encoding="utf-8")


def theirs(folder: Path, chapters: int) -> None:
    """The same text as MkDocs reads it, a page for each chapter, into a new folder."""
    (folder / "docs").mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(MKDOCS, encoding="utf-8")
    (folder / "docs" / "index.md").write_text("# Synthetic\n\nA book.\n", encoding="utf-8")
    for n in range(1, chapters + 1):
        sections = "\n".join(_their_section(n, s, chapters) for s in range(1, SECTIONS + 1))
        (folder / "docs" / f"c{n}.md").write_text(f"# Chapter {n}\n\n{sections}", encoding="utf-8")


def _prose(n: int, s: int, reference: str) -> str:
    """Six paragraphs with a formula and code in each, different in every section of every chapter."""
    own = random.Random(f"{n}.{s}")
    paragraphs = []
    for p in range(6):
        words = " ".join(own.choice(WORDS) for _ in range(60))
        paragraphs.append(
            f"{words.capitalize()} $k_{p} + {n} = {s}$ and *{own.choice(WORDS)}* with `x[{p}]`. {reference}"
        )
    return "\n\n".join(paragraphs)


def _tex(n: int, s: int) -> str:
    return rf"y_{{{n}}} = \sum_{{i=0}}^{{{s}}} w_i x_{{i+{n}}} + b_{{{s}}}"


def _our_section(n: int, s: int, chapters: int) -> str:
    other = n % chapters + 1
    return f"""# Section {s} {{#section-{s}}}

{_prose(n, s, f"See @eq:sum-{s}.")}

/// equation | sum-{s}
title: A sum

{_tex(n, s)}

$w_i$ are weights, $b$ is a bias. Another is @eq:c{other}/sum-{s}, from @cite:work{n}.
///

```python {{#cell-{s} title="A total"}}
{CODE.format(k=10 * n + s)}```

/// callout | note-{s}
title: Note

{" ".join(WORDS)}
///

/// table | table-{s}
title: Weights

{ROWS}///

/// exercise | ask-{s}
answer: {s}

How many?

---

{" ".join(WORDS)}
///
"""


def _their_section(n: int, s: int, chapters: int) -> str:
    other = n % chapters + 1
    aside = " ".join(WORDS)
    return f"""## Section {s} {{#section-{s}}}

{_prose(n, s, f"See [the sum](#section-{s}).")}

**A sum**

$$
{_tex(n, s)}
$$

$w_i$ are weights, $b$ is a bias. Another is [there](c{other}.md#section-{s}), from [1](https://doi.org/10.1000/{n}).

```python
{CODE.format(k=10 * n + s)}```

!!! note "Note"
    {aside}

{ROWS}
How many?

??? question "Answer and explanation"
    {s}

    {aside}
"""
