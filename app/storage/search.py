"""Search: articles, passages and notes by their words. It knows which dialect the database speaks.

The index is kept by triggers that a migration makes, so nothing that is written can pass it by. Each of its tables has
the folded words of a row, and keys (`app/text/indexed.py`); its rowid says of which row.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    or_,
    table,
)
from sqlalchemy import select as columns
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.expression import FunctionElement, TableClause
from sqlalchemy.types import NullType
from sqlmodel import Session, col

from app.storage.annotations import SEEN, Annotation, Placement
from app.storage.articles import HERE, Article, Paragraph
from app.storage.collections import Collection, Part
from app.storage.groups import Membership
from app.storage.readers import Reader
from app.text.excerpts import Piece, excerpt
from app.text.folding import folded
from app.text.indexed import OVERLAP, PIECE, tag_key
from app.text.queries import Query, Words
from app.text.ranking import ranking
from app.text.tags import tags_of

Kind = Literal["articles", "passages", "notes"]
KINDS: tuple[Kind, ...] = ("articles", "passages", "notes")

RANKED = 1_000
"""Of what is found, so many are ranked and can be looked through: the newest. Who finds more had better add a word."""

SIFTED = 2 * RANKED
"""Where more notes than this have the words, the index is asked for those alone that this reader could see."""

LOOKED_THROUGH = 20 * RANKED
"""Of the passages that have the words, so many are looked through for those with a note: the newest."""

MOST_READERS = 100
"""So many readers of one name are looked for."""

MOST_ARTICLES = 500
"""In so many articles one can look at once."""


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
    """Some of what was found of a kind, the best first, and how many there are: at most `RANKED`, then `more`."""

    found: list[Any] = field(default_factory=list)
    count: int = 0
    more: bool = False


NOTHING = Hits()


# ── what the dialects say differently


class _Matches(FunctionElement[Any]):
    """That a row of the index has what an expression asks for."""

    type = NullType()  # else SQLite would be asked whether it is 1
    inherit_cache = True


@compiles(_Matches, "sqlite")
def _by_fts5(element: Any, compiler: Any, **how: Any) -> str:
    terms, asked = element.clauses
    return f"{terms.table.name} MATCH {compiler.process(asked, **how)}"


@compiles(_Matches, "postgresql")
def _by_tsquery(element: Any, compiler: Any, **how: Any) -> str:
    terms, asked = element.clauses
    return f"{compiler.process(terms, **how)} @@ CAST({compiler.process(asked, **how)} AS tsquery)"


class _IsAmong(FunctionElement[Any]):
    """That an id is one of a list, which is written as JSON."""

    type = NullType()
    inherit_cache = True


@compiles(_IsAmong, "sqlite")
def _in_json(element: Any, compiler: Any, **how: Any) -> str:
    id, these = (compiler.process(clause, **how) for clause in element.clauses)
    return f"{id} IN (SELECT value FROM json_each({these}))"  # noqa: S608


@compiles(_IsAmong, "postgresql")
def _in_array(element: Any, compiler: Any, **how: Any) -> str:
    id, these = (compiler.process(clause, **how) for clause in element.clauses)
    return f"{id} = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST({these} AS json)) AS bigint)))"


def expression(sqlite: bool, all_of: Iterable[Sequence[Words]], none_of: Iterable[Words]) -> str:
    """What to ask the index: of each of `all_of` one at least, and none of the others. Words are folded, or keys."""
    said, both, either = (_in_fts5, " AND ", " OR ") if sqlite else (_in_tsquery, " & ", " | ")
    wanted = both.join("(" + either.join(map(said, one)) + ")" for one in all_of)
    without = " NOT " if sqlite else " & !"
    return f"({wanted})" + "".join(f"{without}{said(words)}" for words in none_of)


def _in_fts5(words: Words) -> str:
    return f'"{" ".join(words.words)}"' + ("*" if words.begins else "")


def _in_tsquery(words: Words) -> str:
    phrase = " <-> ".join(f"'{word}'" for word in words.words)
    return f"({phrase}{':*' if words.begins else ''})"


def _index(of: str) -> TableClause:
    return table(f"search_{of}", column("rowid"), column("words", String), column("terms"))


_TITLES, _PASSAGES, _NOTES, _NAMES = map(_index, ("article", "passage", "note", "reader"))


def _newest(index: TableClause, most: int) -> Select[Any]:
    """The newest rows of an index that have what is `asked`."""
    asked = _Matches(index.c.terms, bindparam("asked", type_=String))
    return columns(index.c.rowid, index.c.words).where(asked).order_by(index.c.rowid.desc()).limit(most)


class _Statement:
    """A statement that is written once for each dialect: to write it anew takes longer than to look a word up."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._written: dict[str, tuple[str, dict[str, Any], Sequence[str] | None]] = {}

    def rows(self, connection: Connection, what: dict[str, Any]) -> Sequence[Any]:
        name = connection.dialect.name
        if name not in self._written:
            compiled = self._statement.compile(dialect=connection.dialect)
            self._written[name] = str(compiled), dict(compiled.params), getattr(compiled, "positiontup", None)
        said, values, order = self._written[name]
        values = values | {name: value for name, value in what.items() if name in values}
        parameters: Any = tuple(values[name] for name in order) if order else values
        return connection.exec_driver_sql(said, parameters).all()


