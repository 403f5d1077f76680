"""Collections: articles that belong together, in an order: the chapters of a book, the texts of a course."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Index, ScalarSelect, and_, bindparam, func, insert, literal
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, Text, col, delete, select, update

from app.storage.articles import HERE, Article
from app.storage.database import Id, Table, lock_row, now
from app.storage.people.readers import Reader
from app.text import slugs


class Collection(Table, table=True):
    """A title over some articles. They are in the library without it, too, and may be in several."""

    __table_args__ = {"sqlite_autoincrement": True}

    id: int = Field(default=None, sa_type=Id, primary_key=True)
    slug: str = Field(unique=True)
    title: str = Field(sa_type=Text)
    author: str = Field(default="", sa_type=Text)
    source: str = Field(default="", sa_type=Text)
    reader_id: int | None = Field(default=None, sa_type=Id, foreign_key="reader.id", ondelete="SET NULL", index=True)
    """Who has made it."""
    created_at: datetime = Field(default_factory=now)


class Part(Table, table=True):
    """That an article is in a collection, and at which place in it, counted from 1."""

    __table_args__ = (Index(None, "collection_id", "position"),)

    collection_id: int = Field(sa_type=Id, primary_key=True, foreign_key="collection.id", ondelete="CASCADE")
    article_id: int = Field(sa_type=Id, primary_key=True, foreign_key="article.id", ondelete="CASCADE", index=True)
    position: int


class Gathered(NamedTuple):
    """A collection in a list of them: how many articles it has, and how long they are together."""

    collection: Collection
    articles: int
    words: int


class Other(NamedTuple):
    """An article that stands beside another, or a collection in which one is."""

    slug: str
    title: str
    language: str = ""


class Neighbours(NamedTuple):
    """A collection (slug, title) in which an article is, and what stands there before and after it."""

    slug: str
    title: str
    before: Other | None
    after: Other | None


_BESIDE = aliased(Part)
_OTHER = aliased(Article)


def _next(away: ColumnElement[bool], order: Any) -> ScalarSelect[int]:
    """The id of the article that stands nearest to another in its collection, to one side of it."""
    found = (
        columns(col(_OTHER.id))
        .join(_BESIDE, col(_BESIDE.article_id) == col(_OTHER.id))
        .where(col(_BESIDE.collection_id) == col(Part.collection_id), away, col(_OTHER.deleted_at).is_(None))
        .order_by(order)
        .limit(1)
    )
    return found.correlate(Part).scalar_subquery()


_BEFORE, _AFTER = aliased(Article), aliased(Article)
_NEIGHBOURS = (
    columns(
        col(Collection.slug),
        col(Collection.title),
        *(column for one in (_BEFORE, _AFTER) for column in (col(one.slug), col(one.title), col(one.language))),
    )
    .select_from(Part)
    .join(Collection, col(Collection.id) == col(Part.collection_id))
    .outerjoin(
        _BEFORE,
        col(_BEFORE.id) == _next(col(_BESIDE.position) < col(Part.position), col(_BESIDE.position).desc()),
    )
    .outerjoin(_AFTER, col(_AFTER.id) == _next(col(_BESIDE.position) > col(Part.position), col(_BESIDE.position)))
    .where(col(Part.article_id) == bindparam("article"))
    .order_by(col(Collection.id))
)
_GATHERED = (
    select(Collection, func.count(col(Article.id)), func.coalesce(func.sum(col(Article.words)), 0))
    .outerjoin(Part, col(Part.collection_id) == col(Collection.id))
    .outerjoin(Article, and_(col(Article.id) == col(Part.article_id), HERE))
    .group_by(col(Collection.id))
    .order_by(col(Collection.id).desc())
)


def gather(
    session: Session,
    title: str,
    articles: Sequence[Article] = (),
    *,
    author: str = "",
    source: str = "",
    reader: Reader | None = None,
) -> Collection:
    """Make a collection of some articles, in this order. A slug that is taken gets a number."""
    made = Collection(
        slug=slugs.free(slugs.slug_of(title, "collection"), lambda slug: by_slug(session, slug) is not None),
        title=title,
        author=author,
        source=source,
        reader_id=reader.id if reader else None,
    )
    session.add(made)
    session.flush()
    _arrange(session, made, [article.id for article in articles])
    return made


def by_slug(session: Session, slug: str) -> Collection | None:
    return session.exec(select(Collection).where(Collection.slug == slug)).first()


def every(session: Session, at_most: int | None = None) -> list[Gathered]:
    """All collections, the newest first, or so many of them."""
    return [Gathered(*row) for row in session.exec(_GATHERED.limit(at_most))]


def newest(session: Session, at_most: int) -> Sequence[Collection]:
    """The last collections that have been made."""
    return session.exec(select(Collection).order_by(col(Collection.id).desc()).limit(at_most)).all()


def of_articles(session: Session, article_ids: Iterable[int]) -> dict[int, list[Other]]:
    """In which collections some articles are (slug, title): by the article's id."""
    found: defaultdict[int, list[Other]] = defaultdict(list)
    there = (
        columns(col(Part.article_id), col(Collection.slug), col(Collection.title))
        .join(Collection, col(Collection.id) == col(Part.collection_id))
        .where(col(Part.article_id).in_(list(article_ids)))
        .order_by(col(Collection.id))
    )
    for id, slug, title in session.connection().execute(there):
        found[id].append(Other(slug, title))
    return found


