"""The document -> files to take along: a notebook, programs, a PDF."""
