"""Proxies in front of a server under test: they see its requests one by one, and may do something to them."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self, TypeVar


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came over the line.

    Args:
        head: Request line and header fields, with the empty line that ends them.
        body: As long as ``Content-Length`` says.
    """

    head: bytes
    body: bytes

    @property
    def line(self) -> str:
        """Method and path, such as ``POST /api/sync``."""
        return self.head.split(b" HTTP/", 1)[0].decode()

    @property
    def is_for_a_socket(self) -> bool:
        return b"\r\nupgrade: websocket\r\n" in self.head.lower()

    @classmethod
    async def read(cls, reader: asyncio.StreamReader) -> Self:
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:-2])
        return cls(head, await reader.readexactly(int(fields.get(b"content-length", b"0"))))

    def on_its_own(self) -> bytes:
        """The same request, for a connection that ends with its answer."""
        line, *fields = self.head.removesuffix(b"\r\n\r\n").split(b"\r\n")
        kept = [field for field in fields if not field.lower().startswith(b"connection:")]
        return b"\r\n".join([line, *kept, b"Connection: close", b"", self.body])


class Proxy:
    """Hands each request on, on a connection of its own, and gives back what the server says.

    While ``is_silent``, nothing gets through and nobody is told, as in a dead spot; sockets end with it.
    """

    def __init__(self, to_port: int) -> None:
        self.to_port = to_port
        self.port = 0
        self.is_silent = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, request: Request) -> bytes | None:
        """The whole answer, status line and all; without one the client finds its connection closed."""
        return await self.ask(request)

    async def ask(self, request: Request) -> bytes | None:
        """Ask the server; None when it cannot be reached."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.to_port)
        except OSError:
            return None
        try:
            writer.write(request.on_its_own())
            return await reader.read(-1) or None
        except ConnectionError:
            return None
        finally:
            writer.close()

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await Request.read(reader)
            await self._silence()
            if request.is_for_a_socket:
                await self._relay(request, reader, writer)
            elif answer := await self.answer(request):
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _silence(self) -> None:
        while self.is_silent:
            await asyncio.sleep(0.02)

    async def _relay(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self.to_port)
        to_server.write(request.head + request.body)

        async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                if self.is_silent:
                    await self._silence()
                    break
                target.write(data)
                await target.drain()

        ways = [asyncio.ensure_future(way) for way in (copy(reader, to_server), copy(from_server, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            to_server.close()


P = TypeVar("P", bound=Proxy)


@contextmanager
def running_proxy(proxy: P) -> Iterator[P]:
    """Run a proxy on a free port of 127.0.0.1, in a thread of its own, for the length of a block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def begin() -> asyncio.Server:
        return await asyncio.start_server(proxy.connect, "127.0.0.1", 0)

    async def end() -> None:
        server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
    proxy.port = server.sockets[0].getsockname()[1]
    yield proxy
    asyncio.run_coroutine_threadsafe(end(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