def articles_of(session: Session, collection: Collection) -> Sequence[Article]:
    """The articles of a collection, in order."""
    found = select(Article).join(Part, col(Part.article_id) == col(Article.id)).where(HERE)
    return session.exec(found.where(Part.collection_id == collection.id).order_by(col(Part.position))).all()


def neighbours(session: Session, article: Article) -> list[Neighbours]:
    """Of each collection in which an article is, what stands before and after it."""
    if not article.gathered:
        return []
    rows = session.connection().execute(_NEIGHBOURS, {"article": article.id})
    return [
        Neighbours(slug, title, Other(*beside[:3]) if beside[0] else None, Other(*beside[3:]) if beside[3] else None)
        for slug, title, *beside in rows
    ]


def call(session: Session, collection: Collection, title: str, author: str = "", source: str = "") -> None:
    """Say otherwise what a collection is called, and by whom and from where its articles are. Its address stays."""
    collection.title, collection.author, collection.source = title, author, source
    session.add(collection)
    session.flush()
    _touch(session, _ids(session, collection))


def add(session: Session, collection: Collection, articles: Sequence[Article]) -> None:
    """Put articles at the end of a collection; one that is in it stays where it is."""
    _arrange(session, collection, [*_ids(session, collection), *(one.id for one in articles)])


def take_out(session: Session, collection: Collection, article_ids: Sequence[int]) -> None:
    """Take articles out of a collection; in the library they stay."""
    _arrange(session, collection, [id for id in _ids(session, collection) if id not in article_ids])


def reorder(session: Session, collection: Collection, wanted: Mapping[int, int]) -> None:
    """Bring articles (ids) to other places, counted from 1: up to before what stood there, or down to after it.

    One that is deleted is counted nowhere, and stays behind what it stood behind.
    """
    there = _ids(session, collection)
    here = {article.id for article in articles_of(session, collection)}
    behind: dict[int, list[int]] = {0: []}
    last = 0
    for id in there:
        if id in here:
            last, behind[id] = id, []
        else:
            behind[last].append(id)

    def place(at: int, id: int) -> tuple[int, int]:
        asked = wanted.get(id, at)
        return asked, (asked > at) - (asked < at)

    shown = enumerate((id for id in there if id in here), start=1)
    order = [0, *(id for _, id in sorted(shown, key=lambda one: place(*one)))]
    _arrange(session, collection, [one for id in order for one in (id, *behind[id]) if one])


def discard(session: Session, collection: Collection) -> None:
    """Take a collection away; its articles stay."""
    there = _ids(session, collection)
    session.delete(collection)
    session.flush()
    _touch(session, there)


def touch_those_with(session: Session, article: Article) -> None:
    """Say that the pages have changed of all that stands in a collection with an article."""
    with_it = columns(col(Part.collection_id)).where(col(Part.article_id) == article.id)
    there = columns(col(Part.article_id)).where(col(Part.collection_id).in_(with_it))
    _touch(session, session.connection().execute(there).scalars().all())


def _ids(session: Session, collection: Collection) -> list[int]:
    """The ids of its articles as they are now, and until this is committed."""
    lock_row(session, collection)
    there = select(Part.article_id).where(Part.collection_id == collection.id).order_by(col(Part.position))
    return list(session.exec(there))


def _arrange(session: Session, collection: Collection, article_ids: Sequence[int]) -> None:
    before = _ids(session, collection)
    session.exec(delete(Part).where(col(Part.collection_id) == collection.id))
    rows = [
        {"collection_id": collection.id, "article_id": id, "position": position}
        for position, id in enumerate(dict.fromkeys(article_ids), start=1)
    ]
    if rows:
        session.connection().execute(insert(Part), rows)
    _touch(session, [*before, *article_ids])


def _touch(session: Session, article_ids: Iterable[int]) -> None:
    """Say that the pages of articles have changed, on which stands what comes before and after them."""
    within = columns(literal(1)).where(col(Part.article_id) == col(Article.id)).correlate(Article).exists()
    for id in sorted(set(article_ids)):  # in one order, as all who write lock them
        changed = update(Article).where(col(Article.id) == id)
        session.exec(changed.values(version=col(Article.version) + 1, gathered=within))
