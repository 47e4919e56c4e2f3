"""Housekeeping for people who work on the book: sets up the tools, then starts the builder or the checks.

Uses only the standard library, because it runs before anything is installed. It knows nothing of texts and pages.
"""
