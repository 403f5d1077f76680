"""How migrations reach the database: over the connection that the server gives, or over the settings' own."""

from alembic import context
from sqlalchemy import Connection

from app.settings import Settings
from app.storage.database import Database, Table
from app.storage.searching.indexing import is_index, keeping_triggers


def run(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # While a table is rebuilt there are triggers that name it, and it is not there.
        connection.exec_driver_sql("PRAGMA legacy_alter_table = ON")
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=True,
        include_name=lambda name, kind, _: not (kind == "table" and is_index(name or "")),
        on_version_apply=keeping_triggers(connection),
    )
    with context.begin_transaction():
        context.run_migrations()


if given := context.config.attributes.get("connection"):
    run(given)
else:
    with Database(Settings().database).migrating() as connection:
        run(connection)
