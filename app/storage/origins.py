"""Origins: what an article was made from, so that the same is not brought in twice unnoticed."""

from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from sqlalchemy import or_, text
from sqlmodel import Field, Session, Text, col, select

from app.storage.articles import HERE, Article
from app.storage.database import Id, Table
from app.text.drafts import Work
from app.text.origins import same_page


class Origin(Table, table=True):
    """What one article was made from: of several from one source, the n-th."""

    article_id: int = Field(sa_type=Id, primary_key=True, foreign_key="article.id", ondelete="CASCADE")
    page: str = Field(default="", sa_type=Text, index=True)
    """The page it was fetched from, or says that it is, as `same_page` says it."""
    sha256: str = Field(default="", index=True)
    part: int = 1


def pages_of(address: str, work: Work) -> list[str]:
    """The addresses at which a work stands: where it was fetched, and what it names as its own.

    The first page of a site counts only where it was fetched: careless sites name it in all the others.
    """
    found = [address] if address else []
    own = work.drafts[0].source
    if same_page(own) and urlsplit(own).path.strip("/"):
        found.append(own)
    return found


def remember(session: Session, article: Article, pages: Sequence[str], sha256: str, part: int = 1) -> None:
    """Keep what an article was made from; what it was made from before is forgotten."""
    found = session.get(Origin, article.id) or Origin(article_id=article.id)
    found.page, found.sha256, found.part = same_page(pages[0]) if pages else "", sha256, part
    session.add(found)
    session.flush()


def hold(session: Session) -> None:
    """Until this is committed nobody else publishes: of two that bring the same, one sees that the other has."""
    if session.get_bind().dialect.name != "sqlite":  # that lets one write at a time
        session.connection().execute(text("SELECT pg_advisory_xact_lock(706716)"))


def of_same(
    session: Session, pages: Collection[str], sha256: str, source: str = "", title: str = ""
) -> Sequence[Article]:
    """The articles that are here already from the same page, the same bytes, or a file of the same name and title.

    The newest last: of a book that is its first chapter.
    """
    alike = []
    if sha256:
        alike.append(col(Origin.sha256) == sha256)
    if known := [page for page in map(same_page, pages) if page]:
        alike.append(col(Origin.page).in_(known))
    if source:
        alike.append((col(Article.source) == source) & (col(Article.title) == title))
    if not alike:
        return []
    found = select(Article).join(Origin, col(Origin.article_id) == Article.id, isouter=True).where(or_(*alike), HERE)
    return session.exec(found.order_by(col(Article.id))).all()
