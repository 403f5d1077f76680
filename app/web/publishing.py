"""Publishing what has been brought in: the text as it will be read, what is said of it, and the article it becomes."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, NamedTuple

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Form, HTTPException, Path, Request, Response
from pydantic import BaseModel, BeforeValidator, Field
from sqlmodel import Session

from app.formats import works
from app.formats.plain import TITLE_LENGTH
from app.rendering.previews import beginning, rows_of
from app.storage import articles, collections, imports, origins, revisions
from app.storage.articles import Article
from app.storage.database import lock_row
from app.storage.imports import Import
from app.storage.people.readers import Reader
from app.storage.revisions import Counts, Prepared, RevisedMeanwhile
from app.text import languages
from app.text.drafts import Draft, Work
from app.web.entrance.answers import Unfinished, see_other
from app.web.entrance.dependencies import (
    Id,
    KnownReader,
    Publisher,
    Transaction,
    current_reader,
    known_reader,
    publisher,
)
from app.web.entrance.errors import PublishedAlready
from app.web.entrance.forms import FormRoute
from app.web.entrance.turns import take_turn
from app.web.entrance.words import Line, Words

router = APIRouter(route_class=FormRoute)

LONG_WORK = 1_000_000
"""Bytes of what has been read that take a second or so to be read again."""

CHAPTERS = 20_000
"""How many fields its form may have: a novel that appeared day by day has thousands of chapters."""

MOMENT = 2.0
"""How many seconds an answer waits for what is read quickly: then there is no page that says how far it is."""


class Facts(BaseModel):
    """What one says of a text before it is published, and which chapters of a book are to be."""

    title: Annotated[Line, Field(max_length=TITLE_LENGTH)] = ""
    author: Annotated[Line, Field(max_length=TITLE_LENGTH)] = ""
    language: Annotated[Line, Field(max_length=35)] = ""
    source: Annotated[Line, Field(max_length=2000)] = ""
    published_on: Annotated[date | None, BeforeValidator(lambda said: said or None)] = None
    part: list[Annotated[int, Field(ge=1, lt=10**6)]] = []
    twin: bool = False
    """Whether it is to be another article though the same is here already."""
    article: Annotated[Words, Field(max_length=300)] = ""
    """The slug of the article that it was compared with; without one, the newest that was made from the same source."""
    based_on: Annotated[int | None, BeforeValidator(lambda said: said or None)] = None
    """The revision of that article."""


class Twin(NamedTuple):
    """An article that was made from the same source, and what a revision would do to it."""

    article: Article
    counts: Counts
    differs: bool


def unpublished(one: Import | None) -> Import:
    """What is there and still to be published. Raises HTTPException, and PublishedAlready."""
    if one is None:
        raise HTTPException(404)
    if one.leads_to:
        raise PublishedAlready(one.leads_to)
    return one


def find_own_import(id: Id, session: Transaction, reader: KnownReader, _gate: Publisher) -> Import:
    """What this reader has brought: nobody else's exists."""
    return unpublished(imports.own(session, reader, id))


OwnImport = Annotated[Import, Depends(find_own_import)]


def found(request: Request, session: Session, id: int) -> tuple[Reader, Import]:
    """Who asks, and what they have brought. Raises as `unpublished` does."""
    reader = known_reader(current_reader(request, session))
    return reader, find_own_import(id, session, reader, publisher(request, reader))


def held(request: Request, session: Session, id: int) -> tuple[Reader, Import]:
    """The same, and nobody else publishes it before this is committed."""
    reader, one = found(request, session, id)
    lock_row(session, one)
    return reader, unpublished(one)


async def led_on(request: Request, id: int) -> Response:
    await request.app.state.imports.settled(id, MOMENT)
    return see_other(request, f"/imports/{id}")


# ── what will be read


