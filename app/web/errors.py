"""How things that go wrong look: a page in the reader's own look, with the words that were typed still there."""

import logging
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InternalError, OperationalError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from app.storage.annotations import OthersHaveReplied
from app.storage.articles import NotAPassage, NotesClosed, PassageChanged
from app.storage.groups import LastOwner, NotAMember
from app.storage.shares import NotToBeShared
from app.web.annotations import NoteChanged
from app.web.answers import Unfinished, is_htmx, page
from app.web.logs import without_token

log = logging.getLogger("postil")

TITLES = {
    403: "Not from here",
    404: "Nothing here",
    409: "The text has changed",
    410: "Taken away",
    413: "Too much",
    422: "Not saved yet",
    500: "Something went wrong",
    503: "Not just now",
}

MESSAGES = {
    400: "That request could not be read.",
    404: "There is nothing at this address, or nothing that you may see.",
    405: "That cannot be done here.",
    410: "What stood here has been taken away.",
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
) -> Response:
    """Say what happened and what to do, give back what was typed, and offer to send it again."""
    forget_the_new(request)
    return page(
        request,
        "errors/_trouble.html" if is_htmx(request) else "errors/trouble.html",
        status,
        {"Cache-Control": "no-store"},
        code=status,
        title=TITLES.get(status, HTTPStatus(status).phrase),
        message=message or MESSAGES.get(status, HTTPStatus(status).phrase),
        typed=typed or {},
        faults=faults or {},
        now=now,
        agree=agree,
        action=request.url.path,
        in_status=request.headers.get("HX-Target") == "status",
    )


async def typed_in(request: Request) -> dict[str, list[str]]:
    """What the reader sent, by field; nothing if it cannot be read again."""
    if request.method != "POST":
        return {}
    try:
        form: FormData = await request.form()
    except (HTTPException, RuntimeError, ValueError):
        return {}
    typed: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            typed.setdefault(showable(name), []).append(showable(value))
    return typed


def showable(words: str) -> str:
    """Words that can be sent: some charsets of a form let halves of surrogate pairs through."""
    return words.encode("utf-8", "replace").decode()


async def on_http(request: Request, error: HTTPException) -> Response:
    said = "" if error.detail in (HTTPStatus(error.status_code).phrase, "Content Too Large") else error.detail
    typed = await typed_in(request) if error.status_code not in (400, 413) else {}
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
    message = "The text has changed since you opened it, so your mark would stand on other words. Nothing is lost."
    agree = Agreement("exact", error.now, "Mark what it says now")
    return trouble(request, 409, message, await typed_in(request), now=error.now, agree=agree)


async def on_note_changed(request: Request, error: NoteChanged) -> Response:
    message = "This note has been saved from elsewhere since you began to change it. Nothing is lost: both are here."
    agree = Agreement("over", error.state, "Save mine over it")
    return trouble(request, 409, message, await typed_in(request), now=error.note, agree=agree)


async def on_refused(request: Request, error: OthersHaveReplied | NotAMember | LastOwner | NotToBeShared) -> Response:
    return trouble(request, 422, str(error), await typed_in(request))


async def on_closed(request: Request, error: NotesClosed) -> Response:
    return trouble(request, 403, str(error), await typed_in(request))


async def on_unfinished(request: Request, error: Unfinished) -> Response:
    forget_the_new(request)
    return page(request, error.template, 422, {"Cache-Control": "no-store"}, **error.needs)


async def on_no_database(request: Request, error: OperationalError | InternalError) -> Response:
    """The database is locked for longer than a writer waits, full, read-only or out of reach: later it may not be."""
    log.error("%s %s failed: %s", request.method, without_token(request.url.path), str(error).splitlines()[0])
    answer = trouble(request, 503, typed=await typed_in(request))
    answer.headers["Retry-After"] = "10"
    return answer


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
        OthersHaveReplied: on_refused,
        NotAMember: on_refused,
        LastOwner: on_refused,
        NotToBeShared: on_refused,
        NotesClosed: on_closed,
        Unfinished: on_unfinished,
        OperationalError: on_no_database,
        InternalError: on_no_database,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
