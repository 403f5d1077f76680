"""A page comes whole, from where it has moved to, and a site is told the truth."""

import socket
from collections.abc import Callable

import pytest

from app.fetching import Fetched
from tests.fetching.sites import PRIVATE, Answer, Site, fetched, page, refused, sending, to, watched


def test_a_page_comes_with_its_address_and_what_it_is(served: Callable[..., Site]) -> None:
    site = served(sending(page("Straße".encode("latin-1"), 'Content-Type: Text/HTML; Charset="ISO-8859-1"')))
    came = fetched(site, "/a%20page?of=it#there")
    assert came == Fetched(
        f"http://site.example:{site.port}/a%20page?of=it", "Straße".encode("latin-1"), "text/html", "iso-8859-1"
    )


def test_what_an_answer_does_not_say_is_empty(served: Callable[..., Site]) -> None:
    came = fetched(served(sending(page())))
    assert (came.media_type, came.charset) == ("", "")


def test_a_site_is_told_who_asks_and_nothing_else(served: Callable[..., Site]) -> None:
    site = served(sending(page()))
    fetched(site, "/a", base_url="https://notes.example")
    lines = site.requests[0].strip().split("\r\n")
    assert lines[0] == "GET /a HTTP/1.1"
    said = dict(line.split(": ", 1) for line in lines[1:])
    assert said.pop("User-Agent").startswith("Postil/")
    assert said.pop("Accept")
    assert said == {"Host": f"site.example:{site.port}", "Accept-Encoding": "gzip", "Connection": "close"}


def test_a_site_can_find_out_whose_server_asks(served: Callable[..., Site]) -> None:
    site = served(sending(page()))
    fetched(site, base_url="https://notes.example")
    assert "(+https://notes.example)" in site.requests[0]
    fetched(site)
    assert "127.0.0.1:8000" not in site.requests[1]


def test_cookies_are_neither_kept_nor_sent(served: Callable[..., Site]) -> None:
    def answer(connection: socket.socket, request: str) -> None:
        first = request.startswith("GET / ")
        connection.sendall(page(b"", "Set-Cookie: a=b", "Location: /next", status="302 Found") if first else page())

    site = served(answer)
    fetched(site)
    fetched(site)
    assert len(site.requests) == 4
    assert not any("cookie" in request.lower() for request in site.requests)


def test_proxies_of_the_environment_are_not_used(
    served: Callable[..., Site], trap: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://{PRIVATE}:{trap.port}")
    assert fetched(served(sending(page()))).body == b"<p>Here.</p>"
    assert trap.connections == 0


def test_chunks_and_pages_that_end_with_the_connection_come_whole(served: Callable[..., Site]) -> None:
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    assert fetched(served(sending(chunks))).body == b"abcde"
    assert fetched(served(sending(b"HTTP/1.0 200 OK\r\n\r\nabc", b"de"))).body == b"abcde"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("404 Not Found", "404 Not Found"),
        ("500 <b>", "500 Internal Server Error"),
        ("299 Odd", "299"),
        ("204 No", "204"),
    ],
)
def test_another_answer_than_a_page_is_said(served: Callable[..., Site], status: str, words: str) -> None:
    site = served(sending(page(b"", status=status)))
    assert refused(site).startswith(f"site.example answered {words}")


def test_fetching_can_be_switched_off(served: Callable[..., Site]) -> None:
    site = served(sending(page()))
    with watched() as seen:
        assert "switched off" in refused(site, fetching=False)
    assert seen == []


# ── redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_where_a_page_has_moved_it_is_followed(served: Callable[..., Site], status: int) -> None:
    site = served(lambda connection, request: connection.sendall(to("b#c", status) if " /a " in request else page()))
    assert fetched(site, "/a").address == f"http://site.example:{site.port}/b"


