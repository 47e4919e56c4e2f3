"""matplotlib in cells: its style, its backend, and what a figure is in words. Needs matplotlib."""
