"""Readers, and the sessions by which they are known again."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, case, or_
from sqlalchemy import select as columns
from sqlmodel import Field, Session, Text, col, delete, select, update

from app.storage.database import Id, Table, now

NAME_LENGTH = 80

ACCOUNT_DAYS = 60
"""How long an account stays signed in, in a browser that does not sign out."""

GUEST_DAYS = 365
"""How long a guest is known again."""


class Reader(Table, table=True):
    """Someone who reads and annotates. A guest is a reader whom only a session knows."""

    __table_args__ = {"sqlite_autoincrement": True}

    id: int = Field(default=None, sa_type=Id, primary_key=True)
    name: str = ""
    name_key: str | None = Field(default=None, unique=True)
    """What is compared when somebody signs in; of an account alone: guests may be called alike."""
    password_hash: str = Field(default="", sa_type=Text)
    role: str = "reader"
    visibility: str = "everyone"
    """Who may see the next note, as chosen for the last one."""
    version: int = 1
    """Counts what changes a reader's pages and no article: that they came into a group, say."""
    created_at: datetime = Field(default_factory=now)
    banned_at: datetime | None = None
    left_at: datetime | None = None
    """When the account was deleted, of one whose notes others had replied to and which stay without a name."""

    @property
    def has_account(self) -> bool:
        return self.name_key is not None

    @property
    def is_owner(self) -> bool:
        return self.role == "owner"


class ReaderSession(Table, table=True):
    """A browser that a reader uses. Only the token's hash is kept: who reads the database cannot pose as a reader."""

    __tablename__ = "reader_session"

    token_hash: str = Field(primary_key=True)
    reader_id: int = Field(sa_type=Id, foreign_key="reader.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(default_factory=now)


_SINCE = case((col(Reader.name_key).is_(None), bindparam("guests_since")), else_=bindparam("accounts_since"))
_BY_TOKEN = (
    select(Reader)
    .join(ReaderSession)
    .where(ReaderSession.token_hash == bindparam("token_hash"), col(ReaderSession.created_at) > _SINCE)
)


_HERE = (
    columns(col(Reader.id))
    .where(col(Reader.id) == bindparam("reader"), col(Reader.left_at).is_(None))
    .with_for_update(read=True, key_share=True)
)


def welcome(session: Session, name: str = "") -> tuple[Reader, str]:
    """A new guest, and the token that their browser keeps. Without a name they are called after their number."""
    reader = Reader(name=name)
    session.add(reader)
    session.flush()
    reader.name = name or f"Guest {reader.id}"
    return reader, open_session(session, reader)


def open_session(session: Session, reader: Reader) -> str:
    """Let a reader be known again in one more browser; gives the token that it keeps."""
    ended = col(ReaderSession.created_at) < now() - timedelta(days=GUEST_DAYS)
    session.exec(delete(ReaderSession).where(col(ReaderSession.reader_id) == reader.id, ended))
    token = secrets.token_urlsafe(24)
    session.add(ReaderSession(token_hash=hash_of(token), reader_id=reader.id))
    return token


def end_session(session: Session, token: str) -> None:
    """Let a browser be nobody's: its token is worth nothing any more."""
    session.exec(delete(ReaderSession).where(col(ReaderSession.token_hash) == hash_of(token)))


def end_sessions(session: Session, reader: Reader) -> None:
    """Let a reader be signed out in every browser."""
    session.exec(delete(ReaderSession).where(col(ReaderSession.reader_id) == reader.id))


def end_old_sessions(session: Session) -> None:
    """Take out the sessions that have ended by themselves."""
    accounts = select(Reader.id).where(col(Reader.name_key).is_not(None))
    began, at = col(ReaderSession.created_at), now()
    of_accounts = and_(began < at - timedelta(days=ACCOUNT_DAYS), col(ReaderSession.reader_id).in_(accounts))
    session.exec(delete(ReaderSession).where(or_(began < at - timedelta(days=GUEST_DAYS), of_accounts)))


def sessions_of(session: Session, reader: Reader) -> list[datetime]:
    """When each of a reader's sessions that still last began, the newest first."""
    since = now() - timedelta(days=ACCOUNT_DAYS if reader.has_account else GUEST_DAYS)
    began = select(ReaderSession.created_at).where(
        ReaderSession.reader_id == reader.id, col(ReaderSession.created_at) > since
    )
    return list(session.exec(began.order_by(col(ReaderSession.created_at).desc())))


def by_token(session: Session, token: str) -> Reader | None:
    """Who uses the browser that keeps this token, if their session has not ended: also one who is banned."""
    at = now()
    known = {
        "token_hash": hash_of(token),
        "guests_since": at - timedelta(days=GUEST_DAYS),
        "accounts_since": at - timedelta(days=ACCOUNT_DAYS),
    }
    return session.exec(_BY_TOKEN, params=known).first()


def is_here(session: Session, reader: Reader) -> bool:
    """Whether a reader is still here: has not left, and is no guest who has become an account's.

    Until this is committed they are: whoever leaves waits for what they are just now writing elsewhere.
    """
    return session.connection().execute(_HERE, {"reader": reader.id}).first() is not None


def name_of(session: Session, id: int) -> str:
    """What a reader is called."""
    return session.get_one(Reader, id).name


def prefer(session: Session, reader: Reader, visibility: str) -> None:
    """Remember who may see a reader's notes, for the next one."""
    if reader.visibility != visibility:
        reader.visibility = visibility
        session.add(reader)
        session.flush()


def stale(session: Session, ids: Iterable[int]) -> None:
    """Say that the pages of these readers have changed: they see other notes now, or may write for others."""
    session.exec(update(Reader).where(col(Reader.id).in_(ids)).values(version=col(Reader.version) + 1))


def rename(session: Session, reader: Reader, name: str) -> None:
    reader.name = name
    session.add(reader)


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
