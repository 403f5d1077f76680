"""CPU per request of a server in a process of its own, and ratios of it: wall time says little on a busy machine."""

import ctypes
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent
START_SECONDS = 60
WARM_UPS = 3


@dataclass
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes


class Served:
    """A server that has one process, and one connection to it that stays open."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._clock = cpu_clock(process.pid)
        self._connection = HTTPConnection("127.0.0.1", port)

    def cpu(self) -> float:
        """Seconds of CPU that the server has used so far, its own and the kernel's for it, over all its threads."""
        return time.clock_gettime(self._clock)

    def get(self, path: str, headers: Mapping[str, str]) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, form: Mapping[str, object], headers: Mapping[str, str]) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(form), {**headers, **kind})

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        self._connection.request(method, path, body, headers=dict(headers))
        answer = self._connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())

    def hang_up(self) -> None:
        """Close the connection; the next request opens another. A server closes those that nobody has used lately."""
        self._connection.close()


def cpu_clock(pid: int) -> int:
    """The clock of a process's CPU time, in nanoseconds (POSIX clock_getcpuclockid)."""
    clock = ctypes.c_int()
    if error := ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock)):
        raise OSError(error, f"no CPU clock of process {pid}")
    return clock.value


@contextmanager
def serving(port: int, log: Path, environment: Mapping[str, str], *command: str) -> Iterator[Served]:
    """A Python module run as a server until the block ends."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=dict(environment), stdout=out, stderr=out
        )
    try:
        until = time.monotonic() + START_SECONDS
        while not listens(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{command[0]} does not answer: {log.read_text()}")
            time.sleep(0.05)
        served = Served(process, port)
        yield served
        served.hang_up()
    finally:
        process.terminate()
        process.wait(30)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def nothing() -> None: ...


@dataclass
class Act:
    """One request to one server, again and again. What `before` and `after` a batch happens is not counted."""

    server: Served
    send: Callable[[int], None]
    before: Callable[[], None] = nothing
    after: Callable[[], None] = nothing

    def batch(self, requests: int) -> float:
        """Seconds of CPU a request."""
        self.server.hang_up()
        self.before()
        for number in range(WARM_UPS):
            self.send(number)
        used = self.server.cpu()
        for number in range(requests):
            self.send(WARM_UPS + number)
        used = self.server.cpu() - used
        self.after()
        return used / requests


@dataclass
class Times:
    """Seconds of CPU a request, by act, one for each round."""

    rounds: dict[str, list[float]]

    def microseconds(self, act: str) -> float:
        return median(self.rounds[act]) * 1e6

    def ratio(self, act: str, reference: str) -> float:
        """The median of the rounds' ratios."""
        return median(a / b for a, b in zip(self.rounds[act], self.rounds[reference], strict=True))


def interleaved(acts: Mapping[str, Act], rounds: int, requests: int) -> Times:
    """Measure all acts in turn, every other round backwards, so that a drift of the machine meets all alike."""
    times = Times({name: [] for name in acts})
    for act in acts.values():
        act.batch(requests)
    for round in range(rounds):
        for name, act in list(acts.items())[:: 1 if round % 2 else -1]:
            times.rounds[name].append(act.batch(requests))
    return times
