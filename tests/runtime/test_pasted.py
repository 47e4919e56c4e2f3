"""What notebooks, terminals and pages add to Python ends in a sentence of ours, and plain mistakes do not."""

from __future__ import annotations

import pytest

from runtime.python.errors import explain

HINTS = {
    "%matplotlib inline\nprint(1)": "commands of a notebook",
    "x = 1\n%timeit x": "commands of a notebook",
    "%%time\nx": "commands of a notebook",
    "!ls": "commands of a notebook",
    "?print": "commands of a notebook",
    "print?": "commands of a notebook",
    "np.zeros??": "commands of a notebook",
    "!pip install numpy": "Nothing can be installed here",
    "%pip install numpy": "Nothing can be installed here",
    "pip install numpy": "Nothing can be installed here",
    "In [1]: x = 1": "A prompt is no Python",
    "x = 1\n>>> x": "A prompt is no Python",
    "print(“a)": "straight quotes",
    "x\u00a0= 1": "cannot be seen",
    "x = 1\u200b": "cannot be seen",
    "b = = 2": "",
    "x = (1\ny = 2": "",
    "x = 5 %": "",
    "print('“x”'": "",
}


@pytest.mark.parametrize(("source", "words"), HINTS.items(), ids=HINTS)
def test_a_hint_where_a_line_is_no_python(source: str, words: str) -> None:
    with pytest.raises((SyntaxError, NameError)) as caught:
        exec(compile(source, "cell", "exec"), {})
    hint = explain(caught.value, ["cell"]).hint
    assert words in hint
    assert bool(words) == bool(hint)
