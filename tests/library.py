"""What tests put into a library, and all that is in it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import current_thread
from typing import Any

from sqlalchemy import Engine, event, select

from app.importing import jobs
from app.storage import articles
from app.storage.annotations import annotate
from app.storage.database import Database, Table
from app.storage.people import readers
from app.text.drafts import Draft, DraftParagraph
from app.text.spans import Span


def everything(database: Database) -> dict[str, Sequence[Any]]:
    """Every row of every table."""
    with database.engine.connect() as connection:
        return {
            table.name: connection.execute(select(table).order_by(*table.primary_key)).all()
            for table in Table.metadata.sorted_tables
        }


def publish(database: Database, *paragraphs: str | DraftParagraph, title: str = "A text", language: str = "en") -> str:
    """Publish an article of these paragraphs; gives its slug."""
    drafted = tuple(DraftParagraph(one) if isinstance(one, str) else one for one in paragraphs)
    with database.transaction() as session:
        return articles.publish(session, Draft(title, drafted, language=language)).slug


def welcome(database: Database, name: str) -> tuple[int, str]:
    """A reader's id, and the token that their browser keeps."""
    with database.transaction() as session:
        reader, token = readers.welcome(session, name)
        return reader.id, token


def account(database: Database, name: str, role: str = "reader") -> tuple[int, str]:
    """The same of a reader with an account (of which nobody knows the password)."""
    with database.transaction() as session:
        reader, token = readers.welcome(session, name)
        reader.name_key = name.casefold()
        reader.role = role
        session.add(reader)
        return reader.id, token


def mark(database: Database, slug: str, start: int, end: int, token: str = "", **said: Any) -> int:
    """Annotate a passage, as the reader with this token or as a new guest; gives the annotation's id."""
    with database.transaction() as session:
        article = articles.by_slug(session, slug)
        reader = readers.by_token(session, token) if token else readers.welcome(session)[0]
        assert article
        assert reader
        return annotate(session, article, reader, Span(start, end), **said).id


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Every statement that is sent to the database meanwhile, but for those of who looks for imports when they like."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if current_thread().name != jobs.NAME:
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
