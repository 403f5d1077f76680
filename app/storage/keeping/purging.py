"""Purging: what was deleted long ago goes for good, and leaves only the places that replies hang on."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, delete, select, update

from app.storage import imports, pictures
from app.storage.annotations import Annotation
from app.storage.articles import Article
from app.storage.database import Database, now
from app.storage.people.account_links import AccountLink
from app.storage.people.groups import Invitation
from app.storage.people.readers import Reader, end_old_sessions
from app.storage.shares import Share

THREADS_AT_A_TIME = 500
"""In one transaction: others wait for it."""

ROWS_AT_A_TIME = 500


class Hung(NamedTuple):
    """An annotation, and what it hangs on in its thread."""

    id: int
    parent_id: int | None
    article_id: int
    reader_id: int
    deleted_at: datetime | None
    purged_at: datetime | None


HUNG = columns(
    col(Annotation.id),
    col(Annotation.parent_id),
    col(Annotation.article_id),
    col(Annotation.reader_id),
    col(Annotation.deleted_at),
    col(Annotation.purged_at),
).order_by(col(Annotation.id).desc())
"""The newest first: each before what it hangs on."""

THREAD = func.coalesce(col(Annotation.root_id), col(Annotation.id))
"""The id of the annotation with which a thread began."""


def locked(which: ColumnElement[bool]) -> Select[int]:
    """A statement that has annotations stay as they are until this is committed, all in one order; what is written
    meanwhile may refer to them (`key_share`), so that a revision carries them without waiting.
    """
    return columns(col(Annotation.id)).where(which).order_by(col(Annotation.id)).with_for_update(key_share=True)


def needed_by(thread: Iterable[Hung], staying: Collection[int]) -> set[int]:
    """The ids of all that something hangs on, however far below, that stays. `thread`: the newest first."""
    needed: set[int] = set()
    for one in thread:
        if one.parent_id and (one.id in staying or one.id in needed):
            needed.add(one.parent_id)
    return needed


def purge(database: Database, days: int) -> int:
    """Let go for good what was deleted more than so many days ago, links that ended as long ago, ended sessions,
    and what was brought in and not published for a week.

    Gives the number of annotations whose words went. Of several processes one does it at a time.
    """
    before = now() - timedelta(days=days)
    purged = 0
    after: int | None = 0
    while after is not None:
        with database.transaction(alone=True) as session:
            some, after = purge_threads(session, before, after)
        purged += some
    gone: int | None = 0
    while gone is not None:
        with database.transaction(alone=True) as session:
            gone = purge_article(session, before)
    with database.transaction(alone=True) as session:
        purge_links(session, before)
        end_old_sessions(session)
        imports.purge(session)
        # Of whom nothing is left, their nameless row is not either.
        written = columns(col(Annotation.id)).where(col(Annotation.reader_id) == col(Reader.id)).exists()
        session.exec(delete(Reader).where(col(Reader.left_at).is_not(None), ~written))
    return purged


def purge_threads(session: Session, before: datetime, after: int = 0) -> tuple[int, int | None]:
    """Purge some threads in which something was deleted `before`: those that began `after` an annotation (its id).

    Gives how many annotations lost their words, and after which thread there are more.
    """
    old = col(Annotation.deleted_at) < before
    begun = columns(THREAD).distinct().where(old, after < THREAD).order_by(THREAD).limit(THREADS_AT_A_TIME)
    roots = list(session.connection().execute(begun).scalars())
    if roots:
        session.connection().execute(locked(THREAD.in_(roots))).all()
    thread = [Hung(*row) for row in session.connection().execute(HUNG.where(THREAD.in_(roots)))] if roots else []
    gone = {one.id for one in thread if one.deleted_at and one.deleted_at < before}
    needed = needed_by(thread, {one.id for one in thread} - gone)
    with_words = {one.id for one in thread if one.id in gone and not one.purged_at}
    # Before anything is deleted: a revision that refers to it would wait for this, and this for the revision's article;
    # or would refer to what has gone.
    changed(session, {one.article_id for one in thread if one.id in with_words | (gone - needed)})
    remove(session, gone - needed)
    blank(session, with_words & needed)
    return len(with_words), roots[-1] if len(roots) == THREADS_AT_A_TIME else None


def purge_article(session: Session, before: datetime) -> int | None:
    """Let go of an article that was deleted `before`, with its notes, shares and pictures.

    Gives its id, also where it has been brought back meanwhile; None where there is none.
    """
    old = select(Article.id).where(col(Article.deleted_at) < before).order_by(col(Article.id)).limit(1)
    id = session.exec(old).first()
    if id is None:
        pictures.let_go(session)
        return None
    on_it = session.connection().execute(locked(col(Annotation.article_id) == id)).scalars().all()
    # As it is now: who has just brought it back has it, with all that is about it.
    if session.exec(old.where(Article.id == id).with_for_update()).first() is None:
        return id
    remove(session, on_it)
    session.exec(delete(Article).where(col(Article.id) == id))
    return id


def remove(session: Session, ids: Collection[int]) -> None:
    """Take annotations out of the library, with all that is about them. What hangs on them must be among them."""
    for some in _chunks(sorted(ids, reverse=True)):  # what hangs on another was made later
        session.exec(delete(Annotation).where(col(Annotation.id).in_(some)))


def blank(session: Session, ids: Collection[int]) -> None:
    """Take the words out of annotations, their tags and quotes; their places stay, as those of deleted ones do."""
    words = dict.fromkeys(("note", "note_html", "tags", "exact", "prefix", "suffix"), "")
    at = now()
    for some in _chunks(sorted(ids)):
        session.exec(
            update(Annotation)
            .where(col(Annotation.id).in_(some))
            .values(**words, purged_at=at, deleted_at=func.coalesce(col(Annotation.deleted_at), at))
        )


def changed(session: Session, article_ids: Collection[int]) -> None:
    """Say that something about articles has changed that can be seen."""
    for some in _chunks(sorted(article_ids)):
        session.exec(update(Article).where(col(Article.id).in_(some)).values(version=col(Article.version) + 1))


def purge_links(session: Session, before: datetime) -> None:
    """Take out the links that ended `before`: shares, invitations, those into accounts."""
    for link in (Share, Invitation):
        session.exec(delete(link).where(or_(col(link.revoked_at) < before, col(link.expires_at) < before)))
    session.exec(
        delete(AccountLink).where(or_(col(AccountLink.used_at) < before, col(AccountLink.expires_at) < before))
    )


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + ROWS_AT_A_TIME] for start in range(0, len(ids), ROWS_AT_A_TIME))
