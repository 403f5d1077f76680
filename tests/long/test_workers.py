"""Two processes that serve one library: what one has written, the other shows at the next read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ARTICLE, Server
from tests.long.crowds import SHORT, Guest, guests
from tests.long.servers import running

pytestmark = pytest.mark.long

TURNS = 10 if SHORT else 100
TRIES = 200


@pytest.fixture
def served(tmp_path: Path, url: str) -> Iterator[Server]:
    with running(tmp_path, "--workers", "2", POSTIL_DATABASE_URL=url) as server:
        yield server


def worker_of(server: Server, guest: Guest) -> str:
    """The process that holds the other end of a guest's connection: it cannot change while that stays open."""
    answer = guest.client.get("/healthz")
    here, there = (
        answer.extensions["network_stream"].get_extra_info(name)[1] for name in ("client_addr", "server_addr")
    )
    inode = None
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if [int(end.partition(":")[2], 16) for end in fields[1:3]] == [there, here]:
            inode = fields[9]
    assert inode, "the connection is not there"
    pid = server.process.pid
    for worker in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        if any(held(link) == f"socket:[{inode}]" for link in Path(f"/proc/{worker}/fd").iterdir()):
            return worker
    raise AssertionError("no worker holds the connection")


def held(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:  # closed since it was listed
        return ""


def one_at_each_worker(server: Server, crowd: list[Guest]) -> list[Guest]:
    """Two guests whose connections are held by different processes."""
    by_worker: dict[str, Guest] = {}
    for guest in crowd:
        by_worker.setdefault(worker_of(server, guest), guest)
        if len(by_worker) == 2:
            return list(by_worker.values())
    raise AssertionError(f"one process took {TRIES} connections")


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="only Linux tells which process holds a connection")
def test_what_one_process_writes_the_other_shows_at_once(served: Server, url: str) -> None:
    with guests(served.url, url, TRIES) as crowd:
        pair = one_at_each_worker(served, crowd)
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
        assert worker_of(served, pair[0]) != worker_of(served, pair[1])
