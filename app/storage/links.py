"""Links: the shares that readers have made, in one place."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from app.storage.articles import HERE, Article
from app.storage.database import now
from app.storage.people.groups import Group, Membership
from app.storage.people.readers import Reader
from app.storage.shares import Share, is_alive, lives, shown_to


class Link(NamedTuple):
    """A share in a list of them."""

    share: Share
    slug: str
    title: str
    language: str
    group: str
    """The name of the group whose notes go along, if any do."""
    sharer: str
    alive: bool

    @property
    def path(self) -> str:
        return f"/s/{self.share.token}"


def links_of(session: Session, reader: Reader) -> list[Link]:
    """All shares of a reader that have not ended, the newest first: also those that open nothing just now."""
    return _links(session, reader.id, col(Share.reader_id) == reader.id)


def links_of_group(session: Session, group: Group, reader: Reader) -> list[Link]:
    """The live links by which the notes of a group go out, as far as this member of it may know what they are about."""
    found = _links(session, reader.id, col(Share.scope) == "group", col(Share.group_id) == group.id)
    return [link for link in found if link.alive]


def every(session: Session, reader: Reader | None = None) -> list[Link]:
    """All shares that have not ended, of everybody or of one reader, for who keeps the library."""
    which = [col(Share.reader_id) == reader.id] if reader else []
    return [one._replace(alive=is_alive(session, one.share)) for one in _links(session, 0, *which)]


def _links(session: Session, reader_id: int, *which: ColumnElement[bool]) -> list[Link]:
    going_on = or_(col(Share.expires_at).is_(None), col(Share.expires_at) > now())
    found = (
        select(Share, Article, Reader, Group)
        .join(Article, col(Article.id) == Share.article_id)
        .join(Reader, col(Reader.id) == Share.reader_id)
        .outerjoin(Group, col(Group.id) == Share.group_id)
        .where(col(Share.revoked_at).is_(None), going_on, HERE, *which)
        .order_by(col(Share.id).desc())
    )
    rows = session.exec(found).all()
    owned = columns(col(Membership.group_id), col(Membership.reader_id)).where(
        col(Membership.role) == "owner",
        col(Membership.group_id).in_({share.group_id for share, *_ in rows if share.group_id}),
    )
    owners = {tuple(row) for row in session.connection().execute(owned)}
    ids = [share.annotation_id for share, *_ in rows if share.annotation_id]
    shown = shown_to(session, reader_id, ids)
    return [
        Link(
            share,
            article.slug,
            article.title,
            article.language,
            group.name if group else "",
            sharer.name,
            lives(share, sharer, (share.group_id, sharer.id) in owners, shown.get(share.annotation_id or 0)),
        )
        for share, article, sharer, group in rows
    ]
