"""Hosts in addresses: which are full names, which are addresses, and which of those are on the open internet."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from re import compile as pattern

# IANA's registries of special-purpose addresses, without those that anyone on the internet may reach. They are written
# out, since what `is_global` says of them differs between the versions of Python that Postil runs on.
_SPECIAL = tuple(
    map(
        ip_network,
        """0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
        192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
        2001::/23 2001:db8::/32 2002::/16 3fff::/20
        168.63.129.16/32""".split(),  # the last looks public, and is whom a machine at Azure asks about itself
    )
)
_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_LABEL = pattern(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = pattern(r"[0-9]+|0x[0-9a-f]*")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is that of one machine on the open internet.

    Of IPv6 only global unicast is, and what NAT64 maps to a public address; so `::ffff:…`, 6to4 and Teredo are not.
    """
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
        if address not in _UNICAST or address.scope_id:
            return False
    return not any(address in network for network in _SPECIAL)


def is_name(host: str) -> bool:
    """Whether it is a full name in small ASCII letters: not that of a machine nearby, and no number.

    Systems take `127.1`, `0x7f000001` and `2130706433` for addresses, so no name may end in a number.
    """
    labels = host.split(".")
    written = len(labels) > 1 and len(host) < 254 and all(map(_LABEL.fullmatch, labels))
    return written and not _NUMBER.fullmatch(labels[-1])


def is_address(host: str) -> bool:
    """Whether it is an address in full: four decimal numbers, or one of IPv6 that is not bound to a network card."""
    try:
        return not getattr(ip_address(host), "scope_id", None)
    except ValueError:
        return False
