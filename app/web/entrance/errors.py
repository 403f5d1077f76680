"""How things that go wrong look: a page in the reader's own look, with the words that were typed still there."""

import logging
import math
import textwrap
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import IntegrityError, InternalError, NoResultFound, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from app.storage.accounts import NameTaken, TheOwner
from app.storage.annotations import AudienceChanged, OthersHaveReplied
from app.storage.articles import NotesClosed
from app.storage.orphans import StandsAlready
from app.storage.passages import NotAPassage, PassageChanged
from app.storage.people.groups import LastOwner, NotAMember
from app.storage.shares import NotToBeShared
from app.web.entrance.addresses import local
from app.web.entrance.answers import Unfinished, is_htmx, page, see_other
from app.web.entrance.dependencies import AccountNeeded, look_who_reads
from app.web.entrance.limits import TooOften
from app.web.entrance.logs import without_token

log = logging.getLogger("postil")

GONE_LENGTH = 300
"""How much is quoted of words that have gone, in code points."""

TITLES = {
    403: "Not from here",
    404: "Nothing here",
    409: "The text has changed",
    410: "Taken away",
    413: "Too much",
    422: "Not saved yet",
    429: "Too often",
    500: "Something went wrong",
    503: "Not just now",
}

MESSAGES = {
    400: "That request could not be read.",
    404: "There is nothing at this address, or nothing that you may see.",
    405: "That cannot be done here.",
    410: "What stood here has been taken away.",
    403: "You may not do that. Nothing has been changed.",
    413: "That is more than fits. Nothing has been saved; shorten it and send it again.",
    503: "The library cannot be used just now. Nothing has been saved: send it again in a moment.",
    500: "The server could not do it, and has written down why. Try again in a moment.",
}

FIELDS = {
    "note": "Your note",
    "tags": "Your tags",
    "name": "Your name",
    "exact": "The passage",
    "sentence": "The sentences",
}


class NoteChanged(Exception):
    """The note has been saved elsewhere since the reader began to change it: `note` says what, `state` names that."""

    def __init__(self, note: str, state: str) -> None:
        super().__init__("the note has changed under the reader")
        self.note = note
        self.state = state


class PublishedAlready(Exception):
    """What somebody has brought is published: who sends its form again, as by a second click, is led there."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Agreement(NamedTuple):
    """A field by which one agrees to what has become of something meanwhile, and what one does by that."""

    field: str
    value: str
    deed: str


def trouble(
    request: Request,
    status: int,
    message: str = "",
    typed: dict[str, list[str]] | None = None,
    faults: dict[str, str] | None = None,
    now: str | None = None,
    agree: Agreement | None = None,
    sign_in: str | None = None,
) -> Response:
    """Say what happened and what to do, give back what was typed, and offer to send it again.

    `sign_in` is the page to come back to by signing in, where that helps.
    """
    forget_the_new(request)
    return page(
        request,
        "errors/_trouble.html" if is_htmx(request) else "errors/trouble.html",
        status,
        {"Cache-Control": "no-store"},
        code=status,
        title="An account is needed" if sign_in else TITLES.get(status, HTTPStatus(status).phrase),
        message=message or MESSAGES.get(status, HTTPStatus(status).phrase),
        typed=typed or {},
        faults=faults or {},
        now=now,
        agree=agree,
        sign_in=sign_in,
        action=request.url.path,
        in_status=request.headers.get("HX-Target") == "status",
    )


async def typed_in(request: Request) -> dict[str, list[str]]:
    """What the reader sent, by field, but for passwords; nothing if it cannot be read again."""
    if request.method != "POST":
        return {}
    try:
        form: FormData = await request.form()
    except (HTTPException, RuntimeError, ValueError):
        return {}
    typed: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            typed.setdefault(showable(name), []).append("" if "password" in name else showable(value))
    return typed


def showable(words: str) -> str:
    """Words that can be sent: some charsets of a form let halves of surrogate pairs through."""
    return words.encode("utf-8", "replace").decode()


async def on_http(request: Request, error: HTTPException) -> Response:
    said = "" if error.detail in (HTTPStatus(error.status_code).phrase, "Content Too Large") else error.detail
    typed = await typed_in(request) if error.status_code not in (400, 413) else {}
    if not hasattr(request.state, "reader"):
        await look_who_reads(request)
    answer = trouble(request, error.status_code, said, typed)
    answer.headers.update(error.headers or {})
    return answer


async def on_invalid(request: Request, error: RequestValidationError) -> Response:
    """Fields that say something else than they may: each told at its field. An address that does is no address."""
    if any(fault["loc"][0] in ("path", "query") for fault in error.errors()):
        return trouble(request, 404, typed=await typed_in(request))
    faults = {str(fault["loc"][1]): fault_in_words(fault) for fault in error.errors() if len(fault["loc"]) > 1}
    message = "Nothing has been saved yet. " + " ".join(
        f"{FIELDS.get(name, name.capitalize())}: {words}" for name, words in faults.items()
    )
    return trouble(request, 422, message, await typed_in(request), faults)


def fault_in_words(fault: dict[str, Any]) -> str:
    """One of pydantic's faults as a person would say it."""
    context = fault.get("ctx", {})
    match fault["type"]:
        case "missing":
            return "this is needed."
        case "string_too_long" | "too_long":
            return f"at most {context['max_length']:,} characters fit; this has {len(fault['input']):,}."
        case "string_too_short" | "too_short":
            return "this may not be empty."
        case "literal_error":
            return f"choose {context['expected']}."
        case "value_error":
            return f"{context['error']}."
        case _:
            return f"{fault['msg']}."


