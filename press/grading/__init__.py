"""What students saved -> verdicts."""
