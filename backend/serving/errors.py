"""What keeps the embedded server from starting, said to the person who started it."""


class CannotServe(Exception):
    """The server cannot start as asked.

    Args:
        reason: What is wrong, one sentence.
        next_step: What to do about it, one sentence.
    """

    def __init__(self, reason: str, next_step: str) -> None:
        super().__init__(reason)
        self.next_step = next_step
