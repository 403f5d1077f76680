"""Marking a passage, and what one may do with one's own marks afterwards."""

import json
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session

from app.rendering.audiences import audiences, called
from app.storage import annotations, articles, passages, shares
from app.storage.annotations import NOTE_LENGTH, Annotation
from app.storage.articles import Article
from app.storage.margins import groups_waiting_for, tags_known_to, tally
from app.storage.passages import NotAPassage
from app.storage.people import readers
from app.storage.people.groups import Belonging, groups_of
from app.storage.people.readers import Reader
from app.text.notes import Colour
from app.text.spans import Span
from app.text.tags import tags_in_line
from app.web.entrance.answers import Unfinished, is_htmx, is_new, page, see_other
from app.web.entrance.dependencies import (
    KNOWS_WHO_READS,
    CurrentReader,
    NamedArticle,
    OwnAnnotation,
    Said,
    SeenAnnotation,
    Transaction,
    WelcomedReader,
)
from app.web.entrance.errors import NoteChanged
from app.web.entrance.forms import FormRoute
from app.web.entrance.turns import LONG, take_turn
from app.web.entrance.words import Exact, Offset, Words
from app.web.margins import RevisionNumber, View, ViewBefore, margin

router = APIRouter(dependencies=KNOWS_WHO_READS, route_class=FormRoute)

Note = Annotated[Words, Field(max_length=NOTE_LENGTH)]
Tags = Annotated[Words, AfterValidator(tags_in_line)]
Visibility = Annotated[str, Field(pattern=r"^(me|everyone|group:[1-9][0-9]{0,17})$")]
"""Who may see a mark: its author, everyone who can open the article, or a group (by its id)."""
SentencePlace = Annotated[str, Field(pattern=r"^[0-9]{1,9}-[0-9]{1,9}$")]


class AnnotationForm(BaseModel):
    """What is said with a mark, and may be changed later. Where it does not say who may see it: as for the last."""

    note: Note = ""
    colour: Colour = "yellow"
    tags: Tags = ""
    visibility: Visibility | None = None


class PassageForm(BaseModel):
    """A passage (code points, and the words seen there), or sentences that adjoin.

    `exact` may be said twice: by a reader who agrees to what stands there since the text has changed.
    """

    start: Offset | None = None
    end: Offset | None = None
    exact: list[Exact] = []
    sentence: list[SentencePlace] = []
    revision: RevisionNumber = 1
    """The one whose text the passage is of."""
    paragraph: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """That whose sentences were offered, to offer them again."""


class NewAnnotationForm(AnnotationForm, PassageForm):
    """A mark to be made."""


class RewordingForm(BaseModel):
    """What may be changed of a mark, and what the reader had before them: the state (`was`) that they change.

    `over` is the state that they agree to write over where another has been saved meanwhile: with their words alone.
    """

    note: Note = ""
    colour: Colour | None = None
    tags: Tags = ""
    visibility: Visibility | None = None
    was: str = ""
    over: str = ""


class ReplyForm(BaseModel):
    """What is replied, and who could see it when the form was made."""

    note: Annotated[Note, Field(min_length=1)]
    audience: Visibility | Literal[""] = ""


@router.get("/articles/{slug}/annotations/new", name="new_annotation")
def new(
    request: Request,
    article: NamedArticle,
    reader: CurrentReader,
    session: Transaction,
    paragraph: Annotated[int, Query(ge=1, lt=2**31)],
) -> Response:
    """The form to mark a passage without a drag: the sentences of one paragraph to choose from."""
    block = articles.paragraph_numbered(session, article, paragraph)
    if not block:
        raise HTTPException(404)
    take_turn(request, len(block.text) > LONG)
    template = "annotations/_compose.html" if is_htmx(request) else "annotations/new.html"
    needs = composing(session, article, reader, groups_of(session, reader))
    return page(request, template, article=article, block=block, annotation=None, typed=None, fault=None, **needs)


