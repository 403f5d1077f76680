"""The library, and the reading page."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.rendering.reading import reading
from app.storage import articles
from app.storage.annotations import Tally, annotations_seen_by, own, tallies, tally
from app.web.answers import etag, not_modified, page
from app.web.dependencies import KNOWS_WHO_READS, CurrentReader, NamedArticle, Transaction

router = APIRouter(dependencies=KNOWS_WHO_READS)


@router.get("/", name="library")
def index(request: Request, reader: CurrentReader, session: Transaction) -> Response:
    counts = tallies(session, reader)
    shelf = [(article, counts.get(article.id, Tally(0, 0, 0))) for article in articles.every(session)]
    return page(request, "articles/index.html", shelf=shelf)


@router.get("/articles/{slug}", name="article")
def show(
    request: Request,
    article: NamedArticle,
    reader: CurrentReader,
    session: Transaction,
    undo: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> Response:
    tag = etag(request, article, reader)
    if answer := not_modified(request, tag):
        return answer
    deleted = own(session, reader, undo) if reader and undo else None
    return page(
        request,
        "articles/show.html",
        headers={"ETag": tag},
        article=article,
        rows=reading(articles.paragraphs_of(session, article), annotations_seen_by(session, reader, article), reader),
        tally=tally(session, reader, article),
        deleted=deleted if deleted and deleted.deleted_at else None,
    )
