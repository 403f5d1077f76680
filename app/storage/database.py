"""The database: engine, pragmas, transactions, migrations. The one file that knows which dialect it speaks."""

import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from sqlalchemy import URL, BigInteger, Connection, Engine, Integer, MetaData, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, InvalidRequestError, NoResultFound
from sqlmodel import Session, SQLModel

from app.settings import shipped
from app.text.searching.indexed import FUNCTIONS

try:
    import pysqlite3.dbapi2 as newer_sqlite
except ImportError:  # no wheel for this machine: the standard library's SQLite serves as well
    newer_sqlite = None

DRIVER: ModuleType = newer_sqlite or sqlite3

BROKEN: tuple[type[Exception], ...] = (DatabaseError, DRIVER.DatabaseError)
"""What is raised by a database that is damaged, locked or out of room, or that is none."""

AT_ONCE = 16
"""How many transactions of one process are open at a time; more wait their turn without holding a thread."""

BUSY_SECONDS = 30
"""How long a writer waits for a writer in another process."""

PATIENT_SECONDS = 60 * 60
"""How long a process that would migrate waits for another that does."""

NAME = "postil"
"""What a PostgreSQL server knows our connections by."""

Id = BigInteger().with_variant(Integer, "sqlite")


class Table(SQLModel):
    """What every table is: constraints have names, so that a migration can find them again."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def now() -> datetime:
    return datetime.now(UTC)


def lock_row(session: Session, row: Table, *, key_share: bool = False) -> None:
    """Have a row be as it is now, and stay so until this is committed. Raises NoResultFound where it is gone."""
    try:
        session.refresh(row, with_for_update={"key_share": key_share})
    except InvalidRequestError as error:
        raise NoResultFound from error


class Database:
    """Transactions on one database, from async code (`reading`, `writing`) and from plain code (`transaction`)."""

    def __init__(self, url: str | URL) -> None:
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.sqlite else _engine(url, connect_args={"application_name": NAME})
        self._writing = self.engine.execution_options(writing=True)
        self._readers = CapacityLimiter(AT_ONCE)
        # SQLite lets one write at a time: to queue here is fair and quick, to collide there is neither.
        self._writers = CapacityLimiter(1 if self.sqlite else AT_ONCE)
        self._plain_writer = threading.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """A transaction that sees one state of the library and changes nothing."""
        async with self._readers:
            session = Session(self.engine, autoflush=False)
            try:
                yield session
            finally:
                await self._end(session)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Session]:
        """A transaction that is committed, durably, before this ends, or that leaves nothing behind."""
        async with self._writers:
            session = Session(self._writing)
            try:
                yield session
                await run_sync(self._commit, session)
            finally:
                await self._end(session)

    def _commit(self, session: Session) -> None:
        """Commit, or take all of it back: to close a session whose commit has failed leaves SQLite's lock held."""
        try:
            session.commit()
        except BaseException:
            session.rollback()
            raise

    async def _end(self, session: Session) -> None:
        """Give the connection back, and take back what was not committed: over a network that takes a while."""
        if self.sqlite:
            session.close()
        else:
            await run_sync(session.close)

    @contextmanager
    def transaction(self, alone: bool = False) -> Iterator[Session]:
        """The same as `writing`, for code that is not async: the command line and tests.

        Of several processes that want to be `alone`, one goes on and the others wait; on SQLite every writer does.
        """
        with self._plain_writer, Session(self._writing) as session, session.begin():
            if alone and not self.sqlite:
                session.connection().execute(text("SELECT pg_advisory_xact_lock(706715)"))
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """One state of the library, however long one looks at it and whoever writes meanwhile; nothing is changed."""
        engine = self.engine
        if not self.sqlite:
            engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with Session(engine, autoflush=False) as session:
            yield session

    def migrate(self, to: str = "head", first: Callable[[str, str], None] | None = None) -> None:
        """Bring the schema to a revision, up or down, or leave it as it was.

        `first` is told the revision that the schema has and the one that it will have, before anything is changed and
        while nobody else can; what it raises leaves all as it was. Of several processes that migrate at once, one does
        and the others wait, and find it done. Raises alembic.util.CommandError for a revision that there is not.
        """
        with self.engine.connect() as connection:
            if to == "head" and current(connection) == head():
                return
        with self.migrating() as connection:
            config = _migrations()
            config.attributes["connection"] = connection
            is_at = current(connection)
            if first and is_at and is_at != head():
                ScriptDirectory.from_config(config).get_revisions(is_at)  # nobody here migrates what is not known here
                self._keep_out(connection)
                first(is_at, head())
            down = to == "base" or to.startswith("-")
            (command.downgrade if down else command.upgrade)(config, to)

    def _keep_out(self, connection: Connection) -> None:
        """Let nobody else write until this transaction ends; SQLite lets nobody by itself."""
        if not self.sqlite:
            quote = connection.dialect.identifier_preparer.quote
            tables = ", ".join(quote(name) for name in inspect(connection).get_table_names())
            connection.execute(text(f"LOCK TABLE {tables} IN SHARE MODE"))

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A transaction that may change the schema. Of two processes that do so at once, one waits."""
        with self._writing.connect() as connection:
            if self.sqlite:
                driver: Any = connection.connection.driver_connection
                driver.execute(f"PRAGMA busy_timeout = {PATIENT_SECONDS * 1000}")
                # To rebuild a table SQLite drops the old one, and would delete all that refers to it.
                driver.execute("PRAGMA foreign_keys = OFF")
            try:
                with connection.begin():
                    if not self.sqlite:
                        connection.execute(text("SELECT pg_advisory_xact_lock(706715)"))
                    yield connection
                    if self.sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
                        raise RuntimeError("the migration would have left rows that refer to nothing")
            finally:
                connection.invalidate()  # it minds no foreign keys

    def close(self) -> None:
        self.engine.dispose()


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(shipped("alembic")))
    return config


def head() -> str:
    """The newest migration that comes with this software."""
    return str(ScriptDirectory.from_config(_migrations()).get_current_head())


def current(connection: Connection) -> str | None:
    """The migration at which a schema is; None where there is no schema of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def bare(file: Path, *, existing: bool = False) -> Any:
    """A plain connection to a SQLite file, none of the above set; `existing`: to one that is there, only to read."""
    address = f"{file.absolute().as_uri()}?mode={'ro' if existing else 'rwc'}"
    return DRIVER.connect(address, uri=True, timeout=1, isolation_level=None)


def _engine(url: str | URL, **options: Any) -> Engine:
    # A database error must not carry what a reader wrote into a log.
    return create_engine(url, hide_parameters=True, pool_size=2 * AT_ONCE + 1, max_overflow=4, **options)


def _lowered(words: object) -> object:
    """Words in small letters, one by one, as PostgreSQL makes them."""
    if not isinstance(words, str):
        return words
    return words.lower() if words.isascii() else "".join(map(str.lower, words))


def _sqlite_engine(url: str | URL) -> Engine:
    if (file := make_url(url).database) and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = _engine(url, module=DRIVER, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        # SQLite's own knows no letters but English ones.
        connection.create_function("lower", 1, _lowered, deterministic=True)
        # The triggers that keep the index of words call these.
        for name, (needs, gives) in FUNCTIONS.items():
            connection.create_function(name, needs, gives, deterministic=True)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # What goes for good goes out of the file, too: docs/decisions/0014-going-for-good.md.
        connection.execute("PRAGMA secure_delete = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # A transaction that first reads and then writes would fail where another wrote in between.
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
