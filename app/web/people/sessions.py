"""Who is reading: signing in and out, the name beside a guest's notes, and how pages look."""

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from app.rendering.displays import Display
from app.storage import accounts
from app.storage.people import readers
from app.storage.people.readers import Reader
from app.text import names
from app.web.entrance.addresses import Local
from app.web.entrance.answers import A_YEAR, DISPLAY_COOKIE, Unfinished, display_of, is_htmx, keep, page, see_other
from app.web.entrance.dependencies import (
    KNOWS_WHO_READS,
    CurrentReader,
    Said,
    Transaction,
    WelcomedReader,
    token_of,
    who,
)
from app.web.entrance.forms import FormRoute
from app.web.entrance.limits import TooOften
from app.web.entrance.words import Words
from app.web.people.passwords import Password, Tried, explained, tried, wait

router = APIRouter(route_class=FormRoute)

SIGNED_OUT = "postil_signed_out"
"""A cookie that lives until the next page: its script then throws away what the browser keeps of who has gone."""

WRONG = "There is no account with this name and this password."
BANNED = "The owner of this library has closed this account."


class NameForm(BaseModel):
    """The name that stands beside a reader's notes, and the page to go back to."""

    name: Annotated[Words, Field(min_length=1, max_length=readers.NAME_LENGTH)]
    next: Local = "/"


class SignInForm(BaseModel):
    """Who somebody says that they are, whether what they wrote here as a guest comes along, and where they were."""

    name: Annotated[Words, Field(min_length=1, max_length=readers.NAME_LENGTH)]
    password: Password
    bring: bool = False
    next: Local = "/"


class DisplayForm(Display):
    """How pages are to look, and the page to go back to."""

    next: Local = "/"


class Attempt(NamedTuple):
    """An attempt to sign in: what was said, and of what account that is the password."""

    form: SignInForm
    tried: Tried


async def attempt(request: Request, form: Annotated[SignInForm, Form()]) -> Attempt:
    """Try a password; where there have been too many, the form comes back with the name still in it."""
    try:
        return Attempt(form, await tried(request, form.name, form.password))
    except TooOften as error:
        needs = asked(request, form.next, form.name, explained(error))
        raise Unfinished("sessions/new.html", 429, wait(error), **needs) from error


def asked(
    request: Request, next: str, name: str = "", fault: str = "", written: int = 0, out: bool = False
) -> dict[str, Any]:
    """What the form to sign in shows."""
    # Whether an invitation is good is seen when it is used.
    signs_up = request.app.state.settings.anyone_signs_up or next.startswith("/join/")
    return {
        "next": next,
        "name": name,
        "fault": fault,
        "written": written,
        "signed_out": out,
        "may_sign_up": signs_up,
    }


@router.get("/session/new", name="new_session")
def new(request: Request, reader: CurrentReader, session: Transaction, next: Local = "/") -> Response:
    """The form to sign in."""
    if reader and reader.has_account:
        return see_other(request, next)
    out = SIGNED_OUT in request.cookies
    answer = page(request, "sessions/new.html", **asked(request, next, written=written(session, reader), out=out))
    if out:
        answer.delete_cookie(SIGNED_OUT, path="/session")
    return answer


def written(session: Session, reader: Reader | None) -> int:
    """How many notes a guest would bring along."""
    return accounts.written_by(session, reader) if reader and not reader.has_account else 0


@router.post("/session", name="session")
def sign_in(
    request: Request,
    attempt: Annotated[Attempt, Depends(attempt)],
    reader: CurrentReader,
    session: Transaction,
) -> Response:
    form, (id, hash, newer) = attempt
    # Locked: else who has the old password could come in while it is being changed, and stay.
    account = accounts.by_id(session, id, lock=True) if id else None
    if account is None or account.password_hash != hash:
        shown = asked(request, form.next, form.name, WRONG, written(session, reader))
        raise Unfinished("sessions/new.html", **shown)
    if account.banned_at:
        raise Unfinished(
            "sessions/new.html", 403, **asked(request, form.next, form.name, BANNED, written(session, reader))
        )
    if newer:
        account.password_hash = newer
    if reader and not reader.has_account and form.bring:
        accounts.bring(session, reader, account)
    signed_in(request, session, account)
    return see_other(request, form.next)


def signed_in(request: Request, session: Session, account: Reader) -> None:
    """Let this browser be an account's, by a token that nobody has had before."""
    readers.end_session(session, token_of(request))
    request.state.token = readers.open_session(session, account)
    request.state.reader = who(account)


@router.post("/session/delete", name="sign_out")
def sign_out(request: Request, session: Transaction) -> Response:
    """Let this browser be nobody's, and forget what was being written in it."""
    readers.end_session(session, token_of(request))
    request.state.reader = None
    answer = see_other(request, "/session/new")
    secure = request.app.state.settings.secure
    keep(request, answer, "")
    answer.set_cookie(SIGNED_OUT, "1", max_age=60, path="/session", httponly=True, samesite="lax", secure=secure)
    if secure:  # heeded over https alone
        answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@router.post("/session/display", name="display", dependencies=KNOWS_WHO_READS)
def display(request: Request, form: Annotated[DisplayForm, Form()], said: Said) -> Response:
    """What is not said stays as it was."""
    answer = Response(status_code=204) if is_htmx(request) else see_other(request, form.next)
    chosen = display_of(request).model_copy(update=form.model_dump(include=said - {"next"})).written()
    secure = request.app.state.settings.secure
    answer.set_cookie(DISPLAY_COOKIE, chosen, max_age=A_YEAR, httponly=True, samesite="lax", secure=secure)
    return answer


@router.get("/session/name", name="edit_name")
def edit_name(request: Request, reader: CurrentReader, next: Local = "/") -> Response:
    if reader and reader.has_account:
        return see_other(request, "/account")
    return page(request, "sessions/name.html", next=next, name=reader.name if reader else "", fault="")


@router.post("/session/name", name="name", dependencies=KNOWS_WHO_READS)
def name(request: Request, reader: WelcomedReader, session: Transaction, form: Annotated[NameForm, Form()]) -> Response:
    """Take a name, one line of it. It stands beside every note already written, too."""
    if reader.has_account:
        return see_other(request, "/account")
    if fault := names.fault_of(form.name):
        raise Unfinished("sessions/name.html", next=form.next, name=form.name, fault=fault)
    accounts.rename(session, reader, form.name)
    return see_other(request, form.next)
