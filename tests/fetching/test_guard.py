"""Only the open internet is ever spoken to, whatever an address, a name or a redirect says."""

import ast
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.fetching import Guard, NotFetched, fetch
from tests.conftest import ROOT, missing
from tests.fetching.sites import (
    PRIVATE,
    PUBLIC,
    Site,
    guard,
    page,
    refused,
    resolver,
    sending,
    settings,
    to,
    watched,
)

AS_WRITTEN = [
    "http://127.0.0.1:{port}/",
    "http://127.0.0.2:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://0x7f.1:{port}/",
    "http://017700000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://127.0.0.01:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://0x0:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127.1.:{port}/",
    "http://１２７.０.０.１:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://127%2e0%2e0%2e1:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::ffff:0:127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[64:ff9b::a9fe:a9fe]:{port}/",
    "http://[64:ff9b:1::127.0.0.1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2002:a9fe:a9fe::1]:{port}/",
    "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]:{port}/",
    "http://[fe80::1]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fe80::1%lo]:{port}/",
    "http://[2606:4700::1%25lo]:{port}/",
    "http://[fd00:ec2::254]:{port}/",
    "http://[fd20:ce::254]:{port}/",
    "http://[fec0::1]:{port}/",
    "http://[ff02::1]:{port}/",
    "http://[2001:db8::1]:{port}/",
    "http://169.254.169.254:{port}/latest/meta-data/",
    "http://2852039166:{port}/",
    "http://0xa9fea9fe:{port}/",
    "http://0251.0376.0251.0376:{port}/",
    "http://100.100.100.200:{port}/",
    "http://100.64.0.1:{port}/",
    "http://168.63.129.16:{port}/",
    "http://192.0.0.192:{port}/",
    "http://10.0.0.1:{port}/",
    "http://172.16.0.1:{port}/",
    "http://172.31.255.255:{port}/",
    "http://192.168.0.1:{port}/",
    "http://198.18.0.1:{port}/",
    "http://224.0.0.1:{port}/",
    "http://240.0.0.1:{port}/",
    "http://255.255.255.255:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/",
    "http://localhost.localdomain:{port}/",
    "http://intranet:{port}/",
    "http://intern.example:{port}/",
    "http://INTERN.example.:{port}/",
    "http://unknown.example:{port}/",
    "http://127.0.0.1\\@site.example:{port}/",
    "http://site.example\\@127.0.0.1:{port}/",
    "http://site.example@127.0.0.1:{port}/",
    "http://site.example:pass@127.0.0.1:{port}/",
    "http://site.example#@127.0.0.1:{port}/",
    "http://site.example?@127.0.0.1:{port}/",
    "http://127.0.0.1#.site.example:{port}/",
    "http://127.0.0.1 .site.example:{port}/",
    "http://127.0.0.1\t:{port}/",
    "http://127.0.0.1\x00.site.example:{port}/",
    "http://127.0.0.1\r\nHost: site.example:{port}/",
    "http://site.example:{port}/\r\nX: y",
    "http://site.example:{port}/ HTTP/1.1\r\nHost: 127.0.0.1",
    "http:///127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "http://:{port}/",
    "http://.:{port}/",
    "http://..example:{port}/",
    "http://-.example:{port}/",
    "http://site..example:{port}/",
    "http://*.example:{port}/",
    "http://site.example..:{port}/",
    f"http://{'a' * 64}.example:{{port}}/",
    f"http://{'a.' * 130}example:{{port}}/",
    f"http://site.example:{{port}}/{'a' * 8000}",
    "http://[:{port}/",
    "http://[v1.fe80::1]:{port}/",
    "http://site.example:99999999/",
    "http://site.example:-1/",
    "http://site.example:port/",
    "http://site.example:22/",
    "http://site.example:6379/",
    "https://site.example:80/",
    "file:///etc/passwd",
    "file://site.example:{port}/etc/passwd",
    "ftp://site.example:{port}/",
    "gopher://site.example:{port}/_GET",
    "dict://site.example:{port}/d",
    "ws://site.example:{port}/",
    "unix:///run/a.sock",
    "data:text/html,a",
    "javascript:alert(1)",
    "jar:http://site.example:{port}!/",
    "http+unix://%2Frun%2Fa.sock/",
    "",
    "  ",
    "http://",
    "a",
]


@pytest.mark.parametrize("address", AS_WRITTEN)
def test_no_hostile_address_is_connected_to(trap: Site, address: str) -> None:
    asked = address.replace("{port}", str(trap.port))
    # Not even what stands for the internet is allowed: whoever connects at all, connects to the wrong one.
    strict = Guard(ports=(trap.port,), resolve=resolver(intern=[PRIVATE], site=[PRIVATE]))
    with watched() as seen, pytest.raises(NotFetched):
        fetch(asked, settings(), strict)
    assert [event for event in seen if event.startswith("connect")] == []
    assert trap.connections == 0


