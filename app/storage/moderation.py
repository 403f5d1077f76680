"""Moderation: what readers have flagged, and what has been done about it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, or_
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, Text, col, select, update

from app.storage.annotations import IN_THE_LIBRARY, Annotation
from app.storage.articles import Article, touch
from app.storage.database import Id, Table, now
from app.storage.people.readers import Reader

REASON_LENGTH = 1_000
"""In code points."""

PAGE = 100
"""How many entries of the log come at a time."""


class Flag(Table, table=True):
    """That a reader finds an annotation out of order, and why."""

    __table_args__ = {"sqlite_autoincrement": True}

    id: int = Field(default=None, sa_type=Id, primary_key=True)
    annotation_id: int = Field(sa_type=Id, foreign_key="annotation.id", ondelete="CASCADE", index=True)
    reader_id: int | None = Field(default=None, sa_type=Id, foreign_key="reader.id", ondelete="SET NULL", index=True)
    reason: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(default_factory=now)
    settled_at: datetime | None = None


class LogEntry(Table, table=True):
    """That somebody (`reader_id`) has done something to an annotation, a reader or an article."""

    __tablename__ = "log"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int = Field(default=None, sa_type=Id, primary_key=True)
    at: datetime = Field(default_factory=now)
    reader_id: int | None = Field(default=None, sa_type=Id, foreign_key="reader.id", ondelete="SET NULL", index=True)
    deed: str
    annotation_id: int | None = Field(
        default=None, sa_type=Id, foreign_key="annotation.id", ondelete="SET NULL", index=True
    )
    article_id: int | None = Field(default=None, sa_type=Id, foreign_key="article.id", ondelete="SET NULL", index=True)
    subject_id: int | None = Field(default=None, sa_type=Id, foreign_key="reader.id", ondelete="SET NULL", index=True)
    reason: str = Field(default="", sa_type=Text)


class Complaint(NamedTuple):
    """What somebody has said when they flagged an annotation."""

    by: str
    reason: str
    at: datetime


class Reported(NamedTuple):
    """An annotation that has been flagged or hidden, with what the owner needs to decide about it."""

    id: int
    slug: str
    title: str
    language: str
    reader_id: int
    reader: str
    exact: str
    note_html: str
    created_at: datetime
    hidden_at: datetime | None
    complaints: Sequence[Complaint] = ()


class Entry(NamedTuple):
    """An entry of the log, in names. What has gone meanwhile has none."""

    id: int
    at: datetime
    by: str | None
    deed: str
    annotation_id: int | None
    title: str | None
    slug: str | None
    subject: str | None
    reason: str


_OPEN = select(Flag.id).where(Flag.annotation_id == Annotation.id, col(Flag.settled_at).is_(None))

# What the owner sees to keep order, of whomever it was written for: what a reader who saw it has flagged, and what the
# owner has hidden. To flag a note is to show it to the owner. What is its author's alone by now is nobody's matter.
REPORTED = [
    col(Annotation.visibility) != "me",
    col(Annotation.deleted_at).is_(None),
    IN_THE_LIBRARY,
    or_(col(Annotation.hidden_at).is_not(None), _OPEN.exists()),
]

_REPORTED = (
    columns(
        col(Annotation.id),
        col(Article.slug),
        col(Article.title),
        col(Article.language),
        col(Reader.id),
        col(Reader.name),
        col(Annotation.exact),
        col(Annotation.note_html),
        col(Annotation.created_at),
        col(Annotation.hidden_at),
    )
    .select_from(Annotation)
    .join(Article, col(Article.id) == Annotation.article_id)
    .join(Reader, col(Reader.id) == Annotation.reader_id)
    .where(*REPORTED)
    .order_by(col(Annotation.id))
)

# From the few flags, not from the many annotations: every page that the owner opens asks this.
_WAITING = (
    columns(func.count(func.distinct(col(Flag.annotation_id))))
    .join(Annotation, col(Annotation.id) == Flag.annotation_id)
    .where(col(Flag.settled_at).is_(None), *REPORTED[:3])
)

_SUBJECT = aliased(Reader)
_LOG = (
    columns(
        col(LogEntry.id),
        col(LogEntry.at),
        col(Reader.name),
        col(LogEntry.deed),
        col(LogEntry.annotation_id),
        col(Article.title),
        col(Article.slug),
        col(_SUBJECT.name),
        col(LogEntry.reason),
    )
    .select_from(LogEntry)
    .outerjoin(Reader, col(Reader.id) == LogEntry.reader_id)
    .outerjoin(Article, col(Article.id) == LogEntry.article_id)
    .outerjoin(_SUBJECT, col(_SUBJECT.id) == LogEntry.subject_id)
    .order_by(col(LogEntry.id).desc())
    .limit(PAGE)
)


def flag(session: Session, annotation: Annotation, reader: Reader, reason: str) -> None:
    """Say that an annotation is out of order. Who has said so already, and is not answered yet, says it otherwise."""
    flag = flagged_by(session, annotation, reader) or Flag(annotation_id=annotation.id, reader_id=reader.id)
    flag.reason = reason
    session.add(flag)
    session.flush()


def flagged_by(session: Session, annotation: Annotation, reader: Reader) -> Flag | None:
    """What this reader has said against an annotation, while that is not answered."""
    said = select(Flag).where(
        Flag.annotation_id == annotation.id, Flag.reader_id == reader.id, col(Flag.settled_at).is_(None)
    )
    return session.exec(said).first()


def reported(session: Session) -> list[Reported]:
    """What waits for the owner or has been hidden by them, the oldest first, with what was said against it."""
    complaints: dict[int, list[Complaint]] = defaultdict(list)
    said = (
        columns(col(Flag.annotation_id), col(Reader.name), col(Flag.reason), col(Flag.created_at))
        .outerjoin(Reader, col(Reader.id) == Flag.reader_id)
        .where(col(Flag.settled_at).is_(None))
        .order_by(col(Flag.id))
    )
    for id, by, reason, at in session.connection().execute(said):
        complaints[id].append(Complaint(by or "somebody who has left", reason, at))
    rows = session.connection().execute(_REPORTED)
    return [Reported(*row)._replace(complaints=complaints.get(row.id, ())) for row in rows]


def waiting(session: Session) -> int:
    """How many annotations have been flagged and wait for the owner."""
    return session.connection().execute(_WAITING).scalar() or 0


def by_id(session: Session, id: int) -> Annotation | None:
    """The annotation, if it has been flagged or hidden."""
    return session.exec(select(Annotation).where(Annotation.id == id, *REPORTED)).first()


def hide(session: Session, annotation: Annotation, owner: Reader, reason: str = "") -> None:
    """Take an annotation, and the thread below it, out of everybody's sight but its author's."""
    if annotation.hidden_at is None:
        annotation.hidden_at = now()
        _done(session, "hid", annotation, owner, reason)


def unhide(session: Session, annotation: Annotation, owner: Reader) -> None:
    if annotation.hidden_at is not None:
        annotation.hidden_at = None
        _done(session, "showed", annotation, owner)


def dismiss(session: Session, annotation: Annotation, owner: Reader) -> None:
    """Leave an annotation as it is, whatever has been said against it."""
    _done(session, "left", annotation, owner)


def _done(session: Session, deed: str, annotation: Annotation, owner: Reader, reason: str = "") -> None:
    session.add(annotation)
    session.flush()
    open = update(Flag).where(col(Flag.annotation_id) == annotation.id, col(Flag.settled_at).is_(None))
    session.exec(open.values(settled_at=now()))
    record(session, owner, deed, annotation=annotation, reason=reason)
    touch(session, annotation.article_id)


def close(session: Session, article: Article, reader: Reader) -> None:
    """Let nobody write notes on an article any more; those there are stay."""
    if article.closed_at is None:
        article.closed_at = now()
        _opened_or_closed(session, "closed", article, reader)


def reopen(session: Session, article: Article, reader: Reader) -> None:
    if article.closed_at is not None:
        article.closed_at = None
        _opened_or_closed(session, "opened", article, reader)


def _opened_or_closed(session: Session, deed: str, article: Article, reader: Reader) -> None:
    session.add(article)
    session.flush()
    record(session, reader, deed, article=article)
    touch(session, article.id)


def record(
    session: Session,
    by: Reader | None,
    deed: str,
    *,
    annotation: Annotation | None = None,
    article: Article | None = None,
    subject: Reader | None = None,
    reason: str = "",
) -> None:
    """Write down what somebody has done; without a reader it was done at the command line."""
    entry = LogEntry(
        reader_id=by.id if by else None,
        deed=deed,
        annotation_id=annotation.id if annotation else None,
        article_id=annotation.article_id if annotation else article.id if article else None,
        subject_id=annotation.reader_id if annotation else subject.id if subject else None,
        reason=reason,
    )
    session.add(entry)
    session.flush()


def log(session: Session, before: int | None = None) -> list[Entry]:
    """What has been done, the newest first; `before` (an entry's id) what had been done until then."""
    wanted = _LOG.where(col(LogEntry.id) < before) if before else _LOG
    return [Entry(*row) for row in session.connection().execute(wanted)]
