"""The margin: what a reader may see beside an article, whole, in part or only counted."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, case, func, literal, or_
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.storage.annotations import MAY_SEE, READER, SEEN, Annotation, Placement
from app.storage.articles import Article
from app.storage.people.groups import Group, Membership
from app.storage.people.readers import Reader
from app.text.comparing.revisions import Status
from app.text.spans import Span
from app.text.tags import tags_of

AT_ONCE = 10_000
"""How many ids one statement may name: SQLite takes about 32,000 of whatever is bound."""


class Seen(NamedTuple):
    """An annotation as a reader sees it on a revision; a deleted one only where replies keep its place."""

    id: int
    start: int
    end: int
    reader_id: int
    reader: str
    colour: str
    visibility: str
    tags: str
    created_at: datetime
    resolved_at: datetime | None = None
    deleted_at: datetime | None = None
    group: str | None = None
    """The name of the group for which it was written, while the reader is in it."""
    hidden_at: datetime | None = None
    status: Status = "ok"
    """How surely it stands there. The places of an orphan are of the text of a former revision."""
    quote: str | None = None
    """The words that it was written about, where others stand there now."""
    resolver: str | None = None
    note_html: str = ""

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


class Reply(NamedTuple):
    """A reply as a reader sees it; a deleted one only where further replies may keep its place."""

    id: int
    root_id: int
    parent_id: int
    reader_id: int
    reader: str
    created_at: datetime
    deleted_at: datetime | None
    note_html: str


class Tally(NamedTuple):
    """How many notes (annotations with words), highlights (without), replies and readers an article has."""

    notes: int = 0
    highlights: int = 0
    replies: int = 0
    readers: int = 0
    mine: int = 0
    """How many of all of them are the reader's own, where that is counted."""

    @property
    def annotations(self) -> int:
        """All that stands in the text."""
        return self.notes + self.highlights


_REPLY = aliased(Annotation)
_RESOLVER = aliased(Reader)
_MEMBERSHIP = aliased(Membership)

# Of what has been purged nobody is the author any more: there is nothing left to restore.
_AUTHOR = case((col(Annotation.purged_at).is_(None), col(Annotation.reader_id)), else_=0)

# What is deleted keeps its place while there are replies to it.
_KEPT_BY_REPLIES = columns(literal(1)).where(col(_REPLY.root_id) == Annotation.id, col(_REPLY.deleted_at).is_(None))

# What has been attached anew quotes later words than stood on the revisions before that.
_ATTACHED_SINCE = col(Annotation.revision) > col(Placement.revision)

ON_REVISION = (
    columns(
        col(Annotation.id),
        col(Placement.start),
        col(Placement.end),
        _AUTHOR,
        col(Reader.name),
        col(Annotation.colour),
        col(Annotation.visibility),
        col(Annotation.tags),
        col(Annotation.created_at),
        col(Annotation.resolved_at),
        col(Annotation.deleted_at),
        col(Group.name),
        col(Annotation.hidden_at),
        col(Placement.status),
        case((and_(col(Placement.status) != "ok", ~_ATTACHED_SINCE), col(Annotation.exact))),
    )
    .select_from(Placement)
    .join(Annotation)
    .join(Reader, col(Reader.id) == Annotation.reader_id)
    .outerjoin(
        _MEMBERSHIP, and_(col(_MEMBERSHIP.group_id) == Annotation.group_id, col(_MEMBERSHIP.reader_id) == READER)
    )
    .outerjoin(Group, col(Group.id) == _MEMBERSHIP.group_id)
    .where(
        col(Placement.article_id) == bindparam("article"),
        col(Placement.revision) == bindparam("revision"),
        MAY_SEE,
        or_(col(Annotation.deleted_at).is_(None), _KEPT_BY_REPLIES.exists()),
    )
    .order_by(col(Placement.start), col(Annotation.id))
)
"""Where annotations stand on a revision that a reader may see, orphans too."""

# Whatever stands in the text.
_PLACES = ON_REVISION.where(col(Placement.status) != "orphan")


def with_words(places: Select[Any]) -> Select[Any]:
    """The same with the words of the notes, and who has settled them."""
    resolved = places.outerjoin(_RESOLVER, col(_RESOLVER.id) == Annotation.resolved_by)
    return resolved.add_columns(col(_RESOLVER.name), col(Annotation.note_html))


