"""Hits: what is shown of the articles, passages and notes that were found, with their words marked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
)
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.storage.annotations import SEEN, Annotation
from app.storage.articles import Article, Paragraph
from app.storage.people.readers import Reader
from app.storage.searching.matching import PASSAGES, IsAmong, Statement
from app.text.searching.excerpts import Piece, excerpt
from app.text.searching.indexed import OVERLAP, PIECE
from app.text.searching.queries import Words
from app.text.tags import tags_of

Kind = Literal["articles", "passages", "notes"]
KINDS: tuple[Kind, ...] = ("articles", "passages", "notes")


class FoundArticle(NamedTuple):
    """An article whose title or author has the words."""

    slug: str
    language: str
    title: list[Piece]
    author: list[Piece]
    words: int


class FoundPassage(NamedTuple):
    """A paragraph with the words; `start` is where it stands in its article (code points)."""

    slug: str
    language: str
    title: str
    start: int
    excerpt: list[Piece]


class FoundNote(NamedTuple):
    """An annotation with the words, and where its thread stands."""

    id: int
    slug: str
    language: str
    title: str
    reader: str
    colour: str
    is_reply: bool
    excerpt: list[Piece]
    quote: str
    tags: str
    created_at: datetime

    @property
    def tagged(self) -> list[str]:
        return tags_of(self.tags)


Found = FoundArticle | FoundPassage | FoundNote


@dataclass(frozen=True)
class Hits:
    """Some of what was found of a kind, the best first, and how many there are, at most so many as are ranked: then
    `more`.
    """

    found: list[Any] = field(default_factory=list)
    count: int = 0
    more: bool = False


def article_of(passages: FromClause) -> ColumnElement[int]:
    """The article of a row of the index of passages."""
    found: ColumnElement[int] = passages.c.rowid.op("/")(literal_column("1073741824"))
    return found


def is_paragraph_of(passages: FromClause) -> ColumnElement[bool]:
    """That a paragraph is the one of a row of the index of passages."""
    return and_(
        col(Paragraph.article_id) == article_of(passages),
        col(Paragraph.revision) == col(Article.revision),
        col(Paragraph.number) == passages.c.rowid.op("/")(literal_column("256")).op("%")(literal_column("4194304")),
    )


_ROOT = aliased(Annotation)
_PIECE_OF = cast(PASSAGES.c.rowid.op("%")(literal_column("256")), Integer)
_THESE: BindParameter[Any] = bindparam("these", type_=String)

_ARTICLES = Statement(
    columns(
        col(Article.id),
        col(Article.slug),
        col(Article.language),
        col(Article.title),
        col(Article.author),
        col(Article.words),
    ).where(IsAmong(col(Article.id), _THESE))
)
_PARAGRAPHS = Statement(
    columns(
        PASSAGES.c.rowid,
        col(Article.slug),
        col(Article.language),
        col(Article.title),
        col(Paragraph.start),
        func.substr(col(Paragraph.text), _PIECE_OF * PIECE + 1, PIECE + OVERLAP),
    )
    .select_from(PASSAGES)
    .join(Article, col(Article.id) == article_of(PASSAGES))
    .join(Paragraph, is_paragraph_of(PASSAGES))
    .where(IsAmong(PASSAGES.c.rowid, _THESE))
)
_ANNOTATIONS = Statement(
    columns(
        col(Annotation.id),
        col(Article.slug),
        col(Article.language),
        col(Article.title),
        col(Reader.name),
        col(Annotation.colour),
        col(Annotation.root_id).is_not(None),
        col(Annotation.note),
        func.substr(func.coalesce(col(_ROOT.exact), col(Annotation.exact)), 1, 200),
        col(Annotation.tags),
        col(Annotation.created_at),
    )
    .join(Article, col(Article.id) == col(Annotation.article_id))
    .join(Reader, col(Reader.id) == col(Annotation.reader_id))
    .outerjoin(_ROOT, col(_ROOT.id) == col(Annotation.root_id))
    .where(SEEN, IsAmong(col(Annotation.id), _THESE))
)
_ABOUT = {"articles": _ARTICLES, "passages": _PARAGRAPHS, "notes": _ANNOTATIONS}


def about(
    connection: Connection, reader: int | None, kind: Kind, ids: Sequence[int], wanted: Sequence[Words]
) -> list[Found]:
    """What is shown of these rows of the index, in this order; of notes, what this reader may see."""
    if not ids:
        return []
    rows = _ABOUT[kind].rows(connection, {"these": json.dumps(ids), "reader": reader})
    shown: Mapping[int, Found]
    if kind == "articles":
        shown = {
            id: FoundArticle(slug, language, excerpt(title, wanted), excerpt(author, wanted), words)
            for id, slug, language, title, author, words in rows
        }
    elif kind == "passages":
        shown = {
            id: FoundPassage(slug, language, title, start, excerpt(text, wanted))
            for id, slug, language, title, start, text in rows
        }
    else:
        shown = {
            id: FoundNote(
                id, slug, language, title, name, colour, is_reply, excerpt(note, wanted), quote, tags, _time(at)
            )
            for id, slug, language, title, name, colour, is_reply, note, quote, tags, at in rows
        }
    return [shown[id] for id in ids if id in shown]


def _time(at: datetime | str) -> datetime:
    """SQLite keeps times as words."""
    return at if isinstance(at, datetime) else datetime.fromisoformat(at).replace(tzinfo=UTC)
