"""Links that make an account, or set its password anew: once, and not for long."""

import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Field, Session, col, delete, or_, select, update

from app.storage.database import Id, Table, now
from app.storage.people.readers import Reader, hash_of

Kind = Literal["owner", "join", "reset"]

HOURS: dict[Kind, int] = {"owner": 7 * 24, "join": 7 * 24, "reset": 24}
"""How long a link of each kind is good."""


class AccountLink(Table, table=True):
    """A link that makes an account (`owner`, `join`) or sets its password anew (`reset`), once, until it expires."""

    __tablename__ = "account_link"

    token_hash: str = Field(primary_key=True)
    kind: str
    reader_id: int | None = Field(default=None, sa_type=Id, foreign_key="reader.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime
    used_at: datetime | None = None


def make(session: Session, kind: Kind, reader: Reader | None = None) -> str:
    """The token of a new link. Of those for the owner, and of those for one reader, only the newest is good."""
    session.exec(
        delete(AccountLink).where(or_(col(AccountLink.expires_at) < now(), col(AccountLink.used_at).is_not(None)))
    )
    if kind != "join":
        older = delete(AccountLink).where(col(AccountLink.kind) == kind)
        session.exec(older.where(col(AccountLink.reader_id) == (reader.id if reader else None)))
    token = secrets.token_urlsafe(24)
    expires_at = now() + timedelta(hours=HOURS[kind])
    session.add(
        AccountLink(
            token_hash=hash_of(token), kind=kind, reader_id=reader.id if reader else None, expires_at=expires_at
        )
    )
    session.flush()
    return token


def by_token(session: Session, token: str) -> AccountLink | None:
    """The link, if it is still good."""
    good = select(AccountLink).where(
        AccountLink.token_hash == hash_of(token),
        col(AccountLink.used_at).is_(None),
        col(AccountLink.expires_at) > now(),
    )
    return session.exec(good).first()


def use(session: Session, token: str) -> AccountLink | None:
    """The link, if it is still good: it is not any more."""
    session.exec(select(AccountLink).where(AccountLink.token_hash == hash_of(token)).with_for_update()).first()
    session.expire_all()
    if link := by_token(session, token):
        link.used_at = now()
        session.add(link)
        session.flush()
    return link


def spend_resets(session: Session, reader: Reader) -> None:
    """Let no link that is out set a reader's password anew."""
    theirs = update(AccountLink).where(col(AccountLink.reader_id) == reader.id, col(AccountLink.kind) == "reset")
    session.exec(theirs.where(col(AccountLink.used_at).is_(None)).values(used_at=now()))
