"""Has a source read in a process that may take only so much memory and time, and that can be stopped."""

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, NamedTuple, cast

from app.formats import works
from app.text.drafts import Work

MEMORY = 384 << 20
"""Bytes that reading may take, what it begins with included: beside the server that is 512 MB at most."""

LOOK = 0.25
"""Seconds after which it is asked whether to go on."""

_ROOT = Path(__file__).parent.parent.parent
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""All that the process gets to know of its surroundings: no setting, and so no password."""


class NotRead(Exception):
    """Why a source was not read, in words for the one who brought it."""


class Stopped(Exception):
    """Somebody does not want it read any more."""


@dataclass(frozen=True)
class Source:
    """What somebody brings, and what is known of it."""

    content: bytes
    name: str = ""
    """Of the file, if it is one."""
    media_type: str = ""
    """As it came with it, perhaps with a charset."""
    address: str = ""
    """Where it was fetched."""
    title: str = ""
    """What it is to be called, and its language: empty for what it says of itself."""
    language: str = ""


class Progress(NamedTuple):
    """How far it is: code points or bytes, whatever the step counts."""

    step: str
    done: int = 0
    of: int = 0


Asked = Callable[[Progress], bool]
Fetch = Callable[[str], bytes]
"""Gives what stands at an address, or nothing."""


def read(source: Source, seconds: float, goes_on: Asked = lambda _: True, fetch: Fetch | None = None) -> Work:
    """Read a source, draw its pictures anew and cut its sentences. It blocks, for so many seconds at most.

    `goes_on` is told how far it is, and asked several times a second whether to go on. `fetch` is for pictures that
    stand elsewhere; its time does not count. Raises NotRead, and Stopped where `goes_on` says no.
    """
    asked = asdict(source)
    return works.read(apart("read", asked.pop("content"), asked, seconds, goes_on, fetch))


def apart(
    deed: str,
    content: bytes,
    asked: Mapping[str, str],
    seconds: float,
    goes_on: Asked = lambda _: True,
    fetch: Fetch | None = None,
) -> bytes:
    """Have one of the deeds of `app/importing/apart.py` done to some bytes. Raises as `read` does."""
    answers, answering = os.pipe() if fetch else (None, None)
    limits = {"memory": MEMORY, "seconds": int(seconds) + 1, "pipe": answers}
    try:
        with tempfile.TemporaryFile() as given:
            given.write(json.dumps({"deed": deed, "asked": asked} | limits).encode() + b"\n")
            given.write(content)
            given.seek(0)
            process = subprocess.Popen(
                [sys.executable, "-m", "app.importing.apart"],
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=() if answers is None else (answers,),
                cwd=_ROOT,
                env={name: os.environ[name] for name in _KEPT if name in os.environ},
            )
        if answers is not None:  # it alone has this end, so that nobody writes to it once it has ended
            os.close(answers)
            answers = None
        with cast("IO[bytes]", process.stdout) as said_back:
            try:
                return _Hearing(said_back, seconds, goes_on, fetch, answering).work()
            finally:
                process.kill()
                process.wait()
    finally:
        for end in (answers, answering):
            if end is not None:
                os.close(end)


class _Hearing:
    """What the process says, as long as it may take and as somebody wants to hear it."""

    def __init__(
        self, said: IO[bytes], seconds: float, goes_on: Asked, fetch: Fetch | None, answering: int | None
    ) -> None:
        self._said = said
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._goes_on = goes_on
        self._fetch = fetch
        self._answering = answering
        self._progress = Progress("reading")
        self._heard = bytearray()
        self._selector = selectors.DefaultSelector()
        self._selector.register(said, selectors.EVENT_READ)

    def work(self) -> bytes:
        """The work as it was written. Raises NotRead and Stopped."""
        while True:
            said = json.loads(self._line())
            if "refused" in said:
                raise NotRead(said["refused"])
            if "work" in said:
                while len(self._heard) < said["work"]:
                    self._hear()
                return bytes(self._heard)
            if "wanted" in said:
                self._answer(said["wanted"])
            else:
                self._progress = Progress(**said)

    def _answer(self, address: str) -> None:
        begun = time.monotonic()
        content = self._fetch(address) if self._fetch else b""
        self._end += time.monotonic() - begun
        if self._answering is not None:
            # It waits for nothing else, so that this never has to.
            with suppress(BrokenPipeError), open(self._answering, "wb", closefd=False) as pipe:
                pipe.write(b"%d\n" % len(content) + content)

    def _line(self) -> bytes:
        while b"\n" not in self._heard:
            self._hear()
        line, _, rest = bytes(self._heard).partition(b"\n")
        self._heard = bytearray(rest)
        return line

    def _hear(self) -> None:
        if not self._goes_on(self._progress):
            raise Stopped
        left = self._end - time.monotonic()
        if left <= 0:
            raise NotRead(f"it takes longer to read than the {self._seconds:g} seconds that this may take")
        if self._selector.select(min(left, LOOK)):
            heard = os.read(self._said.fileno(), 1 << 20)
            if not heard:
                raise NotRead("it cannot be read: it takes more memory or time than an article may")
            self._heard += heard
