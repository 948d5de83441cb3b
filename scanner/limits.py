"""What one picture may be, and what decoding it may cost."""

MAX_PIXELS = 25_000_000
"""Pixels of one picture, by its header; a phone's main camera has 12 million."""

MAX_BYTES = 8 * 1024 * 1024
"""Bytes of one encoded picture."""

MAX_FRAMES = 8
"""Pictures of one burst."""
