"""Accounts: readers who sign in by name and password, and what the owner does about them."""

from typing import Literal, NamedTuple

from sqlalchemy import func, or_
from sqlalchemy import update as change
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from app.settings import Settings
from app.storage import moderation, readings
from app.storage.annotations import SEEN, Annotation, touch_articles_of
from app.storage.database import Table, now
from app.storage.people import account_links, readers
from app.storage.people.groups import Membership
from app.storage.people.readers import Reader, ReaderSession
from app.text import names

Role = Literal["owner", "publisher", "reader"]


class NameTaken(ValueError):
    """No two accounts have the same name, and no guest that of an account."""

    def __init__(self) -> None:
        super().__init__("This name is taken. Choose another, or sign in if it is yours.")


class TheOwner(ValueError):
    """The owner cannot be banned, and there is always one."""


def by_name(session: Session, name: str) -> Reader | None:
    """The account that is called so, in whatever case and width."""
    return session.exec(select(Reader).where(Reader.name_key == names.key(name))).first()


def by_id(session: Session, id: int, lock: bool = False) -> Reader | None:
    """A reader who is still here: an account or a guest. Locked, they stay as they are until this is committed."""
    found = select(Reader).where(Reader.id == id, col(Reader.left_at).is_(None))
    if lock:
        found = found.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.exec(found).first()


def has_owner(session: Session) -> bool:
    return session.exec(select(Reader.id).where(Reader.role == "owner")).first() is not None


def may_publish(reader: Reader | None, settings: Settings) -> bool:
    """Who may import, revise and delete articles, and close their notes.

    The owner and whom the owner has named; guests only where access is open and a setting says so.
    """
    if reader is not None and reader.banned_at:
        return False
    if reader is not None and reader.role in ("owner", "publisher"):
        return True
    return settings.access == "open" and settings.guests_publish


def sign_up(session: Session, reader: Reader, name: str, password_hash: str, role: Role = "reader") -> None:
    """Make a guest an account: what they have written stays theirs. Raises NameTaken."""
    reader.password_hash = password_hash
    reader.role = role
    _call(session, reader, name)


def rename(session: Session, reader: Reader, name: str) -> None:
    """Call a reader otherwise, beside all that they have written. Raises NameTaken."""
    if reader.has_account:
        _call(session, reader, name)
        return
    if by_name(session, name):
        raise NameTaken
    readers.rename(session, reader, names.tidy(name))
    touch_articles_of(session, reader)


def _call(session: Session, reader: Reader, name: str) -> None:
    other = by_name(session, name)
    if other and other.id != reader.id:
        raise NameTaken
    reader.name = names.tidy(name)
    reader.name_key = names.key(name)
    reader.version += 1
    session.add(reader)
    try:
        session.flush()
    except IntegrityError as error:  # by another who has just now come to be called so
        raise NameTaken from error
    touch_articles_of(session, reader)


def set_password(session: Session, reader: Reader, password_hash: str) -> None:
    """Give an account another password. Every session of it ends, and no link sets its password any more."""
    reader.password_hash = password_hash
    session.add(reader)
    session.flush()  # before its sessions, for who signs in just now holds the account until theirs is there
    readers.end_sessions(session, reader)
    account_links.spend_resets(session, reader)


def written_by(session: Session, reader: Reader) -> int:
    """How many notes and highlights a reader has made."""
    theirs = select(func.count()).select_from(Annotation).where(Annotation.reader_id == reader.id, SEEN)
    return session.exec(theirs, params={"reader": reader.id}).one()


def bring(session: Session, guest: Reader, account: Reader) -> None:
    """Give an account all that a guest has done here: notes, replies, shares, flags. The guest is no more."""
    # Who writes as the guest just now has done so before this goes on, or cannot any more: `readers.is_here`.
    if not session.exec(select(Reader.id).where(Reader.id == guest.id).with_for_update()).first():
        return  # brought already, by who sent the form twice
    already = select(Membership.group_id).where(Membership.reader_id == account.id)
    session.exec(delete(Membership).where(col(Membership.reader_id) == guest.id, col(Membership.group_id).in_(already)))
    readings.merge(session, guest, account)
    for table in Table.metadata.sorted_tables:
        for column in table.columns:
            refers = any(key.column is Reader.__table__.c.id for key in column.foreign_keys)  # type: ignore[attr-defined]
            if refers and table.name != ReaderSession.__tablename__:
                session.connection().execute(change(table).where(column == guest.id).values({column.name: account.id}))
    touch_articles_of(session, account)
    account.version += 1
    session.add(account)
    session.expire(guest)
    session.delete(guest)
    session.flush()


# ── what the owner does


class Known(NamedTuple):
    """Readers in the order in which the owner sees them, and after which of them there are more."""

    readers: list[Reader]
    more: bool


def every(session: Session, sought: str = "", after: int = 0, at_most: int = 100) -> Known:
    """Readers who are still here, accounts first, by name; or those whose names have something in them."""
    found = select(Reader).where(col(Reader.left_at).is_(None))
    if sought:
        wanted = names.key(sought) or sought
        named = func.lower(Reader.name).contains(sought.lower(), autoescape=True)
        found = found.where(or_(named, col(Reader.name_key).contains(wanted, autoescape=True)))
    found = found.order_by(col(Reader.name_key).is_(None), col(Reader.name_key), col(Reader.id).desc())
    some = list(session.exec(found.offset(after).limit(at_most + 1)))
    return Known(some[:at_most], len(some) > at_most)


def appoint(session: Session, reader: Reader, role: Role, by: Reader | None, reason: str = "") -> None:
    """Say what a reader may do: a `publisher` may publish articles.

    Raises TheOwner where nobody would own the library.
    """
    if role != "owner" and _is_the_only_owner(session, reader):
        raise TheOwner("A library needs an owner: make somebody else one first.")
    if reader.role != role:
        moderation.record(session, by, "appointed", subject=reader, reason=reason or role)
        reader.role = role
        _changed(session, reader)


def ban(session: Session, reader: Reader, by: Reader | None, reason: str = "") -> None:
    """Let a reader write no more; they read as somebody who is signed out. Raises TheOwner."""
    if reader.role == "owner":
        raise TheOwner("An owner cannot be banned.")
    if reader.banned_at is None:
        moderation.record(session, by, "banned", subject=reader, reason=reason)
        reader.banned_at = now()
        _changed(session, reader)


def unban(session: Session, reader: Reader, by: Reader | None, reason: str = "") -> None:
    if reader.banned_at is not None:
        moderation.record(session, by, "unbanned", subject=reader, reason=reason)
        reader.banned_at = None
        _changed(session, reader)


def _is_the_only_owner(session: Session, reader: Reader) -> bool:
    # All of them, in one order: of two owners who take that from each other, the second must see what the first did.
    owners = select(Reader.id).where(Reader.role == "owner").order_by(col(Reader.id)).with_for_update(key_share=True)
    return session.exec(owners).all() == [reader.id]


def _changed(session: Session, reader: Reader) -> None:
    reader.version += 1
    session.add(reader)
    session.flush()