@given(some.one_of(some.text(), some.text().map("http://{}".format), some.from_regex(r"https?://[^/]{,30}/.{,9}")))
def test_whatever_is_typed_gets_a_sentence_for_an_answer(typed: str) -> None:
    with watched() as seen, pytest.raises(NotFetched):
        fetch(typed, settings(), Guard(resolve=lambda _: []))
    assert [event for event in seen if event.startswith("connect")] == []


@pytest.mark.parametrize("address", [address for address in AS_WRITTEN if "site.example" not in address])
def test_no_redirect_leads_to_a_hostile_address(served: Callable[..., Site], address: str) -> None:
    def answer(connection: socket.socket, request: str) -> None:
        connection.sendall(
            to(address.replace("{port}", str(site.port))) if len(site.requests) == 1 else page(status="404 No")
        )

    site = served(answer)
    trap = served(sending(page(b"secret")), host=PRIVATE, port=site.port)
    with watched() as seen, pytest.raises(NotFetched):
        fetch(f"http://site.example:{site.port}/", settings(), guard(site, intern=[PRIVATE]))
    assert {event for event in seen if event.startswith("connect")} == {f"connect {PUBLIC}"}
    assert trap.connections == 0


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.255.254", "10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.19.0.1", "224.0.0.251", "255.255.255.255"),
        *("::1", "::", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::"),
        *("fe80::1%lo", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "3fff::1", "5f00::1"),
        *("2001::1", "100::1", "fec0::1", "::127.0.0.1", "168.63.129.16"),
    ],
)
def test_a_name_may_not_stand_for_a_machine_inside(trap: Site, address: str) -> None:
    strict = Guard(ports=(trap.port,), resolve=resolver(site=[address]))
    with watched() as seen, pytest.raises(NotFetched):
        fetch(f"http://site.example:{trap.port}/", settings(), strict)
    assert seen == []
    assert trap.connections == 0


@pytest.mark.parametrize("addresses", [[PUBLIC, PRIVATE], [PRIVATE, PUBLIC], [PUBLIC, PUBLIC, "169.254.169.254"]])
def test_a_name_with_one_address_inside_is_connected_to_at_none(
    served: Callable[..., Site], addresses: list[str]
) -> None:
    site = served(sending(page()))
    trap = served(sending(page(b"secret")), host=PRIVATE, port=site.port)
    with pytest.raises(NotFetched):
        fetch(f"http://site.example:{site.port}/", settings(), guard(site, site=addresses))
    assert (site.connections, trap.connections) == (0, 0)


def test_a_name_that_is_known_inside_is_told_from_an_unknown_one_by_nothing(trap: Site) -> None:
    said = set()
    for addresses in ([], [PRIVATE], ["10.0.0.1"]):
        with pytest.raises(NotFetched) as reason:
            fetch(f"http://site.example:{trap.port}/", settings(), guard(trap, site=addresses))
        said.add(str(reason.value))
    assert said == {"site.example is not to be found on the open internet."}


def test_a_name_is_looked_up_once_and_that_address_is_connected_to(served: Callable[..., Site]) -> None:
    site = served(sending(page()))
    trap = served(sending(page(b"secret")), host=PRIVATE, port=site.port)
    answers = iter([[PUBLIC], [PRIVATE], [PRIVATE]])
    changing = Guard(allow=(ip_network(PUBLIC),), ports=(site.port,), resolve=lambda _: next(answers))
    with watched() as seen:
        assert fetch(f"http://site.example:{site.port}/", settings(), changing).body == b"<p>Here.</p>"
    assert set(seen) == {f"getaddrinfo {PUBLIC}", f"connect {PUBLIC}"}
    assert next(answers) == [PRIVATE]
    assert trap.connections == 0


def test_a_name_that_has_moved_inside_is_left_alone_at_its_redirect(served: Callable[..., Site]) -> None:
    site = served(sending(to("/again")))
    trap = served(sending(page(b"secret")), host=PRIVATE, port=site.port)
    answers = iter([[PUBLIC], [PRIVATE]])
    changing = Guard(allow=(ip_network(PUBLIC),), ports=(site.port,), resolve=lambda _: next(answers))
    with pytest.raises(NotFetched, match="not to be found"):
        fetch(f"http://site.example:{site.port}/", settings(), changing)
    assert (site.connections, trap.connections) == (1, 0)


