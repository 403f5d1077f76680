"""The server is killed (`kill -9`), again and again: what it has acknowledged is kept, all else is whole or absent."""

import random
import shutil
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import httpx2
import pytest

from tests.conftest import ARTICLE, free_port, start_server, wait_until
from tests.long.crowds import SHORT, Guest, assert_kept, guests, state
from tests.long.servers import launch, running

pytestmark = pytest.mark.long

KILLS = 4 if SHORT else 30
KILLS_AT_START = 4 if SHORT else 25
WRITERS = 8
BREATH = 0.05
"""Seconds after which a writer tries again whose server is gone."""


def write_until(over: Event, guest: Guest) -> None:
    """Save note after note, through every kill; whatever else is answered than "saved" is an error."""
    while not over.is_set():
        try:
            guest.save()
        except httpx2.TransportError:
            over.wait(BREATH)


def wait_until_all_write(crowd: list[Guest]) -> None:
    told = [len(guest.notes) for guest in crowd]
    wait_until(lambda: all(len(g.notes) > n for g, n in zip(crowd, told, strict=True)), "somebody cannot write")


def test_no_acknowledged_note_is_lost_when_the_server_is_killed(tmp_path: Path, seeded_file: Path) -> None:
    library = f"sqlite:///{tmp_path / 'postil.db'}"
    shutil.copy(seeded_file, tmp_path / "postil.db")
    before = state(library)
    port, over = free_port(), Event()
    with guests(f"http://127.0.0.1:{port}", library, WRITERS) as crowd, ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write_until, over, guest) for guest in crowd]
        try:
            for _ in range(KILLS):
                server = start_server(tmp_path, port=port, POSTIL_RATE_LIMITS="off")
                try:
                    wait_until_all_write(crowd)
                    time.sleep(random.uniform(0, 0.5))
                finally:
                    server.process.kill()
                    server.process.wait()
        finally:
            over.set()
    for one in writers:
        one.result()

    after = state(library)
    assert_kept(crowd, after)
    # A write is there with all that belongs to it, and the version counts no other.
    assert after.version - before.version == len(after.notes) - len(before.notes)
    with running(tmp_path) as server:
        pages = [""]
        while len(pages) == 1 or 'rel="next"' in pages[-1]:
            address = f"{server.url}{ARTICLE}/annotations?after={100 * (len(pages) - 1)}"
            pages.append(httpx2.get(address, timeout=60).text)
        listed = "".join(pages)
    assert all(f'"/annotations/{id}"' in listed for guest in crowd for id in guest.notes)


def test_a_first_start_that_is_killed_leaves_all_or_nothing(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    begun = time.monotonic()
    process = launch(whole, free_port())
    wait_until((whole / "postil.db").exists, "no library is made")
    made = time.monotonic() - begun
    wait_until(lambda: b"startup complete" in (whole / "server.log").read_bytes(), "the server does not start")
    answering = time.monotonic() - begun
    process.terminate()
    process.wait(20)
    expected = state(f"sqlite:///{whole / 'postil.db'}")
    tables = tables_of(whole / "postil.db")

    seen = set()
    for number in range(KILLS_AT_START):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "postil.db"
        process = launch(folder, free_port())
        wait_until(path.exists, "no library is made")
        # Spread evenly from the moment the file is there to when the server answers.
        time.sleep((answering - made) * number / KILLS_AT_START)
        process.kill()
        process.wait()

        left = tables_of(path)
        assert left in (set(), tables), "half a schema"
        if left and articles_of(path):
            assert state(f"sqlite:///{path}") == expected
            seen.add("an article")
        else:
            seen.add("a schema" if left else "nothing")
        with running(folder) as server:
            assert httpx2.get(server.url + ARTICLE, timeout=60).status_code == 200
        assert state(f"sqlite:///{path}") == expected
    assert len(seen) > 1, f"every kill came at the same moment, with {seen} there"


def tables_of(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'index')")
        }


def articles_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM article").fetchone()[0])
