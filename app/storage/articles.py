"""Articles, their revisions and paragraphs."""

import json
from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    bindparam,
    event,
    false,
    func,
    insert,
    inspect,
    text,
)
from sqlalchemy import select as columns
from sqlmodel import Field, Session, Text, col, select, update

from app.storage import pictures
from app.storage.database import Id, Table, lock_row, now
from app.text import slugs, structures, titles
from app.text.drafts import JOINT, Draft, DraftParagraph, words_in
from app.text.sentences import SEGMENTER
from app.text.spans import Span
from app.text.structures import PLAIN, Structure

WORDS_A_MINUTE = 220

DELETED = "deleted_at IS NOT NULL"

InOrder = Text().with_variant(Text(collation="C"), "postgresql")
"""Words that are in the same order in every database: that of their code points."""


class NotesClosed(ValueError):
    """No notes may be written on this article any more."""


class Article(Table, table=True):
    """What is read. `version` counts every change that anyone can see, so that pages know when they are stale."""

    # Each order of the library page is that of an index, whole and within a language.
    __table_args__ = (
        UniqueConstraint("slug"),
        # Of the few alone: else it would be taken for the many that are not.
        Index(None, "deleted_at", sqlite_where=text(DELETED), postgresql_where=text(DELETED)),
        Index(None, "title_key", "id"),
        Index(None, "words", "id"),
        Index(None, "language", "id"),
        Index(None, "language", "title_key", "id"),
        Index(None, "language", "words", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int = Field(default=None, sa_type=Id, primary_key=True)
    slug: str
    title: str
    title_key: str = Field(default="", sa_type=InOrder)
    """Where its title stands in the order of the alphabet, as `text.titles` says it: set with the title."""
    author: str = ""
    source: str = Field(default="", sa_type=Text)
    language: str = ""
    published_on: date | None = None
    """When it was published where it comes from."""
    words: int = 0
    revision: int = 1
    version: int = 1
    created_at: datetime = Field(default_factory=now)
    closed_at: datetime | None = None
    """Since when no notes may be written on it."""
    gathered: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether it is in a collection: `storage.collections` sees to that, and no page of others asks for one."""
    deleted_at: datetime | None = None
    """Since when it is there for nobody, with all that is about it: `storage.library` tells who brings it back."""

    @property
    def minutes(self) -> int:
        """How long it takes to read, at a usual pace."""
        return max(1, round(self.words / WORDS_A_MINUTE))

    @property
    def is_earlier(self) -> bool:
        """Whether this is the article as one of its former revisions has it: `as_it_was`."""
        return bool(inspect(self).transient)


@event.listens_for(Article, "before_insert")
@event.listens_for(Article, "before_update")
def _put_in_order(_mapper: object, _connection: object, article: Article) -> None:
    article.title_key = titles.key(article.title)


class Revision(Table, table=True):
    """One state of an article, and what cut its text into sentences: a later cut must not move their ids."""

    article_id: int = Field(sa_type=Id, primary_key=True, foreign_key="article.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    segmenter: str
    title: str
    author: str = ""
    source: str = Field(default="", sa_type=Text)
    language: str = ""
    words: int = 0
    created_at: datetime = Field(default_factory=now)
    reader_id: int | None = Field(default=None, sa_type=Id, foreign_key="reader.id", ondelete="SET NULL", index=True)
    """Who made it, if that is known."""
    restores: int | None = None
    """The revision that this one brought back."""
    before: int | None = None
    """The revision that comes back when this one is undone."""


class Paragraph(Table, table=True):
    """A block of one revision. Its place and its sentences are code points of the article's text."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["article_id", "revision"], ["revision.article_id", "revision.number"], ondelete="CASCADE"
        ),
        UniqueConstraint("article_id", "revision", "start"),
    )

    article_id: int = Field(sa_type=Id, primary_key=True)
    revision: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    start: int
    end: int
    kind: str
    text: str = Field(sa_type=Text)
    sentences: str = Field(sa_type=Text)
    """JSON: the start and end of each sentence, one after the other."""
    structure: str = Field(default="", sa_type=Text)
    """What lies over its words and around it, as `structures.written` says it; code points of the paragraph."""


# What every look-up and every list of articles asks: a deleted one is there for nobody.
HERE = col(Article.deleted_at).is_(None)

