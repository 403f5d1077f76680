"""The library: all that there is to read, and taking an article out of it."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from app.storage import articles, library
from app.storage.accounts import may_publish
from app.storage.articles import Article
from app.storage.margins import Tally, tallies
from app.web.answers import page, see_other
from app.web.dependencies import (
    KNOWS_WHO_READS,
    CurrentReader,
    Name,
    NamedArticle,
    Publisher,
    Transaction,
)
from app.web.forms import FormRoute

router = APIRouter(dependencies=KNOWS_WHO_READS, route_class=FormRoute)


@router.get("/", name="library")
def index(
    request: Request,
    reader: CurrentReader,
    session: Transaction,
    undo: Annotated[str, Query(pattern="^[a-z0-9-]{0,90}$")] = "",
) -> Response:
    counts = tallies(session, reader)
    shelf = [(article, counts.get(article.id, Tally())) for article in articles.every(session)]
    publishes = may_publish(reader, request.app.state.settings)
    return page(
        request,
        "articles/index.html",
        shelf=shelf,
        publishes=publishes,
        deleted=library.deleted(session, undo) if undo and publishes else None,
    )


def find_deleted(slug: Name, session: Transaction, _gate: Publisher) -> Article:
    """A deleted article, for who may bring it back."""
    if article := library.deleted(session, slug):
        return article
    raise HTTPException(404)


DeletedArticle = Annotated[Article, Depends(find_deleted)]


@router.post("/articles/{slug}/delete", name="delete_article")
def delete(request: Request, article: NamedArticle, publisher: Publisher, session: Transaction) -> Response:
    library.delete(session, article, publisher)
    return see_other(request, f"/?undo={article.slug}")


@router.post("/articles/{slug}/restore", name="restore_article")
def restore(request: Request, article: DeletedArticle, publisher: Publisher, session: Transaction) -> Response:
    library.restore(session, article, publisher)
    return see_other(request, f"/articles/{article.slug}")
