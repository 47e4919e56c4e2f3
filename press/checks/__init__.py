"""What `build.py check` looks for beyond what stops a build: one module per subject, each a function to mistakes."""