# ── what is asked

_ROOT = aliased(Annotation)


def _article_of(passages: FromClause) -> ColumnElement[int]:
    found: ColumnElement[int] = passages.c.rowid.op("/")(literal_column("1073741824"))
    return found


def _paragraph(passages: FromClause) -> ColumnElement[bool]:
    """That a paragraph is the one of a row of the index of passages."""
    return and_(
        col(Paragraph.article_id) == _article_of(passages),
        col(Paragraph.revision) == col(Article.revision),
        col(Paragraph.number) == passages.c.rowid.op("/")(literal_column("256")).op("%")(literal_column("4194304")),
    )


_ARTICLE_OF = _article_of(_PASSAGES)
_PIECE_OF = cast(_PASSAGES.c.rowid.op("%")(literal_column("256")), Integer)
_THESE: BindParameter[Any] = bindparam("these", type_=String)

_GONE = columns(col(Article.id)).where(col(Article.deleted_at).is_not(None))
_IN_TITLES = _Statement(_newest(_TITLES, RANKED + 1).where(_TITLES.c.rowid.not_in(_GONE)))
_IN_PASSAGES = _Statement(_newest(_PASSAGES, RANKED + 1).where(_ARTICLE_OF.not_in(_GONE)))
_NOTED = (
    columns(literal(1))
    .select_from(Placement)
    .join(Annotation, col(Annotation.id) == col(Placement.annotation_id))
    .where(
        col(Placement.article_id) == col(Paragraph.article_id),
        col(Placement.revision) == col(Paragraph.revision),
        col(Placement.start) < col(Paragraph.end),
        col(Placement.end) > col(Paragraph.start),
        col(Placement.status) != "orphan",
        col(Annotation.note) != "",
        SEEN,
    )
)
_FEW_PASSAGES = _newest(_PASSAGES, LOOKED_THROUGH).subquery("search_passage")
_IN_NOTED_PASSAGES = _Statement(
    columns(_FEW_PASSAGES.c.rowid, _FEW_PASSAGES.c.words)
    .join(Article, and_(col(Article.id) == _article_of(_FEW_PASSAGES), HERE))
    .join(Paragraph, _paragraph(_FEW_PASSAGES))
    .where(_NOTED.correlate(Paragraph).exists())
    .order_by(_FEW_PASSAGES.c.rowid.desc())
    .limit(RANKED + 1)
)

# Where few have the words, the clause is quickly asked of each. Where many have, this reader may see none of them:
# there keys (of those for everyone, their own, and their groups') have the database pass over most of the others.
_FEW_NOTES = _newest(_NOTES, SIFTED).subquery("search_note")
_IN_FEW_NOTES = _Statement(
    columns(_FEW_NOTES.c.rowid, case((SEEN, _FEW_NOTES.c.words)))
    .join(Annotation, col(Annotation.id) == _FEW_NOTES.c.rowid)
    .order_by(_FEW_NOTES.c.rowid.desc())
)
_IN_NOTES = _Statement(_newest(_NOTES, RANKED + 1).join(Annotation, col(Annotation.id) == _NOTES.c.rowid).where(SEEN))
_IN_NAMES = _Statement(_newest(_NAMES, MOST_READERS))