def test_where_one_address_does_not_answer_the_next_is_tried(served: Callable[..., Site]) -> None:
    site = served(sending(page()))
    other = "127.0.0.10"
    both = Guard(allow=(ip_network("127.0.0.8/29"),), ports=(site.port,), resolve=resolver(site=[other, PUBLIC]))
    assert fetch(f"http://site.example:{site.port}/", settings(), both).body == b"<p>Here.</p>"


def test_where_nobody_listens_it_is_said(served: Callable[..., Site]) -> None:
    site = served(sending(page()))
    site.close()
    assert refused(site) == "site.example cannot be reached."


@pytest.mark.parametrize("port", [21, 22, 25, 3306, 5432, 6379, 8080])
def test_only_the_ports_of_the_web_are_asked(port: int) -> None:
    with watched() as seen, pytest.raises(NotFetched, match="ports 80 and 443"):
        fetch(f"http://{PUBLIC}:{port}/", settings(), Guard(allow=(ip_network(PUBLIC),)))
    assert seen == []


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://SITE.Example:{port}/", "site.example"),
        ("http://site.example.:{port}/", "site.example"),
        ("  http://site.example:{port}/\n", "site.example"),
        ("http://site。example:{port}/", "site.example"),
        ("http://sité.example:{port}/", "xn--sit-dma.example"),
        ("http://sіte.example:{port}/", "xn--ste-jhd.example"),  # the i is Cyrillic
    ],
)
def test_the_name_that_is_asked_is_the_name_that_is_told(served: Callable[..., Site], address: str, host: str) -> None:
    site = served(sending(page()))
    names = {"xn--sit-dma": [PUBLIC], "xn--ste-jhd": [PUBLIC]}
    came = fetch(address.replace("{port}", str(site.port)), settings(), guard(site, **names))
    assert came.address == f"http://{host}:{site.port}/"
    assert f"\r\nHost: {host}:{site.port}\r\n" in site.requests[0]


def test_an_address_may_stand_for_a_name() -> None:
    try:
        site = Site(sending(page()), host="::1")
    except OSError:
        pytest.skip("no IPv6 here")
    try:
        allowing = Guard(allow=(ip_network("::1"),), ports=(site.port,))
        assert fetch(f"http://[0::1]:{site.port}/", settings(), allowing).body == b"<p>Here.</p>"
    finally:
        site.close()
    assert f"\r\nHost: [0::1]:{site.port}\r\n" in site.requests[0]


def test_no_other_file_opens_a_connection_to_the_outside() -> None:
    outside = {
        "aiohttp",
        "ftplib",
        "http.client",
        "httpcore2",
        "httpx2",
        "requests",
        "smtplib",
        "socket",
        "urllib.request",
    }
    found = set()
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            found |= {path.name for name in names if name in outside or name.split(".")[0] in outside}
    assert found == {"fetching.py"}


# ── certificates


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """One for site.example that nobody vouches for, and its key."""
    if not shutil.which("openssl"):
        missing("openssl", "`apt-get install openssl`", "REQUIRE_BROWSER")
    folder = tmp_path_factory.mktemp("certificate")
    names = (folder / "certificate.pem", folder / "key.pem")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=site.example"
    command += f" -addext subjectAltName=DNS:site.example -out {names[0]} -keyout {names[1]}"
    subprocess.run(command.split(), check=True, capture_output=True)
    return names


@pytest.fixture
def secure(certificate: tuple[Path, Path], served: Callable[..., Site]) -> tuple[Site, list[str | None]]:
    """A site by https, and the names that it was asked for in the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    named: list[str | None] = []
    context.sni_callback = lambda _, name, __: named.append(name)
    return served(sending(page()), tls=context), named


def test_a_page_by_https_comes_from_whom_its_name_says(
    secure: tuple[Site, list[str | None]], certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    site, named = secure
    came = fetch(f"https://site.example.:{site.port}/", settings(), guard(site))
    assert came.address == f"https://site.example:{site.port}/"
    assert named == ["site.example"]


@pytest.mark.parametrize(("trusted", "name"), [(True, "other.example"), (False, "site.example")])
def test_a_wrong_certificate_is_refused(
    secure: tuple[Site, list[str | None]],
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    trusted: bool,
    name: str,
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    site, _ = secure
    with pytest.raises(NotFetched, match=f"The certificate of {name} is not valid"):
        fetch(f"https://{name}:{site.port}/", settings(), guard(site, other=[PUBLIC]))
    assert site.requests == []


def test_a_handshake_that_does_not_come_is_not_waited_for(served: Callable[..., Site]) -> None:
    site = served(sending(b"", every=5))
    began = time.monotonic()
    with pytest.raises(NotFetched, match="took too long"):
        fetch(f"https://site.example:{site.port}/", settings(fetch_seconds=0.6), guard(site))
    assert time.monotonic() - began < 4