async def on_no_passage(request: Request, error: NotAPassage) -> Response:
    return trouble(request, 422, str(error), await typed_in(request))


async def on_changed(request: Request, error: PassageChanged) -> Response:
    if not error.now:
        was = textwrap.shorten(error.was, GONE_LENGTH, placeholder=" …")
        message = f"“{was}” has gone from the text since you opened it. What you wrote is not lost."
        return trouble(request, 409, message, await typed_in(request), now=error.around or None)
    message = "The text has changed since you opened it, so your mark would stand on other words. Nothing is lost."
    agree = Agreement("exact", error.now, "Mark what it says now")
    return trouble(request, 409, message, await typed_in(request), now=error.now, agree=agree)


async def on_note_changed(request: Request, error: NoteChanged) -> Response:
    message = "This note has been saved from elsewhere since you began to change it. Nothing is lost: both are here."
    agree = Agreement("over", error.state, "Save mine over it")
    return trouble(request, 409, message, await typed_in(request), now=error.note, agree=agree)


async def on_account_needed(request: Request, _error: AccountNeeded) -> Response:
    return account_needed(request, await typed_in(request))


def account_needed(request: Request, typed: dict[str, list[str]]) -> Response:
    """Say that this takes an account, and lead there and back; a page that is only looked at leads there at once."""
    if request.method in ("GET", "HEAD") and not is_htmx(request):
        return see_other(request, sign_in_path(here(request)))
    message = "You need an account to do this. Nothing is lost: what you have written is still here."
    return trouble(request, 403, message, typed, sign_in=sign_in_path(whence(request)))


def here(request: Request) -> str:
    """The address that was asked for, without the host."""
    path = request.scope.get("raw_path", b"").decode("latin-1") or quote(request.url.path)
    return local(f"{path}?{request.url.query}" if request.url.query else path)


def whence(request: Request) -> str:
    """The page of ours from which a form was sent, as far as the browser says."""
    try:
        said = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return "/"
    path = f"{said.path}?{said.query}" if said.query else said.path
    return local(path) if said.netloc.lower() == request.headers.get("Host", "").lower() else "/"


def sign_in_path(next: str) -> str:
    return f"/session/new?next={quote(next)}"


async def on_too_often(request: Request, error: TooOften) -> Response:
    return too_often(request, error, await typed_in(request))


