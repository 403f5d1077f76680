"""Groups: readers who write for each other, and the invitations by which they come."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import bindparam, func, literal, or_
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, Text, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from app.storage.database import Id, Table, now
from app.storage.people import readers
from app.storage.people.readers import Reader

NAME_LENGTH = 80
INVITATION_DAYS = 14

Role = Literal["owner", "member"]


class NotAMember(ValueError):
    """Who is not in a group does not write for it."""


class LastOwner(ValueError):
    """A group has an owner as long as it has members."""


class Group(Table, table=True):
    """Readers who write for each other. One that `hides` shows a member what others wrote once they have written."""

    __tablename__ = "reading_group"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int = Field(default=None, sa_type=Id, primary_key=True)
    name: str = Field(sa_type=Text)
    hides: bool = False
    created_at: datetime = Field(default_factory=now)


class Membership(Table, table=True):
    """That a reader is in a group, as `owner` or as `member`."""

    group_id: int = Field(sa_type=Id, primary_key=True, foreign_key="reading_group.id", ondelete="CASCADE")
    reader_id: int = Field(sa_type=Id, primary_key=True, foreign_key="reader.id", ondelete="CASCADE", index=True)
    role: str = "member"
    joined_at: datetime = Field(default_factory=now)


class Invitation(Table, table=True):
    """A link into a group. Its token is kept as it is, for the reason that a share's is."""

    __table_args__ = {"sqlite_autoincrement": True}

    id: int = Field(default=None, sa_type=Id, primary_key=True)
    token: str = Field(unique=True)
    group_id: int = Field(sa_type=Id, foreign_key="reading_group.id", ondelete="CASCADE", index=True)
    reader_id: int | None = Field(default=None, sa_type=Id, foreign_key="reader.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime
    revoked_at: datetime | None = None


class Belonging(NamedTuple):
    """A group, as one of its members knows it."""

    id: int
    name: str
    hides: bool
    role: str
    members: int


class Member(NamedTuple):
    """A reader, as the others in a group know them."""

    id: int
    name: str
    role: str
    joined_at: datetime


_FELLOW = aliased(Membership)
_FELLOWS = columns(func.count()).where(col(_FELLOW.group_id) == col(Group.id)).scalar_subquery()
_GROUPS = (
    columns(col(Group.id), col(Group.name), col(Group.hides), col(Membership.role), _FELLOWS)
    .join(Membership, col(Membership.group_id) == col(Group.id))
    .where(col(Membership.reader_id) == bindparam("reader"))
    .order_by(func.lower(Group.name), col(Group.id))
)


def written_for(session: Session, reader_id: int, visibility: str) -> int | None:
    """The id of the group that a visibility (`me`, `everyone`, `group:12`) names, None where it names none.

    Raises NotAMember unless this reader is in it.
    """
    found = re.fullmatch(r"group:([1-9][0-9]{0,17})", visibility)
    if not found:
        return None
    if not session.get(Membership, (int(found[1]), reader_id)):
        raise NotAMember("You are not in that group, so you cannot write for it. Choose who else may see your note.")
    return int(found[1])


def make(session: Session, reader: Reader, name: str, hides: bool = False) -> Group:
    """A new group, owned by the reader who makes it."""
    group = Group(name=name, hides=hides)
    session.add(group)
    session.flush()
    session.add(Membership(group_id=group.id, reader_id=reader.id, role="owner"))
    readers.stale(session, [reader.id])
    return group


def change(session: Session, group: Group, name: str, hides: bool) -> None:
    """Call a group otherwise, or have it show its notes otherwise."""
    group.name = name
    group.hides = hides
    session.add(group)
    readers.stale(session, members(session, group.id))


def groups_of(session: Session, reader: Reader | None) -> list[Belonging]:
    """The groups in which a reader is, by name."""
    if reader is None:
        return []
    return [Belonging(*row) for row in session.connection().execute(_GROUPS, {"reader": reader.id})]


def by_id(session: Session, reader: Reader, id: int) -> Group | None:
    """The group, if this reader is in it."""
    found = select(Group).join(Membership).where(Group.id == id, Membership.reader_id == reader.id)
    return session.exec(found).first()


def numbered(session: Session, id: int) -> Group | None:
    """The group of this id, for who keeps the library."""
    return session.get(Group, id) if id < 2**63 else None


def every(session: Session) -> list[tuple[Group, int]]:
    """All groups, and how many readers are in each, for who keeps the library."""
    return [(group, number) for group, number in session.exec(select(Group, _FELLOWS).order_by(col(Group.id)))]


def membership(session: Session, group: Group, reader_id: int) -> Membership | None:
    return session.get(Membership, (group.id, reader_id))


def members(session: Session, group_id: int) -> set[int]:
    """The ids of the readers in a group."""
    return set(session.exec(select(Membership.reader_id).where(Membership.group_id == group_id)))


def members_of(session: Session, group: Group) -> list[Member]:
    """The readers in a group: who owns it first, then as they came."""
    found = (
        columns(col(Reader.id), col(Reader.name), col(Membership.role), col(Membership.joined_at))
        .join(Membership, col(Membership.reader_id) == col(Reader.id))
        .where(col(Membership.group_id) == group.id)
        .order_by(col(Membership.role).desc(), col(Membership.joined_at), col(Reader.id))
    )
    return [Member(*row) for row in session.connection().execute(found)]


def invite(session: Session, group: Group, reader: Reader | None, days: int = INVITATION_DAYS) -> Invitation:
    """A link by which others come into a group, for so many days."""
    made = Invitation(
        token=secrets.token_urlsafe(16),
        group_id=group.id,
        reader_id=reader.id if reader else None,
        expires_at=now() + timedelta(days=days),
    )
    session.add(made)
    session.flush()
    return made


def invitations_of(session: Session, group: Group) -> Sequence[Invitation]:
    """The invitations that are good, the newest first."""
    return session.exec(_good().where(Invitation.group_id == group.id).order_by(col(Invitation.id).desc())).all()


def invitation(session: Session, token: str) -> Invitation | None:
    """The invitation, if it is good."""
    return session.exec(_good().where(Invitation.token == token)).first()


def _good() -> SelectOfScalar[Invitation]:
    # Who made one must still be somebody who may; at the command line nobody has.
    may_invite = columns(literal(1)).where(
        col(Membership.group_id) == Invitation.group_id,
        col(Membership.reader_id) == Invitation.reader_id,
        col(Membership.role) == "owner",
        col(Reader.id) == Invitation.reader_id,
        col(Reader.banned_at).is_(None),
    )
    return select(Invitation).where(
        col(Invitation.revoked_at).is_(None),
        Invitation.expires_at > now(),
        or_(col(Invitation.reader_id).is_(None), may_invite.exists()),
    )


def withdraw(session: Session, invitation: Invitation) -> None:
    if invitation.revoked_at is None:
        invitation.revoked_at = now()
        session.add(invitation)


def join(session: Session, group_id: int, reader: Reader, role: Role = "member") -> None:
    """Come into a group; who is in it already stays as they are, and who comes into an empty one owns it."""
    _alone(session, group_id)
    if not session.get(Membership, (group_id, reader.id)):
        role = role if _owners(session, group_id) else "owner"
        session.add(Membership(group_id=group_id, reader_id=reader.id, role=role))
        session.flush()
        readers.stale(session, [reader.id])


def appoint(session: Session, group: Group, reader_id: int, role: Role) -> None:
    """Make a member an owner, or an owner a member. Raises LastOwner where nobody would own the group."""
    _alone(session, group.id)
    theirs = session.get_one(Membership, (group.id, reader_id), populate_existing=True)
    if role != "owner" and theirs.role == "owner" and len(_owners(session, group.id)) == 1:
        raise LastOwner("A group needs an owner: make somebody else one first.")
    theirs.role = role
    session.add(theirs)
    session.flush()
    readers.stale(session, [reader_id])


def leave(session: Session, group_id: int, reader_id: int) -> None:
    """Go. What one has written for the group stays there, and one's own.

    Where the last owner goes, the member who has been there longest owns the group; where the last member goes, no
    invitation leads into it any more.
    """
    _alone(session, group_id)
    if theirs := session.get(Membership, (group_id, reader_id)):
        session.delete(theirs)
        preferring = update(Reader).where(col(Reader.id) == reader_id, col(Reader.visibility) == f"group:{group_id}")
        session.exec(preferring.values(visibility="me"))
        session.flush()
        if not _owners(session, group_id):
            eldest = select(Membership).where(Membership.group_id == group_id)
            if heir := session.exec(eldest.order_by(col(Membership.joined_at), col(Membership.reader_id))).first():
                heir.role = "owner"
                session.add(heir)
                session.flush()
                readers.stale(session, [heir.reader_id])
            else:
                _withdraw_all(session, group_id)
        readers.stale(session, [reader_id])


def remove(session: Session, group_id: int, reader_id: int) -> None:
    """Send a member away: the invitations into the group are withdrawn, so that none leads them back."""
    leave(session, group_id, reader_id)
    _withdraw_all(session, group_id)


def _withdraw_all(session: Session, group_id: int) -> None:
    open = update(Invitation).where(col(Invitation.group_id) == group_id, col(Invitation.revoked_at).is_(None))
    session.exec(open.values(revoked_at=now()))


def _alone(session: Session, group_id: int) -> None:
    """Let who comes, goes or is appointed do so one after the other: each must see what the one before has done."""
    session.exec(select(Group).where(Group.id == group_id).with_for_update(key_share=True)).one()


def _owners(session: Session, group_id: int) -> Sequence[int]:
    owning = select(Membership.reader_id).where(Membership.group_id == group_id, Membership.role == "owner")
    return session.exec(owning).all()
