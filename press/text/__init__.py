"""The author's files -> the document: reading, splitting, Markdown, TeX, values, bibliography, settings."""
