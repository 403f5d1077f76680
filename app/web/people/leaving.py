"""Leaving: taking everything along that is one's own, and going for good."""

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from app.formats import account
from app.storage.accounts import TheOwner
from app.storage.keeping import leaving
from app.storage.keeping.leaving import Answered
from app.storage.people.readers import Reader
from app.text.passwords import MOST
from app.web.entrance.answers import Unfinished, keep, page, see_other
from app.web.entrance.dependencies import KNOWS_WHO_READS, KnownReader, Transaction
from app.web.entrance.forms import FormRoute
from app.web.notes import download
from app.web.people.own_account import Proof, prove
from app.web.people.sessions import SIGNED_OUT

router = APIRouter(route_class=FormRoute)

GONE = "/account/deleted"


class LeavingForm(BaseModel):
    """What becomes of notes that others have answered, and the password of who has one."""

    answered: Answered
    password_now: Annotated[str, Field(max_length=MOST)] = ""


class Wish(NamedTuple):
    """What somebody who leaves has chosen, and the proof that it is they."""

    answered: Answered
    proof: Proof


async def wish(request: Request, form: Annotated[LeavingForm, Form()]) -> Wish:
    """Try the password of who has one, before a transaction begins to write."""
    reader = request.state.reader
    return Wish(form.answered, await prove(request, form.password_now) if reader and reader.has_account else Proof(""))


@router.get("/account/export", name="account_export")
def export(request: Request, reader: KnownReader, session: Transaction) -> Response:
    """Everything that is a reader's own, in one file."""
    found = leaving.belongings_of(session, reader)
    return download(account.write(found, request.app.state.settings.base_url), "postil-account.json")


@router.get("/account/delete", name="leaving")
def show(request: Request, reader: KnownReader, session: Transaction) -> Response:
    """What would go and what would stay, and the form to go."""
    return page(request, "leaving/show.html", **shown(request, session, reader))


@router.post("/account/delete", name="leave")
def leave(
    request: Request, wish: Annotated[Wish, Depends(wish)], reader: KnownReader, session: Transaction
) -> Response:
    answered, proof = wish
    needs = shown(request, session, reader) | {"answered": answered}
    if reader.has_account and (proof.fault or proof.hash != reader.password_hash):
        status = 429 if proof.wait else 422
        raise Unfinished("leaving/show.html", status, proof.wait, **needs | {"fault": proof.fault})
    try:
        leaving.leave(session, reader, answered)
    except TheOwner as error:
        raise Unfinished("leaving/show.html", **needs | {"fault": str(error)}) from error
    request.state.reader = None
    answer = see_other(request, GONE)
    keep(request, answer, "")
    secure = request.app.state.settings.secure
    answer.set_cookie(SIGNED_OUT, "1", max_age=60, path=GONE, httponly=True, samesite="lax", secure=secure)
    if secure:  # heeded over https alone
        answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@router.get("/account/deleted", name="left", dependencies=KNOWS_WHO_READS)
def left(request: Request) -> Response:
    out = SIGNED_OUT in request.cookies
    answer = page(request, "leaving/left.html", signed_out=out)
    if out:
        answer.delete_cookie(SIGNED_OUT, path=GONE)
    return answer


def shown(request: Request, session: Session, reader: Reader) -> dict[str, Any]:
    """What the form says of what would go and what would stay."""
    fate = leaving.fate_of(session, reader)
    return {
        "removed": len(fate.removed),
        "replied": len(fate.answered),
        "days": request.app.state.settings.purge_days,
        "answered": "keep",
        "fault": "",
    }
