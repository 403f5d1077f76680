"""The reading page."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Path, Query, Request, Response
from sqlmodel import Session

from app.rendering.filters import Filter
from app.storage import articles, collections
from app.storage.annotations import by_id, own
from app.storage.articles import Article
from app.storage.margins import groups_waiting_for
from app.storage.people.groups import groups_of
from app.storage.people.readers import Reader, name_of
from app.storage.revisions import history
from app.web.annotations import composing
from app.web.entrance.answers import A_YEAR, etag, is_htmx, kept_page, not_modified, page, see_other
from app.web.entrance.dependencies import KNOWS_WHO_READS, CurrentReader, NamedArticle, Transaction, publishes
from app.web.entrance.forms import FormRoute
from app.web.entrance.turns import LONG, take_turn
from app.web.margins import FILTER_COOKIE, ListView, View, all_in_order, filter_of, margin
from app.web.orphans import orphans_of

router = APIRouter(dependencies=KNOWS_WHO_READS, route_class=FormRoute)


@router.get("/articles/{slug}", name="article")
def show(
    request: Request,
    article: NamedArticle,
    reader: CurrentReader,
    session: Transaction,
    view: Annotated[View, Query()],
) -> Response:
    chosen = filter_of(request, view)
    may_publish = publishes(request, reader)
    tag = etag(request, article, reader, chosen.written, str(may_publish))
    if answer := not_modified(request, tag):
        return answer
    if view.revision not in (None, article.revision):
        take_turn(request, article.words > LONG)
        return show_earlier(request, article, reader, session, view, chosen)

    def needs() -> dict[str, Any]:
        take_turn(request, article.words > LONG)
        deleted = own(session, reader, view.undo) if reader and view.undo else None
        found = margin(session, article, reader, view, chosen)
        belonging = groups_of(session, reader)
        hiding = any(group.hides and group.role != "owner" for group in belonging)
        waiting = groups_waiting_for(session, reader, article) if hiding else {}
        linked = by_id(session, reader, view.note) if view.note else None
        linked = linked if linked and linked.article_id == article.id and not linked.root_id else None
        lost = orphans_of(session, article, reader, view, chosen)
        return found._asdict() | {
            "article": article,
            "look": found.look,
            "first": next((note for row in found.rows for note in row.notes), None),
            "chosen": chosen,
            "view": view,
            "linked": linked,
            "linked_by": name_of(session, linked.reader_id) if linked else "",
            "waiting": list(waiting.values()),
            "beside": collections.neighbours(session, article),
            **composing(session, article, reader, belonging, next((f"group:{id}" for id in waiting), None)),
            "deleted": deleted if deleted and deleted.deleted_at else None,
            "orphans": lost,
            "attaching": next((one for one in lost if one.note.id == view.attach and one.attachable), None),
            "edition": None,
            "may_publish": may_publish,
        }

    return kept_page(request, "articles/show.html", tag, needs)


def show_earlier(
    request: Request, article: Article, reader: Reader | None, session: Session, view: View, chosen: Filter
) -> Response:
    """A former revision, with what stood beside it: to be read, and nothing else."""
    edition = next((one for one in history(session, article) if one.number == view.revision), None)
    then = articles.as_it_was(session, article, view.revision or 0)
    if not then or not edition:
        raise HTTPException(404)
    found = margin(session, then, reader, view, chosen)
    return page(
        request,
        "articles/show.html",
        **found._asdict() | {"query": f"revision={edition.number}&{found.query}"},
        article=then,
        look=found.look,
        first=next((note for row in found.rows for note in row.notes), None),
        chosen=chosen,
        view=view,
        linked=None,
        waiting=[],
        beside=[],
        deleted=None,
        orphans=orphans_of(session, then, reader, view, chosen),
        attaching=None,
        edition=edition,
        may_publish=publishes(request, reader),
        current=article,
    )


@router.get("/articles/{slug}/annotations", name="all_annotations")
def annotations_in_order(
    request: Request,
    article: NamedArticle,
    reader: CurrentReader,
    session: Transaction,
    view: Annotated[ListView, Query()],
) -> Response:
    """Everything that stands beside an article, in the order of the text, with the words that it is about."""
    found = all_in_order(session, article, reader, filter_of(request, view), view.after)
    return page(request, "articles/annotations.html", article=article, **found._asdict())


@router.get("/articles/{slug}/paragraphs/{number}", name="paragraph")
def paragraph(
    request: Request,
    article: NamedArticle,
    reader: CurrentReader,
    session: Transaction,
    number: Annotated[int, Path(ge=1, lt=2**31)],
    view: Annotated[View, Query()],
) -> Response:
    """One row of the reading page, to be put in its place; without htmx, the page at that paragraph."""
    block = articles.paragraph_numbered(session, article, number)
    if not block:
        raise HTTPException(404)
    if not is_htmx(request):
        return see_other(request, f"/articles/{article.slug}?{request.url.query}#p{block.start}")
    found = margin(session, article, reader, view, filter_of(request, view), block.span)
    row = next(row for row in found.rows if row.number == number)
    return page(
        request,
        "articles/paragraph.html",
        headers={"HX-Trigger": "postil:opened"},
        article=article,
        row=row,
        query=found.query,
    )


@router.post("/articles/{slug}/filter", name="filter")
def choose(request: Request, article: NamedArticle, form: Annotated[Filter, Form()]) -> Response:
    """Choose which notes are shown beside an article, until one chooses anew."""
    answer = see_other(request, f"/articles/{article.slug}" + (f"?{form.written}" if form.written else ""))
    where = {"path": f"/articles/{article.slug}", "samesite": "lax", "secure": request.app.state.settings.secure}
    answer.set_cookie(FILTER_COOKIE, form.written, max_age=A_YEAR if form.written else 0, httponly=True, **where)
    return answer
