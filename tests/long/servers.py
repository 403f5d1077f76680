"""Servers that are stopped by force or by request."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT, Server, start_server, wait_until
from tests.long.crowds import Guest


def launch(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """`postil serve` as it is before it answers."""
    with (folder / "server.log").open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve", "--port", str(port)],
            cwd=ROOT,
            env={key: value for key, value in os.environ.items() if not key.startswith("POSTIL_")}
            | {"POSTIL_DATA_DIR": str(folder), "POSTIL_RATE_LIMITS": "off"},
            stdout=out,
            stderr=out,
        )


@contextmanager
def running(folder: Path, *arguments: str, port: int = 0, **environment: str) -> Iterator[Server]:
    """A server on a library, for as long as the block lasts and no longer, whatever happens in it."""
    server = start_server(folder, *arguments, port=port, **environment)
    try:
        yield server
    finally:
        stop(server.process)


def stop(process: subprocess.Popen[bytes], seconds: float = 20) -> None:
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def seat(server: Server, crowd: list[Guest]) -> None:
    """Connect everybody, as many to each of a server's processes: left alone, one of them may take all."""
    workers = workers_of(server)
    for number, worker in enumerate(workers):
        others = [one for one in workers if one != worker]
        try:
            for other in others:
                os.kill(other, signal.SIGSTOP)
            for guest in crowd[number :: len(workers)]:
                assert guest.client.get("/healthz").status_code == 200
        finally:
            for other in others:
                os.kill(other, signal.SIGCONT)


def workers_of(server: Server) -> list[int]:
    """The processes that answer, as soon as all of them do."""
    command = server.process.args
    assert isinstance(command, list)
    number = int(command[command.index("--workers") + 1])
    if number == 1:
        return [server.process.pid]
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    if not children.exists():
        pytest.skip("only Linux tells which processes serve")
    wait_until(lambda: server.log.read_text().count("startup complete") == number, "not all of the processes serve")
    found = [int(pid) for pid in children.read_text().split()]
    workers = [pid for pid in found if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(workers) == number
    return workers
