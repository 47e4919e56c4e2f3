"""Python that runs readers' cells and answers for instruments: in the browser's worker, and at build time."""
