"""Two processes that serve one library: what one has written, the other shows at the next read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ARTICLE, Server
from tests.long.crowds import SHORT, Guest, guests
from tests.long.servers import running, seat

pytestmark = pytest.mark.long

TURNS = 10 if SHORT else 100


@pytest.fixture
def served(tmp_path: Path, url: str) -> Iterator[Server]:
    with running(tmp_path, "--workers", "2", POSTIL_DATABASE_URL=url) as server:
        yield server


def test_what_one_process_writes_the_other_shows_at_once(served: Server, url: str) -> None:
    with guests(served.url, url, 2) as pair:
        seat(served, pair)
        seats = [connection_of(guest) for guest in pair]
        for guest in pair:
            guest.save()
        for _ in range(TURNS):
            for writer, reader in (pair, pair[::-1]):
                tag = reader.client.get(ARTICLE).headers["ETag"]
                assert reader.client.get(ARTICLE, headers={"If-None-Match": tag}).status_code == 304
                id = writer.save()
                answer = reader.client.get(ARTICLE, headers={"If-None-Match": tag})
                assert answer.status_code == 200, "the other process says that nothing has changed"
                assert answer.headers["ETag"] != tag
                assert f'id="a{id}"' in answer.text, "the other process shows an older page"
                writer.delete(id)
                assert f'id="a{id}"' not in reader.client.get(ARTICLE).text
        assert [connection_of(guest) for guest in pair] == seats, "somebody has changed places"


def connection_of(guest: Guest) -> object:
    stream = guest.client.get("/healthz").extensions["network_stream"]
    return stream.get_extra_info("client_addr")
