"""A mail server on this computer: takes what comes, refuses it, or says nothing at all."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class MailServer:
    """What it got, and how it behaves: ``answers`` is said to the end of each mail."""

    port: int = 0
    got: list[tuple[str, str]] = field(default_factory=list)
    answers: str = "250 taken"
    connections: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def mail_server(*, is_silent: bool = False, trickles: bool = False) -> Iterator[MailServer]:
    """A server that speaks SMTP, or one that says nothing, or a byte at a time, until the block ends."""
    state, is_over = MailServer(), threading.Event()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            state.connections += 1
            if is_silent:
                is_over.wait()
                return
            while trickles and not is_over.wait(0.2):
                try:
                    self.wfile.write(b"2")
                except OSError:
                    return
            self._say("220 here")
            to = ""
            for line in self.rfile:
                word = line.decode().strip()
                if word.upper().startswith("RCPT"):
                    to = word.partition("<")[2].rstrip(">")
                if word.upper() == "DATA":
                    self._say("354 go on")
                    text = b"".join(iter(self.rfile.readline, b".\r\n")).decode()
                    if state.answers.startswith("250"):
                        state.got.append((to, text))
                    self._say(state.answers)
                elif word.upper() == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 ok")

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Session) as server:
        state.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield state
        finally:
            is_over.set()
            server.shutdown()
