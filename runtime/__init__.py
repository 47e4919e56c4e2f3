"""What makes a page alive: Python for the worker (`python/`), JavaScript for the page, the worker, the offline copy."""
