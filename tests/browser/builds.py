"""Two builds of the app behind one address: the one that was built, and one that could come after it."""

import re

from tests.proxies import Proxy, Request

BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<h1>Bad gateway</h1>"

_CODE = re.compile(r"GET /(service-worker\.js|assets/[\w.-]+\.js)?")
_SCRIPT_NAME = re.compile(rb"((?:assets/|\./)[\w.-]+-[\w-]{8})\.js")
_DATABASE = re.compile(rb"(`serialtrail`,\w+),")


class BuildsProxy(Proxy):
    """Serves the app and, once ``is_updated``, the same as the next build would look to a phone.

    That one has scripts of other names, a service worker of another name, and a database of the next version.
    While ``takes_entries`` is false, what phones have in their outboxes is answered as by a proxy whose server is down.
    """

    def __init__(self, to_port: int) -> None:
        super().__init__(to_port)
        self.is_updated = False
        self.takes_entries = True

    async def answer(self, request: Request) -> bytes | None:
        if request.line == "POST /api/sync" and not self.takes_entries:
            return BAD_GATEWAY
        if not self.is_updated or not _CODE.fullmatch(request.line):
            return await self.ask(request)
        # Whole and as it is: neither compressed nor "not modified".
        asked = re.sub(rb"(?im)^(accept-encoding|if-none-match|if-modified-since):.*\r\n", b"", request.head)
        answer = await self.ask(Request(asked.replace(b".next.js ", b".js ", 1), b""))
        if answer is None:
            return None
        head, body = answer.split(b"\r\n\r\n", 1)
        body = next_build(body)
        return re.sub(rb"(?im)^content-length:.*$", b"Content-Length: %d\r" % len(body), head) + b"\r\n\r\n" + body


def next_build(code: bytes) -> bytes:
    """A page or a script, as it would be in the next build."""
    code = _SCRIPT_NAME.sub(rb"\1.next.js", code)
    code = _DATABASE.sub(rb"\1+1,", code)
    return code.replace(b'const BUILD = "', b'const BUILD = "next-')
