"""That a collection has an order, and that its articles know of it."""

from collections.abc import Iterator

from sqlalchemy import func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col

from app.storage.articles import Article
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
    within = columns(col(Part.article_id)).where(col(Part.article_id) == col(Article.id)).exists()
    mistaken = columns(col(Article.id)).where(col(Article.gathered) != within).order_by(col(Article.id))
    for id in session.connection().execute(mistaken).scalars():
        yield f"article {id}: does not know whether it is in a collection"
