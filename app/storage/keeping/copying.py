"""Copying a library from one kind of database to the other, row by row, whichever migration it is at."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, LargeBinary, MetaData, Table, func, insert, inspect, select, text

Told = Callable[[str, int, int], None]
"""Told what is being done, how much of it has been, and how much there is."""

ROWS_AT_ONCE = 1_000
PICTURES_AT_ONCE = 8
"""Rows that hold bytes may be large."""

VERSION = "alembic_version"


class Holds(NamedTuple):
    """What a library holds."""

    articles: int
    notes: int
    pictures: int

    @property
    def said(self) -> str:
        counts = zip(("article", "note", "picture"), self, strict=True)
        return ", ".join(f"{number:,} {name}{'' if number == 1 else 's'}" for name, number in counts)


def quiet(what: str, done: int, of: int) -> None:
    """Told, and says nothing."""


def held(connection: Connection) -> Holds:
    """What a library holds, whichever migration it is at, deleted or not."""
    there = inspect(connection).get_table_names()
    return Holds(*(_count(connection, name) if name in there else 0 for name in ("article", "annotation", "picture")))


def is_empty(connection: Connection) -> bool:
    """Whether there is nothing at all in a library, or no library."""
    return not any(connection.execute(select(table).limit(1)).first() for table in kept_tables(connection))


def copy(source: Connection, target: Connection, told: Told = quiet) -> None:
    """Put every row of one library into another that is at the same migration and whose tables are empty.

    What triggers keep (the search index) they fill anew. Numbers that were given are not given again.
    """
    theirs = {table.name: table for table in kept_tables(source)}
    pairs = [(theirs[table.name], table) for table in kept_tables(target) if table.name in theirs]
    of = sum(_count(source, table.name) for table, _ in pairs)
    done = 0
    for origin, table in pairs:
        names = [column.name for column in table.columns if column.name in origin.columns]
        for rows in _rows(source, origin, names):
            target.execute(insert(table), rows)
            done += len(rows)
            told("Copying", done, of)
    for _, table in pairs:
        if (number := _counter(table)) is not None:
            _go_on(target, number, max(_last_given(source, number), _highest(source, number)))


def clear(connection: Connection) -> None:
    """Take all rows out of a library on PostgreSQL, as part of what is being done there."""
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in inspect(connection).get_table_names() if name != VERSION)
    connection.execute(text(f"TRUNCATE TABLE {names}"))


def kept_tables(connection: Connection) -> list[Table]:
    """The tables that say something of their own, each after those that it refers to."""
    apart = derived(connection)
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _: name != VERSION and name not in apart)
    return metadata.sorted_tables


def derived(connection: Connection) -> set[str]:
    """Tables that only repeat what others say: full-text indexes, and what they are made of."""
    if connection.dialect.name == "sqlite":
        listed = connection.execute(text("PRAGMA table_list"))
        return {row.name for row in listed if row.type != "table"}
    indexes = text(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = current_schema()"
        " AND udt_name = 'tsvector'"
    )
    return set(connection.execute(indexes).scalars())


def _count(connection: Connection, name: str) -> int:
    quoted = connection.dialect.identifier_preparer.quote(name)
    return int(connection.execute(text(f"SELECT count(*) FROM {quoted}")).scalar_one())  # noqa: S608


def _rows(source: Connection, table: Table, names: list[str]) -> Iterator[list[dict[str, Any]]]:
    """All rows, some at a time; what hangs on another row of the same table was made later, and comes later."""
    heavy = any(isinstance(table.columns[name].type, LargeBinary) for name in names)
    all_of_it = select(*(table.columns[name] for name in names)).order_by(*table.primary_key)
    options = {"stream_results": True, "yield_per": PICTURES_AT_ONCE if heavy else ROWS_AT_ONCE}
    with source.execute(all_of_it, execution_options=options) as rows:
        for some in rows.mappings().partitions():
            yield [{name: _utc(value) for name, value in row.items()} for row in some]


def _utc(value: object) -> object:
    """SQLite keeps times without saying where: they are UTC."""
    if not isinstance(value, datetime):
        return value
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


# ── the numbers that rows are given


def _counter(table: Table) -> Column[Any] | None:
    """The column that numbers the rows of a table, where one does."""
    keys = list(table.primary_key)
    alone = len(keys) == 1 and not keys[0].foreign_keys
    return keys[0] if alone and keys[0].type.python_type is int else None


def _sequence(connection: Connection, column: Column[Any]) -> str | None:
    found = text("SELECT pg_get_serial_sequence(quote_ident(:table), :column)")
    name: str | None = connection.execute(found, {"table": column.table.name, "column": column.name}).scalar()
    return name


def _highest(connection: Connection, column: Column[Any]) -> int:
    own = MetaData()
    table = Table(column.table.name, own, Column(column.name, column.type))
    return connection.execute(select(func.max(table.columns[column.name]))).scalar() or 0


def _last_given(connection: Connection, column: Column[Any]) -> int:
    if connection.dialect.name == "sqlite":
        there = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'")).first()
        last = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        return (there and connection.execute(last, {"table": column.table.name}).scalar()) or 0
    if not (name := _sequence(connection, column)):
        return 0
    return connection.execute(text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {name}")).scalar() or 0  # noqa: S608


def _go_on(connection: Connection, column: Column[Any], last: int) -> None:
    """Give the numbers after this one."""
    table = {"table": column.table.name, "last": last}
    if connection.dialect.name == "sqlite":
        if column.table.name not in _numbered(connection):
            return
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), table)
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"), table)
    elif name := _sequence(connection, column):
        # Not `setval`, which would stay if all the rest were taken back.
        connection.execute(text(f"ALTER SEQUENCE {name} RESTART WITH {last + 1:d}"))


def _numbered(connection: Connection) -> set[str]:
    """The tables of which SQLite remembers which number it gave last."""
    made = text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
    return set(connection.execute(made).scalars())
