"""What an author probably meant: the nearest known word, as the tail of a message."""

from collections.abc import Iterable
from difflib import get_close_matches


def meant(word: str, known: Iterable[str], shown: str = "{}") -> str:
    """`did you mean …?` with the closest of the known words, or the whole short list when none is close.

    `shown` is how a known word is typed, with braces for the word itself.
    """
    choices = sorted(set(known))
    close = get_close_matches(word, choices, n=1, cutoff=0.65)
    if close:
        return f"did you mean {shown.format(close[0])}?"
    return f"known: {', '.join(map(shown.format, choices))}" if 0 < len(choices) <= 12 else ""
