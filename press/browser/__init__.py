"""What a page runs on: bundled scripts and styles, Pyodide, numpy, the heap snapshot, the list of an offline copy."""
