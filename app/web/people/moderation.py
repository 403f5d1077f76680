"""Keeping order: flagging a note, and what the owner does about it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from app.rendering.deeds import in_words
from app.storage import annotations, articles, moderation
from app.storage.annotations import Annotation
from app.storage.moderation import REASON_LENGTH
from app.storage.people.readers import Reader
from app.web.annotations import changed
from app.web.entrance.addresses import Local
from app.web.entrance.answers import is_htmx, page, see_other
from app.web.entrance.dependencies import (
    FOR_THE_OWNER,
    KNOWS_WHO_READS,
    CurrentReader,
    Id,
    NamedArticle,
    Owner,
    Publisher,
    SeenAnnotation,
    Transaction,
    WelcomedReader,
)
from app.web.entrance.forms import FormRoute
from app.web.entrance.words import Words
from app.web.margins import View, ViewBefore

router = APIRouter(dependencies=KNOWS_WHO_READS, route_class=FormRoute)


class FlagForm(BaseModel):
    """Why a note is out of order."""

    reason: Annotated[Words, Field(max_length=REASON_LENGTH)] = ""


class DeedForm(BaseModel):
    """The page to go back to, where that is not the article."""

    next: Local | None = None


def find_reported(id: Id, session: Transaction, owner: Owner) -> Annotation:
    """An annotation about which the owner may decide: one that they see, or that has been flagged or hidden."""
    if annotation := annotations.by_id(session, owner, id) or moderation.by_id(session, id):
        return annotation
    raise HTTPException(404)


ReportedAnnotation = Annotated[Annotation, Depends(find_reported)]


@router.get("/annotations/{id}/flags/new", name="new_flag")
def new(request: Request, annotation: SeenAnnotation, reader: CurrentReader, session: Transaction) -> Response:
    """The form to flag a note with; who has flagged it sees that, and may say it otherwise."""
    article = articles.get(session, annotation.article_id)
    said = moderation.flagged_by(session, annotation, reader) if reader else None
    return page(request, "moderation/flag.html", article=article, annotation=annotation, said=said)


@router.post("/annotations/{id}/flags", name="flags")
def flag(
    request: Request,
    annotation: SeenAnnotation,
    reader: WelcomedReader,
    session: Transaction,
    form: Annotated[FlagForm, Form()],
) -> Response:
    moderation.flag(session, annotation, reader, form.reason)
    return see_other(request, f"/annotations/{annotation.id}/flags/new")


@router.post("/annotations/{id}/hide", name="hide_annotation")
def hide(
    request: Request,
    annotation: ReportedAnnotation,
    owner: Owner,
    session: Transaction,
    form: Annotated[DeedForm, Form()],
    before: ViewBefore,
) -> Response:
    moderation.hide(session, annotation, owner)
    return done(request, session, annotation, owner, "hidden", form, before)


@router.post("/annotations/{id}/show", name="show_annotation")
def show(
    request: Request,
    annotation: ReportedAnnotation,
    owner: Owner,
    session: Transaction,
    form: Annotated[DeedForm, Form()],
    before: ViewBefore,
) -> Response:
    moderation.unhide(session, annotation, owner)
    return done(request, session, annotation, owner, "shown", form, before)


def done(
    request: Request,
    session: Session,
    annotation: Annotation,
    owner: Reader,
    what: str,
    form: DeedForm,
    before: View,
) -> Response:
    """The way back to where the owner decided; to htmx, beside the text, the rows that look otherwise now."""
    article = articles.get(session, annotation.article_id)
    if form.next or not is_htmx(request):
        return see_other(request, form.next or f"/articles/{article.slug}")
    return changed(request, session, article, owner, annotation, what, before)


@router.post("/annotations/{id}/dismiss", name="dismiss_flags")
def dismiss(request: Request, annotation: ReportedAnnotation, owner: Owner, session: Transaction) -> Response:
    """Leave a flagged note as it is."""
    moderation.dismiss(session, annotation, owner)
    return see_other(request, "/moderation")


@router.post("/articles/{slug}/close", name="close_notes")
def close(
    request: Request, article: NamedArticle, _gate: Publisher, reader: WelcomedReader, session: Transaction
) -> Response:
    moderation.close(session, article, reader)
    return see_other(request, f"/articles/{article.slug}")


@router.post("/articles/{slug}/open", name="open_notes")
def reopen(
    request: Request,
    article: NamedArticle,
    _gate: Publisher,
    reader: WelcomedReader,
    session: Transaction,
    form: Annotated[DeedForm, Form()],
) -> Response:
    moderation.reopen(session, article, reader)
    return see_other(request, form.next or f"/articles/{article.slug}")


@router.get("/moderation", name="moderation", dependencies=FOR_THE_OWNER)
def index(request: Request, session: Transaction) -> Response:
    """What waits for the owner, and what they have hidden or closed."""
    found = moderation.reported(session)
    return page(
        request,
        "moderation/index.html",
        waiting=[one for one in found if not one.hidden_at or one.complaints],
        hidden=[one for one in found if one.hidden_at and not one.complaints],
        closed=articles.closed(session),
    )


@router.get("/moderation/log", name="log", dependencies=FOR_THE_OWNER)
def log(
    request: Request,
    session: Transaction,
    before: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> Response:
    entries = moderation.log(session, before)
    worded = [(one, in_words(one.deed)) for one in entries]
    return page(request, "moderation/log.html", entries=worded, more=len(entries) == moderation.PAGE)
