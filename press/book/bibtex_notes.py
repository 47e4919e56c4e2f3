"""The field `note` -> the author's own line about a work; what tools write into the same field is none of it."""

from __future__ import annotations

import re

from press.book.bibtex_words import FORMULA, words

QUOTED = re.compile(r"``((?:[^`']|'(?!'))+)''")
"""Words between TeX's quotation marks; a formula's f'' is none."""
TEX = re.compile(r"\\(?:[a-zA-Z]+|[\"'`^~=.]\{?\\?[a-zA-Z])")
LABELS = (
    *("Conference Name", "Meeting Name", "ISSN", "ISBN", "Publisher", "Place", "event-place", "Issue", "Number"),
    *("Volume", "Pages", "Num Pages", "Section", "Series", "Series Title", "Version", "Version Number", "Type"),
    *("Edition", "Journal Abbreviation", "Publication Title", "Library Catalog", "Archive", "Archive Location"),
    *("Call Number", "Citation Key", "_eprint", "Google-Books-ID", "PMID", "PMCID", "OCLC", "ZSCC", "ADS Bibcode"),
    *("Primary Class", "Comment"),
)
"""What Zotero has no field for in BibTeX, and arXiv's comments."""
DATE = r"(\d[\d./-]+|\d{1,2}\.? ?\w+\.? \d{4}|\w+ \d{1,2}, \d{4})"
OF_TOOLS = re.compile(
    r"arXiv:\S+(\s+\[[\w.-]+\])?"
    rf"|({'|'.join(LABELS)}):\s.*"
    r"|\[[^\[\];]+;[^\[\]]*\d{4}[^\[\]]*\]"  # [Online; accessed 3-May-2024], as Wikipedia has it in each language
    rf"|\W?(last )?(accessed|retrieved|visited)( on)?:? {DATE}\W*"
    r"|Special issue on [\"“`].*[\"”']\.?",
    re.IGNORECASE | re.DOTALL,
)
"""Lines that a tool or a publisher wrote, whole."""


def own_note(field: str) -> str:
    """Markdown, as the author typed it or from TeX; empty where only tools have written into the field."""
    lines = re.split(r"\n(?!\s)", field.strip())
    own = "\n".join(line for line in lines if not OF_TOOLS.fullmatch(re.sub(r"[{}]", "", line.strip())))
    parts = FORMULA.split(own)
    typed = "".join(part if n % 2 else QUOTED.sub(r'"\1"', part) for n, part in enumerate(parts))
    return words(typed) if TEX.search(typed) else re.sub(r"[{}]", "", typed).strip()