def previewed(
    session: Session,
    reader: Reader,
    one: Import,
    part: int = 1,
    facts: Facts | None = None,
    fault: str = "",
    whole: bool = False,
) -> dict[str, Any]:
    """All that the page shows from which one publishes."""
    work = works.read(imports.content_of(session, one.id, "work"))
    number = min(part, len(work.drafts))
    draft = work.drafts[number - 1]
    form = facts or facts_of(work, one)
    twins = twins_of(session, one, work)
    return {
        "one": one,
        "work": work,
        "draft": draft,
        "number": number,
        "rows": rows_of(draft, f"/imports/{one.id}/pictures/", None if whole else beginning(draft)),
        "form": form,
        "chosen": form.part or list(range(1, len(work.drafts) + 1)),
        "twin": twin_of(session, reader, twins[-1], draft_of(work, form)) if twins and len(work.drafts) == 1 else None,
        "twins": twins[::-1] if len(work.drafts) > 1 else [],
        "fault": fault,
    }


def facts_of(work: Work, one: Import) -> Facts:
    """What a text says of itself, but where its reader has said otherwise."""
    first = work.drafts[0]
    found = {
        "title": work.title,
        "author": work.author,
        "language": first.language,
        "source": first.source or one.address or one.name,
        "published_on": first.published_on,
    }
    return Facts.model_construct(**found | (json.loads(one.said) if one.said else {}))


def twin_of(session: Session, reader: Reader, article: Article, draft: Draft) -> Twin:
    prepared = revisions.prepare(session, article, draft)
    return Twin(article, revisions.counts_seen_by(session, reader, article, prepared), prepared.differs)


def draft_of(work: Work, facts: Facts) -> Draft:
    """The only article of a work, with what its reader says of it."""
    return replace(
        work.drafts[0],
        title=facts.title,
        author=facts.author,
        source=facts.source,
        language=facts.language,
        published_on=facts.published_on,
    )


@router.get("/imports/{id}/pictures/{name}", name="import_picture")
def picture(
    request: Request, one: OwnImport, session: Transaction, name: Annotated[str, Path(pattern=r"^picture-[0-9]{1,6}$")]
) -> Response:
    """A picture of what is not published yet."""
    take_turn(request, imports.size_of(session, one.id, "work") > LONG_WORK)
    for draft in works.read(imports.content_of(session, one.id, "work")).drafts if one.state == "ready" else ():
        if found := draft.pictures.get(name):
            headers = {"Cache-Control": "private, max-age=600", "X-Robots-Tag": "noindex"}
            return Response(found.content, headers=headers, media_type=found.media_type)
    raise HTTPException(404)


# ── publishing


@router.post("/imports/{id}", name="publish_import", form_limits={"max_fields": CHAPTERS})
async def publish(request: Request, id: Id, facts: Annotated[Facts, Form()]) -> Response:
    """Make an article of it, or several and a collection. In another language its sentences are found anew first."""
    for _ in range(2):
        async with request.app.state.database.reading() as session:
            work = await run_sync(looked_at, request, session, id, facts, False)
        async with request.app.state.database.writing() as session:
            path = await run_sync(published, request, session, id, facts, work)
        if path:
            return see_other(request, path)
        if not await read_anew(request, id):
            break
    return see_other(request, f"/imports/{id}")


async def read_anew(request: Request, id: int) -> bool:
    """Whether what waits to be read once more has been read after a moment."""

    def ready(session: Session) -> bool:
        return found(request, session, id)[1].state == "ready"

    await request.app.state.imports.settled(id, MOMENT)
    async with request.app.state.database.reading() as session:
        return await run_sync(ready, session)


@router.post("/imports/{id}/revise", name="revise_by_import")
async def revise(request: Request, id: Id, facts: Annotated[Facts, Form()]) -> Response:
    """Make it the new text of the article that was made from the same source."""

    def prepared(session: Session) -> tuple[Work, Prepared]:
        work = looked_at(request, session, id, facts, True)
        article = compared_with(session, found(request, session, id)[1], work, facts)
        facts.article = article.slug
        return work, revisions.prepare(session, article, draft_of(work, facts))

    async with request.app.state.database.reading() as session:
        work, compared = await run_sync(prepared, session)
    async with request.app.state.database.writing() as session:
        path = await run_sync(revised, request, session, id, facts, work, compared)
    return see_other(request, path) if path else await led_on(request, id)


def twins_of(session: Session, one: Import, work: Work) -> Sequence[Article]:
    """The articles that are here from the same source, the newest last: of a book that is its first chapter."""
    return origins.of_same(session, origins.pages_of(one.address, work), one.sha256, one.name, work.title)


