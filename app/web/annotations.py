"""Marking a passage, and what one may do with one's own marks afterwards."""

import json
import re
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from pydantic import AfterValidator, BaseModel, Field
from sqlmodel import Session

from app.rendering.reading import Row, is_dense, reading
from app.storage import annotations, articles
from app.storage.annotations import NOTE_LENGTH, Annotation, Tally, Visibility, annotations_seen_by, tally
from app.storage.articles import Article, NotAPassage
from app.storage.readers import Reader
from app.text.notes import Colour
from app.text.spans import Span
from app.web.answers import Unfinished, is_htmx, is_new, page, see_other
from app.web.dependencies import (
    KNOWS_WHO_READS,
    CurrentReader,
    NamedArticle,
    OwnAnnotation,
    Said,
    SeenAnnotation,
    Transaction,
    WelcomedReader,
)
from app.web.forms import FormRoute

router = APIRouter(dependencies=KNOWS_WHO_READS, route_class=FormRoute)

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def plain(words: str) -> str:
    """Words as they are kept: line ends as one character. Raises ValueError for what no text holds."""
    if _CONTROL.search(words):
        raise ValueError("there is a character in it that is no text")
    return words.replace("\r\n", "\n").replace("\r", "\n").strip()


def unix(words: str) -> str:
    """Words with the line ends of a text: a browser sends those of a form as two characters."""
    return words.replace("\r\n", "\n")


Words = Annotated[str, AfterValidator(plain)]
Exact = Annotated[str, AfterValidator(unix)]
Offset = Annotated[int, Field(ge=0, lt=10**9)]
Note = Annotated[Words, Field(max_length=NOTE_LENGTH)]
SentencePlace = Annotated[str, Field(pattern=r"^[0-9]{1,9}-[0-9]{1,9}$")]


class AnnotationForm(BaseModel):
    """What is said with a mark, and may be changed later."""

    note: Note = ""
    colour: Colour = "yellow"
    visibility: Visibility = "everyone"


class NewAnnotationForm(AnnotationForm):
    """A mark to be made: on a passage (code points, and the words seen there), or on sentences that adjoin."""

    start: Offset | None = None
    end: Offset | None = None
    exact: Exact | None = None
    sentence: list[SentencePlace] = []


class RewordingForm(BaseModel):
    """What may be changed of a mark."""

    note: Note = ""
    colour: Colour | None = None
    visibility: Visibility | None = None


@router.get("/articles/{slug}/annotations/new", name="new_annotation")
def new(
    request: Request,
    article: NamedArticle,
    session: Transaction,
    paragraph: Annotated[int, Query(ge=1, lt=2**31)],
) -> Response:
    """The form to mark a passage without a drag: the sentences of one paragraph to choose from."""
    block = articles.paragraph_numbered(session, article, paragraph)
    if not block:
        raise HTTPException(404)
    template = "annotations/_compose.html" if is_htmx(request) else "annotations/new.html"
    return page(request, template, article=article, block=block, annotation=None, typed=None, fault=None)


@router.post("/articles/{slug}/annotations", name="annotations")
def create(
    request: Request,
    article: NamedArticle,
    reader: WelcomedReader,
    session: Transaction,
    form: Annotated[NewAnnotationForm, Form()],
) -> Response:
    try:
        passage = passage_of(session, article, form)
    except NotAPassage as error:
        block = articles.paragraph_at(session, article, int(form.sentence[0].split("-")[0])) if form.sentence else None
        if not block or is_htmx(request):
            raise
        raise Unfinished(
            "annotations/new.html", article=article, block=block, annotation=None, typed=form, fault=str(error)
        ) from error
    annotation = annotations.annotate(
        session,
        article,
        reader,
        passage,
        exact=form.exact,
        note=form.note,
        colour=form.colour,
        visibility=form.visibility,
    )
    return changed(request, session, article, reader, annotation, "saved")