@router.post("/articles/{slug}/annotations", name="annotations")
def create(
    request: Request,
    article: NamedArticle,
    reader: WelcomedReader,
    session: Transaction,
    form: Annotated[NewAnnotationForm, Form()],
    before: ViewBefore,
) -> Response:
    try:
        passage = passage_of(session, article, form)
    except NotAPassage as error:
        block = articles.paragraph_numbered(session, article, form.paragraph)
        if form.sentence and not block:
            block = articles.paragraph_at(session, article, int(form.sentence[0].split("-")[0]))
        if not block or is_htmx(request):
            raise
        raise Unfinished(
            "annotations/new.html",
            article=article,
            block=block,
            annotation=None,
            typed=form,
            fault=str(error),
            **composing(session, article, reader, groups_of(session, reader), form.visibility),
        ) from error
    visibility = form.visibility or reader.visibility
    for_a_group = visibility.startswith("group:")
    waiting = groups_waiting_for(session, reader, article) if for_a_group else {}
    readers.prefer(session, reader, visibility)
    annotation = annotations.annotate(
        session,
        article,
        reader,
        passage,
        exact=form.exact,
        revision=form.revision,
        note=form.note,
        colour=form.colour,
        tags=form.tags,
        visibility=visibility,
    )
    answer = changed(request, session, article, reader, annotation, "saved", before)
    if waiting and is_htmx(request) and waiting != groups_waiting_for(session, reader, article):
        answer.headers["HX-Refresh"] = "true"  # all over the page there are notes now that were not in sight
    return answer


def composing(
    session: Session,
    article: Article,
    reader: Reader | None,
    belonging: Iterable[Belonging],
    chosen: str | None = None,
    of_a_note: bool = False,
) -> dict[str, Any]:
    """What the form to write with offers: tags, and who may see it, of the groups of its reader too.

    What is not `chosen` is as the last time.
    """
    chosen = chosen or (reader.visibility if reader else "everyone")
    return {
        "tags": tags_known_to(session, reader, article),
        "audiences": audiences(belonging, chosen, of_a_note),
    }


def passage_of(session: Session, article: Article, form: PassageForm) -> Span:
    """The passage that a form means. Raises NotAPassage."""
    if form.start is not None and form.end is not None:
        return passages.passage(form.start, form.end)
    chosen = [passages.passage(*map(int, place.split("-"))) for place in form.sentence]
    then = articles.as_it_was(session, article, form.revision)
    if then is None:
        raise NotAPassage("There is no such passage in this article.")
    return passages.passage_of(session, then, chosen)


@router.get("/annotations/{id}", name="annotation")
def show(request: Request, annotation: SeenAnnotation, session: Transaction) -> Response:
    """The permalink: the article, opened at the passage, whatever else the reader has chosen to see of it."""
    article = articles.get(session, annotation.article_id)
    return see_other(request, f"/articles/{article.slug}?note={annotation.thread}#a{annotation.id}")


@router.get("/annotations/{id}/edit", name="edit_annotation")
def edit(request: Request, annotation: OwnAnnotation, reader: CurrentReader, session: Transaction) -> Response:
    if annotation.deleted_at:
        raise HTTPException(410, "You have deleted this note.")
    article = articles.get(session, annotation.article_id)
    template = "annotations/_compose.html" if is_htmx(request) else "annotations/edit.html"
    return page(
        request,
        template,
        article=article,
        block=None,
        annotation=annotation,
        typed=annotation,
        fault=None,
        **composing(session, article, reader, groups_of(session, reader), annotation.visibility, of_a_note=True),
    )


@router.post("/annotations/{id}", name="reword")
def reword(
    request: Request,
    annotation: OwnAnnotation,
    reader: CurrentReader,
    session: Transaction,
    form: Annotated[RewordingForm, Form()],
    said: Said,
    before: ViewBefore,
) -> Response:
    """What is not said stays as it was."""
    annotations.lock(session, annotation)
    if annotation.deleted_at:
        raise HTTPException(410, "You have deleted this note.")
    state = state_of(annotation)
    if form.was and state not in (form.was, form.over):
        raise NoteChanged(annotation.note, state)
    over = bool(form.was) and state != form.was
    before_that = annotation.visibility
    annotations.reword(
        session,
        annotation,
        note=form.note if "note" in said else None,
        colour=None if over else form.colour,
        tags=form.tags if "tags" in said and not over else None,
        visibility=None if over else form.visibility,
    )
    if annotation.visibility not in ("everyone", before_that):
        shares.end_those_of(session, annotation)
    article = articles.get(session, annotation.article_id)
    return changed(request, session, article, reader, annotation, "reworded", before)


