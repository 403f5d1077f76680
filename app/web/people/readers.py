"""The readers of a library, for its owner: who comes in, who may publish, who is banned."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from app.storage import accounts, moderation
from app.storage.accounts import Role
from app.storage.people import account_links
from app.storage.people.account_links import HOURS
from app.storage.people.readers import Reader
from app.web.entrance.answers import page, see_other
from app.web.entrance.dependencies import KNOWS_WHO_READS, Id, Owner, Transaction
from app.web.entrance.forms import FormRoute
from app.web.entrance.words import Words

router = APIRouter(dependencies=KNOWS_WHO_READS, route_class=FormRoute)

MADE = "postil_link"
"""A cookie that carries a link just made to the page that shows it, once."""


class RoleForm(BaseModel):
    """What a reader is to be."""

    role: Role


class ReasonForm(BaseModel):
    """Why the owner does something, for the log."""

    reason: Annotated[Words, Field(max_length=500)] = ""


class Sought(BaseModel):
    """A part of a name, and how many readers come before those shown."""

    name: str = ""
    after: Annotated[int, Field(ge=0, lt=2**31)] = 0


def find_reader(id: Id, session: Transaction, _owner: Owner) -> Reader:
    if reader := accounts.by_id(session, id):
        return reader
    raise HTTPException(404)


SomeReader = Annotated[Reader, Depends(find_reader)]


@router.get("/readers", name="readers")
def index(request: Request, _owner: Owner, session: Transaction, sought: Annotated[Sought, Query()]) -> Response:
    known = accounts.every(session, sought.name.replace("\0", ""), sought.after)
    made = made_for(session, request.cookies.get(MADE, ""))
    answer = page(request, "readers/index.html", known=known, sought=sought, made=made)
    if MADE in request.cookies:
        answer.headers["Cache-Control"] = "no-store"
        answer.delete_cookie(MADE, path="/readers")
    return answer


def made_for(session: Session, token: str) -> dict[str, object] | None:
    """The link just made, if it is one: for whom (nobody yet), where it leads, for how many hours."""
    link = account_links.by_token(session, token) if token else None
    if not link or link.kind not in ("join", "reset"):
        return None
    reader = accounts.by_id(session, link.reader_id) if link.reader_id else None
    hours = HOURS["join" if link.kind == "join" else "reset"]
    return {"name": reader.name if reader else "", "path": f"/account/{link.kind}/{token}", "hours": hours}


def made(request: Request, token: str) -> Response:
    answer = see_other(request, "/readers")
    secure = request.app.state.settings.secure
    answer.set_cookie(MADE, token, max_age=60, path="/readers", httponly=True, samesite="strict", secure=secure)
    return answer


@router.post("/readers", name="invite")
def invite(request: Request, _owner: Owner, session: Transaction) -> Response:
    """A link by which somebody makes an account."""
    return made(request, account_links.make(session, "join"))


@router.post("/readers/{id}/reset", name="reset_link_for")
def reset(request: Request, owner: Owner, reader: SomeReader, session: Transaction) -> Response:
    """A link by which a reader who has forgotten their password sets another."""
    if not reader.has_account:
        raise HTTPException(404)
    moderation.record(session, owner, "reset", subject=reader)
    return made(request, account_links.make(session, "reset", reader))


@router.post("/readers/{id}/role", name="role")
def role(
    request: Request, owner: Owner, reader: SomeReader, session: Transaction, form: Annotated[RoleForm, Form()]
) -> Response:
    if not reader.has_account:
        raise HTTPException(404)
    accounts.appoint(session, reader, form.role, owner)
    return see_other(request, f"/readers#r{reader.id}")


@router.post("/readers/{id}/ban", name="ban")
def ban(
    request: Request, owner: Owner, reader: SomeReader, session: Transaction, form: Annotated[ReasonForm, Form()]
) -> Response:
    accounts.ban(session, reader, owner, form.reason)
    return see_other(request, f"/readers#r{reader.id}")


@router.post("/readers/{id}/unban", name="unban")
def unban(
    request: Request, owner: Owner, reader: SomeReader, session: Transaction, form: Annotated[ReasonForm, Form()]
) -> Response:
    accounts.unban(session, reader, owner, form.reason)
    return see_other(request, f"/readers#r{reader.id}")