_ON_ARTICLE = with_words(_PLACES)
_TOUCHED = _ON_ARTICLE.where(col(Placement.start) < bindparam("to"), col(Placement.end) > bindparam("from"))
_PLACES_TOUCHED = _PLACES.where(col(Placement.start) < bindparam("to"), col(Placement.end) > bindparam("from"))
_CHOSEN = _ON_ARTICLE.where(col(Annotation.id).in_(bindparam("ids", expanding=True)))

_REPLIES = (
    columns(
        col(Annotation.id),
        col(Annotation.root_id),
        col(Annotation.parent_id),
        _AUTHOR,
        col(Reader.name),
        col(Annotation.created_at),
        col(Annotation.deleted_at),
        col(Annotation.note_html),
    )
    .join(Reader, col(Reader.id) == Annotation.reader_id)
    .where(col(Annotation.article_id) == bindparam("article"), col(Annotation.root_id).is_not(None), MAY_SEE)
    .order_by(col(Annotation.id))
)
_REPLIES_TO = _REPLIES.where(col(Annotation.root_id).in_(bindparam("ids", expanding=True)))

_COUNTED = (
    columns(
        col(Annotation.article_id),
        func.count(),
        func.count(func.nullif(col(Annotation.note), "")),
        func.count(col(Annotation.root_id)),
        func.count(func.distinct(col(Annotation.reader_id))),
    )
    .where(SEEN)
    .group_by(col(Annotation.article_id))
)
_COUNTED_ON_ARTICLE = _COUNTED.where(col(Annotation.article_id) == bindparam("article"))
_STOOD = columns(literal(1)).where(
    col(Placement.annotation_id) == func.coalesce(col(Annotation.root_id), col(Annotation.id)),
    col(Placement.revision) == bindparam("revision"),
)
_COUNTED_ON_REVISION = _COUNTED_ON_ARTICLE.where(_STOOD.exists())

_ON_SHELF = _COUNTED.add_columns(func.count(case((col(Annotation.reader_id) == READER, 1)))).where(
    col(Annotation.article_id).in_(bindparam("articles", expanding=True))
)

_MINE = aliased(Annotation)
_WRITTEN_IN = (
    columns(col(Article.slug), col(Article.title), func.count(), func.count(func.distinct(col(Annotation.reader_id))))
    .join(Annotation, col(Annotation.article_id) == Article.id)
    .where(SEEN, col(Annotation.group_id) == bindparam("group"), col(Annotation.root_id).is_(None))
    .group_by(col(Article.id), col(Article.slug), col(Article.title))
    .order_by(func.max(col(Annotation.id)).desc())
)

_WAITING = (
    columns(col(Group.id), col(Group.name))
    .join(Membership, col(Membership.group_id) == Group.id)
    .where(
        col(Group.hides),
        col(Membership.reader_id) == bindparam("reader"),
        col(Membership.role) != "owner",
        ~columns(literal(1))
        .where(
            col(_MINE.article_id) == bindparam("article"),
            col(_MINE.reader_id) == bindparam("reader"),
            col(_MINE.group_id) == col(Group.id),
            col(_MINE.deleted_at).is_(None),
            col(_MINE.note_html) != "",
        )
        .exists(),
    )
    .order_by(func.lower(Group.name))
)

_TAGS = (
    columns(col(Annotation.tags))
    .distinct()
    .where(
        SEEN,
        col(Annotation.tags) != "",
        or_(col(Annotation.article_id) == bindparam("article"), col(Annotation.reader_id) == bindparam("reader")),
    )
)


def annotations_seen_by(
    session: Session,
    reader: Reader | None,
    article: Article,
    within: Span | None = None,
    ids: Collection[int] | None = None,
) -> list[Seen]:
    """What this reader may see in the text of an article, in its order; orphans are `orphans.orphans_seen_by`'s.

    `within` (code points) only what touches it, `ids` only what is among them.
    """
    wanted = asked(reader, article)
    if ids is not None:
        rows = session.connection().execute(_CHOSEN, wanted | {"ids": list(ids)})
    elif within is not None:
        rows = session.connection().execute(_TOUCHED, wanted | {"from": within.start, "to": within.end})
    else:
        rows = session.connection().execute(_ON_ARTICLE, wanted)
    return [seen(row, reader) for row in rows]


