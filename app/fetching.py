"""The only file that opens a connection to the outside, and the guard on it."""

import socket
import ssl
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from importlib.metadata import version
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from queue import Empty, Queue
from threading import Thread
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpcore2
import httpx2

from app.settings import Settings
from app.text.hosts import is_address, is_name, is_public
from app.text.robots import permits

REDIRECTS = 5
LONGEST_ADDRESS = 8_000
"""Characters."""
PORTS = (80, 443)
"""Those of the web: at others stand databases, mail and what administers machines."""

_HEADS = 1 << 20
"""Bytes that heads, framing and encryption may take beside the body."""
_PIECE = 1 << 16
"""Bytes that are unpacked at a time."""
_ROBOTS = 512 * 1024
"""Bytes of a robots.txt that are read; RFC 9309, section 2.5, wants at least 500 KiB."""

_PHRASES = {status.value: status.phrase for status in HTTPStatus}


class NotFetched(Exception):
    """Why an address was not fetched, in a sentence for the one who asked."""


class _Answered(NotFetched):
    def __init__(self, host: str, status: int) -> None:
        super().__init__(f"{host} answered {status} {_PHRASES.get(status, '')}".rstrip() + ".")
        self.status = status


@dataclass(frozen=True)
class Fetched:
    """What came from an address."""

    address: str
    """The one that answered, after redirects: in ASCII (`xn--…` for other letters), without fragment."""
    body: bytes
    """As it was sent, unpacked."""
    media_type: str
    """In small letters, such as `text/html`; empty where the answer names none."""
    charset: str
    """As the answer names it, in small letters: perhaps none that exists, perhaps empty."""


def lookup(host: str) -> list[str]:
    """The addresses of a host, as the system knows them; none where it knows none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True)
class Guard:
    """Which machines may be spoken to: those of the open internet, at the ports of the web."""

    allow: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks that may be, too."""
    ports: tuple[int, ...] = PORTS
    resolve: Callable[[str], Iterable[str]] = field(default=lookup)
    """Gives the addresses of a name."""

    def permits(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self.allow) or is_public(address)


OPEN_INTERNET = Guard()


def fetch(address: str, settings: Settings, guard: Guard = OPEN_INTERNET) -> Fetched:
    """Ask for one page by GET, follow where it leads, and give what came. Raises NotFetched.

    Limits to size and time, and whether robots.txt counts, are the settings'. It takes no cookies along, no
    credentials and no proxy. It blocks: for use in a thread.
    """
    if not settings.fetching:
        raise NotFetched("This server does not fetch pages: that is switched off.")
    return _Visit(settings, guard).follow(_checked(address.strip()), heed=settings.fetch_robots)


def _checked(address: str) -> httpx2.URL:
    """An address that may be asked for, as far as one can see by looking at it. Raises NotFetched."""
    try:
        url = httpx2.URL(address) if len(address) <= LONGEST_ADDRESS else None
    except (httpx2.InvalidURL, ValueError):
        url = None
    if url is None or url.scheme not in ("http", "https") or not url.raw_host:
        raise NotFetched("That is no address of a page: it begins with http:// or https:// and the name of a site.")
    if url.userinfo:
        raise NotFetched("The address has a name or a password in it. Postil sends none along.")
    host = url.raw_host.decode().removesuffix(".")
    if not is_name(host) and not is_address(host):
        raise NotFetched("The address does not name a site on the internet.")
    # There is no host but this from here on: what is checked, connected to, certified and said in `Host` is the same.
    return url.copy_with(host=host, fragment=None)


