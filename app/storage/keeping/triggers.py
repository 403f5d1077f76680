"""What a SQLite library does by itself: its triggers and views are those that the migrations make, and no others."""

import tempfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from sqlalchemy import URL, Connection, text

from app.storage.database import Database, current


def strange(connection: Connection) -> Iterator[str]:
    """What is there and should not be, or not so, or is missing, by its name.

    A file can bring along triggers of its own: they would act with every write. Raises alembic.util.CommandError for
    a library of a newer Postil.
    """
    if connection.dialect.name != "sqlite":
        return
    there, ours = _acting(connection), _made_by_migrations(str(current(connection)))
    for name in sorted(there.keys() | ours.keys()):
        if there.get(name) != ours.get(name):
            fault = "missing" if name not in there else "not as it should be" if name in ours else "strange"
            yield f"{name} is {fault}"


def _acting(connection: Connection) -> dict[str, str]:
    found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"))
    return {name: " ".join(said.split()) for name, said in found}


@lru_cache(4)
def _made_by_migrations(revision: str) -> Mapping[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        fresh = Database(URL.create("sqlite", database=str(Path(folder) / "fresh.db")))
        try:
            fresh.migrate(revision)
            with fresh.engine.connect() as connection:
                return _acting(connection)
        finally:
            fresh.close()
