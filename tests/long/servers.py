"""Servers that are stopped by force or by request."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT, Server, start_server


def launch(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """`postil serve` as it is before it answers."""
    with (folder / "server.log").open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve", "--port", str(port)],
            cwd=ROOT,
            env={key: value for key, value in os.environ.items() if not key.startswith("POSTIL_")}
            | {"POSTIL_DATA_DIR": str(folder)},
            stdout=out,
            stderr=out,
        )


@contextmanager
def running(folder: Path, *arguments: str, port: int = 0, **environment: str) -> Iterator[Server]:
    """A server on a library, for as long as the block lasts and no longer, whatever happens in it."""
    server = start_server(folder, *arguments, port=port, POSTIL_RATE_LIMITS="off", **environment)
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
