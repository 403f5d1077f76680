"""The house put together: settings, database, routes, and what holds for all of them."""

import asyncio
import ctypes
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import Scope

from app.importing.editing import Sources
from app.importing.jobs import Jobs
from app.rendering.kept import GZIP_LEVEL, KeptPages
from app.rendering.pictures import Pictures
from app.settings import Settings
from app.storage.database import Database
from app.storage.keeping import purging
from app.storage.people.passwords import Passwords
from app.web import (
    annotations,
    articles,
    cards,
    collections,
    imports,
    library,
    notes,
    orphans,
    pictures,
    publishing,
    revisions,
    search,
    shares,
)
from app.web.entrance import assets, errors
from app.web.entrance.doors import Doors
from app.web.entrance.limits import Limits
from app.web.entrance.safety import BodyLimits, Safety
from app.web.entrance.turns import AT_ONCE, Turns
from app.web.people import accounts, groups, leaving, moderation, own_account, readers, sessions

log = logging.getLogger("postil")

A_DAY = 24 * 60 * 60

BODY_BYTES = 512 * 1024
"""Room for the longest passage and the longest note, four bytes a character, as a form encodes them."""

KEPT_BYTES = 32 * 1024 * 1024
"""How much of what has been rendered is kept to be sent again."""

PICTURE_BYTES = 16 * 1024 * 1024
"""The same for pictures of cards: a hundred and more."""

SOURCES = 8_000_000
"""Of what has been written as Markdown for the editor, in code points."""


def most_of(scope: Scope, settings: Settings) -> int:
    """How many bytes a request may bring: more where articles are brought in or edited, with room for the form.

    They must come in parts: to undo the encoding of the other forms takes a hundred times their length of memory.
    """
    brings = scope["method"] == "POST" and re.fullmatch("/articles(/[^/]+)?", scope["path"])
    in_parts = Headers(scope=scope).get("content-type", "").lower().startswith("multipart/form-data")
    return settings.import_megabytes * 1_000_000 + BODY_BYTES if brings and in_parts else BODY_BYTES


def give_memory_back() -> None:
    """Have what takes a megabyte and more go back to the system at once where it is the C library of Linux that keeps
    memory: it would hold on to several times the largest files that were ever brought in.
    """
    with suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL(None).mallopt(-3, 1 << 20)  # M_MMAP_THRESHOLD


async def purge_daily(database: Database, days: int) -> None:
    """Once a day, let go for good what was deleted long ago; `postil serve` has done so as it began."""
    while True:
        await asyncio.sleep(A_DAY)
        try:
            await run_sync(purging.purge, database, days)
        except SQLAlchemyError as error:
            log.warning("what was deleted could not be purged: %s", str(error).splitlines()[0])


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application, on a database whose schema is up to date (`postil serve` sees to that)."""
    settings = settings or Settings()
    database = Database(settings.database)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        # One connection stays open as long as the server runs: by it `postil restore` knows that the library is in use.
        with suppress(SQLAlchemyError), database.engine.connect():
            pass
        give_memory_back()
        app.state.imports.begin()
        daily = asyncio.create_task(purge_daily(database, settings.purge_days))
        yield
        daily.cancel()
        with suppress(asyncio.CancelledError):
            await daily
        await run_sync(app.state.imports.end)
        database.close()

    app = FastAPI(
        title="Postil",
        lifespan=lifespan,
        openapi_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.settings = settings
    app.state.database = database
    app.state.pages = KeptPages(KEPT_BYTES)
    app.state.pictures = Pictures(PICTURE_BYTES)
    app.state.passwords = Passwords(settings.password_memory)
    app.state.limits = Limits(settings.rate_limits)
    app.state.imports = Jobs(database, settings)
    app.state.sources = Sources(SOURCES)
    app.state.turns = CapacityLimiter(AT_ONCE)
    bringing = (imports, publishing)  # before the articles, for /articles/new
    reading = (assets, library, collections, pictures, articles, revisions, annotations, orphans, shares, cards)
    yours = (notes, search, sessions, accounts, own_account, leaving)
    for module in (*bringing, *reading, *yours, groups, moderation, readers):
        app.include_router(module.router)
    errors.register(app)
    # The last one added is the first to see a request.
    app.add_middleware(Turns, turns=app.state.turns)
    app.add_middleware(Doors)
    app.add_middleware(GZipMiddleware, compresslevel=GZIP_LEVEL)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.allowed_hosts, www_redirect=False)
    body_bytes = partial(most_of, settings=settings)
    app.add_middleware(BodyLimits, body_bytes=body_bytes)
    app.add_middleware(Safety, body_bytes=body_bytes)
    return app
