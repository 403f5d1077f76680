"""What a share lets its visitor see."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlmodel import Session, col

from app.storage.annotations import MINE, Annotation, place_of
from app.storage.articles import Article, Block, paragraphs_of
from app.storage.margins import Reply, Seen, annotations_seen_by, replies_seen_by
from app.storage.orphans import Orphan, orphans_seen_by
from app.storage.people.readers import Reader
from app.storage.shares import SHOWN, Share, Shown, goes_along, its_note
from app.text.drafts import JOINT
from app.text.spans import Span

_SHOWN_ON_ARTICLE = SHOWN.where(col(Annotation.article_id) == bindparam("article"))
_OF_SHARER = columns(col(Annotation.id)).where(
    MINE,
    col(Annotation.article_id) == bindparam("article"),
    col(Annotation.root_id).is_(None),
    col(Annotation.deleted_at).is_(None),
)


class SeenThrough(NamedTuple):
    """What a share lets a visitor see. Without a passage its words are gone from the article."""

    passage: Span | None
    blocks: list[Block]
    annotations: list[Seen]
    orphans: list[Orphan]
    """Those whose words are gone, with what stood around them."""
    replies: list[Reply]
    """Those of a group, which were written for it."""

    @property
    def notes(self) -> list[Seen]:
        """All of them, whether their words are there or gone."""
        return self.annotations + [one.annotation for one in self.orphans]

    def note_of(self, share: Share) -> Seen | None:
        """The note that is shared, if one is."""
        return next((one for one in self.notes if one.id == share.annotation_id), None)


def seen_through(session: Session, share: Share, article: Article) -> SeenThrough:
    """The passage with its neighbours and its own note, or the article with the sharer's notes or with a group's."""
    passage = _place_of(session, share, article)
    sharer = session.get(Reader, share.reader_id)
    blocks: list[Block] = []
    if share.scope == "passage":
        if passage:
            touched = paragraphs_of(session, article, passage)
            beside = Span(max(0, touched[0].start - len(JOINT)), touched[-1].end + len(JOINT))
            blocks = paragraphs_of(session, article, beside)
        note = its_note(session, share)
        ids = {note.id} if note and goes_along(share, note) else set()
    else:
        blocks = paragraphs_of(session, article)
        shown = session.connection().execute(_SHOWN_ON_ARTICLE, {"reader": share.reader_id, "article": article.id})
        ids = {row.id for row in shown if goes_along(share, Shown(*row))}
    found = annotations_seen_by(session, sharer, article, ids=ids) if ids else []
    gone = [one for one in orphans_seen_by(session, sharer, article) if one.annotation.id in ids] if ids else []
    replies: list[Reply] = []
    if share.scope == "group":
        written = {one.id for one in [*found, *(one.annotation for one in gone)] if one.visibility != "everyone"}
        answers = replies_seen_by(session, sharer, article, written) if written else []
        replies = [one for one in answers if one.id in ids or one.deleted_at]
    return SeenThrough(
        passage,
        blocks,
        [_for_all(one) for one in found],
        [one._replace(annotation=_for_all(one.annotation)) for one in gone],
        replies,
    )


def _for_all(one: Seen) -> Seen:
    """Neither the name of the group that it was written for goes out, nor who has settled it."""
    return one._replace(group=None, resolver=None)


def left_out(session: Session, share: Share, article: Article, seen: Iterable[Seen]) -> int:
    """How many of the sharer's own annotations on an article a share does not take along."""
    theirs = session.connection().execute(_OF_SHARER, {"reader": share.reader_id, "article": article.id})
    return len(set(theirs.scalars()) - {one.id for one in seen})


def _place_of(session: Session, share: Share, article: Article) -> Span | None:
    if share.annotation_id:
        return place_of(session, session.get_one(Annotation, share.annotation_id), article)
    return Span(share.start, share.end) if share.revision == article.revision else None
