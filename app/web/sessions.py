"""Who is reading: the name beside a guest's notes."""

import re
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import AfterValidator, BaseModel, Field

from app.rendering.displays import Display
from app.storage import annotations, readers
from app.web.annotations import Words
from app.web.answers import A_YEAR, DISPLAY_COOKIE, display_of, is_htmx, page, see_other
from app.web.dependencies import KNOWS_WHO_READS, Said, Transaction, WelcomedReader
from app.web.forms import FormRoute

router = APIRouter(dependencies=KNOWS_WHO_READS, route_class=FormRoute)


def local(path: str) -> str:
    """The path of a page of ours, or the library's: never the start of another host's address."""
    return path if _LOCAL.fullmatch(path) else "/"


_LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]{0,500}")
Local = Annotated[str, AfterValidator(local)]


class NameForm(BaseModel):
    """The name that stands beside a reader's notes, and the page to go back to."""

    name: Annotated[Words, Field(min_length=1, max_length=readers.NAME_LENGTH)]
    next: Local = "/"


class DisplayForm(Display):
    """How pages are to look, and the page to go back to."""

    next: Local = "/"


@router.post("/session/display", name="display")
def display(request: Request, form: Annotated[DisplayForm, Form()], said: Said) -> Response:
    """What is not said stays as it was."""
    answer = Response(status_code=204) if is_htmx(request) else see_other(request, form.next)
    chosen = display_of(request).model_copy(update=form.model_dump(include=said - {"next"})).written()
    secure = request.app.state.settings.secure
    answer.set_cookie(DISPLAY_COOKIE, chosen, max_age=A_YEAR, httponly=True, samesite="lax", secure=secure)
    return answer


@router.get("/session/name", name="edit_name")
def edit_name(request: Request, next: Local = "/") -> Response:
    return page(request, "sessions/name.html", next=next)


@router.post("/session/name", name="name")
def name(request: Request, reader: WelcomedReader, session: Transaction, form: Annotated[NameForm, Form()]) -> Response:
    """Take a name, one line of it. It stands beside every note already written, too."""
    readers.rename(session, reader, " ".join(form.name.split()))
    annotations.touch_articles_of(session, reader)
    return see_other(request, form.next)