# Statements of the pages that are asked for most are built once: to build one costs as much as to run it.
_TAKEN = select(Article).where(Article.slug == bindparam("slug"))
_BY_SLUG = _TAKEN.where(HERE)
_PARAGRAPHS = (
    columns(
        col(Paragraph.number),
        col(Paragraph.start),
        col(Paragraph.end),
        col(Paragraph.kind),
        col(Paragraph.text),
        col(Paragraph.sentences),
        col(Paragraph.structure),
    )
    .where(col(Paragraph.article_id) == bindparam("article"), col(Paragraph.revision) == bindparam("revision"))
    .order_by(col(Paragraph.number))
)
_TEXTS = _PARAGRAPHS.with_only_columns(col(Paragraph.text))
_TOUCHED = _PARAGRAPHS.where(col(Paragraph.end) >= bindparam("from"), col(Paragraph.start) <= bindparam("to"))
_LAST = columns(func.max(col(Paragraph.number))).where(
    col(Paragraph.article_id) == bindparam("article"), col(Paragraph.revision) == bindparam("revision")
)
_TOUCH = update(Article).where(col(Article.id) == bindparam("article")).values(version=col(Article.version) + 1)
_TOUCH_OPEN = (
    update(Article)
    .where(col(Article.id) == bindparam("article"))
    .values(version=col(Article.version) + bindparam("by"))
).returning(col(Article.closed_at), col(Article.deleted_at), col(Article.revision))


class Block(NamedTuple):
    """A paragraph as it is read: where it stands (code points of the article's text), and its sentences."""

    number: int
    start: int
    end: int
    kind: str
    text: str
    sentences: Sequence[int]
    structure: Structure | None = None

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def sentence_spans(self) -> list[Span]:
        return [Span(*pair) for pair in zip(self.sentences[::2], self.sentences[1::2], strict=True)]


def publish(session: Session, draft: Draft) -> Article:
    """Keep a draft as an article, its sentences cut once and for all. A slug that is taken gets a number."""
    article = Article(
        slug=_free_slug(session, draft),
        published_on=draft.published_on,
        **said_of(draft),
    )
    session.add(article)
    session.flush()
    write(session, draft, Revision(article_id=article.id, number=1, segmenter=SEGMENTER, **said_of(draft)))
    return article


def publish_together(session: Session, drafts: Sequence[Draft]) -> list[Article]:
    """Publish what is read in this order, such as the chapters of a book: so it stands among the newest, too, of which
    the last one published comes first.
    """
    named: dict[str, Draft] = {}
    for draft in drafts:
        named[_free_slug(session, draft, named)] = draft
    made = [publish(session, replace(draft, slug=slug)) for slug, draft in reversed(named.items())]
    return made[::-1]


def said_of(draft: Draft) -> dict[str, Any]:
    """What is said of a text besides its words, and how many these are."""
    return {
        "title": draft.title,
        "author": draft.author,
        "source": draft.source,
        "language": draft.language,
        "words": sum(words_in(paragraph.text) for paragraph in draft.paragraphs),
    }


def write(session: Session, draft: Draft, revision: Revision) -> None:
    """Keep a draft as the text of a new revision of an article."""
    sentences = draft.sentences  # cut before: with its pictures it is another draft, of the same words
    draft = pictures.kept(session, revision.article_id, draft)
    session.add(revision)
    session.flush()
    starts = [span.start for span in draft.spans]
    blocks = zip(draft.paragraphs, draft.spans, sentences, strict=True)
    rows = [
        {
            "article_id": revision.article_id,
            "revision": revision.number,
            "number": number,
            "start": span.start,
            "end": span.end,
            "kind": paragraph.kind,
            "text": paragraph.text,
            "sentences": json.dumps(
                [at for sentence in found for at in (sentence.start, sentence.end)], separators=(",", ":")
            ),
            "structure": structures.written(paragraph.structure, starts),
        }
        for number, (paragraph, span, found) in enumerate(blocks, start=1)
    ]
    if rows:
        session.connection().execute(insert(Paragraph), rows)


def _free_slug(session: Session, draft: Draft, named: Container[str] = ()) -> str:
    def taken(slug: str) -> bool:
        return slug in named or session.exec(_TAKEN, params={"slug": slug}).first() is not None

    return slugs.free(draft.slug or slugs.slug_of(draft.title, "article"), taken)


def by_slug(session: Session, slug: str) -> Article | None:
    return session.exec(_BY_SLUG, params={"slug": slug}).first()


def was_deleted(session: Session, slug: str) -> bool:
    """Whether an article that had this address is deleted, and may be brought back."""
    found = session.exec(_TAKEN, params={"slug": slug}).first()
    return found is not None and found.deleted_at is not None


