"""TeX among an author's sentences: what each command is here."""

from __future__ import annotations

from press.text.foreign.advice import EQUATION, FENCE, FIGURE, IN_TEXT, LIST
from press.text.foreign.told import told

OUTSIDE = "TeX outside of a formula"
LEFT_OUT = "leave it out"
NO_LABEL = "the name in the first line of a block is its label"
WORDS = r"\{(?P<words>[^{}\n]*)\}"


def _environment(names: str) -> str:
    """An environment as far as its end, if that stands in the same paragraph."""
    return rf"\\begin\{{(?P<name>(?:{names})\*?)\}}(?:(?:(?!\\begin\{{).|\n)*?\\end\{{(?P=name)\}})?"


COMMANDS = told(
    (
        (
            r"\\[A-Za-z]{0,9}[cC]ite[a-z]{0,9}\*?(?:\[[^\]\n]*\])*\{\s*(?P<key>[^{},\s]*)[^{}\n]*\}",
            OUTSIDE,
            "write @cite:%(key)s",
        ),
        (r"\\href\{(?P<address>[^{}\n]*)\}\{(?P<words>[^{}\n]*)\}", OUTSIDE, "write [%(words)s](%(address)s)"),
        (r"\\[A-Za-z]{0,9}[rR]ef\*?\{(?P<label>[a-z]+:[^{}\n]*)\}", OUTSIDE, "write @%(label)s"),
        (r"\\eqref\{(?P<name>[^{}\n]*)\}", OUTSIDE, "write @eq:%(name)s"),
        (
            r"\\[A-Za-z]{0,9}[rR]ef\*?\{(?P<name>[^{}\n]*)\}",
            OUTSIDE,
            "write @fig:%(name)s for a figure, @eq:%(name)s for an equation",
        ),
        (rf"\\(?:textbf|bf|strong){WORDS}", OUTSIDE, "write **%(words)s**"),
        (rf"\\(?:emph|textit|textsl|underline){WORDS}", OUTSIDE, "write *%(words)s*"),
        (rf"\\texttt{WORDS}", OUTSIDE, "write `%(words)s`"),
        (rf"\\(?:text\w*|mbox|hbox){WORDS}", OUTSIDE, "write the words alone"),
        (rf"\\(?:part|chapter|section)\*?{WORDS}", OUTSIDE, "write ## %(words)s"),
        (rf"\\subsection\*?{WORDS}", OUTSIDE, "write ### %(words)s"),
        (rf"\\(?:subsubsection|paragraph)\*?{WORDS}", OUTSIDE, "write #### %(words)s"),
        (r"\\footnote(?:\w*)(?:\{[^{}\n]*\})?", OUTSIDE, f"footnotes are not known here; {IN_TEXT}"),
        (r"\\(?:og|fg|enquote)\b(?:\{\})?", OUTSIDE, 'write straight quotation marks, "words"'),
        (r"\\label\{[^{}\n]*\}", OUTSIDE, NO_LABEL),
        (r"\\url\{(?P<address>[^{}\n]*)\}", OUTSIDE, "write <%(address)s>"),
        (r"\\includegraphics(?:\[[^\]\n]*\])?\{(?P<file>[^{}\n]*)\}", OUTSIDE, "write ![what to notice](%(file)s)"),
        (r"\\(?:SI|qty)\{(?P<number>[^{}\n]*)\}\{[^{}\n]*\}", OUTSIDE, "write %(number)s and its unit in words"),
        (_environment("itemize|enumerate|description"), OUTSIDE, LIST),
        (_environment("figure|wrapfigure"), OUTSIDE, FIGURE),
        (_environment("table|tabular"), OUTSIDE, "write | a | b |, and |---|---| below the head"),
        (_environment("verbatim|lstlisting|minted"), OUTSIDE, FENCE),
        (_environment("quote|quotation"), OUTSIDE, "write > before each line"),
        (_environment("center|abstract|document"), OUTSIDE, LEFT_OUT),
        (_environment(r"[\w]+"), "TeX stands between dollars", EQUATION),
        (r"\\item\b", OUTSIDE, LIST),
        (r"\\(?:ldots|dots)\b(?:\{\})?", OUTSIDE, "write …"),
        (r"\\(?:La)?TeX\b(?:\{\})?", OUTSIDE, "write LaTeX"),
        (r"\\(?:newline|newpage|noindent|(?:small|med|big)skip|par|centering|clearpage)\b", OUTSIDE, LEFT_OUT),
        (r"\\[hv]space\*?\{[^{}\n]*\}", OUTSIDE, LEFT_OUT),
        (r"\\[A-Za-z]+", OUTSIDE, "write $…$ around it, or ` around what is code"),
    )
)
