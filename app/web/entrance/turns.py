"""Turns: what takes long to make is made a few at a time, so that it holds up nobody who wants something short."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CapacityLimiter, fail_after
from fastapi import HTTPException, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.entrance.errors import trouble

AT_ONCE = 2
"""How many long pages one process makes at a time; more wait, and what they wait for is often made by then."""

PATIENCE = 60
"""Seconds that one waits for a turn, before one is told to come again."""

LONG = 50_000
"""Words of an article, or characters of one paragraph, that take a second or so to be shown."""

BUSY = "Others have long texts read at this moment. Try again when they are done."
AGAIN = {"Retry-After": "30"}

_IN_TURN = "postil.in_turn"


class TakesLong(Exception):
    """What was asked for is to be made when its turn has come."""


def take_turn(request: Request, long: bool) -> None:
    """What is `long` goes on from here only in its turn. Raises TakesLong before; for requests that only look."""
    if long and not request.scope.get(_IN_TURN):
        raise TakesLong


@asynccontextmanager
async def in_turn(request: Request, long: bool) -> AsyncIterator[None]:
    """The same for requests that bring something, around what takes long; not within a transaction.

    Raises HTTPException where its turn does not come.
    """
    turns: CapacityLimiter = request.app.state.turns
    if not long:
        yield
        return
    try:
        await _acquired(turns)
    except TimeoutError as error:
        raise HTTPException(503, BUSY, AGAIN) from error
    try:
        yield
    finally:
        turns.release()


async def _acquired(turns: CapacityLimiter) -> None:
    with fail_after(PATIENCE):
        await turns.acquire()


class Turns:
    """Asks once more, when its turn has come, for what takes long: who waits holds no transaction and no thread."""

    def __init__(self, app: ASGIApp, turns: CapacityLimiter) -> None:
        self.app = app
        self.turns = turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except TakesLong:
            await self._in_turn(scope, receive, send)

    async def _in_turn(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await _acquired(self.turns)
        except TimeoutError:
            answer = trouble(Request(scope, receive), 503, BUSY)
            answer.headers.update(AGAIN)
            await answer(scope, receive, send)
            return
        try:
            await self.app(dict(scope) | {_IN_TURN: True}, receive, send)
        finally:
            self.turns.release()
