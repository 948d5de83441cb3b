"""Measurements, each beside its floor or its peer in one run; ratios are what counts."""
