"""The library: its articles in order, page by page, and those that have been taken out of it."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.storage import collections, moderation
from app.storage.articles import Article, touch
from app.storage.database import now
from app.storage.readers import Reader


def delete(session: Session, article: Article, reader: Reader | None) -> None:
    """Take an article out of the library, with all that is about it; `restore` brings it back."""
    if article.deleted_at is None:
        article.deleted_at = now()
        _changed(session, article, "deleted", reader)


def restore(session: Session, article: Article, reader: Reader | None) -> None:
    """Bring an article back as it was: its notes, shares, places in collections."""
    if article.deleted_at is not None:
        article.deleted_at = None
        _changed(session, article, "restored", reader)


def _changed(session: Session, article: Article, deed: str, reader: Reader | None) -> None:
    session.add(article)
    session.flush()
    moderation.record(session, reader, deed, article=article)
    collections.touch_those_with(session, article)
    touch(session, article.id)


def deleted(session: Session, slug: str) -> Article | None:
    """The article of this address, if it is deleted: for who may bring it back."""
    return session.exec(select(Article).where(Article.slug == slug, col(Article.deleted_at).is_not(None))).first()


def all_deleted(session: Session) -> Sequence[Article]:
    """What has been deleted and not yet purged, the last one first: for who may bring it back."""
    gone = select(Article).where(col(Article.deleted_at).is_not(None))
    return session.exec(gone.order_by(col(Article.deleted_at).desc(), col(Article.id).desc())).all()
