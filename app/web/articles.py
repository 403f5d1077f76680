"""The library, and the reading page."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.rendering.reading import is_dense, reading
from app.storage import articles
from app.storage.annotations import Tally, annotations_seen_by, own, tallies, tally_of
from app.web.answers import etag, kept_page, not_modified, page
from app.web.dependencies import KNOWS_WHO_READS, CurrentReader, NamedArticle, Transaction

router = APIRouter(dependencies=KNOWS_WHO_READS)


@router.get("/", name="library")
def index(request: Request, reader: CurrentReader, session: Transaction) -> Response:
    counts = tallies(session, reader)
    shelf = [(article, counts.get(article.id, Tally())) for article in articles.every(session)]
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

    def needs() -> dict[str, Any]:
        deleted = own(session, reader, undo) if reader and undo else None
        seen = annotations_seen_by(session, reader, article)
        blocks = articles.paragraphs_of(session, article)
        rows = reading(blocks, seen, reader, dense=is_dense(len(seen), len(blocks)), language=article.language)
        return {
            "article": article,
            "rows": rows,
            "first": next((note for row in rows for note in row.notes), None),
            "tally": tally_of(seen),
            "deleted": deleted if deleted and deleted.deleted_at else None,
        }

    return kept_page(request, "articles/show.html", tag, needs)
