"""That every note stands where its words are, in a thread that holds together, before the eyes it was written for."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal, or_
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.storage.annotations import Annotation, Placement
from app.storage.articles import Article
from app.storage.keeping.checks.streams import Asked, Found, Text, beside_their_texts
from app.text.comparing.revisions import alike

STATUSES = ("ok", "changed", "moved", "orphan")

_ROOT = aliased(Annotation)
_PARENT = aliased(Annotation)

_PLACES: Asked = (
    columns(
        col(Placement.article_id),
        col(Placement.stood),
        col(Placement.revision),
        col(Placement.annotation_id),
        col(Placement.start),
        col(Placement.end),
        col(Placement.status),
        col(Annotation.article_id).label("its_article"),
        col(Annotation.revision).label("made_on"),
        col(Annotation.root_id),
        col(Annotation.purged_at),
        col(Annotation.exact),
        col(Annotation.prefix),
        col(Annotation.suffix),
    )
    .join(Annotation, col(Annotation.id) == col(Placement.annotation_id))
    .order_by(col(Placement.article_id), col(Placement.stood))
)


def check(session: Session) -> Iterator[str]:
    """Whether each annotation has its place on its own revision and on the current one, within words that it quotes."""
    roots = col(Annotation.root_id).is_(None)
    on_its_own = and_(
        col(Placement.annotation_id) == col(Annotation.id), col(Placement.revision) == col(Annotation.revision)
    )
    on_current = and_(
        col(Placement.annotation_id) == col(Annotation.id), col(Placement.revision) == col(Article.revision)
    )
    article = col(Article.id) == col(Annotation.article_id)
    lost = or_(~exists().where(on_its_own), ~exists().where(on_current))
    placeless = columns(col(Annotation.id)).join(Article, article).where(roots, lost)
    yield from _each(session, placeless, "has no place on its own revision, or none on the current one")
    for row, text in beside_their_texts(session, _PLACES):
        if fault := _place_fault(row, text):
            yield f"annotation {row.annotation_id} on revision {row.revision}: {fault}"


def _place_fault(row: Found, text: Text | None) -> str:
    if row.its_article != row.article_id:
        return f"is of article {row.its_article}, and is placed on article {row.article_id}"
    if row.root_id:
        return "is a reply, and has a place of its own"
    if row.status not in STATUSES:
        return "its place has no status that there is"
    if (row.stood < row.revision) != (row.status == "orphan") or row.stood > row.revision:
        return "stands on another revision, and is no orphan, or the other way round"
    if text is None:
        return "there is no such text"
    if fault := text.fault(row.start, row.end):
        return fault
    if row.purged_at or row.status == "orphan":
        return ""
    there = text.said(row.start, row.end)
    if row.revision == row.made_on:
        return "" if (row.exact, row.prefix, row.suffix) == there else "its quote is not what stands at its place"
    # What has been attached anew has another quote than it had on former revisions.
    if row.status == "ok" and row.revision > row.made_on and not alike(row.exact, there[0]):
        return "is said to stand on its words, and stands on others"
    return ""


def threads(session: Session) -> Iterator[str]:
    """Whether each reply hangs in one thread, of one article, on something that was there before it."""
    is_reply = col(Annotation.root_id).is_not(None)
    half = (col(Annotation.root_id).is_(None)) != (col(Annotation.parent_id).is_(None))
    yield from _each(session, columns(col(Annotation.id)).where(half), "has half a thread")
    within = columns(col(Annotation.id)).join(_ROOT, col(_ROOT.id) == col(Annotation.root_id))
    not_begun = or_(col(_ROOT.root_id).is_not(None), col(_ROOT.article_id) != col(Annotation.article_id))
    yield from _each(session, within.where(not_begun), "its thread does not begin with its root, or is elsewhere")
    below = columns(col(Annotation.id)).join(_PARENT, col(_PARENT.id) == col(Annotation.parent_id))
    astray = or_(
        func.coalesce(col(_PARENT.root_id), col(_PARENT.id)) != col(Annotation.root_id),
        col(_PARENT.id) >= col(Annotation.id),
    )
    yield from _each(session, below.where(is_reply, astray), "hangs on something of another thread, or made later")


def audiences(session: Session) -> Iterator[str]:
    """Whether it is plain who may see each annotation, and the same throughout its thread."""
    yield from _each(session, columns(col(Annotation.id)).where(_unclear()), "does not say plainly who may see it")
    within = columns(col(Annotation.id)).join(_ROOT, col(_ROOT.id) == col(Annotation.root_id))
    other = or_(
        col(_ROOT.visibility) != col(Annotation.visibility),
        func.coalesce(col(_ROOT.group_id), 0) != func.coalesce(col(Annotation.group_id), 0),
    )
    yield from _each(session, within.where(other), "is seen by others than its thread")
    wordless = and_(col(Annotation.note) == "", col(Annotation.note_html) != "")
    yield from _each(session, columns(col(Annotation.id)).where(wordless), "shows words that nobody has written")


def _unclear() -> ColumnElement[bool]:
    for_a_group = col(Annotation.visibility).like("group:%")
    named = literal("group:").concat(cast(col(Annotation.group_id), String))
    return or_(
        and_(col(Annotation.visibility).not_in(("me", "everyone")), ~for_a_group),
        and_(col(Annotation.visibility).in_(("me", "everyone")), col(Annotation.group_id).is_not(None)),
        # Of a group that is gone the name alone is left.
        and_(for_a_group, col(Annotation.group_id).is_not(None), col(Annotation.visibility) != named),
    )


def _each(session: Session, ids: Any, fault: str) -> Iterator[str]:
    for id in session.connection().execute(ids.order_by(col(Annotation.id))).scalars():
        yield f"annotation {id}: {fault}"
