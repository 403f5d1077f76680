"""Readings: how far a reader has come in which article, and what they have put away. Nobody else sees any of it."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, Session, col, delete, select

from app.storage.articles import HERE, Article
from app.storage.database import Id, Table, now
from app.storage.people.readers import Reader


class Reading(Table, table=True):
    """That a reader has begun an article, finished it or put it away: each with its time, or None."""

    __table_args__ = (
        Index(None, "reader_id", "read_at", "article_id"),
        Index(None, "reader_id", "archived_at"),
    )

    reader_id: int = Field(sa_type=Id, primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    article_id: int = Field(sa_type=Id, primary_key=True, foreign_key="article.id", ondelete="CASCADE", index=True)
    start: int = 0
    """Where the paragraph begins at which they are (code points of the text as it was then)."""
    read_at: datetime | None = None
    """When they last read in it."""
    finished_at: datetime | None = None
    """When they first came to its end."""
    archived_at: datetime | None = None


def _of(session: Session, reader: Reader, article: Article) -> Reading:
    """What is kept of a reader and an article: a row that is locked, or a new one."""
    key = (reader.id, article.id)
    found = session.get(Reading, key, with_for_update=True, populate_existing=True)
    return found or Reading(reader_id=reader.id, article_id=article.id)


def of(session: Session, reader: Reader, article: Article) -> Reading | None:
    return session.get(Reading, (reader.id, article.id))


def keep_place(session: Session, reader: Reader, article: Article, start: int, finished: bool = False) -> None:
    """Keep where a reader is (code points of the text). Who has finished once has, wherever they read again."""
    reading = _of(session, reader, article)
    reading.start = start
    reading.read_at = now()
    if finished and reading.finished_at is None:
        reading.finished_at = reading.read_at
    session.add(reading)
    session.flush()


def finish(session: Session, reader: Reader, article: Article) -> None:
    """Say that a reader has read an article."""
    reading = _of(session, reader, article)
    reading.finished_at = reading.finished_at or now()
    reading.read_at = reading.read_at or reading.finished_at
    session.add(reading)
    session.flush()


def begin_anew(session: Session, reader: Reader, article: Article) -> None:
    """Say that a reader has not read an article, however far they have come."""
    reading = _of(session, reader, article)
    reading.start, reading.read_at, reading.finished_at = 0, None, None
    session.add(reading)
    session.flush()


def archive(session: Session, reader: Reader, article: Article) -> None:
    """Put an article out of a reader's own sight: among those that they have archived it stays."""
    reading = _of(session, reader, article)
    reading.archived_at = reading.archived_at or now()
    session.add(reading)
    session.flush()


def unarchive(session: Session, reader: Reader, article: Article) -> None:
    if reading := of(session, reader, article):
        reading.archived_at = None
        session.add(reading)
        session.flush()


def merge(session: Session, guest: Reader, account: Reader) -> None:
    """Make one of what a guest and an account have kept of the same articles: the later place stays."""
    theirs = {one.article_id: one for one in session.exec(select(Reading).where(Reading.reader_id == account.id))}
    for one in session.exec(select(Reading).where(Reading.reader_id == guest.id)).all():
        if same := theirs.get(one.article_id):
            if one.read_at and (same.read_at is None or same.read_at < one.read_at):
                same.start, same.read_at = one.start, one.read_at
            same.finished_at = same.finished_at or one.finished_at
            same.archived_at = same.archived_at or one.archived_at
            session.add(same)
            session.delete(one)
    session.flush()


def every(session: Session, reader: Reader) -> list[tuple[Reading, Article]]:
    """All that is kept of what a reader has read."""
    found = select(Reading, Article).join(Article, col(Article.id) == col(Reading.article_id)).where(HERE)
    return list(session.exec(found.where(Reading.reader_id == reader.id).order_by(col(Reading.article_id))))


def forget(session: Session, reader: Reader) -> None:
    session.exec(delete(Reading).where(col(Reading.reader_id) == reader.id))