@router.post("/annotations/{id}/delete", name="delete_annotation")
def delete(
    request: Request, annotation: OwnAnnotation, reader: CurrentReader, session: Transaction, before: ViewBefore
) -> Response:
    annotations.erase(session, annotation)
    article = articles.get(session, annotation.article_id)
    return changed(request, session, article, reader, annotation, "deleted", before)


@router.post("/annotations/{id}/restore", name="restore_annotation")
def restore(
    request: Request, annotation: OwnAnnotation, reader: CurrentReader, session: Transaction, before: ViewBefore
) -> Response:
    if annotation.purged_at:
        raise HTTPException(410, "You deleted this too long ago: it is gone for good.")
    annotations.restore(session, annotation)
    article = articles.get(session, annotation.article_id)
    return changed(request, session, article, reader, annotation, "restored", before)


@router.post("/annotations/{id}/resolve", name="resolve_annotation")
def resolve(
    request: Request, annotation: SeenAnnotation, reader: WelcomedReader, session: Transaction, before: ViewBefore
) -> Response:
    """Say that what a note is about has been settled: anyone who sees it may, and anyone may reopen it."""
    annotations.resolve(session, annotation, reader)
    article = articles.get(session, annotation.article_id)
    return changed(request, session, article, reader, annotation, "resolved", before)


@router.post("/annotations/{id}/reopen", name="reopen_annotation")
def reopen(
    request: Request, annotation: SeenAnnotation, reader: CurrentReader, session: Transaction, before: ViewBefore
) -> Response:
    annotations.reopen(session, annotation)
    article = articles.get(session, annotation.article_id)
    return changed(request, session, article, reader, annotation, "reopened", before)


@router.get("/annotations/{id}/replies/new", name="new_reply")
def new_reply(request: Request, annotation: SeenAnnotation, reader: CurrentReader, session: Transaction) -> Response:
    """The form to reply with."""
    article = articles.get(session, annotation.article_id)
    template = "annotations/_reply.html" if is_htmx(request) else "annotations/reply.html"
    audience = called(groups_of(session, reader), annotation.visibility)
    return page(request, template, article=article, annotation=annotation, audience=audience, typed=None, fault=None)


@router.post("/annotations/{id}/replies", name="replies")
def reply(
    request: Request,
    annotation: SeenAnnotation,
    reader: WelcomedReader,
    session: Transaction,
    form: Annotated[ReplyForm, Form()],
    before: ViewBefore,
) -> Response:
    try:
        made = annotations.reply(session, annotation, reader, form.note, form.audience)
    except NoResultFound as error:
        raise HTTPException(404) from error
    return changed(request, session, articles.get(session, made.article_id), reader, made, "saved", before)


def place(article: Article, annotation: Annotation) -> str:
    return f"/articles/{article.slug}#a{annotation.id}"


def state_of(annotation: Annotation) -> str:
    """What names the words of an annotation as they are now, and its looks."""
    return annotation.updated_at.isoformat()


def changed(
    request: Request,
    session: Session,
    article: Article,
    reader: Reader | None,
    annotation: Annotation,
    what: str,
    before: View,
) -> Response:
    """What a write answers: to htmx every paragraph row that the passage touches, to everybody else the way there."""
    passage = annotations.place_of(session, annotation, article)
    if not is_htmx(request):
        block = articles.paragraph_at(session, article, passage.start) if passage else None
        deleted = f"/articles/{article.slug}?undo={annotation.id}#p{block.start if block else 0}"
        return see_other(request, deleted if what == "deleted" else place(article, annotation))
    session.flush()
    view = before.model_copy(update={"note": annotation.thread, "revision": None})
    found = margin(session, article, reader, view, before, passage) if passage else None
    # Everything in the answer finds its own place; what asked for it stays as it is.
    headers = {"HX-Reswap": "none", "HX-Trigger": json.dumps({"postil:" + what: {"id": annotation.id}})}
    if before.revision != article.revision:
        headers["HX-Refresh"] = "true"  # the page shows a text in which there is no such place
    return page(
        request,
        "annotations/changed.html",
        headers=headers,
        article=article,
        rows=found.rows if found else [],
        query=found.query if found else "",
        tally=found.tally if found else tally(session, reader, article),
        annotation=annotation,
        what=what,
        welcomed=is_new(request),
    )
