"""A network that loses answers: the request was done, and nobody hears of it."""

import random

from tests.proxies import Proxy, Request


class LossyProxy(Proxy):
    """Of the answers to an outbox it loses a share, by a seed."""

    def __init__(self, to_port: int, share: float = 0.5) -> None:
        super().__init__(to_port)
        self.asked = self.lost = 0
        self._share = share
        self._chance = random.Random(20261127)

    async def answer(self, request: Request) -> bytes | None:
        answer = await self.ask(request)
        if request.line != "POST /api/sync":
            return answer
        self.asked += 1
        if self._chance.random() >= self._share:
            return answer
        self.lost += 1
        return None