class _Clock:
    """What is left of the time for a visit. One step may take no more than a third of all."""

    def __init__(self, seconds: float) -> None:
        self._step = seconds / 3
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Seconds that the next step may take. Raises TimeoutException where none are left."""
        if (left := self._end - monotonic()) <= 0:
            raise httpcore2.TimeoutException
        return min(left, self._step)


class _Visit:
    """One fetch: what it may take, and what it has been told on its way."""

    def __init__(self, settings: Settings, guard: Guard) -> None:
        self._most = settings.fetch_megabytes * 1_000_000
        self._clock = _Clock(settings.fetch_seconds)
        self._network = _GuardedNetwork(guard, self._clock, self._most + _HEADS)
        self._headers = [
            ("User-Agent", _agent(settings)),
            ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
            ("Accept-Encoding", "gzip"),
            ("Connection", "close"),
        ]
        self._robots: dict[httpx2.Origin, str] = {}

    def follow(self, url: httpx2.URL, *, heed: bool) -> Fetched:
        for _ in range(REDIRECTS + 1):
            if heed and not permits(self._robots_of(url), "Postil", url.raw_path.decode()):
                raise NotFetched(f"{_host(url)} asks programs to leave this page alone (robots.txt).")
            answer = self._ask(url)
            if isinstance(answer, Fetched):
                return answer
            url = answer
        raise NotFetched(f"The address leads from one to the next, more than {REDIRECTS} times.")

    def _robots_of(self, url: httpx2.URL) -> str:
        """A robots.txt that cannot be had forbids everything, one that is not there nothing (RFC 9309, 2.3.1)."""
        if url.origin not in self._robots:
            try:
                body = self.follow(url.copy_with(raw_path=b"/robots.txt"), heed=False).body
                self._robots[url.origin] = body[:_ROBOTS].decode(errors="replace")
            except NotFetched as reason:
                if not isinstance(reason, _Answered) or not 400 <= reason.status < 500:
                    raise NotFetched(f"The robots.txt of {_host(url)} cannot be read: {reason}") from reason
                self._robots[url.origin] = ""
        return self._robots[url.origin]

    def _ask(self, url: httpx2.URL) -> Fetched | httpx2.URL:
        """What stands at one address, or where it leads."""
        asked = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        headers = [("Host", url.netloc.decode()), *self._headers]
        host = _host(url)
        try:
            with (
                httpcore2.HTTPConnection(asked.origin, network_backend=self._network) as connection,
                connection.stream("GET", asked, headers=headers) as response,
            ):
                if response.status in (301, 302, 303, 307, 308):
                    return _leads_to(url, _header(response, "location"))
                if response.status != HTTPStatus.OK:
                    raise _Answered(host, response.status)
                media_type, charset = _content_type(_header(response, "content-type"))
                return Fetched(str(url), self._body(response), media_type, charset)
        except httpcore2.TimeoutException as error:
            raise NotFetched(f"{host} took too long to answer.") from error
        except httpcore2.NetworkError as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise NotFetched(f"The certificate of {host} is not valid.") from error
            raise NotFetched(f"{host} cannot be reached.") from error
        except (httpcore2.ProtocolError, zlib.error) as error:
            raise NotFetched(f"What {host} answered is damaged.") from error

    def _body(self, response: httpcore2.Response) -> bytes:
        length = _header(response, "content-length")
        if length.isdecimal() and int(length) > self._most:
            raise _too_large(self._most)
        sent = response.iter_stream()
        packing = _header(response, "content-encoding").lower()
        if packing in ("gzip", "x-gzip"):
            sent = _unpacked(sent)
        elif packing not in ("", "identity"):
            raise NotFetched("The page came packed in a way that Postil did not ask for.")
        body = bytearray()
        for piece in sent:
            body += piece
            if len(body) > self._most:
                raise _too_large(self._most)
        return bytes(body)


class _GuardedNetwork(httpcore2.NetworkBackend):
    """Connects to the very address that the guard has looked at; nothing looks up its name again."""

    def __init__(self, guard: Guard, clock: _Clock, most: int) -> None:
        self._guard, self._clock, self._most = guard, clock, most

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore2.NetworkStream:
        if port not in self._guard.ports:
            raise NotFetched(f"Postil asks for pages only at the ports {' and '.join(map(str, PORTS))}.")
        failure: Exception = httpcore2.ConnectError()
        for address in self._admitted(host):
            try:
                stream = httpcore2.SyncBackend().connect_tcp(str(address), port, self._clock.left())
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _MeteredStream(stream, self._clock, self._most)
        raise failure

    def _admitted(self, host: str) -> list[IPv4Address | IPv6Address]:
        """The addresses of a host. One among them that is not to be spoken to speaks against all."""
        try:
            found = [ip_address(host)]
        except ValueError:
            found = [ip_address(address) for address in self._looked_up(host)]
        if not found or not all(map(self._guard.permits, found)):
            # Said of both alike: else one could find out by asking which names are known inside.
            raise NotFetched(f"{host} is not to be found on the open internet.")
        return found

    def _looked_up(self, host: str) -> list[str]:
        """The system's resolver knows no time limit: where it takes too long, its thread is left to itself."""
        answer: Queue[list[str]] = Queue()
        Thread(target=lambda: answer.put(list(self._guard.resolve(host))), daemon=True).start()
        try:
            return answer.get(timeout=self._clock.left())
        except Empty:
            raise httpcore2.ConnectTimeout from None