_ARTICLES = _Statement(
    columns(
        col(Article.id),
        col(Article.slug),
        col(Article.language),
        col(Article.title),
        col(Article.author),
        col(Article.words),
    ).where(_IsAmong(col(Article.id), _THESE))
)
_PARAGRAPHS = _Statement(
    columns(
        _PASSAGES.c.rowid,
        col(Article.slug),
        col(Article.language),
        col(Article.title),
        col(Paragraph.start),
        func.substr(col(Paragraph.text), _PIECE_OF * PIECE + 1, PIECE + OVERLAP),
    )
    .select_from(_PASSAGES)
    .join(Article, col(Article.id) == _ARTICLE_OF)
    .join(Paragraph, _paragraph(_PASSAGES))
    .where(_IsAmong(_PASSAGES.c.rowid, _THESE))
)
_ANNOTATIONS = _Statement(
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
    .where(SEEN, _IsAmong(col(Annotation.id), _THESE))
)
_GROUPS = columns(col(Membership.group_id)).where(col(Membership.reader_id) == bindparam("reader"))
_OF_SLUG = columns(col(Article.id)).where(col(Article.slug) == bindparam("said"), HERE)
_OF_COLLECTION = (
    columns(col(Part.article_id))
    .join(Collection, col(Collection.id) == col(Part.collection_id))
    .where(or_(col(Collection.slug) == bindparam("said"), func.lower(col(Collection.title)) == bindparam("said")))
    .limit(MOST_ARTICLES)
)


def find(
    session: Session, reader: Reader | None, query: Query, kinds: Sequence[Kind] = KINDS, skip: int = 0, limit: int = 20
) -> dict[Kind, Hits]:
    """What this reader may see that answers a query, kind by kind, the best first: `limit` of each, after `skip`.

    Of what many answer, the newest `RANKED` are ranked. What the reader may not see changes neither what is found, nor
    its order, nor any number.
    """
    asked = _Asked.of(session, reader, query) if query.finds else None
    if asked is None:
        return dict.fromkeys(kinds, NOTHING)
    finders = {"articles": _articles, "passages": _passages, "notes": _notes}
    return {kind: finders[kind](asked, slice(skip, skip + limit)) for kind in kinds}


@dataclass(frozen=True)
class _Asked:
    """A query, and what its narrowing comes to in this library for this reader."""

    session: Session
    reader: Reader | None
    query: Query
    where: list[Words]
    """Keys of articles, of which one must be there."""
    by: list[Words]

    @classmethod
    def of(cls, session: Session, reader: Reader | None, query: Query) -> "_Asked | None":
        """None where nothing can be found: nobody is called so, or no article."""
        asked = cls(session, reader, query, [], [])
        for said in query.within:
            asked.where.extend(_key(f"_a{id}") for id in asked.articles_called(said))
        for name in query.by:
            asked.by.extend(_key(f"_r{id}") for id in asked.readers_called(name))
        nowhere = query.within and not asked.where
        return None if nowhere or (query.by and not asked.by) else asked

    @property
    def sqlite(self) -> bool:
        return self.session.get_bind().dialect.name == "sqlite"

    @property
    def connection(self) -> Connection:
        return self.session.connection()

    def rows(self, statement: Any, **what: Any) -> Sequence[Any]:
        return self.connection.execute(statement, what | {"reader": self.reader and self.reader.id}).all()

    def about(self, statement: _Statement, ids: Sequence[int]) -> Sequence[Any]:
        known = {"these": json.dumps(ids), "reader": self.reader and self.reader.id}
        return statement.rows(self.connection, known) if ids else ()

    def matching(self, statement: _Statement, *any_of: Sequence[Words], none_of: Sequence[Words] = ()) -> Sequence[Any]:
        """The newest rows in which all the words stand, and of each of `any_of` one."""
        all_of = [*((words,) for words in self.query.wanted), *(any_of for any_of in any_of if any_of)]
        return self.looked_up(statement, all_of, [*self.query.unwanted, *none_of])

    def looked_up(
        self, statement: _Statement, all_of: Iterable[Sequence[Words]], none_of: Iterable[Words] = ()
    ) -> Sequence[Any]:
        asked = expression(self.sqlite, all_of, none_of)
        return statement.rows(self.connection, {"asked": asked, "reader": self.reader and self.reader.id})

    def notes(self, ids: Sequence[int]) -> Iterable[Any]:
        # SQLite keeps times as words.
        for *said, at in self.about(_ANNOTATIONS, ids):
            yield *said, at if isinstance(at, datetime) else datetime.fromisoformat(at).replace(tzinfo=UTC)

    def articles_called(self, said: str) -> list[int]:
        """The ids of the articles of a slug or a collection, else of those with such words in their title."""
        known = {"said": said.lower()}
        ids = [id for statement in (_OF_SLUG, _OF_COLLECTION) for (id,) in self.rows(statement, **known)]
        words = tuple(folded(said).split())
        if not ids and words:
            ids = [id for id, _ in self.looked_up(_IN_TITLES, [[Words(words, begins=True)]])]
        return ids[:MOST_ARTICLES]

    def readers_called(self, name: Words) -> list[int]:
        if name.words == ("me",):
            return [self.reader.id] if self.reader else []
        return [id for id, _ in self.looked_up(_IN_NAMES, [[name]])]

    def best(self, rows: Sequence[Any], part: slice, key: Callable[[int], int] = int) -> tuple[list[int], Hits]:
        """The ids of the best of some rows, and how many there are."""
        rank = ranking(self.query.wanted)
        ranks = {key(id): (rank(words), id) for id, words in sorted(rows[:RANKED])}
        ranked = sorted(ranks.values(), reverse=True)
        return [id for _, id in ranked[part]], Hits([], len(ranked), len(rows) > RANKED)


