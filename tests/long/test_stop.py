"""The server is asked to stop (SIGTERM): it does so soon, whoever holds on to it, and leaves nothing half done."""

import shutil
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import httpx2
import pytest

from tests.conftest import ARTICLE, Server
from tests.long.crowds import SHORT, Guest, assert_kept, guests, state
from tests.long.servers import running

pytestmark = pytest.mark.long

SECONDS = 15
WRITERS = 8
HALF_A_REQUEST = f"""POST {ARTICLE}/annotations HTTP/1.1
Host: 127.0.0.1
Content-Type: application/x-www-form-urlencoded
Content-Length: 99

start=""".replace("\n", "\r\n").encode()


def connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])))


@pytest.mark.parametrize("workers", [2] if SHORT else [1, 2])
def test_the_server_stops_though_connections_are_open(tmp_path: Path, seeded_file: Path, workers: int) -> None:
    library = f"sqlite:///{tmp_path / 'postil.db'}"
    shutil.copy(seeded_file, tmp_path / "postil.db")
    before = state(library)
    over = Event()

    def write(guest: Guest) -> None:
        while not over.is_set():
            try:
                guest.save()
            except httpx2.TransportError:
                return

    with (
        running(tmp_path, "--workers", str(workers)) as server,
        guests(server.url, library, WRITERS) as crowd,
        httpx2.Client(base_url=server.url) as idle,
        connected(server),
        connected(server) as half,
        ThreadPoolExecutor(WRITERS) as pool,
    ):
        assert idle.get(ARTICLE).status_code == 200
        half.sendall(HALF_A_REQUEST)
        writers = [pool.submit(write, guest) for guest in crowd]
        half.settimeout(1)
        with pytest.raises(TimeoutError):
            half.recv(1)  # the server waits for the rest of it
        asked = time.monotonic()
        server.process.terminate()
        try:
            server.process.wait(SECONDS)
        finally:
            over.set()
        print(f"stopped after {time.monotonic() - asked:.1f} s")
    for one in writers:
        one.result()

    after = state(library)
    assert sum(len(guest.notes) for guest in crowd) > WRITERS
    assert_kept(crowd, after)
    assert after.version - before.version == len(after.notes) - len(before.notes)
