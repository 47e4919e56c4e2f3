"""What runs at build time: cells, instruments in their first state, versions of exercises, and Node."""
