"""Search: articles, passages and notes by their words, as far as a reader may see them.

The index is kept by triggers that a migration makes, so nothing that is written can pass it by. One statement looks up
what has the words, of each kind; what is best of it is then asked for what the page shows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, func, literal, literal_column, or_, union_all
from sqlalchemy import select as columns
from sqlmodel import Session, col

from app.storage.annotations import SEEN, Annotation, Placement
from app.storage.articles import HERE, Article, Paragraph
from app.storage.collections import Collection, Part
from app.storage.people.groups import Membership
from app.storage.people.readers import Reader
from app.storage.searching.hits import KINDS, Hits, Kind, about, article_of, is_paragraph_of
from app.storage.searching.matching import (
    NAMES,
    NOTES,
    PASSAGES,
    TITLES,
    Statement,
    asked,
    at_most,
    expression,
    newest,
)
from app.text.searching.folding import folded
from app.text.searching.indexed import tag_key
from app.text.searching.queries import Query, Words
from app.text.searching.ranking import ranking

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

NOTHING = Hits()

_GONE = columns(col(Article.id)).where(col(Article.deleted_at).is_not(None))
_IN_TITLES = newest(TITLES, RANKED + 1).where(TITLES.c.rowid.not_in(_GONE))
_IN_PASSAGES = newest(PASSAGES, RANKED + 1).where(article_of(PASSAGES).not_in(_GONE))
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
_FEW_PASSAGES = newest(PASSAGES, LOOKED_THROUGH).subquery("search_passage")
_IN_NOTED_PASSAGES = at_most(
    columns(_FEW_PASSAGES.c.rowid, _FEW_PASSAGES.c.words)
    .join(Article, and_(col(Article.id) == article_of(_FEW_PASSAGES), HERE))
    .join(Paragraph, is_paragraph_of(_FEW_PASSAGES))
    .where(_NOTED.correlate(Paragraph).exists())
    .order_by(_FEW_PASSAGES.c.rowid.desc()),
    RANKED + 1,
)


# Where few have the words, the clause is quickly asked of each. Where many have, this reader may see none of them:
# there keys (of those for everyone, their own, and their groups') have the database pass over most of the others.
def _few_notes(read: bool) -> Select[Any]:
    few = _read(newest(NOTES, SIFTED), read).subquery("search_note")
    seen = columns(few.c.rowid, case((SEEN, few.c.words)).label("words"))
    return seen.join(Annotation, col(Annotation.id) == few.c.rowid)


def _read(notes: Select[Any], read: bool) -> Select[Any]:
    """The same, not `read` where nothing is looked for by which to rank them: most of the time goes into that."""
    return notes if read else notes.with_only_columns(NOTES.c.rowid, literal_column("''").label("words"))


_IN_NOTES = newest(NOTES, RANKED + 1).join(Annotation, col(Annotation.id) == NOTES.c.rowid).where(SEEN)
_NEWEST_NOTES = {read: Statement(_read(_IN_NOTES, read)) for read in (True, False)}
_NAMED, _TITLED = Statement(newest(NAMES, MOST_READERS)), Statement(_IN_TITLES)

_GROUPS = columns(col(Membership.group_id)).where(col(Membership.reader_id) == bindparam("reader"))
_OF_SLUG = columns(col(Article.id)).where(col(Article.slug) == bindparam("said"), HERE)
_OF_COLLECTION = at_most(
    columns(col(Part.article_id))
    .join(Collection, col(Collection.id) == col(Part.collection_id))
    .where(or_(col(Collection.slug) == bindparam("said"), func.lower(col(Collection.title)) == bindparam("said"))),
    MOST_ARTICLES,
)


@cache
def _lookup(kinds: tuple[Kind, ...], noted: bool, read: bool) -> Statement:
    """What has the words, of all these kinds in one go: of which kind each row is, its id, and its words."""
    found: dict[Kind, Select[Any]] = {
        "articles": _IN_TITLES,
        "passages": _IN_NOTED_PASSAGES if noted else _IN_PASSAGES,
        "notes": _few_notes(read),
    }
    parts = ((kind, found[kind].subquery(f"found_{kind}")) for kind in kinds)
    return Statement(
        union_all(*(columns(literal_column(f"'{kind}'"), part.c.rowid, part.c.words) for kind, part in parts))
    )


def find(
    session: Session, reader: Reader | None, query: Query, kinds: Sequence[Kind] = KINDS, skip: int = 0, limit: int = 20
) -> dict[Kind, Hits]:
    """What this reader may see that answers a query, kind by kind, the best first: `limit` of each, after `skip`.

    Of what many answer, the newest `RANKED` are ranked. What the reader may not see changes neither what is found, nor
    its order, nor any number.
    """
    search = _Search.of(session, reader, query) if query.finds else None
    if search is None:
        return dict.fromkeys(kinds, NOTHING)
    rows = search.looked_up([kind for kind in kinds if _can_answer(kind, query)])
    return {
        kind: search.best(kind, rows[kind], slice(skip, skip + limit)) if kind in rows else NOTHING for kind in kinds
    }


def _can_answer(kind: Kind, query: Query) -> bool:
    """Whether there can be one of a kind that is as the query says."""
    if kind == "notes":
        return True
    if query.about_notes or not query.wanted:
        return False
    return kind == "passages" or not (query.noted or query.within)


@dataclass(frozen=True)
class _Search:
    """A query, and what its narrowing comes to in this library for this reader."""

    connection: Connection
    reader: int | None
    query: Query
    where: list[Words]
    """Keys of articles, of which one must be there."""
    by: list[Words]

    @classmethod
    def of(cls, session: Session, reader: Reader | None, query: Query) -> "_Search | None":
        """None where nothing can be found: nobody is called so, or no article."""
        search = cls(session.connection(), reader.id if reader else None, query, [], [])
        for said in query.within:
            search.where.extend(_key(f"_a{id}") for id in search.articles_called(said))
        for name in query.by:
            search.by.extend(_key(f"_r{id}") for id in search.readers_called(name))
        nowhere = query.within and not search.where
        return None if nowhere or (query.by and not search.by) else search

    @property
    def sqlite(self) -> bool:
        return self.connection.dialect.name == "sqlite"

    def rows(self, statement: Any, **what: Any) -> Sequence[Any]:
        return self.connection.execute(statement, what | {"reader": self.reader}).all()

    def articles_called(self, said: str) -> list[int]:
        """The ids of the articles of a slug or a collection, else of those with such words in their title."""
        known = {"said": said.lower()}
        ids = [id for statement in (_OF_SLUG, _OF_COLLECTION) for (id,) in self.rows(statement, **known)]
        words = tuple(folded(said).split())
        if not ids and words:
            titled = {asked(TITLES): expression(self.sqlite, [[Words(words, begins=True)]])}
            ids = [id for id, _ in _TITLED.rows(self.connection, titled)]
        return ids[:MOST_ARTICLES]

    def readers_called(self, name: Words) -> list[int]:
        if name.words == ("me",):
            return [self.reader] if self.reader else []
        return [id for id, _ in _NAMED.rows(self.connection, {asked(NAMES): expression(self.sqlite, [[name]])})]

    def matching(self, *any_of: Sequence[Words], none_of: Iterable[Words] = ()) -> str:
        """What asks for all the words of the query, and of each of `any_of` for one."""
        all_of = [*((words,) for words in self.query.wanted), *(any_of for any_of in any_of if any_of)]
        return expression(self.sqlite, all_of, [*self.query.unwanted, *none_of])

    def matching_notes(self, *any_of: Sequence[Words]) -> str:
        tags = ([_tag(one)] for one in self.query.tags)
        narrowed = (self.where, self.by, *tags, [_key("_n")] if self.query.noted else [])
        return self.matching(*any_of, *narrowed, none_of=map(_tag, self.query.unwanted_tags))

    def looked_up(self, kinds: Sequence[Kind]) -> dict[Kind, list[Any]]:
        """Of each kind the newest rows of the index that answer, as their id and their words, the newest first."""
        found: dict[Kind, list[Any]] = {kind: [] for kind in kinds}
        if not kinds:
            return found
        said = {asked(NOTES): self.matching_notes(), "reader": self.reader}
        if self.query.wanted:
            said |= {asked(TITLES): self.matching(), asked(PASSAGES): self.matching(self.where)}
        statement = _lookup(tuple(kinds), self.query.noted, bool(self.query.wanted))
        for kind, id, words in statement.rows(self.connection, said):
            found[kind].append((id, words))
        if "notes" in found:
            found["notes"] = self.seen(found["notes"])
        for rows in found.values():
            rows.sort(key=itemgetter(0), reverse=True)
        return found

    def seen(self, notes: list[Any]) -> list[Any]:
        """Of notes that have the words those that the reader may see: they alone have come with their words."""
        seen = [note for note in notes if note[1] is not None]
        if len(notes) < SIFTED or len(seen) > RANKED:
            return seen
        groups = [id for (id,) in self.rows(_GROUPS)] if self.reader else []
        mine = [f"_r{self.reader}", *(f"_g{id}" for id in groups)] if self.reader else []
        said = {asked(NOTES): self.matching_notes([_key(key) for key in ("_e", *mine)]), "reader": self.reader}
        return list(_NEWEST_NOTES[bool(self.query.wanted)].rows(self.connection, said))

    def best(self, kind: Kind, rows: Sequence[Any], part: slice) -> Hits:
        """The best of some rows, the newest first, and how many there are."""
        rank = ranking(self.query.wanted)
        # Several pieces of a paragraph may have the words; it is found once.
        piece = 8 if kind == "passages" else 0
        ranks = {id >> piece: (rank(words), id) for id, words in reversed(rows[:RANKED])}
        ids = [id for _, id in sorted(ranks.values(), reverse=True)[part]]
        found = about(self.connection, self.reader, kind, ids, self.query.wanted)
        return Hits(found, len(ranks), len(rows) > RANKED)


def _key(key: str) -> Words:
    return Words((key,))


def _tag(tag: Words) -> Words:
    return Words((tag_key(" ".join(tag.words)),), tag.begins)
