"""Search: articles, passages and notes by their words, while one types."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator, BaseModel, Field

from app.rendering.filters import Nothing
from app.storage.searching import search
from app.storage.searching.hits import KINDS, Kind
from app.storage.searching.search import RANKED
from app.text.searching.queries import QUERY_LENGTH, query_of
from app.web.entrance.answers import is_htmx, page
from app.web.entrance.dependencies import KNOWS_WHO_READS, CurrentReader, Transaction

router = APIRouter(dependencies=KNOWS_WHO_READS)

OF_EACH = 6
"""How many are shown of each kind, where all kinds are."""

AT_A_TIME = 20


class Search(BaseModel):
    """What is looked for: `q` as it was typed, of one kind or of all; `after` so many."""

    q: Annotated[str, AfterValidator(lambda typed: typed[:QUERY_LENGTH])] = ""
    kind: Annotated[Kind | None, Nothing] = None
    after: Annotated[int, Field(ge=0, lt=RANKED)] = 0


@router.get("/search", name="search")
def index(
    request: Request, reader: CurrentReader, session: Transaction, wanted: Annotated[Search, Query()]
) -> Response:
    query = query_of(wanted.q)
    kinds = (wanted.kind,) if wanted.kind else KINDS
    hits = search.find(session, reader, query, kinds, wanted.after, AT_A_TIME if wanted.kind else OF_EACH)
    return page(
        request,
        "search/_results.html" if is_htmx(request) else "search/index.html",
        wanted=wanted,
        query=query,
        hits=hits,
        found=any(of.count for of in hits.values()),
        last=min(wanted.after + AT_A_TIME, RANKED),
    )
