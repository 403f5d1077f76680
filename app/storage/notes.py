"""Notes: everything that one reader has written, across articles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.storage.annotations import MAY_SEE, MINE, READER, Annotation, Placement
from app.storage.articles import Article
from app.storage.people.groups import Group, Membership
from app.storage.people.readers import Reader
from app.text.tags import tags_of

Order = Literal["newest", "article"]

NOWHERE = 10**9
"""Where, in the order of a text, what stands nowhere in it comes: after everything else."""


class Written(NamedTuple):
    """What a reader has written, with what it is about as far as they may see that now."""

    id: int
    article_id: int
    slug: str
    title: str
    author: str
    source: str
    language: str
    in_sight: bool
    """Whether they may see the thread in which it stands: who has left a group keeps their own words alone."""
    parent_id: int | None
    exact: str
    prefix: str
    suffix: str
    start: int | None
    end: int | None
    note: str
    note_html: str
    colour: str
    tags: str
    visibility: str
    group: str | None
    """The name of the group that it is for, if they are in it."""
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    hidden_at: datetime | None
    deleted_at: datetime | None

    @property
    def kind(self) -> str:
        if self.parent_id:
            return "reply"
        return "note" if self.note else "highlight"

    @property
    def audience(self) -> str:
        """Who may see it, in words."""
        if self.visibility in ("everyone", "me"):
            return {"everyone": "for everyone", "me": "only me"}[self.visibility]
        return f"for {self.group}" if self.group else "for a group you have left"

    @property
    def html(self) -> str:
        return self.note_html

    @property
    def tagged(self) -> list[str]:
        return tags_of(self.tags)


@dataclass(frozen=True)
class Wanted:
    """Which of them: those in which every word of `q` occurs, with a tag, of a colour; the deleted ones too, or not."""

    q: str = ""
    tag: str = ""
    colour: str = ""
    deleted: bool = False


_ROOT = aliased(Annotation)
_MEMBERSHIP = aliased(Membership)


def _of_thread(column: Any, of_root: Any) -> ColumnElement[Any]:
    """What stands in the annotation itself; for a reply in that which its thread began with, if they may see that."""
    return case((col(Annotation.root_id).is_(None), column), (MAY_SEE, of_root), else_="")


_START = case((MAY_SEE, col(Placement.start)))
_ORDERED_START: ColumnElement[int] = func.coalesce(_START, NOWHERE)
_EXACT = _of_thread(col(Annotation.exact), col(_ROOT.exact))

_WRITTEN = (
    columns(
        col(Annotation.id),
        col(Annotation.article_id),
        col(Article.slug),
        col(Article.title),
        col(Article.author),
        col(Article.source),
        col(Article.language),
        MAY_SEE,
        col(Annotation.parent_id),
        _EXACT,
        _of_thread(col(Annotation.prefix), col(_ROOT.prefix)),
        _of_thread(col(Annotation.suffix), col(_ROOT.suffix)),
        _START,
        case((MAY_SEE, col(Placement.end))),
        col(Annotation.note),
        col(Annotation.note_html),
        col(Annotation.colour),
        col(Annotation.tags),
        col(Annotation.visibility),
        col(Group.name),
        col(Annotation.created_at),
        col(Annotation.updated_at),
        col(Annotation.resolved_at),
        col(Annotation.hidden_at),
        col(Annotation.deleted_at),
    )
    .select_from(Annotation)
    .join(Article, col(Article.id) == col(Annotation.article_id))
    .outerjoin(_ROOT, col(_ROOT.id) == col(Annotation.root_id))
    .outerjoin(
        Placement,
        and_(
            col(Placement.annotation_id) == func.coalesce(col(Annotation.root_id), col(Annotation.id)),
            col(Placement.revision) == col(Article.revision),
            col(Placement.status) != "orphan",
        ),
    )
    .outerjoin(
        _MEMBERSHIP,
        and_(col(_MEMBERSHIP.group_id) == col(Annotation.group_id), col(_MEMBERSHIP.reader_id) == READER),
    )
    .outerjoin(Group, col(Group.id) == col(_MEMBERSHIP.group_id))
    .where(MINE, col(Annotation.purged_at).is_(None))
)

_TAGS = (
    columns(col(Annotation.tags))
    .distinct()
    .where(MINE, col(Annotation.deleted_at).is_(None), col(Annotation.tags) != "")
)


def written_by(
    session: Session,
    reader: Reader,
    wanted: Wanted,
    order: Order = "newest",
    after: Sequence[int] = (),
    limit: int | None = None,
) -> list[Written]:
    """What a reader has written, the newest first, or by article in the order of its text.

    `after` is the place (as `place_of` gives it) after which to go on, `limit` how many at most.
    """
    found = _which(_WRITTEN, wanted)
    if order == "newest":
        found = found.order_by(col(Annotation.id).desc())
        if after:
            found = found.where(col(Annotation.id) < after[-1])
    else:
        found = found.order_by(col(Annotation.article_id).desc(), _ORDERED_START, col(Annotation.id))
        if len(after) == 3:
            article, start, id = after
            here = col(Annotation.article_id) == article
            later = or_(
                literal(start) < _ORDERED_START, and_(literal(start) == _ORDERED_START, col(Annotation.id) > id)
            )
            found = found.where(or_(col(Annotation.article_id) < article, and_(here, later)))
    rows = session.connection().execute(found.limit(limit), {"reader": reader.id})
    return [Written(*row) for row in rows]


def place_of(one: Written) -> tuple[int, int, int]:
    """Where something stands in either order."""
    return one.article_id, NOWHERE if one.start is None else one.start, one.id


def count_written(session: Session, reader: Reader, wanted: Wanted) -> int:
    found = _which(_WRITTEN, wanted).with_only_columns(func.count(), maintain_column_froms=True)
    return session.connection().execute(found, {"reader": reader.id}).scalar_one()


def own_tags(session: Session, reader: Reader) -> list[str]:
    """All tags that a reader has used, in the order of the alphabet."""
    rows = session.connection().execute(_TAGS, {"reader": reader.id}).scalars()
    return sorted({tag.casefold(): tag for written in rows for tag in tags_of(written)}.values(), key=str.casefold)


def _which(found: Select[Any], wanted: Wanted) -> Select[Any]:
    if not wanted.deleted:
        found = found.where(col(Annotation.deleted_at).is_(None))
    if wanted.colour:
        found = found.where(col(Annotation.colour) == wanted.colour)
    if wanted.tag:
        line = func.lower(literal(", ") + col(Annotation.tags) + literal(", "))
        found = found.where(line.contains(f", {wanted.tag.lower()}, ", autoescape=True))
    for word in wanted.q.lower().split():
        places = (col(Annotation.note), _EXACT, col(Annotation.tags), col(Article.title))
        found = found.where(or_(*(func.lower(place).contains(word, autoescape=True) for place in places)))
    return found
