"""A proxy in front of the server that loses answers: the request was done, and nobody hears of it."""

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LOSES = b"POST /api/sync"


@dataclass(slots=True)
class LossyProxy:
    """Forwards bytes; of the answers to an outbox it loses ``share``, by a seed."""

    to_port: int
    share: float = 0.5
    port: int = 0
    asked: int = 0
    lost: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(20261127))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self.to_port)
        except OSError:
            writer.close()
            return
        is_doomed = False

        async def up() -> None:
            nonlocal is_doomed
            while data := await reader.read(65536):
                if data.startswith(LOSES):
                    self.asked += 1
                    is_doomed = self.chance.random() < self.share
                to_server.write(data)
                await to_server.drain()

        async def down() -> None:
            while data := await from_server.read(65536):
                if is_doomed:
                    self.lost += 1
                    return
                writer.write(data)
                await writer.drain()

        tasks = [asyncio.ensure_future(up()), asyncio.ensure_future(down())]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        writer.close()
        to_server.close()


@contextmanager
def lossy_proxy(to_port: int) -> Iterator[LossyProxy]:
    """A proxy in a thread of its own, for the length of a block."""
    proxy = LossyProxy(to_port)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def open_server() -> asyncio.Server:
        return await asyncio.start_server(proxy.connect, "127.0.0.1", 0)

    server = asyncio.run_coroutine_threadsafe(open_server(), loop).result(10)
    proxy.port = server.sockets[0].getsockname()[1]
    yield proxy

    async def close_server() -> None:
        server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    asyncio.run_coroutine_threadsafe(close_server(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
