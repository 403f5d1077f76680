"""Shares: links to a passage that can be withdrawn and may expire; `visiting` has what they let a visitor see."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import and_, bindparam
from sqlalchemy import select as columns
from sqlmodel import Field, Session, Text, col, select, update

from app.storage.annotations import SEEN, Annotation
from app.storage.articles import Article, lock
from app.storage.database import Id, Table, now
from app.storage.passages import standing
from app.storage.people.groups import Membership, NotAMember, groups_of
from app.storage.people.readers import Reader
from app.text.selectors import Quote
from app.text.spans import Span

Expiry = Literal["never", "day", "week", "month"]
DAYS: dict[Expiry, int] = {"day": 1, "week": 7, "month": 30}

SCOPE = r"^(passage|article|group:[1-9][0-9]{0,17})$"
"""The passage and what stands beside it, the article with the sharer's notes, or with those of a group (by its id)."""


class NotToBeShared(ValueError):
    """What the note's author or the owner keeps from the eyes of others is not shared."""


class Share(Table, table=True):
    """A link that anyone may open who has it. The token is kept as it is: its owner wants to copy it again."""

    __table_args__ = {"sqlite_autoincrement": True}

    id: int = Field(default=None, sa_type=Id, primary_key=True)
    token: str = Field(unique=True)
    article_id: int = Field(sa_type=Id, foreign_key="article.id", ondelete="CASCADE", index=True)
    reader_id: int = Field(sa_type=Id, foreign_key="reader.id", ondelete="CASCADE", index=True)
    annotation_id: int | None = Field(
        default=None, sa_type=Id, foreign_key="annotation.id", ondelete="CASCADE", index=True
    )
    scope: str = "passage"
    """`passage`, `article`, or `group`: that of `group_id`, which is gone where none is named."""
    revision: int
    """The one of whose text `start` and `end` are places: the current one, as long as its words are there."""
    start: int
    end: int
    exact: str = Field(sa_type=Text)
    prefix: str = ""
    suffix: str = ""
    created_at: datetime = Field(default_factory=now)
    revoked_at: datetime | None = None
    expires_at: datetime | None = None
    group_id: int | None = Field(
        default=None, sa_type=Id, foreign_key="reading_group.id", ondelete="SET NULL", index=True
    )
    opened: int = 0
    """How often others have opened it."""


class Shown(NamedTuple):
    """An annotation that its author and the owner let others see: whose it is, and who may."""

    id: int
    reader_id: int
    visibility: str


# What the reader who shares may see, and nothing that is hidden: from its author that is not.
SHOWN = columns(col(Annotation.id), col(Annotation.reader_id), col(Annotation.visibility)).where(
    SEEN, col(Annotation.hidden_at).is_(None)
)
_SHOWN_OF = SHOWN.where(col(Annotation.id).in_(bindparam("ids", expanding=True)))
_COUNT_OPENING = update(Share).where(col(Share.id) == bindparam("share")).values(opened=col(Share.opened) + 1)


def draft(
    session: Session,
    article: Article,
    reader: Reader | None,
    passage: Span,
    *,
    exact: Collection[str] = (),
    revision: int | None = None,
    annotation: Annotation | None = None,
    scope: str = "passage",
    expires: Expiry = "never",
) -> Share:
    """A share as it would be, not kept: to be looked at before others may.

    `revision` is the one whose text the passage is of, if not the current one. Raises what `passages.standing` does,
    NotAMember for a group's notes unless the reader owns the group, and NotToBeShared for a note that does not go out
    with it.
    """
    passage, said = standing(session, article, passage, revision or article.revision, exact)
    kind, _, group_id = scope.partition(":")
    made = Share(
        token=secrets.token_urlsafe(16),
        article_id=article.id,
        reader_id=reader.id if reader else 0,
        annotation_id=annotation.id if annotation else None,
        scope=kind,
        group_id=int(group_id) if group_id else None,
        revision=article.revision,
        start=passage.start,
        end=passage.end,
        exact=said.exact,
        prefix=said.prefix,
        suffix=said.suffix,
        expires_at=now() + timedelta(days=DAYS[expires]) if expires in DAYS else None,
    )
    if kind == "group" and not _owns(session, made):
        raise NotAMember("Only who owns a group can share what its readers have written.")
    if annotation and not ((note := its_note(session, made)) and goes_along(made, note)):
        raise NotToBeShared(_reason(annotation, reader))
    return made


def follow(session: Session, annotation: Annotation, passage: Span, said: Quote) -> None:
    """Have all links to an annotation be about the passage (code points) to which it has been attached anew."""
    now_about = {"revision": annotation.revision, "start": passage.start, "end": passage.end}
    quoted = {"exact": said.exact, "prefix": said.prefix, "suffix": said.suffix}
    links = update(Share).where(col(Share.annotation_id) == annotation.id)
    session.connection().execute(links.values(**now_about, **quoted))


