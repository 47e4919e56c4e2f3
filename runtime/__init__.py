"""Python in the reader's browser: what runs inside the worker (`.py`) and what drives it from the page (`.js`).

The Python files are an ordinary package without dependencies; the build prints each cell's output with the same
`host.run`.
"""
