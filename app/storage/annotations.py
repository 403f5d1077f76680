"""Annotations: what readers lay over a passage, and where it stands on each revision."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import ForeignKeyConstraint, Index, and_, bindparam, func, insert, or_
from sqlalchemy import select as columns
from sqlmodel import Field, Session, Text, col, select, update

from app.storage.articles import Article, quoted, touch
from app.storage.database import Id, Table, now
from app.storage.readers import Reader
from app.text.notes import Colour, html_of
from app.text.spans import Span

Visibility = Literal["everyone", "me"]

NOTE_LENGTH = 10_000
"""In code points."""


class Annotation(Table, table=True):
    """The one thing that readers store: a target, and perhaps a note. What is deleted stays for an undo."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["article_id", "revision"], ["revision.article_id", "revision.number"], ondelete="CASCADE"
        ),
        Index(None, "article_id", "reader_id"),
        {"sqlite_autoincrement": True},
    )

    id: int = Field(default=None, sa_type=Id, primary_key=True)
    article_id: int = Field(sa_type=Id)
    revision: int
    reader_id: int = Field(sa_type=Id, foreign_key="reader.id", ondelete="CASCADE", index=True)
    exact: str = Field(sa_type=Text)
    prefix: str = ""
    suffix: str = ""
    note: str = Field(default="", sa_type=Text)
    note_html: str = Field(default="", sa_type=Text)
    colour: str = "yellow"
    visibility: str = "everyone"
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)
    deleted_at: datetime | None = None

    @property
    def motivation(self) -> str:
        """Why it was made, as W3C Web Annotation Vocabulary, section 3.3, calls it."""
        return "commenting" if self.note else "highlighting"


class Placement(Table, table=True):
    """Where an annotation stands on one revision (code points of its text), and how surely.

    Its status is `ok`, `changed`, `moved` or `orphan` (its words are gone from this revision).
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["article_id", "revision"], ["revision.article_id", "revision.number"], ondelete="CASCADE"
        ),
        Index(None, "article_id", "revision", "start"),
    )

    annotation_id: int = Field(sa_type=Id, primary_key=True, foreign_key="annotation.id", ondelete="CASCADE")
    revision: int = Field(primary_key=True)
    article_id: int = Field(sa_type=Id)
    start: int
    end: int
    status: str = "ok"


class Seen(NamedTuple):
    """An annotation as a reader sees it on the current revision."""

    id: int
    start: int
    end: int
    reader_id: int
    reader: str
    colour: str
    visibility: str
    note_html: str
    created_at: datetime

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


class Tally(NamedTuple):
    """How many notes (annotations with words), highlights (without) and readers an article has."""

    notes: int = 0
    highlights: int = 0
    readers: int = 0


# The one clause that says which annotations a reader may see. Who has made no mark yet is no reader: they bind NULL.
SEEN = and_(
    col(Annotation.deleted_at).is_(None),
    or_(col(Annotation.visibility) == "everyone", col(Annotation.reader_id) == bindparam("reader")),
)

_ON_ARTICLE = (
    columns(
        col(Annotation.id),
        col(Placement.start),
        col(Placement.end),
        col(Annotation.reader_id),
        col(Reader.name),
        col(Annotation.colour),
        col(Annotation.visibility),
        col(Annotation.note_html),
        col(Annotation.created_at),
    )
    .select_from(Placement)
    .join(Annotation)
    .join(Reader)
    .where(col(Placement.article_id) == bindparam("article"), col(Placement.revision) == bindparam("revision"), SEEN)
    .order_by(col(Placement.start), col(Annotation.id))
)
_TOUCHED = _ON_ARTICLE.where(col(Placement.start) < bindparam("to"), col(Placement.end) > bindparam("from"))

_COUNTED = (
    columns(
        col(Annotation.article_id),
        func.count(),
        func.count(func.nullif(col(Annotation.note), "")),
        func.count(func.distinct(col(Annotation.reader_id))),
    )
    .where(SEEN)
    .group_by(col(Annotation.article_id))
)
_COUNTED_ON_ARTICLE = _COUNTED.where(col(Annotation.article_id) == bindparam("article"))


def annotations_seen_by(
    session: Session, reader: Reader | None, article: Article, within: Span | None = None
) -> list[Seen]:
    """What this reader may see on the current revision, in the order of the text; `within` only what touches it."""
    wanted = {"article": article.id, "revision": article.revision, "reader": reader and reader.id}
    if within is None:
        return [Seen(*row) for row in session.connection().execute(_ON_ARTICLE, wanted)]
    return [
        Seen(*row) for row in session.connection().execute(_TOUCHED, wanted | {"from": within.start, "to": within.end})
    ]


def tally_of(seen: Sequence[Seen]) -> Tally:
    """Count what has been read already: all that a reader sees on an article."""
    notes = sum(1 for one in seen if one.note_html)
    return Tally(notes, len(seen) - notes, len({one.reader_id for one in seen}))


def tallies(session: Session, reader: Reader | None) -> dict[int, Tally]:
    """Count what this reader may see on every article; by the article's id, zeros left out."""
    rows = session.connection().execute(_COUNTED, {"reader": reader and reader.id})
    return {id: Tally(notes, found - notes, readers) for id, found, notes, readers in rows}


