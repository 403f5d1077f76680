"""Sharing a passage, and what the visitor sees who opens the link."""

import logging
from collections.abc import Sequence
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, BackgroundTasks, Form, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.rendering.cards import card
from app.rendering.orphans import lost
from app.rendering.reading import reading
from app.rendering.threads import threads
from app.storage import annotations, articles, links, passages, shares, visiting
from app.storage.annotations import Annotation
from app.storage.articles import Article
from app.storage.database import Database
from app.storage.passages import NotAPassage
from app.storage.people.readers import Reader
from app.storage.shares import SCOPE, Expiry, Share
from app.storage.visiting import SeenThrough
from app.text.spans import Span
from app.web.entrance.addresses import Local
from app.web.entrance.answers import is_htmx, page, see_other
from app.web.entrance.dependencies import (
    KNOWS_WHO_READS,
    CurrentReader,
    LiveShare,
    NamedArticle,
    OwnShare,
    Said,
    SeenAnnotation,
    Transaction,
    WelcomedReader,
)
from app.web.entrance.forms import FormRoute
from app.web.entrance.turns import LONG, take_turn
from app.web.entrance.words import Exact, Offset
from app.web.margins import RevisionNumber

router = APIRouter(dependencies=KNOWS_WHO_READS, route_class=FormRoute)

log = logging.getLogger("postil")

Scope = Annotated[str, Field(pattern=SCOPE)]


class ShareForm(BaseModel):
    """How much a visitor gets to see, and for how long."""

    scope: Scope = "passage"
    expires: Expiry = "never"


class Choice(BaseModel):
    """What has been chosen so far of a share that is only looked at."""

    scope: Scope | None = None
    expires: Expiry = "never"


class PassageChoice(Choice):
    """The same of a bare passage."""

    start: Offset
    end: Offset
    exact: list[Exact] = []
    revision: RevisionNumber = 1


class PassageShareForm(ShareForm):
    """A bare passage to share: its place (code points) and the words that the reader saw there."""

    start: Offset
    end: Offset
    exact: list[Exact] = []
    revision: RevisionNumber = 1


class RevokeForm(BaseModel):
    """The page to go back to; without one, the article."""

    next: Local = ""


# ── making one


@router.get("/annotations/{id}/shares/new", name="new_annotation_share")
def new_for_annotation(
    request: Request,
    annotation: SeenAnnotation,
    reader: CurrentReader,
    session: Transaction,
    form: Annotated[Choice, Query()],
) -> Response:
    """The form to share a note with, and what a visitor will see."""
    article = articles.get(session, annotation.article_id)
    annotation, passage = shared_of(session, reader, annotation, article)
    scopes = shares.scopes_for(session, reader, annotation)
    scope = form.scope or (scopes[0][0] if scopes else "passage")
    draft = shares.draft(session, article, reader, passage, annotation=annotation, scope=scope, expires=form.expires)
    return offered(request, session, article, draft, scopes, form, f"/annotations/{annotation.id}/shares")


@router.post("/annotations/{id}/shares", name="annotation_shares")
def share_annotation(
    request: Request,
    annotation: SeenAnnotation,
    reader: WelcomedReader,
    session: Transaction,
    form: Annotated[ShareForm, Form()],
    said: Said,
) -> Response:
    article = articles.get(session, annotation.article_id)
    annotation, passage = shared_of(session, reader, annotation, article)
    if annotation.visibility not in ("everyone", "me") and "scope" not in said:
        # What is written for a group goes out of it by a choice, not by the way.
        whither = f"/annotations/{annotation.id}/shares/new"
        return Response(headers={"HX-Redirect": whither}) if is_htmx(request) else see_other(request, whither)
    share = shares.share(session, article, reader, passage, annotation=annotation, **form.model_dump())
    return shared(request, share, f"/annotations/{annotation.id}/shares/new")


def shared_of(
    session: Session, reader: Reader | None, annotation: Annotation, article: Article
) -> tuple[Annotation, Span]:
    """What is shared of a thread: the annotation that it began with, and its passage. Raises NotAPassage."""
    if annotation.root_id:
        root = annotations.by_id(session, reader, annotation.root_id)
        if root is None:
            raise NotAPassage("The note that this replies to has been deleted, so it cannot be shared.")
        annotation = root
    passage = annotations.place_of(session, annotation, article)
    if passage is None:
        raise NotAPassage("The words of this note are no longer in the article.")
    return annotation, passage


@router.get("/articles/{slug}/shares/new", name="new_passage_share")
def new_for_passage(
    request: Request,
    article: NamedArticle,
    reader: CurrentReader,
    session: Transaction,
    form: Annotated[PassageChoice, Query()],
) -> Response:
    """The form to share a bare passage with, and what a visitor will see."""
    passage = passages.passage(form.start, form.end)
    scopes = shares.scopes_for(session, reader, None)
    scope = form.scope or "passage"
    said: dict[str, Any] = {"exact": form.exact, "revision": form.revision, "expires": form.expires}
    draft = shares.draft(session, article, reader, passage, scope=scope, **said)
    return offered(request, session, article, draft, scopes, form, f"/articles/{article.slug}/shares")


