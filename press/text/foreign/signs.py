"""What other dialects have inside sentences.

It is told where it is typed; nothing of it ever reaches a page as stray signs.
"""

from __future__ import annotations

from press.text.foreign.advice import BOX, BOXES, CALLOUT, COMMENT, EQUATION, FIGURE, IN_TEXT, NO_NOTES
from press.text.foreign.tex import COMMANDS
from press.text.foreign.told import told

DIRECTIVE = "directives of other dialects are not known here"
ROLE = "roles of other dialects are not known here"
COMPUTED = "a computed number is written {{ expression }}"
PYTHON_GOES_ON = r"(?!(?:in|if|is|and|or|not|for|else|as)\b)"
BEFORE = told(
    (
        (r"\{\{[<%][^{}\n]*\}\}", "short codes of other dialects are not known here", f"take it out; {FIGURE}"),
        (r"\$`(?P<tex>[^`$\n]+)`\$", "backticks in a formula", "write $%(tex)s$"),
        (
            r"``(?P<words>[^`'\n]+)''(?!`)(?![^`\n]*``(?![\w`]))",
            "quotation marks of another dialect",
            'write "%(words)s"',
        ),
        (
            rf"(?<!`)`(?:r\s+{PYTHON_GOES_ON}(?=[^`\n]*[(\d+*/$])[\w(\"']|\{{(?:r|python|julia|ojs)\}}\s)[^`\n]*`(?!`)",
            "code in a sentence is not run",
            COMPUTED,
        ),
    )
)
"""Looked for inside sentences, where something begins that is known here too."""
INLINE = (
    *told(
        (
            (rf":::+[ ]*\{{?\.?(?:callout-)?{BOXES}\b[^\n]*(?:\n(?:(?!:::).*\n)*:::+[ ]*(?=\n|$))?", BOX, CALLOUT),
            (r":::+[ ]*\{?(?:figure|image)\b[^\n]*(?:\n(?:(?!:::).*\n)*:::+[ ]*(?=\n|$))?", DIRECTIVE, FIGURE),
            (r":::+[ ]*\{?math\b[^\n]*(?:\n(?:(?!:::).*\n)*:::+[ ]*(?=\n|$))?", DIRECTIVE, EQUATION),
            (r":::+[^\n]*", BOX, CALLOUT),
            (rf"\.\. {BOXES}::(?:.|\n)*", BOX, CALLOUT),
            (r"\.\. (?:figure|image)::(?:.|\n)*", DIRECTIVE, FIGURE),
            (r"\.\. math::(?:.|\n)*", DIRECTIVE, EQUATION),
            (r"\.\. (?:code|code-block|sourcecode)::(?:.|\n)*", DIRECTIVE, "write ```python above it and ``` below"),
            (r"\.\. [\w:-]+::(?:.|\n)*", DIRECTIVE, f"leave it out; {COMMENT}"),
            (r"\.\. _[^\n]*:", "a name on a line of its own", "a block's name stands in its first line"),
            (
                r"(?:(?<=\bimage)|(?<=\bvideo))::?[^\s\[\]]{1,200}\[[^\]\n]*\]",
                DIRECTIVE,
                "write ![what to notice](file)",
            ),
            (r"(?<=\binclude)::[^\s\[\]]+\[[^\]\n]*\]", DIRECTIVE, "a section is one file, named in chapter.toml"),
            (r"(?<=\blink):(?P<to>https?://[^\s\[\]]+)\[(?P<words>[^\]\n]*)\]", DIRECTIVE, "write [%(words)s](%(to)s)"),
            (
                r"(?::(?:eq|math:numref)|\{eq\}|\{math:numref\}):?`(?P<name>[\w-]+)`",
                ROLE,
                "write @eq:%(name)s",
            ),
            (r"(?::\w*ref:|\{\w*ref\}|:doc:|\{doc\})`[^`\n]*`", ROLE, "write @sec:name, @fig:name or @eq:name"),
            (r"(?::cite\w*(?::\w+)?:|\{cite\w*(?::\w+)?\})`(?P<key>[^`\n]*)`", ROLE, "write @cite:%(key)s"),
            (r"(?::math:|\{math\})`(?P<tex>[^`\n]*)`", ROLE, "write $%(tex)s$"),
            (r"(?::(?:sub|sup):|\{(?:sub|sup)\})`[^`\n]*`", ROLE, "write $x^2$ or $x_2$"),
            (r"(?::(?:term|abbr):|\{(?:term|abbr)\})`[^`\n]*`", ROLE, "write @term:name"),
            (r"(?::[a-z][\w:+-]*:|\{[a-z][\w:+-]*\})`(?P<code>[^`\n]*)`", ROLE, "write the words, or `%(code)s`"),
            (r"~~(?=\S)[^~]+~~", "words cannot be struck out", "leave them out"),
            (r"==(?=[^\s=])[^=\n]+(?<=\S)==(?!=)", "words cannot be marked", "write **words**"),
            (r"\+\+(?=[^\s+])[^+\n]+(?<=\S)\+\+(?!\+)", "words cannot be underlined", "write *words*"),
            (r"%%(?=[^\s%])(?:(?!%%).|\n)*%%", "this would be read by everyone", COMMENT),
            (
                r"(?<!\S)#(?!(?:[0-9a-fA-F]{3}){1,2}(?!\w))[^\W\d_][\w/-]*",
                "tags are not known here",
                r"leave it out, or write \# for the sign itself",
            ),
            (r"\^\[|\[\^[^\]\s]+\]", NO_NOTES, IN_TEXT),
            (r"\^\w+\^|(?<=\w)~\w+~", "small signs above or below stand in a formula", "write $x^2$ or $x_2$"),
            (r"(?<=\w)~(?=[\w$@])", "a ~ between two words", r"write &nbsp; where no line may end, or \~ for the sign"),
            (r"\[-?@(?:cite:|(?![a-z]+:))[^\]]*\](?!\()", "a citation has no brackets", "write @cite:key"),
            (
                r"(?<=!)\[\[(?P<file>[^\]|\n]*)[^\]\n]*\]\]",
                "a picture in two pairs of brackets",
                "write ![what to notice](%(file)s)",
            ),
            (r"\[\[[^\]]*\]\]", "a link in two pairs of brackets", "write [words](@sec:name)"),
            (r":[a-z][a-z0-9_+-]+:(?!\w)", "names of little pictures are not known here", "type the character itself"),
            (
                r"@(?P<kind>[a-z]+) : ?(?P<name>\w[\w/-]*)",
                "a label with a space before its colon",
                "write @%(kind)s:%(name)s",
            ),
            (r"@[a-z]+:(?!\w)", "a label without a name", "write @eq:name"),
            (r"@(?:[A-Z][A-Za-z]*| [a-z]+):(?=\w)", "a label in capitals, or with a space", "write @eq:name"),
            (r"@(?P<kind>\w+):(?P<name>\w[\w/-]*)", "no label is of the kind “%(kind)s”", "write @eq:name"),
            (r"@(?P<kind>[a-z]+)\{(?P<name>[\w/-]*)\}", "a label has no braces", "write @%(kind)s:%(name)s"),
            (
                r"@(?P<kind>cell|eq|ex|fig|inst|lab|note|q|sec|tab|term)[-.](?P<name>\w[\w-]*)",
                "a label has a colon behind its kind",
                "write @%(kind)s:%(name)s",
            ),
            (r"@tbl-(?P<name>\w[\w-]*)", "a label has a colon behind its kind", "write @tab:%(name)s"),
            (r"@lst-(?P<name>\w[\w-]*)", "a label has a colon behind its kind", "write @cell:%(name)s"),
            (
                r"@(?P<name>\w[\w-]*)",
                "this names nothing",
                r"write @cite:%(name)s for a work, @eq:%(name)s for an equation, or \@ for the sign alone",
            ),
            (r"\{#[^}]*\}", "a name in braces", "only a section's title and a cell have one"),
            (r"\{%[^{}\n]*%\}", "commands of templates are not known here", "leave it out"),
            (r"\{\s*(?::|\.[\w-]|[\w-]+\s*=)[^}]*\}", "attributes in braces are not known here", FIGURE),
            (r"\{(?:\+\+|--|~~|==|>>)[^}]*\}", "marks of an editor are not known here", COMMENT),
            (
                r"\$?\{\s*(?P<value>(?=[^{}\n]*\d)[\w.]+(?:\s*[-+*/]{1,2}\s*[\w.]+)+|\w+\([^{}\n]*\))\s*\}",
                "a value in one pair of braces",
                "write {{ %(value)s }}",
            ),
            (r"\\\((?:(?!\n\s*\n).)*?\\\)", "a formula stands between dollars", "write $x$"),
        )
    ),
    *COMMANDS,
    *told(
        (
            (r"\\(?:\n|$)", "a line cannot be broken off", "take the \\ out, or begin a new paragraph"),
            (r"  +\n", "two spaces at the end would break this line", "take them out, or begin a new paragraph"),
            (r"<!--", "a comment that does not end", "write --> where it ends"),
            (
                r"<<(?P<name>[\w:.#-]+)(?:,[^<>\n]*)?>>",
                "a reference between << and >>",
                "write @eq:%(name)s, or @sec:name",
            ),
            (
                r"</?[A-Z]\w*(?:\s[^<>]*)?/?>",
                "components are not known here",
                "write their words; boxes are blocks, /// …",
            ),
            (r"</?[a-zA-Z!?][^>]*>", "raw HTML is not allowed", "write &lt; for a less-than sign"),
        )
    ),
)
"""Looked for inside sentences, where nothing that is known here begins."""
