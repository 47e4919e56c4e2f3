"""The trained network as files for the reader's browser: its checkpoint read, batch norm folded, weights packed."""
