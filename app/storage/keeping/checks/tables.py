"""That the database is sound, has the schema that this software wants, and no row that refers to nothing."""

import pkgutil
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Date, DateTime, MetaData, String, and_, cast, func, inspect, literal, text
from sqlalchemy import select as columns
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

import app.storage
from app.storage.database import Table, current, head
from app.storage.keeping.copying import derived
from app.storage.keeping.triggers import strange


def sound(session: Session) -> Iterator[str]:
    """Whether the database can read all that it keeps."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        yield from (said for said in connection.execute(text("PRAGMA integrity_check")).scalars() if said != "ok")
        return
    quote = connection.dialect.identifier_preparer.quote
    for name in inspect(connection).get_table_names():
        # To measure a row as text it has to be read to its end.
        connection.execute(text(f"SELECT max(length(CAST(kept AS text))) FROM {quote(name)} AS kept"))  # noqa: S608
    broken = text(
        "SELECT CAST(CAST(indexrelid AS regclass) AS text) || ' is an index that is not valid'"
        " FROM pg_index WHERE NOT indisvalid AND indrelid IN"
        " (SELECT oid FROM pg_class WHERE relnamespace = CAST(current_schema() AS regnamespace))"
        " UNION ALL SELECT conname || ' is a constraint that has not been validated' FROM pg_constraint"
        " WHERE NOT convalidated AND connamespace = CAST(current_schema() AS regnamespace)"
    )
    yield from connection.execute(broken).scalars()


def up_to_date(session: Session) -> Iterator[str]:
    """Whether the schema is what the migrations make, and what the tables of this software are."""
    connection = session.connection()
    if (is_at := current(connection)) != head():
        yield f"it is at {is_at}, this software at {head()}; `postil serve` migrates it"
        return
    apart = derived(connection)
    options = {"compare_type": True, "include_name": lambda name, kind, _: kind != "table" or name not in apart}
    context = MigrationContext.configure(connection, opts=options)
    for difference in compare_metadata(context, models()):
        yield _said(difference)
    yield from strange(connection)


def days(session: Session) -> Iterator[str]:
    """Whether whatever is kept as a day or a moment is one: SQLite keeps any words there."""
    if session.connection().dialect.name != "sqlite":
        return
    for table in models().sorted_tables:
        for column in table.columns:
            if isinstance(column.type, (Date, DateTime, UTCDateTime)):
                day = func.substr(cast(column, String), 1, 10)
                odd = func.date(func.julianday(day)).is_distinct_from(day)
                wrong = columns(func.count()).select_from(table).where(column.is_not(None), odd)
                if number := session.connection().execute(wrong).scalar_one():
                    yield f"{table.name}.{column.name}: no day stands there in {number:,} rows"


def models() -> MetaData:
    """All tables of this software, whoever has asked for which of them so far."""
    for module in pkgutil.walk_packages(app.storage.__path__, "app.storage."):
        import_module(module.name)
    return Table.metadata


def _said(difference: Any) -> str:
    """A difference as Alembic tells it: what would have to be done to the schema, and to what."""
    if isinstance(difference, list):
        return "; ".join(map(_said, difference))
    deed, *about = difference
    named = [getattr(one, "name", one) for one in about]
    return f"{deed.replace('_', ' ')}: {' '.join(one for one in named if isinstance(one, str))}"


def keys(session: Session) -> Iterator[str]:
    """Whether whatever a row refers to is there."""
    for table in models().sorted_tables:
        for key in sorted(table.foreign_key_constraints, key=lambda one: str(one.name)):
            there = key.referred_table.alias("there")
            own: Sequence[Any] = [table.columns[name] for name in key.column_keys]
            meets = and_(
                *(mine == there.columns[element.column.name] for mine, element in zip(own, key.elements, strict=True))
            )
            refers = and_(*(mine.is_not(None) for mine in own))
            lost = columns(*table.primary_key).where(refers, ~columns(literal(1)).where(meets).exists())
            for row in session.connection().execute(lost):
                said = ", ".join(map(str, row))
                # What a session or a link of an account is known by says nothing to people, but is nobody's business.
                which = said if all(isinstance(part, int) for part in row) else "one"
                yield f"{table.name} {which}: refers to a {key.referred_table.name} that is not there"
