"""Annotations whose words an article has lost: at its end, and attached again to a passage."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from sqlmodel import Session

from app.rendering.filters import Filter
from app.rendering.orphans import Lost, lost
from app.rendering.threads import threads
from app.storage import annotations, articles, moderation, orphans
from app.storage.annotations import Annotation
from app.storage.articles import Article
from app.storage.margins import replies_seen_by
from app.storage.orphans import StandsAlready
from app.storage.passages import NotAPassage
from app.storage.people import readers
from app.storage.people.readers import Reader
from app.web.annotations import PassageForm, passage_of, place
from app.web.entrance.answers import Unfinished, page, see_other
from app.web.entrance.dependencies import GONE, KNOWS_WHO_READS, Id, KnownReader, Transaction
from app.web.entrance.forms import FormRoute
from app.web.margins import View, replied_to

router = APIRouter(dependencies=KNOWS_WHO_READS, route_class=FormRoute)


def find_attachable(request: Request, id: Id, session: Transaction, reader: KnownReader) -> Annotation:
    """An annotation that this reader may attach anew: their own, or any that they see where the library is theirs."""
    if request.method == "POST" and not readers.is_here(session, reader):
        raise HTTPException(403, GONE)
    annotation = annotations.by_id(session, reader, id)
    if not annotation or annotation.root_id or annotation.deleted_at:
        raise HTTPException(404)
    if annotation.reader_id != reader.id and not reader.is_owner:
        raise HTTPException(404)
    return annotation


AttachableAnnotation = Annotated[Annotation, Depends(find_attachable)]


def orphans_of(session: Session, article: Article, reader: Reader | None, view: View, chosen: Filter) -> list[Lost]:
    """What stands at the end of an article, as far as the filter lets it through. Of one revision this asks nothing."""
    found = orphans.orphans_seen_by(session, reader, article)
    if not found:
        return []
    replied = replied_to(session, article, reader, chosen)
    shown = {view.note, view.attach}
    kept = [one for one in found if chosen.keeps(one.annotation, replied) or one.annotation.id in shown]
    replies = replies_seen_by(session, reader, article, [one.annotation.id for one in kept])
    return lost(kept, reader, threads(replies, reader.id if reader else None))


@router.get("/annotations/{id}/attach", name="attaching")
def attaching(
    request: Request,
    annotation: AttachableAnnotation,
    session: Transaction,
    paragraph: Annotated[int, Query(ge=1, lt=2**31)] = 1,
) -> Response:
    """The form to attach an orphan without a drag: the sentences of one paragraph to choose from."""
    article = articles.get(session, annotation.article_id)
    if annotations.place_of(session, annotation, article):
        raise StandsAlready("This note stands in the text already.")
    return page(request, "orphans/attach.html", **choosing(session, article, annotation, paragraph))


@router.post("/annotations/{id}/attach", name="attach")
def attach(
    request: Request,
    annotation: AttachableAnnotation,
    reader: KnownReader,
    session: Transaction,
    form: Annotated[PassageForm, Form()],
) -> Response:
    """Attach an orphan to the passage that one has marked, or whose sentences one has chosen. What the owner does with
    another's note is written down, with the words that it was about.
    """
    article = articles.get(session, annotation.article_id)
    try:
        passage = passage_of(session, article, form)
    except NotAPassage as error:
        if form.start is not None or not articles.paragraph_numbered(session, article, form.paragraph):
            raise
        needs = choosing(session, article, annotation, form.paragraph, str(error))
        raise Unfinished("orphans/attach.html", **needs) from error
    before = annotation.exact[: moderation.REASON_LENGTH]
    orphans.reattach(session, article, annotation, passage, form.exact, form.revision)
    if annotation.reader_id != reader.id:
        moderation.record(session, reader, "attached", annotation=annotation, reason=before)
    return see_other(request, place(article, annotation))


def choosing(
    session: Session, article: Article, annotation: Annotation, paragraph: int, fault: str = ""
) -> dict[str, Any]:
    """What the form shows; a paragraph beyond the last is the last."""
    count = articles.count_paragraphs(session, article)
    block = articles.paragraph_numbered(session, article, min(paragraph, count))
    if not block:
        raise HTTPException(404)
    return {"article": article, "annotation": annotation, "block": block, "count": count, "fault": fault}
