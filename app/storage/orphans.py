"""Orphans: annotations whose words an article has lost, shown with what was around them, and attached anew."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import and_, bindparam
from sqlalchemy import select as columns
from sqlmodel import Session, col

from app.storage import shares
from app.storage.annotations import Annotation, Placement, lock
from app.storage.articles import Article, Paragraph, touch_open
from app.storage.database import now
from app.storage.margins import ON_REVISION, Seen, asked, at_once, seen, with_words
from app.storage.passages import standing
from app.storage.people import readers
from app.storage.people.readers import Reader
from app.text.drafts import JOINT
from app.text.spans import Span

AROUND = 200
"""How much of the old text is shown before an orphan's words and after them, in code points."""


class StandsAlready(ValueError):
    """The annotation stands in the text: there is nothing to attach anew."""


class Orphan(NamedTuple):
    """An annotation that stands nowhere in the text, and where it stood last."""

    annotation: Seen
    """As the margin has it; its places are of the text of `revision`, its `quote` is what it was written about."""
    revision: int
    """The last revision that had its words."""
    before: str
    words: str
    """What stood there then: its quote, or what had become of it."""
    after: str


_ORPHANS = with_words(ON_REVISION.where(col(Placement.status) == "orphan")).add_columns(col(Placement.stood))
_TEXTS = (
    columns(col(Placement.annotation_id), col(Paragraph.start), col(Paragraph.text))
    .join(
        Paragraph,
        and_(
            col(Paragraph.article_id) == col(Placement.article_id),
            col(Paragraph.revision) == col(Placement.stood),
            col(Paragraph.start) < col(Placement.end),
            col(Paragraph.end) > col(Placement.start),
        ),
    )
    .where(
        col(Placement.annotation_id).in_(bindparam("ids", expanding=True)),
        col(Placement.revision) == bindparam("revision"),
    )
    .order_by(col(Paragraph.start))
)


def orphans_seen_by(session: Session, reader: Reader | None, article: Article) -> list[Orphan]:
    """What this reader may see of an article and is an orphan on its revision, in the order in which it stood.

    Of an article that has never been revised this asks nothing.
    """
    if article.revision == 1:
        return []
    rows = session.connection().execute(_ORPHANS, asked(reader, article)).all()
    if not rows:
        return []
    texts: dict[int, list[tuple[int, str]]] = {}
    for some in at_once([row[0] for row in rows]):
        found = session.connection().execute(_TEXTS, {"ids": some, "revision": article.revision})
        for id, start, text in found:
            texts.setdefault(id, []).append((start, text))
    return [_orphan(seen(row[:-1], reader), row[-1], texts.get(row[0], [])) for row in rows]


def _orphan(one: Seen, revision: int, paragraphs: list[tuple[int, str]]) -> Orphan:
    if one.deleted_at or not paragraphs:
        return Orphan(one, revision, "", "", "")
    stretch = JOINT.join(text for _, text in paragraphs)
    at = one.span.shifted(-paragraphs[0][0])
    before = stretch[max(0, at.start - AROUND) : at.start]
    return Orphan(one, revision, before, at.of(stretch), stretch[at.end : at.end + AROUND])


def reattach(
    session: Session,
    article: Article,
    annotation: Annotation,
    passage: Span,
    exact: Collection[str] = (),
    revision: int | None = None,
) -> Annotation:
    """Attach an orphan to a passage (code points) that its author, or the owner, has marked.

    It is about these words from now on, and so are the links to it: they are its quote. What it was about before is
    read on the revisions on which it stood. `exact` and `revision` are as `annotate` takes them. Raises
    StandsAlready, and what `passages.standing` and `articles.touch_open` do.
    """
    revision = revision or article.revision
    lock(session, annotation)
    if touch_open(session, article.id, annotation.visibility != "me") != article.revision:
        session.refresh(article)
    place = session.get_one(Placement, (annotation.id, article.revision), populate_existing=True)
    if place.status != "orphan":
        raise StandsAlready("This note stands in the text already.")
    span, said = standing(session, article, passage, revision, exact)
    annotation.exact, annotation.prefix, annotation.suffix = said.exact, said.prefix, said.suffix
    annotation.revision = place.stood = article.revision
    annotation.updated_at = now()
    place.start, place.end, place.status = span.start, span.end, "ok"
    session.add_all([annotation, place])
    session.flush()
    shares.follow(session, annotation, span, said)
    if annotation.visibility == "me":
        readers.stale(session, [annotation.reader_id])
    return annotation
