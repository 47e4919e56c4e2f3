"""The experiments behind the labs: what is trained on what, for how long, and what is measured. Draws nothing."""
