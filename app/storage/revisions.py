"""Revising: a new text for an article, to which everything on it is carried; and back again.

`prepare` compares the texts, which takes a while, in a transaction that reads; `revise`, `undo` and `restore` write,
which does not. Nothing is written over: to undo is to make one more revision, with what an older one had.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, get_args

from sqlalchemy import bindparam, insert, literal
from sqlalchemy import select as columns
from sqlmodel import Session, col

from app.storage import carrying, pictures
from app.storage.annotations import SEEN, Annotation
from app.storage.articles import Article, Paragraph, Revision, as_it_was, lock, paragraphs_of, said_of, text_of, write
from app.storage.carrying import Fate, Way
from app.storage.people.readers import Reader
from app.text import structures
from app.text.drafts import Draft
from app.text.sentences import SEGMENTER

SAID = ("title", "author", "source", "language", "words")


class RevisedMeanwhile(Exception):
    """Another revision has come between: `now` is its number."""

    def __init__(self, now: int) -> None:
        super().__init__("the article has been revised meanwhile")
        self.now = now


class NothingToUndo(ValueError):
    """There is no revision to go back to."""


class NoSuchRevision(LookupError):
    """The article has no revision of this number."""


class Counts(NamedTuple):
    """What becomes of the annotations of an article, highlights and notes alike: how many …"""

    ok: int = 0
    """… stand on as they stood."""
    changed: int = 0
    """… have some of their words replaced."""
    moved: int = 0
    """… stand elsewhere."""
    orphan: int = 0
    """… lose their words."""
    found: int = 0
    """… had lost their words, and have them again."""
    missing: int = 0
    """… had lost them, and still miss them."""


@dataclass(frozen=True)
class Prepared:
    """A revision as it would be, and what would become of every annotation."""

    draft: Draft | None
    """None where an older revision is brought back."""
    differs: bool
    """As `differs` says it."""
    way: Way
    fates: Mapping[int, Fate]
    """By the annotations' ids, those that are not deleted: see `counts_seen_by`."""

    @property
    def counts(self) -> Counts:
        """Of all of them, whoever may see them: for who keeps the library, not for a page."""
        return _counts(self.fates.values())


class Edition(NamedTuple):
    """A revision as a list of them names it."""

    number: int
    title: str
    words: int
    created_at: datetime
    by: str | None
    """Who made it, if that is known and they have not left."""
    restores: int | None
    """The revision that it brought back."""
    before: int | None
    """The revision that comes back when it is undone."""


_SEEN = columns(col(Annotation.id)).where(
    SEEN, col(Annotation.article_id) == bindparam("article"), col(Annotation.root_id).is_(None)
)
_EDITIONS = (
    columns(
        col(Revision.number),
        col(Revision.title),
        col(Revision.words),
        col(Revision.created_at),
        col(Reader.name),
        col(Revision.restores),
        col(Revision.before),
    )
    .outerjoin(Reader, col(Reader.id) == col(Revision.reader_id))
    .where(col(Revision.article_id) == bindparam("article"))
    .order_by(col(Revision.number).desc())
)


# ── looking


def prepare(session: Session, article: Article, source: Draft | int) -> Prepared:
    """Compare an article with a draft of it, or with a revision (its number) that may be brought back.

    Writes nothing, and may take a second or more for a long text: it belongs in a transaction that reads. Raises
    NoSuchRevision.
    """
    if isinstance(source, int):
        then = _at(session, article, source)
        draft, text, is_new = None, text_of(session, then), source != article.revision
    else:
        draft, text, is_new = source, source.text, differs(session, article, source)
        _ = draft.sentences  # cut now, so that nobody has to wait for it
    restores = source if isinstance(source, int) else None
    standing, places = carrying.standing_on(session, article), carrying.placements(session, article, restores)
    way = carrying.way(session, article, text, standing, restores, places)
    deleted = {one.id for one in standing if one.deleted}
    found = way.carry(standing, places)
    return Prepared(draft, is_new, way, {one.id: one.fate for one in found if one.id not in deleted})


def preview(session: Session, article: Article, source: Draft | int, reader: Reader | None) -> Counts:
    """What would become of the annotations that this reader may see. Takes as long as `prepare`."""
    return counts_seen_by(session, reader, article, prepare(session, article, source))


def counts_seen_by(session: Session, reader: Reader | None, article: Article, prepared: Prepared) -> Counts:
    """The same of what has been prepared."""
    rows = session.connection().execute(_SEEN, {"reader": reader and reader.id, "article": article.id})
    return _counts(prepared.fates[id] for id in rows.scalars() if id in prepared.fates)


def _counts(fates: Iterable[Fate]) -> Counts:
    found = Counter(fates)
    return Counts(*(found[fate] for fate in get_args(Fate)))


