"""Jobs: what readers have brought in the browser is read in the background, a few at a time."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from threading import Event, Lock, Thread, current_thread

from anyio import sleep
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.fetching import OPEN_INTERNET, Guard, NotFetched
from app.formats import works
from app.importing import bringing
from app.importing.reading import NotRead, Progress, Source, Stopped
from app.settings import Settings
from app.storage import imports
from app.storage.database import Database
from app.storage.imports import Import

log = logging.getLogger("postil")

NAME = "imports"
"""Of the threads that read."""

AT_ONCE = 2
"""How many one process reads at a time; more wait."""

EVERY = 1.0
"""Seconds between two times that it is written down how far one is, and looked whether it is still wanted."""

FAILED = "Something went wrong on this side, and has been written down. Begin again, or try another format."


class Jobs:
    """Who reads: threads that claim what waits in the database, so that nothing is lost where a process ends."""

    def __init__(self, database: Database, settings: Settings, guard: Guard = OPEN_INTERNET) -> None:
        self._database, self._settings, self._guard = database, settings, guard
        self._lock = Lock()
        self._threads: list[Thread] = []
        self._wanted = False
        """Whether something may wait that no thread has looked for yet."""
        self.ending = False
        self._awaited: dict[int, Event] = {}

    def begin(self) -> None:
        """Have somebody look for what waits, also of another process that has ended."""
        with self._lock:
            self._wanted = True
            if self.ending or len(self._threads) >= AT_ONCE:
                return
            thread = Thread(target=self._work, name=NAME, daemon=True)
            self._threads.append(thread)
        thread.start()

    async def settled(self, id: int, seconds: float) -> None:
        """Begin, and wait until an import has been read, or for so many seconds."""
        over = self._awaited.setdefault(id, Event())
        self.begin()
        until = time.monotonic() + seconds
        while not over.is_set() and time.monotonic() < until:
            await sleep(0.03)
        self._awaited.pop(id, None)

    def end(self) -> None:
        """Read nothing more; what is being read goes back to those that wait."""
        self.ending = True
        for thread in list(self._threads):
            thread.join(20)

    def _work(self) -> None:
        try:
            while self._looks():
                with self._database.transaction() as session:
                    claimed = imports.claim(session)
                    session.expunge_all()
                if claimed:
                    self.begin()
                    self._read(claimed)
        except SQLAlchemyError as error:
            log.warning("imports could not be read: %s", str(error).splitlines()[0])
            with self._lock:
                self._threads.remove(current_thread())

    def _looks(self) -> bool:
        """Whether to look for what waits; a thread that is not to is one of ours no more."""
        with self._lock:
            looks, self._wanted = self._wanted and not self.ending, False
            if not looks:
                self._threads.remove(current_thread())
            return looks

    def _read(self, one: Import) -> None:
        """Read one that has been claimed, and write down what came of it."""
        reading = _Telling(self, one)
        try:
            work = bringing.read(self._source_of(one, reading), self._settings, reading.goes_on, self._guard)
            written = works.write(work)
            self._tell(lambda session: imports.finish(session, one.id, one.attempt, written, work.title))
        except (NotFetched, NotRead) as error:
            fault = f"{str(error)[:1].upper()}{str(error)[1:].removesuffix('.')}."
            self._tell(lambda session: imports.refuse(session, one.id, one.attempt, fault))
        except Stopped:
            if self.ending:
                self._tell(lambda session: imports.give_back(session, one.id, one.attempt))
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("import %s failed", one.id)
            self._tell(lambda session: imports.refuse(session, one.id, one.attempt, FAILED))
        finally:
            if over := self._awaited.get(one.id):
                over.set()

    def _source_of(self, one: Import, reading: "_Telling") -> Source:
        if one.sha256:  # it is here already
            with self._database.transaction() as session:
                content = imports.content_of(session, one.id, "source")
            return Source(content, one.name, one.media_type, one.address, language=one.language)
        page = bringing.fetched(one.address, self._settings, reading.goes_on, self._guard)
        came = (one.id, one.attempt, page.content, page.media_type, page.address)
        if not self._tell(lambda session: imports.came(session, *came)):
            raise Stopped
        return replace(page, language=one.language)

    def _tell(self, what: Callable[[Session], bool]) -> bool:
        with self._database.transaction() as session:
            return what(session)

    def wants(self, one: Import, progress: Progress) -> bool:
        """Write down how far one is; gives whether to go on with it."""
        if self.ending:
            return False
        return self._tell(lambda session: imports.tell(session, one.id, one.attempt, *progress))


class _Telling:
    """Says now and then how far one is."""

    def __init__(self, jobs: Jobs, one: Import) -> None:
        self._jobs, self._one = jobs, one
        self._last = time.monotonic()

    def goes_on(self, progress: Progress) -> bool:
        if self._jobs.ending or time.monotonic() - self._last < EVERY:
            return not self._jobs.ending
        self._last = time.monotonic()
        return self._jobs.wants(self._one, progress)
