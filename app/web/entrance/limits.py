"""How often one may do what: counted in the memory of each process, forgotten when it ends."""

import math
import time
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from typing import Literal

from fastapi import Request
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

Kind = Literal["writes", "places", "shares", "imports", "signing in", "signing up"]

PER_ADDRESS: dict[Kind, str] = {
    "writes": "600/minute",
    "places": "1200/minute",
    "shares": "300/minute",
    "imports": "300/hour",
    "signing in": "30/5 minutes; 120/hour",
    "signing up": "60/hour",
}
"""A class of thirty behind one address has room. Of signing in only wrong passwords count."""

PER_READER: dict[Kind, str] = {
    "writes": "120/minute",
    "places": "60/minute",
    "shares": "30/minute",
    "imports": "60/hour",
    "signing in": "10/15 minutes",
    "signing up": "10/hour",
}
"""Where one signs in: per address and name together, so that nobody keeps a reader out from elsewhere."""

KEPT = 20_000
"""How many counts are kept; the oldest are forgotten."""


class TooOften(Exception):
    """One has done this so often that one has to wait, so many seconds."""

    def __init__(self, kind: Kind, seconds: int) -> None:
        super().__init__(kind)
        self.kind = kind
        self.seconds = seconds


class BoundedMemory(MemoryStorage):
    """Counts in memory, and not more of them than `KEPT`, whoever asks from however many addresses."""

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        while len(self.storage) >= KEPT and key not in self.storage:
            self.clear(next(iter(self.storage)))
        return super().incr(key, expiry, amount)


class Limits:
    """Counts what is done, if it is to."""

    def __init__(self, on: bool) -> None:
        self.on = on
        self._counts = BoundedMemory()
        self._limiter = SlidingWindowCounterRateLimiter(self._counts)
        self._items = {words: parse_many(words) for words in (*PER_ADDRESS.values(), *PER_READER.values())}

    def count(self, kind: Kind, address: str = "", who: str = "") -> None:
        """Count one of a kind for an address, and for who does it. Raises TooOften where that is one too many."""
        if not self.on:
            return
        for item, name in self._which(kind, address, who):
            if not self._limiter.hit(item, kind, name):
                raise TooOften(kind, self._wait(item, kind, name))

    def look(self, kind: Kind, address: str) -> None:
        """Count nothing. Raises TooOften where there is no room for one more from an address."""
        if not self.on:
            return
        for item, name in self._which(kind, address, ""):
            if not self._limiter.test(item, kind, name):
                raise TooOften(kind, self._wait(item, kind, name))

    def take_back(self, kind: Kind, address: str = "", who: str = "") -> None:
        """Do as if one of a kind had not been counted."""
        if not self.on:
            return
        for item, name in self._which(kind, address, who):
            _, current = self._counts.sliding_window_keys(item.key_for(kind, name), item.get_expiry(), time.time())
            if self._counts.get(current):
                self._counts.decr(current)

    def _which(self, kind: Kind, address: str, who: str) -> Iterable[tuple[RateLimitItem, str]]:
        # The narrower first: who is held back there has not used up what others behind the same address need.
        if who:
            yield from ((item, who) for item in self._items[PER_READER[kind]])
        if address:
            yield from ((item, address) for item in self._items[PER_ADDRESS[kind]])

    def _wait(self, item: RateLimitItem, kind: Kind, name: str) -> int:
        """After how many seconds there is room for one more."""
        every = item.get_expiry()
        before, before_ends, current, current_ends = self._counts.get_sliding_window(item.key_for(kind, name), every)
        if current < item.amount:  # what was counted in the window before this one fades away
            return max(1, math.ceil(before_ends - (item.amount - current) * every / max(before, 1)) + 1)
        return max(1, math.ceil(current_ends - every + every * (1 - item.amount / current)) + 1)


def address_of(request: Request) -> str:
    """From where a request comes: of IPv6 the network, since whoever has one address there has all of it."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)
