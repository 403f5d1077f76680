"""Turns: what takes long to make is made a few at a time, so that it holds up nobody who wants something short."""

from contextlib import AbstractAsyncContextManager, nullcontext

from anyio import CapacityLimiter
from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

AT_ONCE = 2
"""How many long pages one process makes at a time; more wait, and what they wait for is often made by then."""

LONG = 50_000
"""Words of an article, or characters of one paragraph, that take a second or so to be shown."""

_IN_TURN = "postil.in_turn"


class TakesLong(Exception):
    """What was asked for is to be made when its turn has come."""


def take_turn(request: Request, long: bool) -> None:
    """What is `long` goes on from here only in its turn. Raises TakesLong before; for requests that only look."""
    if long and not request.scope.get(_IN_TURN):
        raise TakesLong


class Turns:
    """Asks once more, when its turn has come, for what takes long: who waits holds no transaction and no thread."""

    def __init__(self, app: ASGIApp, turns: CapacityLimiter) -> None:
        self.app = app
        self.turns = turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except TakesLong:
            async with self.turns:
                await self.app(dict(scope) | {_IN_TURN: True}, receive, send)


def in_turn(request: Request, long: bool) -> AbstractAsyncContextManager[object]:
    """The same for requests that bring something, around what takes long; not within a transaction."""
    turns: CapacityLimiter = request.app.state.turns
    return turns if long else nullcontext()