def _articles(asked: _Asked, part: slice) -> Hits:
    query = asked.query
    if query.about_notes or query.noted or query.within or not query.wanted:
        return NOTHING
    ids, hits = asked.best(asked.matching(_IN_TITLES), part)
    found = {
        id: FoundArticle(slug, language, excerpt(title, query.wanted), excerpt(author, query.wanted), words)
        for id, slug, language, title, author, words in asked.about(_ARTICLES, ids)
    }
    return replace(hits, found=[found[id] for id in ids if id in found])


def _passages(asked: _Asked, part: slice) -> Hits:
    query = asked.query
    if query.about_notes or not query.wanted:
        return NOTHING
    statement = _IN_NOTED_PASSAGES if query.noted else _IN_PASSAGES
    ids, hits = asked.best(asked.matching(statement, asked.where), part, _paragraph_of)
    found = {
        id: FoundPassage(slug, language, title, start, excerpt(text, query.wanted))
        for id, slug, language, title, start, text in asked.about(_PARAGRAPHS, ids)
    }
    return replace(hits, found=[found[id] for id in ids if id in found])


def _paragraph_of(id: int) -> int:
    """Several pieces of a paragraph may have the words; it is found once."""
    return id >> 8


def _notes(asked: _Asked, part: slice) -> Hits:
    query, reader = asked.query, asked.reader
    narrowed = (asked.where, asked.by, *([_tag(one)] for one in query.tags), [_key("_n")] if query.noted else [])
    without = [_tag(one) for one in query.unwanted_tags]
    rows = asked.matching(_IN_FEW_NOTES, *narrowed, none_of=without)
    sifted = len(rows) == SIFTED
    rows = [row for row in rows if row[1] is not None]
    if sifted and len(rows) <= RANKED:
        mine = [_key(f"_r{reader.id}"), *(_key(f"_g{id}") for (id,) in asked.rows(_GROUPS))] if reader else []
        rows = list(asked.matching(_IN_NOTES, [_key("_e"), *mine], *narrowed, none_of=without))
    ids, hits = asked.best(rows, part)
    found = {
        id: FoundNote(id, slug, language, title, name, colour, is_reply, excerpt(note, query.wanted), quote, tags, at)
        for id, slug, language, title, name, colour, is_reply, note, quote, tags, at in asked.notes(ids)
    }
    return replace(hits, found=[found[id] for id in ids if id in found])


def _key(key: str) -> Words:
    return Words((key,))


def _tag(tag: Words) -> Words:
    return Words((tag_key(" ".join(tag.words)),), tag.begins)
