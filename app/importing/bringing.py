"""A source brought in from beginning to end: fetched, if it is an address; read; its pictures fetched."""

import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import TypeVar
from urllib.parse import unquote

from app.fetching import OPEN_INTERNET, Fetched, Guard, NotFetched, fetch
from app.importing import reading
from app.importing.reading import LOOK, Asked, Progress, Source, Stopped
from app.settings import Settings
from app.text.drafts import Work

PICTURES_SECONDS = 60
"""How long the pictures of a page may take in all to come; what has not come by then is left out."""

PICTURE_BYTES = 20_000_000
"""How many are read of a picture beside a file: of more none is made."""

Result = TypeVar("Result")


def is_address(source: str) -> bool:
    """Whether what somebody names as a source is the address of a page."""
    return source.strip().lower().startswith(("http://", "https://"))


def fetched(address: str, settings: Settings, goes_on: Asked = lambda _: True, guard: Guard = OPEN_INTERNET) -> Source:
    """Fetch a page. Raises NotFetched, and Stopped where `goes_on` says no."""
    progress = Progress("fetching")
    page: Fetched = _waited_for(lambda: fetch(address, settings, guard), lambda: goes_on(progress))
    media_type = f"{page.media_type}; charset={page.charset}" if page.charset else page.media_type
    return Source(page.body, media_type=media_type, address=page.address)


def read(
    source: Source,
    settings: Settings,
    goes_on: Asked = lambda _: True,
    guard: Guard = OPEN_INTERNET,
    beside: Path | None = None,
) -> Work:
    """Read a source, and fetch the pictures that it shows; from a folder `beside` it, too, if one is given.

    Raises NotRead, and Stopped where `goes_on` says no.
    """
    told = Progress("reading")
    left = float(PICTURES_SECONDS)

    def telling(progress: Progress) -> bool:
        nonlocal told
        told = progress
        return goes_on(progress)

    def picture(address: str) -> bytes:
        nonlocal left
        if not is_address(address):
            return _file(beside, address) if beside else b""
        if left <= 0 or not settings.fetching:
            return b""
        begun = time.monotonic()
        try:
            return _waited_for(lambda: fetch(address, settings, guard), lambda: goes_on(told)).body
        except NotFetched:
            return b""
        finally:
            left -= time.monotonic() - begun

    return reading.read(source, settings.import_seconds, telling, picture if settings.fetching or beside else None)


def _file(folder: Path, name: str) -> bytes:
    """A file in a folder, or in one below it; nothing where there is none."""
    try:
        path = (folder / unquote(name)).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(PICTURE_BYTES)
    except (OSError, ValueError):
        return b""


def _waited_for(what: Callable[[], Result], goes_on: Callable[[], bool]) -> Result:
    """What something gives that takes a while, in a thread that is left to itself where nobody wants it any more."""
    given: Queue[Result | Exception] = Queue()

    def give() -> None:
        try:
            given.put(what())
        except Exception as error:
            given.put(error)

    Thread(target=give, daemon=True).start()
    while True:
        if not goes_on():
            raise Stopped
        try:
            found = given.get(timeout=LOOK)
        except Empty:
            continue
        if isinstance(found, Exception):
            raise found
        return found