def get(session: Session, id: int) -> Article:
    """The article of this id. Raises sqlalchemy.exc.NoResultFound where there is none."""
    return session.get_one(Article, id)


def as_it_was(session: Session, article: Article, revision: int) -> Article | None:
    """The article as one of its revisions (a number from 1) has it: title, language, words, and that `revision`.

    For reading: whatever takes an article (`paragraphs_of`, `margins.annotations_seen_by` …) gives what stood on that
    revision. It is no row of the table, unless that revision is the current one; nothing is to be written on it.
    """
    if revision == article.revision:
        return article
    found = session.get(Revision, (article.id, revision))
    if found is None:
        return None
    said = {name: getattr(found, name) for name in ("title", "author", "source", "language", "words")}
    return Article(**article.model_dump() | said | {"revision": revision})


def text_of(session: Session, article: Article) -> str:
    """The whole text, whose code points all places count."""
    return JOINT.join(
        session.connection().execute(_TEXTS, {"article": article.id, "revision": article.revision}).scalars()
    )


def every(session: Session) -> Sequence[Article]:
    """All articles, the newest first."""
    return session.exec(select(Article).where(HERE).order_by(col(Article.id).desc())).all()


def closed(session: Session) -> Sequence[Article]:
    """The articles on which no notes may be written any more."""
    shut = select(Article).where(col(Article.closed_at).is_not(None), HERE)
    return session.exec(shut.order_by(col(Article.id))).all()


def is_empty(session: Session) -> bool:
    return session.exec(select(Article.id).limit(1)).first() is None


def paragraphs_of(session: Session, article: Article, within: Span | None = None) -> list[Block]:
    """The paragraphs of the current revision, in order; `within` (code points) only those that it touches."""
    current = {"article": article.id, "revision": article.revision}
    if within is None:
        rows = session.connection().execute(_PARAGRAPHS, current)
    else:
        rows = session.connection().execute(_TOUCHED, current | {"from": within.start, "to": within.end})
    return [
        Block(number, start, end, kind, text, json.loads(cut), structures.read(kept))
        for number, start, end, kind, text, cut, kept in rows
    ]


def drafted(blocks: Sequence[Block]) -> tuple[DraftParagraph, ...]:
    """All paragraphs of an article as a draft has them: its links within lead to their numbers."""
    numbers = {f"#p{block.start}": f"#{number}" for number, block in enumerate(blocks, start=1)}
    return tuple(
        DraftParagraph(block.text, block.kind, structures.led_to(block.structure or PLAIN, numbers)) for block in blocks
    )


def paragraph_numbered(session: Session, article: Article, number: int) -> Block | None:
    """The n-th paragraph, counted from 1."""
    found = session.get(Paragraph, (article.id, article.revision, number))
    if not found:
        return None
    cut = json.loads(found.sentences)
    return Block(found.number, found.start, found.end, found.kind, found.text, cut, structures.read(found.structure))


def count_paragraphs(session: Session, article: Article) -> int:
    """How many paragraphs the current revision has: they are numbered from 1."""
    return session.connection().execute(_LAST, {"article": article.id, "revision": article.revision}).scalar() or 0


def paragraph_at(session: Session, article: Article, place: int) -> Block | None:
    """The paragraph in which a place (code points) lies."""
    return next((block for block in paragraphs_of(session, article, Span(place, place)) if place < block.end), None)


def touch(session: Session, article_id: int) -> None:
    """Say that something about an article has changed that can be seen."""
    session.connection().execute(_TOUCH, {"article": article_id})


def touch_open(session: Session, article_id: int, for_all: bool = True) -> int:
    """The same of what is new on it, or of what is new there `for_all` only to be locked. Gives its current revision,
    which stays that until this is committed.

    Raises NotesClosed where no notes may be written on it, as of this moment.
    """
    closed_at, deleted_at, revision = (
        session.connection().execute(_TOUCH_OPEN, {"article": article_id, "by": int(for_all)}).one()
    )
    if deleted_at:
        raise NotesClosed("This article has been deleted. What you wrote has not been saved.")
    if closed_at:
        raise NotesClosed("Notes are closed on this article. What you wrote has not been saved.")
    return int(revision)


def lock(session: Session, article: Article) -> None:
    """Have an article be as it is now, and its text stay so until this is committed.

    Raises sqlalchemy.exc.NoResultFound where it has gone for good meanwhile.
    """
    lock_row(session, article, key_share=True)
