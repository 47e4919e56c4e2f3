"""The document -> HTML: templates, highlighted code, metadata, the cover, and what search looks through."""
