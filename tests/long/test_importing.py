"""Importing under fire: others are answered while hostile files are read, and a server that is killed loses nothing."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.conftest import free_port, wait_until
from tests.importing.test_reading import HOSTILE
from tests.long.servers import running

pytestmark = pytest.mark.long

WORST = (
    "100 MB of HTML",
    "20 MB",
    "50,000 paragraphs of HTML",
    "cells that reach far",
    "a packed bomb in a book",
    "a picture bomb in a book",
)

MOST = 512 << 20
"""Bytes that the server and all that it has started may have in memory together."""

LONG = b"Bees *hum* and **hum** and hum.\n\n" * 49_000


def bring(client: httpx2.Client, content: bytes, name: str) -> str:
    """Give the server a file to read; gives where that leads."""
    answer = client.post("/articles", files={"file": (name, content)}, timeout=60)
    assert answer.status_code in (303, 413), answer.text
    return answer.headers.get("Location", "")


def processes(id: int) -> list[int]:
    """A process and all that it has started."""
    found = [id]
    for thread in Path(f"/proc/{id}/task").iterdir():
        for child in (thread / "children").read_text().split():
            found += processes(int(child))
    return found


def memory(id: int) -> int:
    """Bytes that a process and all that it has started have in memory."""
    total = 0
    for one in processes(id):
        try:
            said = Path(f"/proc/{one}/status").read_text()
        except OSError:
            continue
        total += int(found[1]) * 1024 if (found := re.search(r"VmRSS:\s+(\d+)", said)) else 0
    return total


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells what a process takes")
def test_what_large_files_took_is_given_back(tmp_path: Path) -> None:
    with (
        running(tmp_path, POSTIL_GUESTS_PUBLISH="on", POSTIL_RATE_LIMITS="off") as server,
        httpx2.Client(base_url=server.url, timeout=60) as guest,
    ):
        before = memory(server.process.pid)

        def many() -> None:
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda number: bring(guest, b"%%PDF%d" % number * 5_600_000, "a.txt"), range(4)))

        for _ in range(3):
            many()
        wait_until(lambda: "being read" not in guest.get("/articles/new").text, "they are not read")
        assert memory(server.process.pid) - before < 200 << 20


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells what a process takes")
def test_others_are_answered_while_hostile_files_are_read(tmp_path: Path) -> None:
    with (
        running(tmp_path, POSTIL_GUESTS_PUBLISH="on") as server,
        httpx2.Client(base_url=server.url, timeout=30) as guest,
        httpx2.Client(base_url=server.url) as other,
    ):
        slowest, most = 0.0, 0
        for name in WORST:
            made, file, _ = HOSTILE[name]
            path = bring(guest, made(), file)
            until = time.monotonic() + 130
            while path and 'id="progress"' in guest.get(path).text:
                assert time.monotonic() < until, name
                begun = time.monotonic()
                assert other.get("/healthz").status_code == other.get(server.article).status_code == 200
                slowest = max(slowest, time.monotonic() - begun)
                most = max(most, memory(server.process.pid))
            if path:
                assert guest.post(f"{path}/delete").status_code == 303, name
        print(f"the slowest answer took {slowest:.1f} s; {most >> 20} MB at most")
        assert slowest < 5
        assert most < MOST
        assert "Traceback" not in server.log.read_text()


def test_an_import_outlives_a_server_that_is_killed(tmp_path: Path) -> None:
    port = free_port()
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as guest:
        with running(tmp_path, port=port, POSTIL_GUESTS_PUBLISH="on") as server:
            path = bring(guest, LONG, "bees.md")
            wait_until(lambda: "Reading" in guest.get(path).text, "it is not read")
            server.process.kill()
            server.process.wait()
        with running(tmp_path, port=port, POSTIL_GUESTS_PUBLISH="on"):
            wait_until(lambda: "was interrupted" in guest.get(path).text, "nobody says that it was interrupted")
            guest.post(f"{path}/again")
            wait_until(lambda: "Look at it before you publish" in guest.get(path).text, "it is not read again")
            answer = guest.post(path, data={"title": "Bees"}, timeout=60)
            assert answer.headers["Location"] == "/articles/bees"