def too_often(request: Request, error: TooOften, typed: dict[str, list[str]]) -> Response:
    """Say when to try again: RFC 6585, section 4."""
    message = f"{said_of(error)} Nothing is lost: send it again {in_a_while(error.seconds)}."
    answer = trouble(request, 429, message, typed)
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def said_of(error: TooOften) -> str:
    match error.kind:
        case "signing in":
            return "Too many wrong passwords have come from here."
        case "signing up":
            return "Too many accounts have been made from here."
        case "shares":
            return "You have shared more in a minute than Postil takes."
        case "imports":
            return "You have brought in more in an hour than Postil takes."
        case _:
            return "You have written more in a minute than Postil takes."


def in_a_while(seconds: int) -> str:
    return f"in {seconds} seconds" if seconds < 100 else f"in {math.ceil(seconds / 60)} minutes"


async def on_audience_changed(request: Request, error: AudienceChanged) -> Response:
    those = {"everyone": "everyone", "me": "its author alone"}.get(error.now, "another group")
    message = (
        f"Since you began to reply, the note has come to be for {those}. Your reply is not saved yet: it is below."
    )
    agree = Agreement("audience", error.now, f"Reply, for {those} to see")
    return trouble(request, 409, message, await typed_in(request), agree=agree)


async def on_refused(request: Request, error: ValueError) -> Response:
    return trouble(request, 422, str(error), await typed_in(request))


async def on_closed(request: Request, error: NotesClosed) -> Response:
    return trouble(request, 403, str(error), await typed_in(request))


async def on_unfinished(request: Request, error: Unfinished) -> Response:
    forget_the_new(request)
    return page(request, error.template, error.status, error.headers | {"Cache-Control": "no-store"}, **error.needs)


async def on_no_database(request: Request, error: OperationalError | InternalError) -> Response:
    """The database is locked for longer than a writer waits, full, read-only or out of reach: later it may not be."""
    log.error("%s %s failed: %s", request.method, without_token(request.url.path), str(error).splitlines()[0])
    answer = trouble(request, 503, typed=await typed_in(request))
    answer.headers["Retry-After"] = "10"
    return answer


async def on_collision(request: Request, error: IntegrityError | StaleDataError) -> Response:
    """Another write has come between, to what this one stood on: sent again, it finds what there is now."""
    log.error("%s %s failed: %s", request.method, without_token(request.url.path), str(error).splitlines()[0])
    message = "Something else changed at the same moment. Nothing has been saved: send it again in a moment."
    return trouble(request, 503, message, typed=await typed_in(request))


async def on_published(request: Request, error: PublishedAlready) -> Response:
    if is_htmx(request):
        return Response(status_code=204, headers={"HX-Redirect": error.path})
    return see_other(request, error.path)


async def on_gone(request: Request, _error: NoResultFound) -> Response:
    """What was there when this began has gone for good meanwhile."""
    return trouble(request, 404, typed=await typed_in(request))


def forget_the_new(request: Request) -> None:
    """A guest who was welcomed by the write that has just failed is not there."""
    if getattr(request.state, "token", None):
        request.state.token = request.state.reader = None


def register(app: FastAPI) -> None:
    handlers: dict[type[Exception], Any] = {
        HTTPException: on_http,
        RequestValidationError: on_invalid,
        NotAPassage: on_no_passage,
        PassageChanged: on_changed,
        NoteChanged: on_note_changed,
        AudienceChanged: on_audience_changed,
        OthersHaveReplied: on_refused,
        NotAMember: on_refused,
        NameTaken: on_refused,
        TheOwner: on_refused,
        LastOwner: on_refused,
        NotToBeShared: on_refused,
        StandsAlready: on_refused,
        NotesClosed: on_closed,
        Unfinished: on_unfinished,
        AccountNeeded: on_account_needed,
        TooOften: on_too_often,
        OperationalError: on_no_database,
        InternalError: on_no_database,
        IntegrityError: on_collision,
        StaleDataError: on_collision,
        NoResultFound: on_gone,
        PublishedAlready: on_published,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
