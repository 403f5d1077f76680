"""No site can make a fetch take more memory, or more time, than is said."""

import gzip
import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable
from threading import Event

import pytest

from app.fetching import Guard, NotFetched, fetch
from tests.fetching.sites import PUBLIC, Answer, Site, fetched, packed, page, refused, sending, settings, watched


def endless(head: bytes, piece: bytes) -> Answer:
    def answer(connection: socket.socket, request: str) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)

    return answer


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        endless(OK + b"\r\n", b"a" * 65536),
        endless(CHUNKED, b"10000\r\n" + b"a" * 65536 + b"\r\n"),
        endless(CHUNKED, b"1;" + b"x" * 60_000 + b"\r\na\r\n"),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
        endless(OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 1000),
        sending(OK + b"Content-Length: 99999999999\r\n\r\nabc"),
        sending(page(b"a" * 1_000_001)),
    ],
    ids=["body", "chunks", "chunk extensions", "continue", "empty members", "announced", "one byte"],
)
def test_what_is_too_large_is_not_read_to_its_end(served: Callable[..., Site], answer: Answer) -> None:
    began = time.monotonic()
    assert refused(served(answer)) == "The page is larger than 1 MB."
    assert time.monotonic() - began < 20


def test_a_page_of_exactly_the_limit_comes(served: Callable[..., Site]) -> None:
    assert len(fetched(served(sending(page(b"a" * 1_000_000)))).body) == 1_000_000


@pytest.mark.parametrize(
    "answer",
    [
        endless(OK, b"X: y\r\n" * 1000),
        endless(OK + b"X: ", b"a" * 65536),
        endless(b"HTTP/1.1 ", b"2" * 65536),
        endless(b"", b"\r\n\r\n" * 10_000),
        sending(OK + b"Content-Length: 10\r\n\r\nabc"),
        sending(OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
        sending(OK + b"Content-Length: -3\r\n\r\nabc"),
        sending(OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nabc"),
        sending(CHUNKED + b"5\r\nabc"),
        sending(CHUNKED + b"fffffffffffffffffffff\r\nabc"),
        sending(b"SSH-2.0-OpenSSH_9.2\r\n"),
        sending(b"220 mail.example ESMTP\r\n"),
        sending(b""),
        sending(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nabc"),
    ],
)
def test_what_is_no_sound_answer_is_refused(served: Callable[..., Site], answer: Answer) -> None:
    assert refused(served(answer)) in (
        "What site.example answered is damaged.",
        "site.example cannot be reached.",
        "site.example answered 101 Switching Protocols.",
    )


def test_a_length_that_says_too_little_ends_the_page(served: Callable[..., Site]) -> None:
    assert fetched(served(sending(OK + b"Content-Length: 3\r\n\r\nabcdef"))).body == b"abc"


@pytest.mark.parametrize(
    "answer",
    [
        sending(*[bytes([byte]) for byte in OK * 10], every=0.1),
        sending(OK, *[b"X: y\r\n"] * 100, every=0.1),
        sending(OK + b"Content-Length: 1000\r\n\r\n", *[b"a"] * 100, every=0.1),
        sending(OK + b"Content-Length: 10\r\n\r\n", b"a" * 10, every=1),
        sending(*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 100, every=0.1),
        sending(b"", every=5),
    ],
    ids=["status", "headers", "body", "silence", "continue", "nothing"],
)
def test_a_slow_site_is_waited_for_no_longer_than_is_said(served: Callable[..., Site], answer: Answer) -> None:
    site = served(answer)
    began = time.monotonic()
    assert refused(site, fetch_seconds=0.6) == "site.example took too long to answer."
    assert time.monotonic() - began < 4


def test_slow_redirects_are_counted_together(served: Callable[..., Site]) -> None:
    site = served(sending(b"HTTP/1.1 302 Found\r\n", b"Location: /\r\nContent-Length: 0\r\n\r\n", every=0.12))
    began = time.monotonic()
    assert refused(site, fetch_seconds=0.6) == "site.example took too long to answer."
    assert time.monotonic() - began < 4


def test_a_slow_resolver_is_waited_for_no_longer_either() -> None:
    done = Event()

    def resolve(host: str) -> list[str]:
        done.wait(10)
        return [PUBLIC]

    began = time.monotonic()
    with watched() as seen, pytest.raises(NotFetched, match="took too long"):
        fetch("http://site.example/", settings(fetch_seconds=0.3), Guard(resolve=resolve))
    done.set()
    assert time.monotonic() - began < 4
    assert seen == []


# ── what comes packed


@pytest.mark.parametrize("packing", ["gzip", "x-gzip", "GZIP"])
def test_a_packed_page_is_unpacked(served: Callable[..., Site], packing: str) -> None:
    words = b"The quick brown fox. " * 40_000
    assert fetched(served(packed(gzip.compress(words), packing))).body == words


def test_what_is_packed_in_parts_is_one_page(served: Callable[..., Site]) -> None:
    parts = gzip.compress(b"one ") + gzip.compress(b"") + gzip.compress(b"two") + b"\0" * 512
    assert fetched(served(packed(parts))).body == b"one two"
    one_at_a_time = [parts[at : at + 1] for at in range(len(parts))]
    head = OK + b"Content-Encoding: gzip\r\n\r\n"
    assert fetched(served(sending(head, *one_at_a_time, every=0.001))).body == b"one two"


@pytest.mark.parametrize("members", [1, 64])
def test_a_bomb_costs_no_more_than_a_page(served: Callable[..., Site], members: int) -> None:
    zeros, packer = bytes(1 << 20), zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(zeros) for _ in range(128 // members)) + packer.flush()
    site = served(packed(bomb * members))
    tracemalloc.start()
    try:
        assert refused(site) == "The page is larger than 1 MB."
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8_000_000


@pytest.mark.parametrize(
    ("body", "packing"),
    [
        (gzip.compress(gzip.compress(b"a")), "gzip, gzip"),
        (zlib.compress(b"a"), "deflate"),
        (b"\x0b\x02\x80a\x03", "br"),
        (b"a", "zstd"),
        (b"a", "gzip;q=1"),
    ],
)
def test_a_packing_that_was_not_asked_for_is_refused(served: Callable[..., Site], body: bytes, packing: str) -> None:
    assert "packed in a way" in refused(served(packed(body, packing)))


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b"a" * 999)[:-1],
        gzip.compress(b"a" * 999)[:-9],
        b"a",
        b"",
        gzip.compress(b"a") + b"<p>",
        gzip.compress(b"a")[:-8] + bytes(8),
    ],
)
def test_a_packed_page_that_is_damaged_is_refused(served: Callable[..., Site], body: bytes) -> None:
    assert refused(served(packed(body))) == "What site.example answered is damaged."
