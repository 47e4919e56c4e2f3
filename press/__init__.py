"""Text to page: the builder of the book."""
