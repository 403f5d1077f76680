"""Keeping a library: one file that holds all of it, and from such a file all of it again, on either database.

The file is a SQLite library, whichever database it is from. docs/decisions/0024-what-a-backup-is.md.
"""

import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL, text

from app.storage.database import BROKEN, NAME, Database, bare, current, now
from app.storage.keeping.copying import Holds, Told, clear, copy, held, is_empty, quiet
from app.storage.keeping.triggers import strange

PAGES_AT_ONCE = 4_096
"""Of a SQLite file, between two words about how far it is."""

BACKUPS_KEPT = 3
"""Of those that migrations make, and of those of libraries that were replaced."""

A_DAY = 24 * 60 * 60

_PART = ".part"


class NotKept(Exception):
    """Why a library was not backed up, or not restored, in words for who keeps it."""


def backup(database: Database, file: Path, *, overwrite: bool = False, told: Told = quiet) -> Holds:
    """Put all of a library into one file, as it is at this moment, whoever writes meanwhile.

    The file is there whole, or not at all. Raises NotKept where it is there already, unless it is to be overwritten.
    """
    if file.exists() and not overwrite:
        raise NotKept(f"{file} is there already; --overwrite replaces it.")
    if not exists(database):
        raise NotKept("there is no library to back up.")
    with _beside(file) as part:
        try:
            if database.sqlite:
                _copy_file(database, part, told)
            else:
                _copy_rows(database, part, told)
        except BROKEN as error:
            raise NotKept(f"the library could not be copied to {file}: {_reason(error)}.") from error
        holds = examine(part, "the library", told)
        if file.exists() and not overwrite:
            raise NotKept(f"{file} is there already; --overwrite replaces it.")
    return holds


class Restored(NamedTuple):
    """What a library holds now, and where the one is that was there before, if one was."""

    holds: Holds
    before: Path | None


def restore(database: Database, file: Path, scratch: Path, *, overwrite: bool = False, told: Told = quiet) -> Restored:
    """Make a library what a backup holds, brought up to this schema; `scratch` is a folder with room for it meanwhile.

    All of it is restored, or nothing is changed. What is overwritten is backed up first, into `backups` in that folder.
    On PostgreSQL the schema must be up to date. Raises NotKept where the file is no sound backup, the library is in
    use, cannot be backed up, or holds something that is not to be overwritten; and alembic.util.CommandError for the
    backup of a newer Postil.
    """
    if not file.is_file():
        raise NotKept(f"there is no file {file}.")
    if not overwrite:
        _refuse_to_overwrite(database)
    scratch.mkdir(parents=True, exist_ok=True)
    with _temporary(scratch / "restoring.db") as part:
        try:
            with closing(bare(file, existing=True)) as source, closing(bare(part)) as target:
                _copy_pages(source, target, told)
        except BROKEN as error:
            raise NotKept(f"{file} is no backup that can be read: {_reason(error)}.") from error
        examine(part, str(file), told)
        ours = library_in(part)
        try:
            with ours.snapshot() as session:
                if odd := next(strange(session.connection()), ""):
                    raise NotKept(f"{file} would do things by itself that no library of Postil does: {odd}.")
            ours.migrate()
            with ours.transaction() as session:
                # What browsers keep of pages goes by versions; none that was there before may come again.
                first = 2**20 + secrets.randbelow(2**29)
                session.connection().execute(text("UPDATE article SET version = :first"), {"first": first})
                holds = held(session.connection())
            before = _set_aside(database, scratch / "backups", told) if overwrite else None
            if not database.sqlite:
                _replace_rows(ours, database, overwrite, told)
        finally:
            ours.close()
        if database.sqlite:
            _replace_pages(part, database, overwrite, told)
    return Restored(holds, before)


def exists(database: Database) -> bool:
    """Whether there is a library, be it at an older migration; to ask makes none."""
    if database.sqlite and not file_of(database).is_file():
        return False
    with database.engine.connect() as connection:
        return current(connection) is not None


def library_in(file: Path) -> Database:
    """The SQLite library in a file, which is made where there is none."""
    return Database(URL.create("sqlite", database=str(file)))


def file_of(database: Database) -> Path:
    """The file in which a SQLite library is kept."""
    return Path(database.engine.url.database or "")


def examine(file: Path, called: str, told: Told = quiet) -> Holds:
    """What a SQLite library holds, which is `called` this. Raises NotKept where it is damaged, or no library."""
    told("Looking it over", 0, 0)
    database = library_in(file)
    try:
        with database.snapshot() as session:
            connection = session.connection()
            if current(connection) is None:
                raise NotKept(f"{called} holds no library of Postil.")
            faults = list(connection.execute(text("PRAGMA integrity_check(3)")).scalars())
            if faults != ["ok"]:
                raise NotKept(f"{called} is damaged: {'; '.join(faults)}.")
            if connection.execute(text("PRAGMA foreign_key_check")).first():
                raise NotKept(f"{called} is damaged: it has rows that refer to nothing.")
            found = held(connection)
    except BROKEN as error:
        raise NotKept(f"{called} is damaged: {_reason(error)}.") from error
    finally:
        database.close()
    _as_one_file(file)
    return found


# ── before a migration


