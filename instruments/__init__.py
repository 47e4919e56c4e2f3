"""The instruments of the book: pure functions from a state to a picture, the same at build time and in the browser."""
