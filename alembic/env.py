"""How migrations reach the database: over the connection that the server gives, or over the settings' own."""

from alembic import context
from sqlalchemy import Connection

from app.settings import Settings
from app.storage import (  # noqa: F401  (their tables)
    account_links,
    annotations,
    articles,
    collections,
    groups,
    imports,
    moderation,
    origins,
    pictures,
    readers,
    shares,
)
from app.storage.database import Database, Table


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


if given := context.config.attributes.get("connection"):
    run(given)
else:
    with Database(Settings().database).migrating() as connection:
        run(connection)
