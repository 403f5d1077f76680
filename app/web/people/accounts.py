"""Making an account, and setting a password that is forgotten."""

import re
from typing import Annotated, Any, NamedTuple

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from app.settings import Settings
from app.storage import accounts
from app.storage.accounts import NameTaken
from app.storage.people import account_links, groups, readers
from app.storage.people.account_links import AccountLink
from app.storage.people.readers import Reader
from app.text import names, passwords
from app.web.entrance.addresses import Local
from app.web.entrance.answers import Unfinished, page, see_other
from app.web.entrance.dependencies import CurrentReader, Name, Transaction
from app.web.entrance.forms import FormRoute
from app.web.entrance.limits import TooOften
from app.web.entrance.words import Words
from app.web.people.passwords import Password, explained, hashed, wait
from app.web.people.sessions import signed_in, written

router = APIRouter(route_class=FormRoute)

UNSEEN = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
"""For pages whose address is a secret."""

AccountName = Annotated[Words, Field(min_length=1, max_length=readers.NAME_LENGTH)]


class SignUpForm(BaseModel):
    """The name and password of a new account, and the page to go back to."""

    name: AccountName
    password: Password
    next: Local = "/"


class ResetForm(BaseModel):
    """A password in the place of one that is forgotten."""

    password: Password


class Wanted(NamedTuple):
    """An account that may be made, as far as one can tell before a transaction writes, its password hashed."""

    form: SignUpForm
    hash: str


_INVITATION = re.compile(r"/join/([^/?#]+)")


def may_sign_up(session: Session, settings: Settings, next: str) -> bool:
    """Whether one may make an account: anyone where a setting says so, else who is on the way into a group."""
    if settings.anyone_signs_up:
        return True
    found = _INVITATION.fullmatch(next)
    return found is not None and groups.invitation(session, found[1]) is not None


def asked(next: str, name: str = "", fault: str = "", link: str = "", kind: str = "", notes: int = 0) -> dict[str, Any]:
    """What the form to make an account shows."""
    return {"next": next, "name": name, "fault": fault, "link": link, "owner": kind == "owner", "written": notes}


async def look(request: Request, form: SignUpForm, token: str) -> Wanted:
    """See whether an account may be made, by a link or without one, and hash its password."""

    def fault_of(session: Session) -> tuple[str, str]:
        kind = joining(session, token).kind if token else ""
        if not token and not may_sign_up(session, request.app.state.settings, form.next):
            raise HTTPException(404)
        fault = names.fault_of(form.name) or passwords.fault_of(form.password, form.name)
        taken = not fault and accounts.by_name(session, form.name)
        return kind, fault or (str(NameTaken()) if taken else "")

    async with request.app.state.database.reading() as session:
        kind, fault = await run_sync(fault_of, session)
    if fault:
        raise Unfinished("accounts/new.html", headers=UNSEEN, **asked(form.next, form.name, fault, token, kind))
    try:
        return Wanted(form, await hashed(request, form.password))
    except TooOften as error:
        shown = asked(form.next, form.name, explained(error), token, kind)
        raise Unfinished("accounts/new.html", 429, UNSEEN | wait(error), **shown) from error


async def wanted(request: Request, form: Annotated[SignUpForm, Form()]) -> Wanted:
    return await look(request, form, "")


async def wanted_by_link(request: Request, token: Name, form: Annotated[SignUpForm, Form()]) -> Wanted:
    return await look(request, form, token)


def joining(session: Session, token: str) -> AccountLink:
    """A link that makes an account, if it is good: that for the owner only where there is none."""
    link = account_links.by_token(session, token)
    if not link or link.kind not in ("join", "owner") or (link.kind == "owner" and accounts.has_owner(session)):
        raise HTTPException(404, "This link is not good, or not any more. Ask who sent it for another.")
    return link


