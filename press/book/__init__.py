"""The book as frozen values, and what its numbers and labels are. Imports nothing else of the press."""
