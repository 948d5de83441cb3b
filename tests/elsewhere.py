"""Somebody else, at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def elsewhere(act: Callable[[], Any]) -> None:
    """Act in a thread of its own, and wait: a request inside of another one would share its context."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(act).result(30)
