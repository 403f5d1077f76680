"""Collections: what is in them, and for who may publish, putting them together."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from app.storage import articles, collections, library
from app.storage.accounts import may_publish
from app.storage.articles import Article
from app.storage.collections import Collection
from app.web.entrance.answers import Unfinished, page, see_other
from app.web.entrance.dependencies import KNOWS_WHO_READS, CurrentReader, Name, Publisher, Transaction
from app.web.entrance.forms import FormRoute
from app.web.entrance.words import Line, Words
from app.web.shelves import filled

router = APIRouter(dependencies=KNOWS_WHO_READS, route_class=FormRoute)

TITLE_LENGTH = 300
LINE_LENGTH = 2_000
ADDED = 10_000
"""In code points: some hundred addresses, each on a line of its own."""

_ADDRESS = re.compile(r"(?:.*/articles/)?([a-z0-9]+(?:-[a-z0-9]+)*)(?:[?#].*)?")

Number = Annotated[int, Field(ge=-(2**31), lt=2**31)]
ArticleId = Annotated[int, Field(ge=1, lt=2**63)]


class CollectionForm(BaseModel):
    """What a collection is called, and by whom and from where its articles are."""

    title: Annotated[Line, Field(min_length=1, max_length=TITLE_LENGTH)]
    author: Annotated[Line, Field(max_length=LINE_LENGTH)] = ""
    source: Annotated[Line, Field(max_length=LINE_LENGTH)] = ""


class EditedForm(CollectionForm):
    """The same, and what is in it: the ids of its articles and beside each its place, what to take out and to add."""

    article: list[ArticleId] = []
    position: list[Number] = []
    out: list[ArticleId] = []
    add: Annotated[Words, Field(max_length=ADDED)] = ""


def find_collection(slug: Name, session: Transaction) -> Collection:
    if collection := collections.by_slug(session, slug):
        return collection
    raise HTTPException(404)


NamedCollection = Annotated[Collection, Depends(find_collection)]


@router.get("/collections", name="collections")
def index(request: Request, reader: CurrentReader, session: Transaction) -> Response:
    return page(
        request,
        "collections/index.html",
        collections=collections.every(session),
        publishes=may_publish(reader, request.app.state.settings),
    )


@router.post("/collections", name="gather")
def create(
    request: Request, publisher: Publisher, session: Transaction, form: Annotated[CollectionForm, Form()]
) -> Response:
    made = collections.gather(session, form.title, author=form.author, source=form.source, reader=publisher)
    return see_other(request, f"/collections/{made.slug}/edit")


@router.get("/collections/{slug}", name="collection")
def show(request: Request, collection: NamedCollection, reader: CurrentReader, session: Transaction) -> Response:
    """A collection: its table of contents, with how far the reader has come in each of its articles."""
    there = {collection.title, collection.author, collection.source}
    listed = [
        one._replace(author="" if one.author in there else one.author, source="" if one.source in there else one.source)
        for one in library.in_collection(session, reader, collection)
    ]
    rows = filled(session, reader, listed, several_languages=False, within=collection)
    return page(
        request,
        "collections/show.html",
        collection=collection,
        rows=rows,
        minutes=sum(row.article.minutes for row in rows),
        left=sum(row.left for row in rows if row.state != "finished"),
        going_on=next((row for row in rows if row.state != "finished"), None),
        publishes=may_publish(reader, request.app.state.settings),
    )


@router.get("/collections/{slug}/edit", name="edit_collection")
def edit(request: Request, collection: NamedCollection, _gate: Publisher, session: Transaction) -> Response:
    """The form to call a collection otherwise, and to say what is in it, in what order."""
    return page(request, "collections/edit.html", **_to_edit(session, collection))


def _to_edit(
    session: Session, collection: Collection, typed: EditedForm | None = None, fault: str = ""
) -> dict[str, Any]:
    return {
        "collection": collection,
        "articles": collections.articles_of(session, collection),
        "typed": typed,
        "fault": fault,
    }


@router.post("/collections/{slug}", name="change_collection")
def change(
    request: Request,
    collection: NamedCollection,
    _gate: Publisher,
    session: Transaction,
    form: Annotated[EditedForm, Form()],
) -> Response:
    found, missed = _looked_up(session, form.add)
    if missed:
        fault = f"There is no article {missed}. Its address finds one, or its whole title, on a line of its own."
        raise Unfinished("collections/edit.html", **_to_edit(session, collection, form, fault))
    collections.call(session, collection, form.title, form.author, form.source)
    collections.reorder(session, collection, dict(zip(form.article, form.position, strict=False)))
    if form.out:
        collections.take_out(session, collection, form.out)
    if found:
        collections.add(session, collection, found)
    return see_other(request, f"/collections/{collection.slug}")


def _looked_up(session: Session, lines: str) -> tuple[list[Article], str]:
    """The articles that lines name, by address or title; and the first line that names none, if one does not."""
    found = []
    for line in filter(None, map(str.strip, lines.split("\n"))):
        address = _ADDRESS.fullmatch(line)
        article = articles.by_slug(session, address[1]) if address else None
        article = article or library.titled(session, line)
        if article is None:
            return [], line
        found.append(article)
    return found, ""


@router.post("/collections/{slug}/delete", name="delete_collection")
def delete(request: Request, collection: NamedCollection, _gate: Publisher, session: Transaction) -> Response:
    """Take a collection away; its articles stay."""
    collections.discard(session, collection)
    return see_other(request, "/collections")
