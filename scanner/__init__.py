"""From pixels to meaning; usable without the backend."""