def tally(session: Session, reader: Reader | None, article: Article) -> Tally:
    """Count what this reader may see on an article."""
    wanted = {"article": article.id, "reader": reader and reader.id}
    for _, found, notes, readers in session.connection().execute(_COUNTED_ON_ARTICLE, wanted):
        return Tally(notes, found - notes, readers)
    return Tally()


def by_id(session: Session, reader: Reader | None, id: int) -> Annotation | None:
    """The annotation, if this reader may see it."""
    seen = select(Annotation).where(Annotation.id == id, SEEN)
    return session.exec(seen, params={"reader": reader and reader.id}).first()


def own(session: Session, reader: Reader, id: int) -> Annotation | None:
    """The annotation, deleted or not, if this reader made it: what may be changed is one's own."""
    return session.exec(select(Annotation).where(Annotation.id == id, Annotation.reader_id == reader.id)).first()


def place_of(session: Session, id: int, article: Article) -> Span | None:
    """Where an annotation stands on the article's current revision; None if its words are gone from it."""
    placement = session.get(Placement, (id, article.revision))
    return Span(placement.start, placement.end) if placement and placement.status != "orphan" else None


def annotate(
    session: Session,
    article: Article,
    reader: Reader,
    passage: Span,
    *,
    exact: str | None = None,
    note: str = "",
    colour: Colour = "yellow",
    visibility: Visibility = "everyone",
) -> Annotation:
    """Lay a highlight over a passage (code points), with a note beside it if there is one.

    `exact` is what the reader saw there. Raises what `articles.quoted` does.
    """
    said = quoted(session, article, passage, exact)
    annotation = Annotation(
        article_id=article.id,
        revision=article.revision,
        reader_id=reader.id,
        exact=said.exact,
        prefix=said.prefix,
        suffix=said.suffix,
        note=note,
        note_html=html_of(note),
        colour=colour,
        visibility=visibility,
    )
    session.add(annotation)
    session.flush()
    session.connection().execute(
        insert(Placement),
        {
            "annotation_id": annotation.id,
            "revision": article.revision,
            "article_id": article.id,
            "start": passage.start,
            "end": passage.end,
            "status": "ok",
        },
    )
    touch(session, article.id)
    return annotation


def reword(
    session: Session,
    annotation: Annotation,
    *,
    note: str | None = None,
    colour: Colour | None = None,
    visibility: Visibility | None = None,
) -> Annotation:
    """Change what an annotation says, its colour, and who may see it; None leaves one of them as it is."""
    if note is not None:
        annotation.note = note
        annotation.note_html = html_of(note)
    annotation.colour = colour or annotation.colour
    annotation.visibility = visibility or annotation.visibility
    annotation.updated_at = now()
    session.add(annotation)
    touch(session, annotation.article_id)
    return annotation


def erase(session: Session, annotation: Annotation) -> None:
    """Take an annotation off the page; `restore` brings it back."""
    if annotation.deleted_at is None:
        annotation.deleted_at = now()
        session.add(annotation)
        touch(session, annotation.article_id)


def restore(session: Session, annotation: Annotation) -> None:
    if annotation.deleted_at is not None:
        annotation.deleted_at = None
        session.add(annotation)
        touch(session, annotation.article_id)


def touch_articles_of(session: Session, reader: Reader) -> None:
    """Say that every page with a note of this reader has changed: their name has."""
    theirs = select(Annotation.article_id).where(Annotation.reader_id == reader.id)
    session.exec(update(Article).where(col(Article.id).in_(theirs)).values(version=col(Article.version) + 1))


def is_for_everyone(session: Session, id: int) -> bool:
    """Whether anybody may see an annotation, and it has not been deleted."""
    return by_id(session, None, id) is not None
