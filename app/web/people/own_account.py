"""What one decides about one's own account: its name, its password, where it is signed in."""

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import BaseModel
from sqlmodel import Session

from app.storage import accounts
from app.storage.accounts import NameTaken
from app.storage.people import readers
from app.storage.people.readers import Reader
from app.text import names, passwords
from app.web.entrance.answers import Unfinished, page, see_other
from app.web.entrance.dependencies import Account, AccountNeeded, Transaction
from app.web.entrance.forms import FormRoute
from app.web.entrance.limits import TooOften
from app.web.people.accounts import AccountName
from app.web.people.passwords import Password, explained, tried, wait
from app.web.people.sessions import signed_in

router = APIRouter(route_class=FormRoute)


class NewNameForm(BaseModel):
    """Another name, and the password that there is."""

    name: AccountName
    password_now: Password


class NewPasswordForm(BaseModel):
    """Another password, and the one that there is."""

    password_now: Password
    password: Password


class Proof(NamedTuple):
    """By which hash the password of who is signed in is right, or what is wrong, and whether one has to wait."""

    hash: str
    fault: str = ""
    wait: dict[str, str] | None = None
    newer: str = ""


async def prove(request: Request, password: str) -> Proof:
    """Try the password of who is signed in, before a transaction begins to write."""
    if not (reader := request.state.reader):
        raise AccountNeeded
    try:
        found = await tried(request, reader.name, password)
    except TooOften as error:
        return Proof("", explained(error), wait(error))
    right = found.id == reader.id
    return Proof(found.hash if right else "", "" if right else "This is not your password.")


class Renaming(NamedTuple):
    """Another name for an account, and the proof that it is one's own."""

    name: str
    proof: Proof


async def renaming(request: Request, form: Annotated[NewNameForm, Form()]) -> Renaming:
    return Renaming(form.name, await prove(request, form.password_now))


async def changing(request: Request, form: Annotated[NewPasswordForm, Form()]) -> Proof:
    proof = await prove(request, form.password_now)
    if proof.fault:
        return proof
    if fault := passwords.fault_of(form.password, request.state.reader.name):
        return Proof("", fault)
    return proof._replace(newer=await request.app.state.passwords.hash(form.password))


def shown(session: Session, reader: Reader, **more: str) -> dict[str, Any]:
    """What the page of an account shows."""
    sessions = readers.sessions_of(session, reader)
    return {"name": reader.name, "name_fault": "", "password_fault": "", "sessions": sessions} | more


def unproven(session: Session, reader: Reader, proof: Proof, **more: str) -> Unfinished:
    """The page of the account, with what is wrong."""
    return Unfinished("accounts/show.html", 429 if proof.wait else 422, proof.wait, **shown(session, reader, **more))


@router.get("/account", name="account")
def show(request: Request, reader: Account, session: Transaction) -> Response:
    return page(request, "accounts/show.html", **shown(session, reader))


@router.post("/account/name", name="rename")
def rename(
    request: Request, wanted: Annotated[Renaming, Depends(renaming)], reader: Account, session: Transaction
) -> Response:
    name, proof = wanted
    fault = proof.fault or names.fault_of(name)
    if fault or proof.hash != reader.password_hash:
        raise unproven(session, reader, proof, name=name, name_fault=fault)
    needs = shown(session, reader, name=name)
    try:
        accounts.rename(session, reader, name)
    except NameTaken as error:
        raise Unfinished("accounts/show.html", **needs | {"name_fault": str(error)}) from error
    return see_other(request, "/account")


@router.post("/account/password", name="change_password")
def change_password(
    request: Request, proof: Annotated[Proof, Depends(changing)], reader: Account, session: Transaction
) -> Response:
    """Every other session of the account ends."""
    accounts.by_id(session, reader.id, lock=True)
    if proof.fault or proof.hash != reader.password_hash:
        raise unproven(session, reader, proof, password_fault=proof.fault)
    accounts.set_password(session, reader, proof.newer)
    signed_in(request, session, reader)
    return see_other(request, "/account")


@router.post("/account/sessions/delete", name="sign_out_elsewhere")
def sign_out_elsewhere(request: Request, reader: Account, session: Transaction) -> Response:
    """Every other session of the account ends, and this one goes on under a new token."""
    readers.end_sessions(session, reader)
    signed_in(request, session, reader)
    return see_other(request, "/account")