def hops(count: int) -> Answer:
    def answer(connection: socket.socket, request: str) -> None:
        at = int(request.split()[1].strip("/") or 0)
        connection.sendall(page() if at == count else to(f"/{at + 1}"))

    return answer


def test_five_redirects_are_followed_and_no_more(served: Callable[..., Site]) -> None:
    assert fetched(served(hops(5))).address.endswith("/5")
    site = served(hops(6))
    assert "more than 5 times" in refused(site)
    assert site.connections == 6


def test_a_loop_of_redirects_ends(served: Callable[..., Site]) -> None:
    site = served(sending(to("/")))
    assert "more than 5 times" in refused(site)
    assert site.connections == 6


@pytest.mark.parametrize(
    "location",
    [
        *("", "file:///etc/passwd", "ftp://site.example/", "gopher://site.example/", "javascript:alert(1)"),
        *("http://a:b@site.example/", "//a@site.example/", "http://[", "http://site.example:port/", "//127.1/"),
    ],
)
def test_a_redirect_that_is_not_followed_is_said(served: Callable[..., Site], location: str) -> None:
    site = served(sending(to(location)))
    assert refused(site) == "site.example leads on to an address that Postil does not follow."
    assert site.connections == 1


@pytest.mark.parametrize("injected", ["/a\rSet-Cookie: a=b", "/a\x00b", "/a\nHost: b", "/\x7f"])
def test_control_characters_in_a_redirect_go_nowhere(served: Callable[..., Site], injected: str) -> None:
    site = served(sending(to(injected)))
    assert refused(site)
    # A bare line feed ends a header: what comes before it is an address like any other.
    assert all(request.startswith(("GET / HTTP/1.1\r\n", "GET /a HTTP/1.1\r\n")) for request in site.requests)
    assert all(request.count("Host:") == 1 for request in site.requests)


def test_a_redirect_in_letters_is_followed(served: Callable[..., Site]) -> None:
    moved = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /stra\xc3\x9fe\r\n\r\n"
    site = served(lambda connection, request: connection.sendall(page() if "stra" in request else moved))
    assert fetched(site).address.endswith("/stra%C3%9Fe")


# ── robots.txt


def kept(robots: bytes) -> Answer:
    """A site with a robots.txt, and a redirect from /old to /new."""

    def answer(connection: socket.socket, request: str) -> None:
        target = request.split()[1]
        connection.sendall(robots if target == "/robots.txt" else to("/new") if target == "/old" else page())

    return answer


def test_nobody_asks_for_robots_txt_unless_a_setting_says_so(served: Callable[..., Site]) -> None:
    site = served(kept(page(b"User-agent: *\nDisallow: /")))
    assert fetched(site).body
    assert site.connections == 1


def test_a_site_may_keep_pages_from_programs(served: Callable[..., Site]) -> None:
    site = served(kept(page(b"User-agent: *\nDisallow: /new")))
    assert fetched(site, "/other", fetch_robots=True).body
    for path in ("/new", "/old"):
        assert (
            refused(site, path, fetch_robots=True)
            == "site.example asks programs to leave this page alone (robots.txt)."
        )
    assert [request.split()[1] for request in site.requests] == [
        *("/robots.txt", "/other"),
        "/robots.txt",
        *("/robots.txt", "/old"),
    ]


def test_without_a_robots_txt_all_may_be_asked_for(served: Callable[..., Site]) -> None:
    assert fetched(served(kept(page(status="404 Not Found"))), fetch_robots=True).body


@pytest.mark.parametrize(
    "robots", [page(status="503 Later"), b"", to("http://127.0.0.1/"), page(b"a", "Content-Encoding: br")]
)
def test_a_robots_txt_that_cannot_be_read_keeps_everything(served: Callable[..., Site], robots: bytes) -> None:
    site = served(kept(robots))
    assert refused(site, fetch_robots=True).startswith("The robots.txt of site.example cannot be read: ")
    assert all(request.startswith("GET /robots.txt") for request in site.requests)