def make(request: Request, session: Session, reader: Reader | None, wanted: Wanted, kind: str = "") -> Response:
    """Make the account out of the guest whom this browser knows, or of nobody; and sign in."""
    if reader is None or reader.has_account:
        reader, _ = readers.welcome(session)
    form = wanted.form
    try:
        accounts.sign_up(session, reader, form.name, wanted.hash, "owner" if kind == "owner" else "reader")
    except NameTaken as error:
        raise Unfinished("accounts/new.html", **asked(form.next, form.name, str(error))) from error
    readers.end_sessions(session, reader)
    signed_in(request, session, reader)
    return see_other(request, form.next)


@router.get("/account/new", name="new_account")
def new(request: Request, reader: CurrentReader, session: Transaction, next: Local = "/") -> Response:
    """The form to make an account; a guest's notes stay theirs."""
    if reader and reader.has_account:
        return see_other(request, next)
    if not may_sign_up(session, request.app.state.settings, next):
        return page(request, "accounts/invited.html", next=next)
    return page(request, "accounts/new.html", **asked(next, notes=written(session, reader)))


@router.post("/account", name="make_account")
def sign_up(
    request: Request, wanted: Annotated[Wanted, Depends(wanted)], reader: CurrentReader, session: Transaction
) -> Response:
    return make(request, session, reader, wanted)


@router.get("/account/join/{token}", name="join_link")
def join_form(request: Request, token: Name, reader: CurrentReader, session: Transaction) -> Response:
    kind = joining(session, token).kind
    shown = asked("/", link=token, kind=kind, notes=written(session, reader))
    return page(request, "accounts/new.html", headers=UNSEEN, **shown)


@router.post("/account/join/{token}", name="join_by_link")
def join(
    request: Request,
    token: Name,
    wanted: Annotated[Wanted, Depends(wanted_by_link)],
    reader: CurrentReader,
    session: Transaction,
) -> Response:
    link = account_links.use(session, token)
    if not link or (link.kind == "owner" and accounts.has_owner(session)):
        raise HTTPException(404)
    return make(request, session, reader, wanted, link.kind)


def resetting(session: Session, token: str) -> Reader:
    """Whose password a link sets anew."""
    link = account_links.by_token(session, token)
    reader = accounts.by_id(session, link.reader_id) if link and link.kind == "reset" and link.reader_id else None
    if reader is None or reader.banned_at:
        raise HTTPException(404, "This link is not good, or not any more. Ask the owner of this library for another.")
    return reader


async def new_hash(request: Request, token: Name, form: Annotated[ResetForm, Form()]) -> str:
    """The hash of a password in the place of a forgotten one."""

    def fault_of(session: Session) -> tuple[str, str]:
        name = resetting(session, token).name
        return name, passwords.fault_of(form.password, name)

    async with request.app.state.database.reading() as session:
        name, fault = await run_sync(fault_of, session)
    if fault:
        raise Unfinished("accounts/reset.html", headers=UNSEEN, link=token, name=name, fault=fault)
    try:
        return await hashed(request, form.password)
    except TooOften as error:
        shown: dict[str, Any] = {"link": token, "name": name}
        raise Unfinished("accounts/reset.html", 429, UNSEEN | wait(error), **shown, fault=explained(error)) from error


@router.get("/account/reset/{token}", name="reset_link")
def reset_form(request: Request, token: Name, _reader: CurrentReader, session: Transaction) -> Response:
    name = resetting(session, token).name
    return page(request, "accounts/reset.html", headers=UNSEEN, link=token, name=name, fault="")


@router.post("/account/reset/{token}", name="reset_password")
def reset(
    request: Request,
    token: Name,
    hash: Annotated[str, Depends(new_hash)],
    _reader: CurrentReader,
    session: Transaction,
) -> Response:
    """Every session of the account ends; who has the link is signed in."""
    account = resetting(session, token)
    # The account before its link, as all that set a password lock them.
    if not accounts.by_id(session, account.id, lock=True) or not account_links.use(session, token):
        raise HTTPException(404)
    accounts.set_password(session, account, hash)
    signed_in(request, session, account)
    return see_other(request, "/account")