def differs(session: Session, article: Article, draft: Draft) -> bool:
    """Whether anything would be another than it is: words, structure, title, author, source or language."""
    draft = pictures.compared(session, article.id, draft)
    starts = [span.start for span in draft.spans]
    drafted = [
        (one.kind, one.text, structures.read(structures.written(one.structure, starts))) for one in draft.paragraphs
    ]
    kept = [(block.kind, block.text, block.structure) for block in paragraphs_of(session, article)]
    return drafted != kept or any(getattr(article, name) != said for name, said in said_of(draft).items())


def history(session: Session, article: Article) -> list[Edition]:
    """All revisions of an article, the newest first."""
    return [Edition(*row) for row in session.connection().execute(_EDITIONS, {"article": article.id})]


def before(session: Session, article: Article) -> int | None:
    """The revision (its number) that an undo brings back."""
    return session.get_one(Revision, (article.id, article.revision)).before


# ── writing


def revise(
    session: Session,
    article: Article,
    draft: Draft,
    reader: Reader | None,
    *,
    based_on: int,
    prepared: Prepared | None = None,
) -> Article:
    """Give an article a new text, and carry everything there, what has come meanwhile as well.

    `based_on` is the revision that the draft was made from: raises RevisedMeanwhile where another is current by now.
    `prepared` (of this very draft) saves comparing the texts here, where others wait for it.
    """
    prepared = _holding(session, article, draft, based_on, prepared)
    revision = _following(article, reader, segmenter=SEGMENTER, before=based_on, **said_of(draft))
    write(session, draft, revision)
    return _turn_to(session, article, revision, prepared.way)


def undo(
    session: Session, article: Article, reader: Reader | None, *, based_on: int, prepared: Prepared | None = None
) -> Article:
    """Bring back the revision `before` the current one; again, and it goes further back.

    To have what was undone again, `restore` it. Raises RevisedMeanwhile as `revise` does, and NothingToUndo.
    """
    _lock(session, article, based_on)
    number = before(session, article)
    if number is None:
        raise NothingToUndo("There is no revision before this one.")
    further = session.get_one(Revision, (article.id, number)).before
    return _bring_back(session, article, number, reader, based_on, further, prepared)


def restore(
    session: Session,
    article: Article,
    number: int,
    reader: Reader | None,
    *,
    based_on: int,
    prepared: Prepared | None = None,
) -> Article:
    """Bring back a revision: its text, structure and title, and annotations where they stood on it.

    What has been annotated since is carried there. An undo comes back to what is current now. Raises RevisedMeanwhile
    as `revise` does, and NoSuchRevision.
    """
    return _bring_back(session, article, number, reader, based_on, based_on, prepared)


def _bring_back(
    session: Session,
    article: Article,
    number: int,
    reader: Reader | None,
    based_on: int,
    undone_to: int | None,
    prepared: Prepared | None,
) -> Article:
    then = _at(session, article, number)
    prepared = _holding(session, article, number, based_on, prepared)
    cut_by = session.get_one(Revision, (article.id, number)).segmenter
    said = {name: getattr(then, name) for name in SAID}
    revision = _following(article, reader, segmenter=cut_by, restores=number, before=undone_to, **said)
    session.add(revision)
    session.flush()
    kept = [name for name in Paragraph.model_fields if name != "revision"]
    rows = columns(literal(revision.number), *(getattr(Paragraph, name) for name in kept)).where(
        col(Paragraph.article_id) == article.id, col(Paragraph.revision) == number
    )
    session.connection().execute(insert(Paragraph).from_select(["revision", *kept], rows))
    return _turn_to(session, article, revision, prepared.way)


def _at(session: Session, article: Article, number: int) -> Article:
    if then := as_it_was(session, article, number):
        return then
    raise NoSuchRevision(f"There is no revision {number} of this article.")


def _lock(session: Session, article: Article, based_on: int) -> None:
    lock(session, article)
    if article.revision != based_on:
        raise RevisedMeanwhile(article.revision)


def _holding(
    session: Session, article: Article, source: Draft | int, based_on: int, prepared: Prepared | None
) -> Prepared:
    """What has been prepared, if that holds: what it is based on stays current from now on."""
    _lock(session, article, based_on)
    if prepared and prepared.way.based_on == based_on and source in (prepared.draft, prepared.way.restores):
        return prepared
    return prepare(session, article, source)


def _following(article: Article, reader: Reader | None, **said: Any) -> Revision:
    return Revision(article_id=article.id, number=article.revision + 1, reader_id=reader.id if reader else None, **said)


def _turn_to(session: Session, article: Article, revision: Revision, way: Way) -> Article:
    """Carry everything to a revision whose text is there, and make it the current one."""
    carrying.place(session, article, revision.number, way)
    for name in SAID:
        setattr(article, name, getattr(revision, name))
    article.revision = revision.number
    article.version += 1
    session.add(article)
    session.flush()
    return article