def compared_with(session: Session, one: Import, work: Work, facts: Facts) -> Article:
    """The article that is to be revised: the one that its reader was shown. Raises HTTPException where it has gone."""
    if twins := [twin for twin in twins_of(session, one, work) if facts.article in ("", twin.slug)]:
        return twins[-1]
    raise HTTPException(409, "The article that was to be revised is not here any more. Nothing has been changed.")


def looked_at(request: Request, session: Session, id: int, facts: Facts, revising: bool) -> Work:
    """The work that is to be published. Raises HTTPException, and Unfinished where one should look once more."""
    reader, one = found(request, session, id)
    if one.state != "ready":
        raise HTTPException(409, "This has not been read yet, or is published already. Nothing has been changed.")
    work = works.read(imports.content_of(session, one.id, "work"))
    if not revising:
        refuse_twins(session, reader, one, facts, work)
    fault = ""
    if not facts.title:
        fault = "An article needs a title."
    elif facts.language != languages.tag(facts.language):
        fault = "A language is said as in “en” or “pt-BR”."
    elif len(work.drafts) > 1 and revising:
        fault = "A book revises no article: publish its chapters."
    elif len(work.drafts) > 1 and not [one for one in facts.part if one <= len(work.drafts)]:
        fault = "Choose a chapter at least."
    if fault:
        raise Unfinished("imports/preview.html", **previewed(session, reader, one, facts=facts, fault=fault))
    return work


def refuse_twins(session: Session, reader: Reader, one: Import, facts: Facts, work: Work) -> None:
    """Raises Unfinished where the same is here already, and its reader has not said that it is to be another."""
    if not facts.twin and twins_of(session, one, work):
        fault = "The same is here already. Revise that article, or publish this as another."
        raise Unfinished("imports/preview.html", 409, **previewed(session, reader, one, facts=facts, fault=fault))


def waits_anew(session: Session, one: Import, facts: Facts, work: Work) -> bool:
    """Whether its sentences are to be found anew, in the language that its reader says it is in."""
    if facts.language == (one.language or work.drafts[0].language):
        return False
    kept = facts.model_dump(mode="json", include={"title", "author", "source", "published_on", "part"})
    imports.begin_again(session, one, facts.language, json.dumps(kept))
    return True


def published(request: Request, session: Session, id: int, facts: Facts, work: Work) -> str:
    """Publish; gives where that leads, or nothing where it is read anew first."""
    reader, one = held(request, session, id)
    origins.hold(session)
    refuse_twins(session, reader, one, facts, work)
    if waits_anew(session, one, facts, work):
        return ""
    if len(work.drafts) == 1:
        made = [articles.publish(session, draft_of(work, facts))]
    else:
        chapters = [draft for number, draft in enumerate(work.drafts, start=1) if number in facts.part]
        said = [
            replace(one, author=facts.author, source=facts.source, published_on=facts.published_on) for one in chapters
        ]
        made = articles.publish_together(session, said)
    for part, article in enumerate(made, start=1):
        origins.remember(session, article, origins.pages_of(one.address, work), one.sha256, part)
    if len(work.drafts) == 1:
        path = f"/articles/{made[0].slug}"
    else:
        gathered = collections.gather(
            session, facts.title, made, author=facts.author, source=facts.source, reader=reader
        )
        path = f"/collections/{gathered.slug}"
    imports.publish(session, one, path)
    return path


def revised(request: Request, session: Session, id: int, facts: Facts, work: Work, compared: Prepared) -> str:
    """Revise; gives where that leads, or nothing where it is read anew first. Raises HTTPException and Unfinished."""
    reader, one = held(request, session, id)
    article = compared_with(session, one, work, facts)
    if waits_anew(session, one, facts, work):
        return ""
    try:
        based_on = facts.based_on or article.revision
        revisions.revise(session, article, draft_of(work, facts), reader, based_on=based_on, prepared=compared)
    except RevisedMeanwhile as error:
        fault = "The article has been revised meanwhile. Nothing has been changed: look once more."
        session.refresh(article)
        shown = previewed(session, reader, one, facts=facts, fault=fault)
        raise Unfinished("imports/preview.html", 409, **shown) from error
    origins.remember(session, article, origins.pages_of(one.address, work), one.sha256)
    path = f"/articles/{article.slug}"
    imports.publish(session, one, path)
    return path