def passage_of(session: Session, article: Article, form: NewAnnotationForm) -> Span:
    """The passage that a form means. Raises NotAPassage."""
    if form.start is not None and form.end is not None:
        return articles.passage(form.start, form.end)
    chosen = [articles.passage(*map(int, place.split("-"))) for place in form.sentence]
    return articles.passage_of(session, article, chosen)


@router.get("/annotations/{id}", name="annotation")
def show(request: Request, annotation: SeenAnnotation, session: Transaction) -> Response:
    """The permalink: the article, opened at the passage."""
    article = articles.get(session, annotation.article_id)
    return see_other(request, place(article, annotation))


@router.get("/annotations/{id}/edit", name="edit_annotation")
def edit(request: Request, annotation: OwnAnnotation, session: Transaction) -> Response:
    if annotation.deleted_at:
        raise HTTPException(410, "You have deleted this note.")
    article = articles.get(session, annotation.article_id)
    template = "annotations/_compose.html" if is_htmx(request) else "annotations/edit.html"
    return page(request, template, article=article, block=None, annotation=annotation, typed=annotation, fault=None)


@router.post("/annotations/{id}", name="reword")
def reword(
    request: Request,
    annotation: OwnAnnotation,
    reader: CurrentReader,
    session: Transaction,
    form: Annotated[RewordingForm, Form()],
    said: Said,
) -> Response:
    """What is not said stays as it was."""
    if annotation.deleted_at:
        raise HTTPException(410, "You have deleted this note.")
    annotations.reword(
        session,
        annotation,
        note=form.note if "note" in said else None,
        colour=form.colour,
        visibility=form.visibility,
    )
    return changed(request, session, articles.get(session, annotation.article_id), reader, annotation, "reworded")


@router.post("/annotations/{id}/delete", name="delete_annotation")
def delete(request: Request, annotation: OwnAnnotation, reader: CurrentReader, session: Transaction) -> Response:
    annotations.erase(session, annotation)
    return changed(request, session, articles.get(session, annotation.article_id), reader, annotation, "deleted")


@router.post("/annotations/{id}/restore", name="restore_annotation")
def restore(request: Request, annotation: OwnAnnotation, reader: CurrentReader, session: Transaction) -> Response:
    annotations.restore(session, annotation)
    return changed(request, session, articles.get(session, annotation.article_id), reader, annotation, "restored")


def place(article: Article, annotation: Annotation) -> str:
    return f"/articles/{article.slug}#a{annotation.id}"


def changed(
    request: Request,
    session: Session,
    article: Article,
    reader: Reader | None,
    annotation: Annotation,
    what: str,
) -> Response:
    """What a write answers: to htmx every paragraph row that the passage touches, to everybody else the way there."""
    passage = annotations.place_of(session, annotation.id, article)
    if not is_htmx(request):
        deleted = f"/articles/{article.slug}?undo={annotation.id}#p{passage.start if passage else 0}"
        return see_other(request, deleted if what == "deleted" else place(article, annotation))
    session.flush()
    counts = tally(session, reader, article)
    return page(
        request,
        "annotations/changed.html",
        # Everything in the answer finds its own place; what asked for it stays as it is.
        headers={"HX-Reswap": "none", "HX-Trigger": json.dumps({"postil:" + what: {"id": annotation.id}})},
        article=article,
        rows=touched(session, article, reader, passage, counts),
        tally=counts,
        annotation=annotation,
        what=what,
        welcomed=is_new(request),
    )


def touched(
    session: Session, article: Article, reader: Reader | None, passage: Span | None, counts: Tally
) -> list[Row]:
    """The rows of every paragraph that a passage touches, with all that stands in them."""
    if passage is None:
        return []
    blocks = articles.paragraphs_of(session, article, passage)
    rows = Span(blocks[0].start, blocks[-1].end)
    dense = is_dense(counts.notes + counts.highlights, articles.count_paragraphs(session, article))
    seen = annotations_seen_by(session, reader, article, rows)
    return reading(blocks, seen, reader, dense=dense, language=article.language)
