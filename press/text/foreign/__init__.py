"""What other dialects have and this one has not: tables of how it looks, and of what to write instead."""
