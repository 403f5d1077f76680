"""Sharing a passage, and what the visitor sees who opens the link."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel

from app.rendering.cards import card
from app.rendering.reading import reading
from app.storage import annotations, articles, shares
from app.storage.annotations import Annotation
from app.storage.articles import NotAPassage
from app.storage.shares import Scope, Share
from app.web.annotations import Exact, Offset
from app.web.answers import is_htmx, page, see_other
from app.web.dependencies import (
    KNOWS_WHO_READS,
    CurrentReader,
    LiveShare,
    NamedArticle,
    OwnShare,
    SeenAnnotation,
    Transaction,
    WelcomedReader,
)
from app.web.forms import FormRoute

router = APIRouter(dependencies=KNOWS_WHO_READS, route_class=FormRoute)


class ShareForm(BaseModel):
    """How much a visitor gets to see: the passage and its neighbours, or the article with the sharer's notes."""

    scope: Scope = "passage"


class PassageShareForm(ShareForm):
    """A bare passage to share: its place (code points) and the words that the reader saw there."""

    start: Offset
    end: Offset
    exact: list[Exact] = []


@router.post("/annotations/{id}/shares", name="annotation_shares")
def share_annotation(
    request: Request,
    annotation: SeenAnnotation,
    reader: WelcomedReader,
    session: Transaction,
    form: Annotated[ShareForm, Form()],
) -> Response:
    if annotation.visibility != "everyone":
        raise NotAPassage("Only you can see this note. Let everyone see it first, then share it.")
    article = articles.get(session, annotation.article_id)
    if annotation.root_id:
        annotation = session.get_one(Annotation, annotation.root_id)
    passage = annotations.place_of(session, annotation, article)
    if passage is None:
        raise NotAPassage("The words of this note are no longer in the article.")
    share = shares.share(session, article, reader, passage, annotation=annotation, scope=form.scope)
    return shared(request, share)


@router.post("/articles/{slug}/shares", name="passage_shares")
def share_passage(
    request: Request,
    article: NamedArticle,
    reader: WelcomedReader,
    session: Transaction,
    form: Annotated[PassageShareForm, Form()],
) -> Response:
    passage = articles.passage(form.start, form.end)
    share = shares.share(session, article, reader, passage, exact=form.exact, scope=form.scope)
    return shared(request, share)


def shared(request: Request, share: Share) -> Response:
    if not is_htmx(request):
        return see_other(request, f"/s/{share.token}")
    headers = {"HX-Trigger": "postil:shared"}
    return page(request, "shares/shared.html", headers=headers, share=share, link=link_to(request, share))


def link_to(request: Request, share: Share) -> str:
    """The whole address of a share; its fragment opens it at the note, or at the bare passage."""
    fragment = f"a{share.annotation_id}" if share.annotation_id else "passage"
    return f"{request.app.state.settings.base_url}/s/{share.token}#{fragment}"


@router.get("/s/{token}", name="share")
def show(request: Request, share: LiveShare, reader: CurrentReader, session: Transaction) -> Response:
    """The shared passage for anybody who has the link: no account, no script."""
    article = articles.get(session, share.article_id)
    seen = shares.seen_through(session, share, article)
    annotation = next((one for one in seen.annotations if one.id == share.annotation_id), None)
    mine = reader is not None and reader.id == share.reader_id
    return page(
        request,
        "shares/show.html",
        headers={
            "X-Robots-Tag": "noindex",
            # A form sent from a page without any referrer carries no origin either, and would be refused.
            "Referrer-Policy": "same-origin" if mine else "no-referrer",
        },
        article=article,
        share=share,
        rows=reading(seen.blocks, seen.annotations, None, seen.passage, language=article.language),
        passage=seen.passage,
        annotation=annotation,
        card=card(article, share, annotation),
        link=link_to(request, share),
        mine=mine,
    )


@router.post("/s/{token}/revoke", name="revoke_share")
def revoke(request: Request, share: OwnShare, session: Transaction) -> Response:
    shares.revoke(session, share)
    if is_htmx(request):
        return page(request, "shares/revoked.html")
    return see_other(request, f"/articles/{articles.get(session, share.article_id).slug}")
