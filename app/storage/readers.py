"""Readers, and the sessions by which they are known again."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Field, Session, Text, select

from app.storage.database import Id, Table, now

NAME_LENGTH = 80


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


class AccountLink(Table, table=True):
    """A link that makes an account (`owner`, `join`) or sets its password anew (`reset`), once, until it expires."""

    __tablename__ = "account_link"

    token_hash: str = Field(primary_key=True)
    kind: str
    reader_id: int | None = Field(default=None, sa_type=Id, foreign_key="reader.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime
    used_at: datetime | None = None


_BY_TOKEN = select(Reader).join(ReaderSession).where(ReaderSession.token_hash == bindparam("token_hash"))


def welcome(session: Session, name: str = "") -> tuple[Reader, str]:
    """A new guest, and the token that their browser keeps. Without a name they are called after their number."""
    reader = Reader(name=name)
    session.add(reader)
    session.flush()
    reader.name = name or f"Guest {reader.id}"
    token = secrets.token_urlsafe(24)
    session.add(ReaderSession(token_hash=_hash(token), reader_id=reader.id))
    return reader, token


def by_token(session: Session, token: str) -> Reader | None:
    return session.exec(_BY_TOKEN, params={"token_hash": _hash(token)}).first()


def name_of(session: Session, id: int) -> str:
    """What a reader is called."""
    return session.get_one(Reader, id).name


def prefer(session: Session, reader: Reader, visibility: str) -> None:
    """Remember who may see a reader's notes, for the next one."""
    if reader.visibility != visibility:
        reader.visibility = visibility
        session.add(reader)
        session.flush()


def rename(session: Session, reader: Reader, name: str) -> None:
    reader.name = name
    session.add(reader)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