def places_seen_by(session: Session, reader: Reader | None, article: Article, within: Span | None = None) -> list[Seen]:
    """The same without the words of the notes, which are most of it: where a crowd stands, and who is in it."""
    wanted = asked(reader, article)
    if within is None:
        rows = session.connection().execute(_PLACES, wanted)
    else:
        rows = session.connection().execute(_PLACES_TOUCHED, wanted | {"from": within.start, "to": within.end})
    return [seen(row, reader) for row in rows]


def replies_seen_by(
    session: Session, reader: Reader | None, article: Article, ids: Collection[int] | None = None
) -> list[Reply]:
    """The replies that this reader may see, the oldest first; `ids` only those of threads that began with these."""
    wanted = asked(reader, article)
    if ids is None:
        return [_reply(row) for row in session.connection().execute(_REPLIES, wanted)]
    found: list[Reply] = []
    for some in at_once(list(ids)):
        found += map(_reply, session.connection().execute(_REPLIES_TO, wanted | {"ids": some}))
    return sorted(found, key=lambda one: one.id)


def at_once(ids: list[int]) -> Iterator[list[int]]:
    """Ids, so many at a time as a statement may name."""
    return (ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE))


def asked(reader: Reader | None, article: Article) -> dict[str, Any]:
    """What statements of this file want to know: about which revision, and who asks."""
    return {"article": article.id, "revision": article.revision, "reader": reader and reader.id}


def seen(row: Sequence[Any], reader: Reader | None) -> Seen:
    """A row of `ON_REVISION` as this reader sees it."""
    one = Seen(*row)
    if one.deleted_at is None:
        return one
    whose = one.reader_id if reader and reader.id == one.reader_id else 0
    return one._replace(reader_id=whose, reader="", tags="", quote=None, note_html="")


def _reply(row: Sequence[Any]) -> Reply:
    one = Reply(*row)
    return one if one.deleted_at is None else one._replace(reader="", note_html="")


def tallies(session: Session, reader: Reader | None, article_ids: Collection[int]) -> dict[int, Tally]:
    """Count what this reader may see on some articles, and what of it is their own; by id, zeros left out."""
    rows = session.connection().execute(_ON_SHELF, {"reader": reader and reader.id, "articles": list(article_ids)})
    return {id: _tally(*counts) for id, *counts in rows}


def tally(session: Session, reader: Reader | None, article: Article) -> Tally:
    """Count what this reader may see on an article, orphans too; of a former revision, what there was on it."""
    counted = _COUNTED_ON_REVISION if article.is_earlier else _COUNTED_ON_ARTICLE
    for _, *counts in session.connection().execute(counted, asked(reader, article)):
        return _tally(*counts)
    return Tally()


def _tally(found: int, with_words: int, replies: int, readers: int, mine: int = 0) -> Tally:
    return Tally(with_words - replies, found - with_words, replies, readers, mine)


class Written(NamedTuple):
    """An article, how many annotations on it a group has, and by how many readers."""

    slug: str
    title: str
    annotations: int
    readers: int


def written_in(session: Session, reader: Reader, group: Group) -> list[Written]:
    """On which articles the readers of a group have written for it, as far as a reader may see that."""
    rows = session.connection().execute(_WRITTEN_IN, {"reader": reader.id, "group": group.id})
    return [Written(*row) for row in rows]


def groups_waiting_for(session: Session, reader: Reader | None, article: Article) -> dict[int, str]:
    """The groups (ids, names) that show a reader the others' notes once they have written one on this article."""
    if reader is None:
        return {}
    rows = session.connection().execute(_WAITING, {"reader": reader.id, "article": article.id})
    return {row.id: row.name for row in rows}


def tags_known_to(session: Session, reader: Reader | None, article: Article) -> list[str]:
    """The tags that a reader may want again: those they may see on an article, and all their own."""
    rows = session.connection().execute(_TAGS, asked(reader, article)).scalars()
    return sorted({tag.casefold(): tag for written in rows for tag in tags_of(written)}.values(), key=str.casefold)
