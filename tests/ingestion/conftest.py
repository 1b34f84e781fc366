"""A web site on loopback that answers exactly the bytes it is told to, however wrong."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

Answer = bytes | Callable[[socket.socket], None]


def reply(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """The bytes of an answer; `content_type="text/html"` becomes the header Content-Type."""
    lines = {"Content-Length": str(len(body)), **{name.replace("_", "-").title(): v for name, v in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}Connection: close\r\n\r\n".encode() + body


class Site:
    """The site: what each path answers (the last of several answers stays), and what was asked for."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.requests: list[tuple[str, str]] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def set(self, path: str, *answers: Answer) -> str:
        """Let a path give these answers; its address."""
        self.answers[path] = list(answers)
        return self.url(path)

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def asked(self, path: str) -> list[str]:
        """The heads of the requests for a path."""
        return [head for asked, head in self.requests if asked == path]

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        try:
            with connection:
                head = b""
                while b"\r\n\r\n" not in head and (piece := connection.recv(65536)):
                    head += piece
                path = head.split(b" ")[1].decode()
                self.requests.append((path, head.decode("latin-1")))
                answers = self.answers.get(path) or [reply(b"", "404 Not Found")]
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                if isinstance(answer, bytes):
                    connection.sendall(answer)
                else:
                    answer(connection)
        except (OSError, IndexError):
            pass  # the client has gone


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    yield server
    server.close()
