"""What is told to open screens after a commit."""

from backend.realtime.publisher import register

__all__ = ["register"]
