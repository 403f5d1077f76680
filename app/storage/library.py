"""The library: its articles in order, page by page, and those that have been taken out of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import and_, func, literal, tuple_
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.storage import collections, moderation, readings
from app.storage.annotations import MINE, READER, Annotation
from app.storage.articles import HERE, WORDS_A_MINUTE, Article, Paragraph, touch
from app.storage.database import now
from app.storage.people.readers import Reader
from app.storage.readings import Reading
from app.text import titles

Order = Literal["newest", "title", "longest", "shortest", "read"]
Shown = Literal["all", "unread", "reading", "finished", "mine", "archived"]
Place = tuple[int] | tuple[str, int] | tuple[int, int] | tuple[datetime, int]
"""Where an article stands in an order: by what it is put there, and its id."""


@dataclass(frozen=True)
class Wanted:
    """Which articles, and in what order. In that of `read` are those alone that the reader has begun."""

    order: Order = "newest"
    shown: Shown = "all"
    language: str = ""


class Listed(NamedTuple):
    """An article in the list, and how far the reader has come in it."""

    id: int
    slug: str
    title: str
    title_key: str
    author: str
    source: str
    language: str
    words: int
    created_at: datetime
    closed_at: datetime | None
    read_at: datetime | None
    finished_at: datetime | None
    archived_at: datetime | None

    @property
    def minutes(self) -> int:
        """How long it takes to read, at a usual pace."""
        return max(1, round(self.words / WORDS_A_MINUTE))


class Reached(NamedTuple):
    """Where a reader is in an article as it is now: their paragraph begins at `start` of `length` code points."""

    start: int
    length: int


_LISTED = (
    columns(
        col(Article.id),
        col(Article.slug),
        col(Article.title),
        col(Article.title_key),
        col(Article.author),
        col(Article.source),
        col(Article.language),
        col(Article.words),
        col(Article.created_at),
        col(Article.closed_at),
        col(Reading.read_at),
        col(Reading.finished_at),
        col(Reading.archived_at),
    )
    .outerjoin(Reading, and_(col(Reading.article_id) == col(Article.id), col(Reading.reader_id) == READER))
    .where(HERE)
)

_READ = columns(col(Reading.article_id)).where(col(Reading.reader_id) == READER)
_WRITTEN_ON = columns(col(Annotation.article_id)).where(MINE, col(Annotation.deleted_at).is_(None))
_OF_READER = {
    "reading": _READ.where(col(Reading.read_at).is_not(None), col(Reading.finished_at).is_(None)),
    "finished": _READ.where(col(Reading.finished_at).is_not(None)),
    "archived": _READ.where(col(Reading.archived_at).is_not(None)),
    "mine": _WRITTEN_ON,
}
"""What begins with the few articles that a reader has to do with, and not with the many in the library."""

_ORDERS: dict[Order, tuple[Any, ...]] = {
    "newest": (col(Article.id),),
    "title": (col(Article.title_key), col(Article.id)),
    "longest": (col(Article.words), col(Article.id)),
    "shortest": (col(Article.words), col(Article.id)),
    "read": (col(Reading.read_at), col(Article.id)),
}
_UPWARDS: frozenset[Order] = frozenset({"title", "shortest"})

_LAST = aliased(Paragraph)
_LENGTH = (
    columns(col(_LAST.end))
    .where(col(_LAST.article_id) == col(Article.id), col(_LAST.revision) == col(Article.revision))
    .order_by(col(_LAST.start).desc())
    .limit(1)
    .correlate(Article)
    .scalar_subquery()
)
_THEIRS = aliased(Paragraph)
_START = (
    columns(func.max(col(_THEIRS.start)))
    .where(
        col(_THEIRS.article_id) == col(Article.id),
        col(_THEIRS.revision) == col(Article.revision),
        col(_THEIRS.start) <= col(Reading.start),
    )
    .correlate(Article, Reading)
    .scalar_subquery()
)
_REACHED = columns(col(Article.id), func.coalesce(_START, 0), func.coalesce(_LENGTH, 0)).outerjoin(
    Reading, and_(col(Reading.article_id) == col(Article.id), col(Reading.reader_id) == READER)
)

# From each language to the next: to look at every article for it would take longer the more there are.
_FIRST = columns(
    columns(func.min(col(Article.language))).where(HERE, col(Article.language) > "").scalar_subquery().label("language")
).cte("spoken", recursive=True)
_NEXT = aliased(Article)
_LANGUAGES = columns(
    _FIRST.union_all(
        columns(
            columns(func.min(col(_NEXT.language)))
            .where(col(_NEXT.deleted_at).is_(None), col(_NEXT.language) > _FIRST.c.language)
            .correlate(_FIRST)
            .scalar_subquery()
        ).where(_FIRST.c.language.is_not(None))
    ).c.language
)


def shelf(
    session: Session, reader: Reader | None, wanted: Wanted, after: Place | None = None, at_most: int = 50
) -> list[Listed]:
    """Some articles in order, from the first or from `after` a place (as `place_of` gives it)."""
    found = _which(_LISTED, wanted)
    order: tuple[Any, ...] = _ORDERS[wanted.order]
    if wanted.shown in _OF_READER and wanted.order != "read":
        # No column of an index any more: the database would go through all articles in order to find these few.
        order = tuple(_itself(column) for column in order)
    upwards = wanted.order in _UPWARDS
    if after is not None:
        here = tuple_(*order)
        there = tuple_(*(literal(value, column.type) for value, column in zip(after, order, strict=True)))
        found = found.where(here > there if upwards else here < there)
    found = found.order_by(*(column if upwards else column.desc() for column in order)).limit(at_most)
    return [Listed(*row) for row in session.connection().execute(found, {"reader": reader and reader.id})]


def _itself(column: Any) -> Any:
    return func.coalesce(column, column)


def _which(found: Any, wanted: Wanted) -> Any:
    if wanted.language:
        found = found.where(col(Article.language) == wanted.language)
    if wanted.order == "read":
        found = found.where(col(Reading.read_at).is_not(None), col(Reading.reader_id) == READER)
    if wanted.shown in _OF_READER:
        found = found.where(col(Article.id).in_(_OF_READER[wanted.shown]))
    if wanted.shown == "unread":
        found = found.where(col(Reading.read_at).is_(None), col(Reading.finished_at).is_(None))
    if wanted.shown != "archived":
        found = found.where(col(Reading.archived_at).is_(None))
    return found


def in_collection(session: Session, reader: Reader | None, collection: collections.Collection) -> list[Listed]:
    """The articles of a collection, in its order; also those that the reader has archived."""
    part = collections.Part
    found: Any = _LISTED.join(part, col(part.article_id) == col(Article.id)).where(
        col(part.collection_id) == collection.id
    )
    listed = session.connection().execute(found.order_by(col(part.position)), {"reader": reader and reader.id})
    return [Listed(*row) for row in listed]


def titled(session: Session, title: str) -> Article | None:
    """The newest article that has a title, in whatever case and with whatever accents."""
    same = select(Article).where(Article.title_key == titles.key(title), HERE)
    return session.exec(same.order_by(col(Article.id).desc()).limit(1)).first()


def place_of(one: Listed, order: Order) -> Place:
    """Where an article stands in an order."""
    if order == "newest":
        return (one.id,)
    if order == "title":
        return one.title_key, one.id
    if order == "read" and one.read_at:
        return one.read_at, one.id
    return one.words, one.id


def reached(session: Session, reader: Reader | None, article_ids: Collection[int]) -> dict[int, Reached]:
    """How long some articles are, and where the reader is in each: at 0 where they have not begun."""
    rows = session.connection().execute(
        _REACHED.where(col(Article.id).in_(article_ids)), {"reader": reader and reader.id}
    )
    return {id: Reached(start, length) for id, start, length in rows}


def languages(session: Session) -> list[str]:
    """The languages of all articles, as BCP 47 says them, in order."""
    return [one for one in session.connection().execute(_LANGUAGES).scalars() if one]


def delete(session: Session, article: Article, reader: Reader | None) -> None:
    """Take an article out of the library, with all that is about it; `restore` brings it back."""
    if article.deleted_at is None:
        article.deleted_at = now()
        _changed(session, article, "deleted", reader)


def restore(session: Session, article: Article, reader: Reader | None) -> None:
    """Bring an article back as it was: its notes, shares, places in collections."""
    if article.deleted_at is not None:
        article.deleted_at = None
        _changed(session, article, "restored", reader)


def _changed(session: Session, article: Article, deed: str, reader: Reader | None) -> None:
    session.add(article)
    session.flush()
    moderation.record(session, reader, deed, article=article)
    collections.touch_those_with(session, article)
    touch(session, article.id)


def deleted(session: Session, slug: str) -> Article | None:
    """The article of this address, if it is deleted: for who may bring it back."""
    return session.exec(select(Article).where(Article.slug == slug, col(Article.deleted_at).is_not(None))).first()


def all_deleted(session: Session) -> Sequence[Article]:
    """What has been deleted and not yet purged, the last one first: for who may bring it back."""
    gone = select(Article).where(col(Article.deleted_at).is_not(None))
    return session.exec(gone.order_by(col(Article.deleted_at).desc(), col(Article.id).desc())).all()


class Undone(NamedTuple):
    """What has just been done to an article, and what takes that back."""

    slug: str
    title: str
    what: Literal["deleted", "archived"]


def undone(session: Session, reader: Reader | None, slug: str, publishes: bool) -> Undone | None:
    """What can be undone about an article: that it is deleted, for who may, or that this reader has put it away."""
    article = session.exec(select(Article).where(Article.slug == slug)).first()
    if article is None:
        return None
    if article.deleted_at:
        return Undone(slug, article.title, "deleted") if publishes else None
    reading = readings.of(session, reader, article) if reader else None
    return Undone(slug, article.title, "archived") if reading and reading.archived_at else None
