"""The doors of the house: what one may ask for without an account, who may write, and how often."""

import re

from fastapi import Request, Response
from sqlalchemy.exc import InternalError, OperationalError
from starlette.types import ASGIApp, Receive, Scope, Send

from app.settings import Settings
from app.web.entrance.dependencies import look_who_reads
from app.web.entrance.errors import account_needed, on_no_database, too_often, trouble, typed_in
from app.web.entrance.limits import Kind, Limits, TooOften, address_of

_SAFE = {"GET", "HEAD", "OPTIONS"}

# What leads in: never closed, and open to those who are banned as well.
_WAYS_IN = r"/session(/new|/delete|/display)?|/account(/new|/deleted|/join/[^/]+|/reset/[^/]+)?|/join/[^/]+"

_ALWAYS_OPEN = re.compile(rf"{_WAYS_IN}|/s/.+|/pictures/[^/]+|/static/.+|/favicon\.ico|/card\.png|/healthz")
"""What answers without an account where access is closed. Everything else answers alike, be it there or not."""

_FOR_ANYBODY = re.compile(rf"{_WAYS_IN}|/articles/[^/]+/(filter|place)|/account/delete")
"""The writes that change nothing but what a browser keeps, or where its reader is, and those that lead in, or out."""


class Doors:
    """Stands before all routes, and before anything is looked up but who is asking."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope, receive)
            try:
                answer = await refusal(request)
            except (OperationalError, InternalError) as error:
                answer = await on_no_database(request, error)
            if answer:
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)


async def refusal(request: Request) -> Response | None:
    """What to answer in the place of what was asked for, if one may not have it."""
    settings: Settings = request.app.state.settings
    limits: Limits = request.app.state.limits
    path, writes = request.url.path, request.method not in _SAFE
    closed = settings.access == "closed" and not _ALWAYS_OPEN.fullmatch(path)
    if not writes and not closed:
        return None
    try:
        if writes:
            limits.look(kind_of(path), address_of(request))
        reader = await look_who_reads(request)
        if writes:
            limits.count(kind_of(path), address_of(request), str(reader.id) if reader else "")
    except TooOften as error:
        return too_often(request, error, await typed_in(request))
    if writes and reader and reader.banned_at and not _FOR_ANYBODY.fullmatch(path):
        message = "You may not write here any more: the owner of this library has said so."
        return trouble(request, 403, message, await typed_in(request))
    has_account = reader is not None and reader.has_account and not reader.banned_at
    needs_account = closed or (settings.access != "open" and not _FOR_ANYBODY.fullmatch(path))
    if needs_account and not has_account:
        return account_needed(request, await typed_in(request))
    return None


def kind_of(path: str) -> Kind:
    if path.startswith("/articles/") and path.endswith("/place"):
        return "places"
    if path == "/articles" or (path.startswith("/imports/") and path.endswith("/again")):
        return "imports"
    return "shares" if path.endswith("/shares") else "writes"
