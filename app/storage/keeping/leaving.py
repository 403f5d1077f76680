"""Leaving: a reader goes for good, and takes along what nobody else's words hang on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, delete, select, update

from app.storage import readings
from app.storage.accounts import TheOwner
from app.storage.annotations import WROTE, Annotation
from app.storage.articles import HERE, Article, Revision
from app.storage.database import now
from app.storage.imports import Import
from app.storage.keeping.purging import HUNG, THREAD, Hung, blank, changed, locked, needed_by, remove
from app.storage.moderation import Flag, LogEntry
from app.storage.notes import Wanted, Written, written_by
from app.storage.people import groups
from app.storage.people.account_links import AccountLink
from app.storage.people.groups import Belonging, Group, Invitation, Membership
from app.storage.people.readers import Reader, ReaderSession, sessions_of
from app.storage.readings import Reading
from app.storage.shares import Share
from app.text.names import NOBODY

Answered = Literal["keep", "blank"]
"""What becomes of one's notes to which others have replied: they stay without a name, or only their places do."""


class Fate(NamedTuple):
    """What becomes of all that a reader has written, by the ids of the annotations."""

    removed: set[int]
    answered: set[int]
    """On these the words of others hang, so their places stay, and their words if one so chooses."""
    blanked: set[int]
    """Deleted, or answered by nothing but what is deleted itself: their places alone stay."""


class Belongings(NamedTuple):
    """All that is a reader's own: their words, and nobody else's."""

    reader: Reader
    sessions: list[datetime]
    groups: list[Belonging]
    notes: list[Written]
    """Those that are deleted, too, as long as they are there."""
    shares: list[tuple[Share, Article]]
    flags: list[Flag]
    readings: list[tuple[Reading, Article]]


def belongings_of(session: Session, reader: Reader) -> Belongings:
    made = select(Share, Article).join(Article, col(Article.id) == Share.article_id)
    flagged = select(Flag).where(Flag.reader_id == reader.id).order_by(col(Flag.id))
    return Belongings(
        reader,
        sessions_of(session, reader),
        groups.groups_of(session, reader),
        written_by(session, reader, Wanted(deleted=True)),
        list(session.exec(made.where(Share.reader_id == reader.id, HERE).order_by(col(Share.id)))),
        list(session.exec(flagged)),
        readings.every(session, reader),
    )


def fate_of(session: Session, reader: Reader) -> Fate:
    """What would become of all that a reader has written, were they to leave now."""
    return _fate(_threads_of(session, reader), reader)


def leave(session: Session, reader: Reader, answered: Answered) -> None:
    """Let a reader go for good: with their notes, shares, sessions and memberships; their name is free again.

    A group that was theirs is handed on; flags stay, without name and reason, and so does the log, without name.
    Raises TheOwner where nobody would own the library.
    """
    # All owners, in one order: of two who leave at once, the second must see that the first has gone.
    at_stake = select(Reader).where(
        or_(col(Reader.id) == reader.id, col(Reader.role) == "owner"), col(Reader.left_at).is_(None)
    )
    # `key_share`, for else a reply by one of them to one of these notes would wait for this, and this for the reply.
    staying = session.exec(at_stake.order_by(col(Reader.id)).with_for_update(key_share=True)).all()
    if all(one.id != reader.id for one in staying):
        return  # has gone already, from another browser
    if reader.role == "owner" and not any(one.role == "owner" for one in staying if one.id != reader.id):
        raise TheOwner("You are the only owner of this library. Make somebody else one first, under Readers.")
    # What they are writing elsewhere has been written before this goes on, or is not any more: `readers.is_here`.
    session.exec(select(Reader.id).where(Reader.id == reader.id).with_for_update()).one()
    threads = _threads_of(session, reader, lock=True)
    fate = _fate(threads, reader)
    settled = select(Annotation.article_id).where(Annotation.resolved_by == reader.id)
    changed(session, {one.article_id for one in threads if one.reader_id == reader.id} | set(session.exec(settled)))
    for group_id in session.exec(select(Membership.group_id).where(Membership.reader_id == reader.id)).all():
        groups.leave(session, group_id, reader.id)
        if not groups.members(session, group_id):
            session.exec(delete(Group).where(col(Group.id) == group_id))
    remove(session, fate.removed)
    blank(session, fate.blanked | (fate.answered if answered == "blank" else set()))
    readings.forget(session, reader)
    for theirs in (Share, Invitation, ReaderSession, AccountLink, Import):
        session.exec(delete(theirs).where(col(theirs.reader_id) == reader.id))
    session.exec(update(Flag).where(col(Flag.reader_id) == reader.id).values(reader_id=None, reason=""))
    session.exec(update(Revision).where(col(Revision.reader_id) == reader.id).values(reader_id=None))
    session.exec(update(LogEntry).where(col(LogEntry.reader_id) == reader.id).values(reader_id=None))
    session.exec(update(LogEntry).where(col(LogEntry.subject_id) == reader.id).values(subject_id=None))
    session.exec(update(Annotation).where(col(Annotation.resolved_by) == reader.id).values(resolved_by=None))
    _forget(session, reader, wholly=not (fate.answered or fate.blanked))


def _forget(session: Session, reader: Reader, wholly: bool) -> None:
    """Take a reader's row out, or all of it that says who they were."""
    who = col(Reader.id) == reader.id
    session.flush()
    session.expunge_all()
    if wholly:
        session.exec(delete(Reader).where(who))
        return
    nobody = {"name": NOBODY, "name_key": None, "password_hash": "", "role": "reader", "visibility": "everyone"}
    session.exec(update(Reader).where(who).values(**nobody, left_at=now(), version=Reader.version + 1))


def _threads_of(session: Session, reader: Reader, lock: bool = False) -> Sequence[Hung]:
    """All annotations of the threads in which a reader has written, the newest first."""
    begun = columns(THREAD).where(WROTE)
    found = HUNG.where(THREAD.in_(begun))
    if lock:  # nobody replies meanwhile to what goes
        session.connection().execute(locked(THREAD.in_(begun)), {"reader": reader.id}).all()
    return [Hung(*row) for row in session.connection().execute(found, {"reader": reader.id})]


def _fate(threads: Sequence[Hung], reader: Reader) -> Fate:
    others = [one for one in threads if one.reader_id != reader.id]
    standing = needed_by(threads, {one.id for one in others if one.deleted_at is None})
    # What another has deleted they may restore, for a while: it needs what it hangs on.
    needed = needed_by(threads, {one.id for one in others})
    mine = [one for one in threads if one.reader_id == reader.id]
    answered = {one.id for one in mine if one.id in standing and one.deleted_at is None}
    return Fate(
        removed={one.id for one in mine if one.id not in needed},
        answered=answered,
        blanked={one.id for one in mine if one.id in needed and one.id not in answered},
    )
