"""Writes: one verb per function, the session arrives as an argument."""