def bring_up_to_date(database: Database, folder: Path, told: Told = quiet) -> Path | None:
    """Migrate a library; one in which something is goes into a backup in this folder first, of which it gives the name.

    The last few of these stay. Raises NotKept where it could not be backed up: nothing has been changed then.
    """
    made: list[Path] = []

    def first(_now_at: str, then_at: str) -> None:
        with database.engine.connect() as connection:
            if is_empty(connection):
                return
        file = folder / f"before-{then_at}-{now():%Y%m%dT%H%M%SZ}.db"
        _backup_before("a migration", database, file, told)
        made.append(file)

    database.migrate(first=first)
    if made:
        _keep_the_last(folder, "before-*Z.db")
    return made[0] if made else None


def _backup_before(what: str, database: Database, file: Path, told: Told) -> None:
    """Back up a library before something is done to it. Raises NotKept where that fails."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        backup(database, file, overwrite=True, told=told)
    except (OSError, NotKept) as error:
        raise NotKept(
            f"before {what} the library is backed up to {file}, which failed ({_reason(error)}). Nothing has been "
            "changed. Mend that, and start again."
        ) from error


def _keep_the_last(folder: Path, which: str) -> None:
    for old in sorted(folder.glob(which), key=lambda one: one.stat().st_mtime)[:-BACKUPS_KEPT]:
        old.unlink(missing_ok=True)
    _sweep(folder, which)


# ── from one to the other


def _copy_file(database: Database, part: Path, told: Told) -> None:
    with database.snapshot() as session, closing(bare(part)) as target:
        source = session.connection()
        source.execute(text("SELECT count(*) FROM sqlite_master"))  # here the state begins that is copied
        _copy_pages(source.connection.driver_connection, target, told)


def _copy_pages(source: Any, target: Any, told: Told) -> None:
    """Copy a SQLite file as it is, by SQLite's own hand: the state that the source's transaction sees."""

    def progress(_status: int, left: int, of: int) -> None:
        told("Copying", of - left, of)

    source.backup(target, pages=PAGES_AT_ONCE, progress=progress)


def _copy_rows(database: Database, part: Path, told: Told) -> None:
    with database.snapshot() as session:
        source = session.connection()
        target = library_in(part)
        try:
            target.migrate(str(current(source)))
            with target.migrating() as connection:
                copy(source, connection, told)
        finally:
            target.close()


def _replace_rows(ours: Database, database: Database, overwrite: bool, told: Told) -> None:
    with database.migrating() as target, ours.snapshot() as session:
        others = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name"
            " AND pid <> pg_backend_pid()"
        )
        if target.execute(others, {"name": NAME}).scalar():
            raise NotKept("a server, or another command, uses the library. Stop it, and try again.")
        if not overwrite and not is_empty(target):
            raise NotKept("somebody has just now begun a library there.")
        clear(target)
        copy(session.connection(), target, told)


def _replace_pages(part: Path, database: Database, overwrite: bool, told: Told) -> None:
    """Put one SQLite file in the place of another, in one transaction of the other."""
    _as_one_file(part)
    if not overwrite:
        _refuse_to_overwrite(database)
    database.close()
    file = file_of(database)
    try:
        with closing(bare(file)) as target:
            target.execute("PRAGMA synchronous = EXTRA")
            # Refused as long as anybody else has it open.
            target.execute("PRAGMA journal_mode = DELETE")
            with closing(bare(part, existing=True)) as source:
                _copy_pages(source, target, told)
    except BROKEN as error:
        if "locked" in str(error):
            raise NotKept("a server, or another command, uses the library. Stop it, and try again.") from error
        raise NotKept(
            f"the library at {file} is damaged ({_reason(error)}). Move it away, with what is beside it "
            f"({file.name}-wal, {file.name}-shm), and restore again."
        ) from error


def _set_aside(database: Database, folder: Path, told: Told) -> Path | None:
    """Back up a library that is to be replaced; None where there is nothing in it."""
    if not exists(database):
        return None
    with database.engine.connect() as connection:
        if is_empty(connection):
            return None
    file = folder / f"replaced-{now():%Y%m%dT%H%M%SZ}.db"
    _backup_before("it is overwritten", database, file, told)
    _keep_the_last(folder, "replaced-*Z.db")
    return file


def _refuse_to_overwrite(database: Database) -> None:
    if not exists(database):
        return
    with database.engine.connect() as connection:
        if not is_empty(connection):
            raise NotKept(f"the library holds {held(connection).said}; --overwrite replaces all of it.")


def _reason(error: Exception) -> str:
    """What went wrong, without the statement that met it."""
    return (getattr(error, "strerror", None) or str(getattr(error, "orig", None) or error).splitlines()[0]).rstrip(".")


# ── files


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """A new file that nobody else may read; it becomes `file`, whole and on the disk, unless something goes wrong."""
    with _temporary(file) as part:
        yield part
        _sync(part)
        part.replace(file)
        _sync(file.parent)


@contextmanager
def _temporary(file: Path) -> Iterator[Path]:
    """A new file beside another that nobody else may read, and that is gone afterwards."""
    _sweep(file.parent, file.name)
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=_PART, dir=file.parent)
    os.close(handle)  # at once: to close it later would take SQLite's locks on it away
    part = Path(name)
    try:
        yield part
    finally:
        for beside in ("", "-wal", "-shm", "-journal"):
            Path(f"{part}{beside}").unlink(missing_ok=True)


def _sweep(folder: Path, which: str) -> None:
    """Take away what somebody who was killed has left of such files."""
    for left in folder.glob(f".{which}.*{_PART}*"):
        if left.stat().st_mtime < time.time() - A_DAY:
            left.unlink(missing_ok=True)


def _as_one_file(file: Path) -> None:
    """Have all of a SQLite library in its file, and nothing beside it."""
    with closing(bare(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