def scopes_for(session: Session, reader: Reader | None, annotation: Annotation | None) -> list[tuple[str, str]]:
    """How much a reader may share together with an annotation: the scopes, each with the name of its group or none."""
    owned = [(f"group:{one.id}", one.name) for one in groups_of(session, reader) if one.role == "owner"]
    if annotation is None or annotation.visibility == "everyone":
        return [("passage", ""), ("article", ""), *owned]
    own = [("passage", "")] if reader and annotation.reader_id == reader.id and annotation.visibility != "me" else []
    return own + [one for one in owned if one[0] == annotation.visibility]


def _reason(annotation: Annotation, reader: Reader | None) -> str:
    if annotation.hidden_at:
        return "The owner of this library has hidden this note, so it cannot be shared."
    if annotation.visibility == "me":
        return "Only you can see this note. Let everyone see it first, then share it."
    if reader and annotation.reader_id == reader.id:
        return "This note is for its group. Alone, with its passage, you can share it: it is yours."
    return "This note is for its group, so only who wrote it can share it."


def share(session: Session, article: Article, reader: Reader, passage: Span, **said: Any) -> Share:
    """A live link to a passage (code points), and to the annotation on it if one is given: the same one each time.

    Takes what `draft` does, and raises what that does.
    """
    said["revision"] = said.get("revision") or article.revision
    lock(session, article)
    made = draft(session, article, reader, passage, **said)
    same = select(Share).where(
        Share.article_id == made.article_id,
        Share.reader_id == made.reader_id,
        Share.annotation_id == made.annotation_id,
        Share.scope == made.scope,
        Share.group_id == made.group_id,
        # A note may have gone elsewhere with its words; a bare passage is where it is.
        col(Share.exact) == made.exact
        if made.annotation_id
        else and_(col(Share.revision) == made.revision, col(Share.start) == made.start, col(Share.end) == made.end),
        col(Share.revoked_at).is_(None),
        # Of those that expire, the one that has just been made: sent twice, a form makes one link.
        col(Share.expires_at) > made.expires_at - timedelta(hours=1)
        if made.expires_at
        else col(Share.expires_at).is_(None),
        col(Share.expires_at) <= made.expires_at if made.expires_at else col(Share.expires_at).is_(None),
    )
    if found := session.exec(same).first():
        return found
    session.add(made)
    session.flush()
    return made


def by_id(session: Session, id: int) -> Share | None:
    return session.get(Share, id)


def by_token(session: Session, token: str) -> Share | None:
    """The share, alive or not."""
    return session.exec(select(Share).where(Share.token == token)).first()


def revoke(session: Session, share: Share) -> None:
    if share.revoked_at is None:
        share.revoked_at = now()
        session.add(share)


def end_those_of(session: Session, annotation: Annotation) -> None:
    """Withdraw every link to an annotation: it is for fewer readers now, and who would still share it says so anew."""
    session.exec(
        update(Share)
        .where(col(Share.annotation_id) == annotation.id, col(Share.revoked_at).is_(None))
        .values(revoked_at=now())
    )


def count_opening(session: Session, id: int) -> None:
    """Say that somebody else than its maker has opened a share."""
    session.connection().execute(_COUNT_OPENING, {"share": id})


# ── what is alive


def is_alive(session: Session, share: Share) -> bool:
    """Whether a share opens anything now: it has not ended, and who made it may still share what it is about."""
    article = session.get(Article, share.article_id)
    sharer = session.get(Reader, share.reader_id)
    owns = share.scope == "group" and _owns(session, share)
    return article is not None and article.deleted_at is None and lives(share, sharer, owns, its_note(session, share))


def lives(share: Share, sharer: Reader | None, owns: bool, note: Shown | None) -> bool:
    """The same of what is known: whether the sharer `owns` its group, and its note, if that is shown to them."""
    return (
        share.revoked_at is None
        and (share.expires_at is None or share.expires_at > now())
        and sharer is not None
        and not (sharer.banned_at or sharer.left_at)
        and (owns or share.scope != "group")
        and (share.annotation_id is None or (note is not None and goes_along(share, note)))
    )


def goes_along(share: Share, note: Shown) -> bool:
    """Whether a share takes an annotation along: never a private one, and of a group's only one's own, alone, or all
    by who owns the group.
    """
    its_own = note.id == share.annotation_id
    mine = note.reader_id == share.reader_id
    if note.visibility == "me":
        return False
    if share.scope == "group":
        return note.visibility == f"group:{share.group_id}" or (note.visibility == "everyone" and its_own)
    if share.scope == "article":
        return note.visibility == "everyone" and (mine or its_own)
    return its_own and (note.visibility == "everyone" or mine)


def _owns(session: Session, share: Share) -> bool:
    theirs = session.get(Membership, (share.group_id, share.reader_id)) if share.group_id else None
    return theirs is not None and theirs.role == "owner"


def its_note(session: Session, share: Share) -> Shown | None:
    if share.annotation_id is None:
        return None
    return shown_to(session, share.reader_id, [share.annotation_id]).get(share.annotation_id)


def shown_to(session: Session, reader_id: int, ids: Collection[int]) -> dict[int, Shown]:
    """Those of some annotations that a reader may see and that are not hidden, by their ids."""
    found = session.connection().execute(_SHOWN_OF, {"reader": reader_id, "ids": list(ids)})
    return {row.id: Shown(*row) for row in found}
