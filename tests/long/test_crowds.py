"""Many who write at the same time, on each kind of database: nobody is turned away, no word is lost."""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier

import pytest

from tests.conftest import Server
from tests.long.crowds import SHORT, Guest, all_at_once, assert_kept, guests, state
from tests.long.servers import running, seat, stop

pytestmark = pytest.mark.long

WRITERS = 32
SECONDS = 5 if SHORT else 20
CONNECTIONS = 200
TURNS = 1 if SHORT else 3


@pytest.fixture(params=[1, 2], ids=lambda workers: f"{workers} workers")
def served(tmp_path: Path, url: str, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server on a library of either kind: writers of two processes meet only in the database."""
    with running(tmp_path, "--workers", str(request.param), POSTIL_DATABASE_URL=url) as server:
        yield server


def test_writers_at_the_same_time_lose_nothing(served: Server, url: str) -> None:
    before = state(url)
    until = time.monotonic() + SECONDS

    def write(guest: Guest) -> None:
        while time.monotonic() < until:
            guest.everything()

    with guests(served.url, url, WRITERS) as crowd:
        seat(served, crowd)
        all_at_once(crowd, write)
    stop(served.process)

    after = state(url)
    assert_kept(crowd, after)
    assert len(after.notes) - len(before.notes) == sum(len(guest.notes) for guest in crowd)
    assert after.version - before.version == sum(guest.writes for guest in crowd)
    print(f"{sum(guest.writes for guest in crowd) / SECONDS:.0f} writes a second")


def test_two_hundred_connections_are_all_answered(served: Server, url: str) -> None:
    before = state(url)
    together = Barrier(CONNECTIONS, timeout=60)

    def read_and_write(guest: Guest) -> None:
        together.wait()
        for _ in range(TURNS):
            id = guest.save()
            assert f'id="a{id}"' in guest.read(), "one's own note is not on the page that is read next"

    with guests(served.url, url, CONNECTIONS) as crowd:
        seat(served, crowd)
        all_at_once(crowd, read_and_write)
    stop(served.process)

    after = state(url)
    assert_kept(crowd, after)
    assert after.version - before.version == CONNECTIONS * TURNS
