"""That a collection has an order."""

from collections.abc import Iterator

from sqlalchemy import func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col

from app.storage.collections import Part


def check(session: Session) -> Iterator[str]:
    """Whether each collection has one article at a place."""
    crowded = (
        columns(col(Part.collection_id), col(Part.position))
        .group_by(col(Part.collection_id), col(Part.position))
        .having(or_(func.count() > 1, col(Part.position) < 1))
        .order_by(col(Part.collection_id), col(Part.position))
    )
    for row in session.connection().execute(crowded):
        yield f"collection {row.collection_id}: place {row.position} is no place, or that of two articles"
