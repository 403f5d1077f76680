"""What is on the open internet is told from what is not, by looking at it."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.text.hosts import is_address, is_name, is_public

PUBLIC = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "223.255.255.255"]
PUBLIC += ["2606:4700:4700::1111", "2a00:1450::1", "2001:4860:4860::8888", "2001:200::1", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PUBLIC)
def test_what_anyone_may_reach_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@given(some.one_of(some.ip_addresses(), some.ip_addresses(v=6, network="::/8"), some.ip_addresses(network="2001::/16")))
def test_nothing_is_public_that_python_knows_as_special(address: IPv4Address | IPv6Address) -> None:
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast


@given(some.ip_addresses(v=4))
def test_an_address_of_ipv4_in_one_of_ipv6_is_public_only_by_nat64(address: IPv4Address) -> None:
    number = int(address)
    assert is_public(IPv6Address((0x64FF9B << 96) | number)) is is_public(address)
    assert not is_public(IPv6Address(0xFFFF << 32 | number))
    assert not is_public(IPv6Address(number))
    assert not is_public(IPv6Address(0x2002 << 112 | number << 80))


@pytest.mark.parametrize("host", ["a.b", "a-b.example", "_dmarc.example", "xn--bcher-kva.example", "1.a", "0x7f.com"])
def test_a_name_is_full(host: str) -> None:
    assert is_name(host)


@pytest.mark.parametrize(
    "host", ["", ".", "a", "a.", ".a", "a..b", "a.1", "a.0x", "a.0x7f", "1.2", "A.b", "ä.b", "a.-"]
)
def test_what_is_short_or_a_number_is_no_name(host: str) -> None:
    assert not is_name(host)


@pytest.mark.parametrize(
    ("host", "full"),
    [("1.2.3.4", True), ("::1", True), ("1.2.3", False), ("01.2.3.4", False), ("fe80::1%lo", False), ("1", False)],
)
def test_an_address_is_written_in_full(host: str, full: bool) -> None:
    assert is_address(host) is full
