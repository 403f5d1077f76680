"""Shares: revocable links to a passage, with or without its note."""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Literal, NamedTuple

from sqlmodel import Field, Session, Text, col, select

from app.storage.annotations import Annotation, place_of
from app.storage.articles import Article, Block, paragraphs_of, quoted
from app.storage.database import Id, Table, now
from app.storage.margins import Seen, annotations_seen_by
from app.storage.readers import Reader
from app.text.drafts import JOINT
from app.text.selectors import Quote, anchor
from app.text.spans import Span

Scope = Literal["passage", "article"]


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
    revision: int
    start: int
    end: int
    exact: str = Field(sa_type=Text)
    prefix: str = ""
    suffix: str = ""
    created_at: datetime = Field(default_factory=now)
    revoked_at: datetime | None = None
    expires_at: datetime | None = None
    group_id: int | None = Field(
        default=None, sa_type=Id, foreign_key="reading_group.id", ondelete="CASCADE", index=True
    )
    opened: int = 0
    """How often others have opened it."""


def share(
    session: Session,
    article: Article,
    reader: Reader,
    passage: Span,
    *,
    exact: Collection[str] = (),
    annotation: Annotation | None = None,
    scope: Scope = "passage",
) -> Share:
    """A live link to a passage (code points), and to the annotation on it if one is given: the same one each time.

    Raises what `articles.quoted` does.
    """
    said = quoted(session, article, passage, exact)
    same = select(Share).where(
        Share.article_id == article.id,
        Share.reader_id == reader.id,
        Share.annotation_id == (annotation.id if annotation else None),
        Share.scope == scope,
        Share.revision == article.revision,
        Share.start == passage.start,
        Share.end == passage.end,
        col(Share.revoked_at).is_(None),
    )
    if found := session.exec(same).first():
        return found
    made = Share(
        token=secrets.token_urlsafe(16),
        article_id=article.id,
        reader_id=reader.id,
        annotation_id=annotation.id if annotation else None,
        scope=scope,
        revision=article.revision,
        start=passage.start,
        end=passage.end,
        exact=said.exact,
        prefix=said.prefix,
        suffix=said.suffix,
    )
    session.add(made)
    session.flush()
    return made


def by_token(session: Session, token: str) -> Share | None:
    """The share, alive or revoked."""
    return session.exec(select(Share).where(Share.token == token)).first()


def revoke(session: Session, share: Share) -> None:
    if share.revoked_at is None:
        share.revoked_at = now()
        session.add(share)


class SeenThrough(NamedTuple):
    """What a share lets a visitor see. Without a passage its words are gone from the article."""

    passage: Span | None
    blocks: list[Block]
    annotations: list[Seen]


def seen_through(session: Session, share: Share, article: Article) -> SeenThrough:
    """The passage with its neighbours and its own note, or the article with the sharer's notes: what all may see."""
    passage = _place_of(session, share, article)
    if share.scope == "article":
        theirs = [
            seen
            for seen in annotations_seen_by(session, None, article)
            if not seen.deleted_at and (share.reader_id == seen.reader_id or share.annotation_id == seen.id)
        ]
        return SeenThrough(passage, paragraphs_of(session, article), theirs)
    if passage is None:
        return SeenThrough(None, [], [])
    touched = paragraphs_of(session, article, passage)
    beside = Span(max(0, touched[0].start - len(JOINT)), touched[-1].end + len(JOINT))
    its_own = [seen for seen in annotations_seen_by(session, None, article, passage) if seen.id == share.annotation_id]
    return SeenThrough(passage, paragraphs_of(session, article, beside), its_own)


def _place_of(session: Session, share: Share, article: Article) -> Span | None:
    if share.annotation_id:
        return place_of(session, session.get_one(Annotation, share.annotation_id), article)
    if share.revision == article.revision:
        return Span(share.start, share.end)
    text = JOINT.join(block.text for block in paragraphs_of(session, article))
    return anchor(text, Quote(share.exact, share.prefix, share.suffix), share.start)
