"""Sites that stand for the outside: servers on loopback that answer as a test wants it, and a watch on who connects."""

import contextlib
import select
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from threading import Thread
from typing import Any

import pytest

from app.fetching import Fetched, Guard, NotFetched, fetch, lookup
from app.settings import Settings

PUBLIC = "127.0.0.9"
"""Stands for the internet: the one address that the guard lets pass in these tests."""
PRIVATE = "127.0.0.1"

Answer = Callable[[socket.socket, str], None]
"""Gets a connection, and the request as it came; the connection is closed after it."""


class Site:
    """A server on one address of loopback; what it was asked stands in `requests`."""

    def __init__(self, answer: Answer, *, host: str = PUBLIC, port: int = 0, tls: ssl.SSLContext | None = None):
        self.requests: list[str] = []
        self.connections = 0
        self._answer, self._tls = answer, tls
        self._threads: list[Thread] = []
        self._socket = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.port = int(self._socket.getsockname()[1])
        self._threads.append(Thread(target=self._listen))
        self._threads[0].start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.settimeout(10)
            self._threads.append(Thread(target=self._serve, args=(connection,)))
            self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        # Whoever is cheated may hang up at any time.
        with connection, contextlib.suppress(OSError):
            wrapped = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
            with wrapped:
                request = b""
                while b"\r\n\r\n" not in request and (read := wrapped.recv(4096)):
                    request += read
                if request:
                    self.requests.append(request.decode("latin-1"))
                    self._answer(wrapped, self.requests[-1])

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(10)


def sending(*pieces: bytes, every: float = 0) -> Answer:
    """Sends these pieces, with so many seconds before each, for as long as somebody listens."""

    def answer(connection: socket.socket, request: str) -> None:
        for piece in pieces:
            if every and select.select([connection], [], [], every)[0]:
                return
            connection.sendall(piece)

    return answer


def page(body: bytes = b"<p>Here.</p>", *headers: str, status: str = "200 OK") -> bytes:
    """An answer as a well-behaved site gives it."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def packed(body: bytes, packing: str = "gzip") -> Answer:
    return sending(page(body, f"Content-Encoding: {packing}"))


def to(location: str, status: int = 302) -> bytes:
    return page(b"", f"Location: {location}", status=f"{status} Elsewhere")


_watched: list[list[str]] = []
_harmless = ("127.", "::1")


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watched or event not in ("socket.connect", "socket.getaddrinfo"):
        return
    host = str(arguments[1][0] if event == "socket.connect" else arguments[0])
    _watched[-1].append(f"{event.removeprefix('socket.')} {host}")
    if event == "socket.connect" and not host.startswith(_harmless):
        raise PermissionError("no test connects to the outside")


sys.addaudithook(_watch)  # cannot be taken away again


@contextlib.contextmanager
def watched() -> Iterator[list[str]]:
    """Everything that this process connects to or looks up meanwhile; beyond loopback it cannot."""
    _watched.append([])
    try:
        yield _watched[-1]
    finally:
        _watched.pop()


def settings(**said: object) -> Settings:
    usual: dict[str, object] = {"fetch_megabytes": 1, "fetch_seconds": 60}
    return Settings(_env_file=None, **usual | said)  # type: ignore[arg-type]


def resolver(**names: list[str]) -> Callable[[str], list[str]]:
    """Knows `site.example`, and other names of `.example`; asks the system for what is no such name."""
    known = {"site": [PUBLIC], **names}

    def resolve(host: str) -> list[str]:
        name, _, rest = host.rpartition(".")
        return known.get(name, []) if rest == "example" else lookup(host)

    return resolve


def guard(at: Site, **names: list[str]) -> Guard:
    return Guard(allow=(ip_network(PUBLIC),), ports=(at.port,), resolve=resolver(**names))


def fetched(site: Site, path: str = "/", **said: object) -> Fetched:
    return fetch(f"http://site.example:{site.port}{path}", settings(**said), guard(site))


def refused(site: Site, path: str = "/", **said: object) -> str:
    """Why nothing came."""
    with pytest.raises(NotFetched) as reason:
        fetched(site, path, **said)
    assert str(reason.value).endswith(".")
    return str(reason.value)
