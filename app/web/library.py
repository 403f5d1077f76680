"""The library: all that there is to read, and taking an article out of it."""

from typing import Annotated, Literal, Self
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from pydantic import BaseModel, Field, model_validator

from app.rendering.filters import Nothing
from app.rendering.shelves import language
from app.storage import collections, library, readings
from app.storage.accounts import may_publish
from app.storage.articles import Article
from app.storage.library import Order, Place, Shown, Wanted
from app.web.entrance.addresses import Local
from app.web.entrance.answers import is_htmx, page, see_other
from app.web.entrance.dependencies import (
    KNOWS_WHO_READS,
    CurrentReader,
    KnownReader,
    Name,
    NamedArticle,
    Publisher,
    Transaction,
    WelcomedReader,
)
from app.web.entrance.forms import FormRoute
from app.web.shelves import filled, key_of, place_in

router = APIRouter(dependencies=KNOWS_WHO_READS, route_class=FormRoute)

AT_A_TIME = 30

COLLECTIONS = 6
"""How many of the newest stand above the shelf."""


class Shelf(BaseModel):
    """Which articles, in what order, from where on; and which has just been put away or deleted."""

    order: Annotated[Order | None, Nothing] = None
    show: Annotated[Shown | Literal["deleted"] | None, Nothing] = None
    language: Annotated[Annotated[str, Field(pattern="^[A-Za-z0-9-]{1,35}$")] | None, Nothing] = None
    after: Annotated[Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,1200}$")] | None, Nothing] = None
    undo: Annotated[Annotated[str, Field(pattern="^[a-z0-9-]{1,90}$")] | None, Nothing] = None

    @model_validator(mode="after")
    def _is_a_place(self) -> Self:
        _ = self.place
        return self

    @property
    def wanted(self) -> Wanted:
        shown: Shown = self.show if self.show and self.show != "deleted" else "all"
        return Wanted(self.order or "newest", shown, self.language or "")

    @property
    def place(self) -> Place | None:
        return place_in(self.wanted.order, self.after) if self.after else None

    @property
    def narrows(self) -> bool:
        return bool(self.language or self.wanted.shown != "all" or self.order == "read")

    @property
    def written(self) -> str:
        """As an address says it, but for where it goes on."""
        said = {"order": self.order, "show": self.show, "language": self.language}
        return urlencode([(name, value) for name, value in said.items() if value])


@router.get("/", name="library")
def index(request: Request, reader: CurrentReader, session: Transaction, shelf: Annotated[Shelf, Query()]) -> Response:
    publishes = may_publish(reader, request.app.state.settings)
    if shelf.show == "deleted":
        return all_deleted(request, session, publishes)
    listed = library.shelf(session, reader, shelf.wanted, shelf.place, AT_A_TIME + 1)
    spoken = library.languages(session)
    last = listed[AT_A_TIME - 1] if len(listed) > AT_A_TIME else None
    return page(
        request,
        "articles/index.html",
        rows=filled(session, reader, listed[:AT_A_TIME], len(spoken) > 1),
        shelf=shelf,
        at_a_time=AT_A_TIME,
        last=key_of(library.place_of(last, shelf.wanted.order)) if last else "",
        languages=sorted(((tag, language(tag)) for tag in spoken), key=lambda one: one[1]),
        collections=collections.newest(session, COLLECTIONS + 1),
        publishes=publishes,
        undone=library.undone(session, reader, shelf.undo, publishes) if shelf.undo else None,
    )


def all_deleted(request: Request, session: Transaction, publishes: bool) -> Response:
    """What has been deleted, for who may bring it back."""
    if not publishes:
        raise HTTPException(404)
    days = request.app.state.settings.purge_days
    return page(request, "articles/deleted.html", deleted=library.all_deleted(session), days=days)


def find_deleted(slug: Name, session: Transaction, _gate: Publisher) -> Article:
    """A deleted article, for who may bring it back."""
    if article := library.deleted(session, slug):
        return article
    raise HTTPException(404)


DeletedArticle = Annotated[Article, Depends(find_deleted)]


class WayBack(BaseModel):
    """The page of the library to go back to."""

    next: Local | None = None


@router.post("/articles/{slug}/delete", name="delete_article")
def delete(request: Request, article: NamedArticle, publisher: Publisher, session: Transaction) -> Response:
    library.delete(session, article, publisher)
    return see_other(request, f"/?undo={article.slug}")


@router.post("/articles/{slug}/restore", name="restore_article")
def restore(
    request: Request,
    article: DeletedArticle,
    publisher: Publisher,
    session: Transaction,
    form: Annotated[WayBack, Form()],
) -> Response:
    library.restore(session, article, publisher)
    return see_other(request, form.next or f"/articles/{article.slug}")


@router.post("/articles/{slug}/archive", name="archive_article")
def archive(request: Request, article: NamedArticle, reader: WelcomedReader, session: Transaction) -> Response:
    """Put an article out of one's own sight."""
    readings.archive(session, reader, article)
    return see_other(request, f"/?undo={article.slug}")


@router.post("/articles/{slug}/unarchive", name="unarchive_article")
def unarchive(
    request: Request,
    article: NamedArticle,
    reader: KnownReader,
    session: Transaction,
    form: Annotated[WayBack, Form()],
) -> Response:
    readings.unarchive(session, reader, article)
    return see_other(request, form.next or "/")


class PlaceForm(BaseModel):
    """Where one is in an article (code points of its text), and whether its end has been seen."""

    start: Annotated[int, Field(ge=0, lt=2**31)]
    finished: bool = False


@router.post("/articles/{slug}/place", name="keep_place")
def keep_place(
    request: Request,
    article: NamedArticle,
    reader: KnownReader,
    session: Transaction,
    form: Annotated[PlaceForm, Form()],
) -> Response:
    """Keep where a reader is, as the reading page says while they read."""
    readings.keep_place(session, reader, article, form.start, form.finished)
    return Response(status_code=204) if is_htmx(request) else see_other(request, f"/articles/{article.slug}")


class StateForm(BaseModel):
    """Whether one has read an article."""

    read: bool = False
    next: Local | None = None


@router.post("/articles/{slug}/read", name="mark_read")
def mark_read(
    request: Request,
    article: NamedArticle,
    reader: WelcomedReader,
    session: Transaction,
    form: Annotated[StateForm, Form()],
) -> Response:
    """Say that one has read an article, or has not."""
    (readings.finish if form.read else readings.begin_anew)(session, reader, article)
    return see_other(request, form.next or "/")
