"""Reads for screens: SELECT in, plain data out."""