class _MeteredStream(httpcore2.NetworkStream):
    """A connection through which only so much comes, and only for so long, whoever reads from it."""

    def __init__(self, stream: httpcore2.NetworkStream, clock: _Clock, most: int) -> None:
        self._stream, self._clock, self._most = stream, clock, most
        self._left = most

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        sent = self._stream.read(max_bytes, self._clock.left())
        self._left -= len(sent)
        if self._left < 0:
            raise _too_large(self._most - _HEADS)
        return sent

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._clock.left())

    def start_tls(self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, *_: Any, **__: Any) -> Any:
        return _MeteredStream(
            self._stream.start_tls(ssl_context, server_hostname, self._clock.left()), self._clock, self._most
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()


def _unpacked(sent: Iterable[bytes]) -> Iterator[bytes]:
    """Undo gzip, a piece at a time: a bomb costs no more than what is taken of it. Raises zlib.error."""
    gzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for chunk in sent:
        packed = chunk
        while packed:
            if gzip.eof:  # several may follow each other; zeros after them are padding
                if not (packed := packed.lstrip(b"\0")):
                    break
                gzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
            yield gzip.decompress(packed, _PIECE)
            packed = gzip.unused_data if gzip.eof else gzip.unconsumed_tail
    yield gzip.flush()
    if not gzip.eof:
        raise zlib.error("it ends before its end")


def _leads_to(url: httpx2.URL, location: str) -> httpx2.URL:
    try:
        return _checked(str(url.join(location)) if location else "")
    except (NotFetched, httpx2.InvalidURL, ValueError) as error:
        raise NotFetched(f"{_host(url)} leads on to an address that Postil does not follow.") from error


def _header(response: httpcore2.Response, name: str) -> str:
    """The first header of that name, or nothing."""
    value = next((value for key, value in response.headers if key.lower() == name.encode()), b"")
    try:
        return value.decode().strip()
    except UnicodeDecodeError:
        return value.decode("latin-1").strip()


def _content_type(value: str) -> tuple[str, str]:
    message = Message()
    message["Content-Type"] = value
    named = value.split(";")[0].strip().lower()
    return (named if "/" in named else ""), message.get_content_charset("")


def _agent(settings: Settings) -> str:
    name = f"Postil/{version('postil')}"
    host = urlsplit(settings.base_url).hostname
    known = host not in ("127.0.0.1", "localhost", "::1") and settings.base_url.isascii()
    return f"{name} (+{settings.base_url})" if known else name


def _host(url: httpx2.URL) -> str:
    return url.raw_host.decode()


def _too_large(most: int) -> NotFetched:
    return NotFetched(f"The page is larger than {most // 1_000_000} MB.")
