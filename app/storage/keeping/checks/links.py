"""That every share is about a passage that its text has."""

from collections.abc import Iterator

from sqlalchemy import and_, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col

from app.storage.annotations import Annotation
from app.storage.keeping.checks.streams import Asked, beside_their_texts
from app.storage.shares import Share

SCOPES = ("passage", "article", "group")

_SHARES: Asked = columns(
    col(Share.article_id),
    col(Share.revision),
    col(Share.id),
    col(Share.annotation_id),
    col(Share.start),
    col(Share.end),
    col(Share.exact),
    col(Share.prefix),
    col(Share.suffix),
).order_by(col(Share.article_id), col(Share.revision), col(Share.id))


def check(session: Session) -> Iterator[str]:
    """Whether each share quotes what stands at its place, and its annotation is of the same article."""
    odd = or_(
        col(Share.scope).not_in(SCOPES),
        and_(col(Share.scope) != "group", col(Share.group_id).is_not(None)),
        col(Share.token) == "",
        col(Share.opened) < 0,
    )
    for id in session.connection().execute(columns(col(Share.id)).where(odd).order_by(col(Share.id))).scalars():
        yield f"share {id}: does not say what it shows"
    elsewhere = (
        columns(col(Share.id))
        .join(Annotation, col(Annotation.id) == col(Share.annotation_id))
        .where(col(Annotation.article_id) != col(Share.article_id))
        .order_by(col(Share.id))
    )
    for id in session.connection().execute(elsewhere).scalars():
        yield f"share {id}: its annotation is of another article"
    for row, text in beside_their_texts(session, _SHARES):
        if text is None:
            yield f"share {row.id}: there is no revision {row.revision} of its article"
        elif fault := text.fault(row.start, row.end):
            yield f"share {row.id}: {fault}"
        # A bare passage is carried, and keeps the words that were shared; to the first revision nothing is carried.
        elif (row.annotation_id or row.revision == 1) and (row.exact, row.prefix, row.suffix) != text.said(
            row.start, row.end
        ):
            yield f"share {row.id}: its quote is not what stands at its place"