@router.post("/articles/{slug}/shares", name="passage_shares")
def share_passage(
    request: Request,
    article: NamedArticle,
    reader: WelcomedReader,
    session: Transaction,
    form: Annotated[PassageShareForm, Form()],
) -> Response:
    passage = passages.passage(form.start, form.end)
    share = shares.share(session, article, reader, passage, **form.model_dump(exclude={"start", "end"}))
    place = f"start={share.start}&end={share.end}" + (f"&revision={share.revision}" if share.revision > 1 else "")
    return shared(request, share, f"/articles/{article.slug}/shares/new?{place}")


def offered(
    request: Request,
    session: Session,
    article: Article,
    draft: Share,
    scopes: Sequence[tuple[str, str]],
    form: Choice,
    action: str,
) -> Response:
    """What may be chosen of a share, and what a visitor will see: to htmx that alone."""
    seen = visiting.seen_through(session, draft, article)
    annotation = seen.note_of(draft)
    chosen = f"group:{draft.group_id}" if draft.group_id else draft.scope
    return page(
        request,
        "shares/_preview.html" if is_htmx(request) else "shares/new.html",
        article=article,
        share=draft,
        annotation=annotation,
        card=card(article, draft, annotation),
        scopes=scopes,
        chosen=chosen,
        group=dict(scopes).get(chosen, ""),
        form=form,
        action=action,
        left_out=visiting.left_out(session, draft, article, seen.notes),
        **shown(seen, article),
    )


def shared(request: Request, share: Share, change: str) -> Response:
    """The link to copy; `change` leads to where one sees what it shows."""
    if not is_htmx(request):
        return see_other(request, f"/s/{share.token}")
    headers = {"HX-Trigger": "postil:shared"}
    return page(
        request, "shares/shared.html", headers=headers, share=share, link=link_to(request, share), change=change
    )


def link_to(request: Request, share: Share) -> str:
    """The whole address of a share; its fragment opens it at the note, or at the bare passage."""
    fragment = f"a{share.annotation_id}" if share.annotation_id else "passage"
    return f"{request.app.state.settings.base_url}/s/{share.token}#{fragment}"


# ── opening it


@router.get("/s/{token}", name="share")
def show(
    request: Request, share: LiveShare, reader: CurrentReader, session: Transaction, afterwards: BackgroundTasks
) -> Response:
    """The shared passage for anybody who has the link: no account, no script."""
    article = articles.get(session, share.article_id)
    take_turn(request, article.words > LONG)
    seen = visiting.seen_through(session, share, article)
    annotation = seen.note_of(share)
    mine = reader is not None and reader.id == share.reader_id
    answer = page(
        request,
        "shares/show.html",
        headers={
            "X-Robots-Tag": "noindex",
            # A form sent from a page without any referrer carries no origin either, and would be refused.
            "Referrer-Policy": "same-origin" if mine else "no-referrer",
        },
        article=article,
        share=share,
        annotation=annotation,
        card=card(article, share, annotation),
        link=link_to(request, share),
        mine=mine,
        **shown(seen, article),
    )
    if not mine and is_looked_at(request):
        afterwards.add_task(count_opening, request.app.state.database, share.id)
    return answer


def shown(seen: SeenThrough, article: Article) -> dict[str, Any]:
    """The paragraphs and notes of a share, as its page and the preview of it show them."""
    turns = threads(seen.replies, None)
    return {
        "rows": reading(seen.blocks, seen.annotations, None, seen.passage, language=article.language, threads=turns),
        "orphans": lost(seen.orphans, None, turns),
        "passage": seen.passage,
        "found": len(seen.notes),
        "authors": len({one.reader_id for one in seen.notes}),
    }


def is_looked_at(request: Request) -> bool:
    """Whether somebody is to see the answer: not one that only its head is asked of, nor one fetched in advance."""
    return request.scope.get("postil.asked") != "HEAD" and "prefetch" not in request.headers.get("Sec-Purpose", "")


async def count_opening(database: Database, id: int) -> None:
    """Count after the answer has left: who opens a link waits for no writer."""
    try:
        async with database.writing() as session:
            await run_sync(shares.count_opening, session, id)
    except SQLAlchemyError as error:
        log.warning("an opened share was not counted: %s", str(error).splitlines()[0])


# ── keeping them in order


@router.get("/shares", name="shares")
def index(request: Request, reader: CurrentReader, session: Transaction) -> Response:
    """All links that a reader has made and that have not ended."""
    found = links.links_of(session, reader) if reader else []
    return page(
        request,
        "shares/index.html",
        headers={"X-Robots-Tag": "noindex"},
        live=[(link, link_to(request, link.share)) for link in found if link.alive],
        asleep=[link for link in found if not link.alive],
    )


@router.post("/s/{token}/revoke", name="revoke_share")
def revoke(request: Request, share: OwnShare, session: Transaction, form: Annotated[RevokeForm, Form()]) -> Response:
    shares.revoke(session, share)
    if is_htmx(request):
        return page(request, "shares/revoked.html")
    return see_other(request, form.next or f"/articles/{articles.get(session, share.article_id).slug}")
