"""Passwords that are typed: tried and hashed before a transaction begins to write, and not too often."""

from typing import Annotated, NamedTuple

from anyio.to_thread import run_sync
from fastapi import Request
from pydantic import Field

from app.storage import accounts
from app.text import names, passwords
from app.web.entrance.errors import in_a_while, said_of
from app.web.entrance.limits import Limits, TooOften, address_of

Password = Annotated[str, Field(min_length=1, max_length=passwords.MOST)]


class Tried(NamedTuple):
    """Of what account (its id) a password is, by which hash, and what to keep in the place of that, if anything."""

    id: int | None
    hash: str = ""
    newer: str = ""


async def tried(request: Request, name: str, password: str) -> Tried:
    """Try a password, which takes as long whether there is an account of this name or not. Raises TooOften."""
    limits: Limits = request.app.state.limits
    address = address_of(request)
    about = f"{address} {names.key(name)}"
    limits.count("signing in", address, about)
    async with request.app.state.database.reading() as session:
        account = await run_sync(accounts.by_name, session, name)
        id, hash = (account.id, account.password_hash) if account else (None, "")
    right, newer = await request.app.state.passwords.attempt(password, hash)
    if not right:
        return Tried(None)
    limits.take_back("signing in", address, about)
    return Tried(id, hash, newer)


async def hashed(request: Request, password: str) -> str:
    """The hash of a password for an account. Raises TooOften."""
    limits: Limits = request.app.state.limits
    limits.count("signing up", address_of(request))
    return str(await request.app.state.passwords.hash(password))


def explained(error: TooOften) -> str:
    """What a form says that has been sent too often."""
    return f"{said_of(error)} Try again {in_a_while(error.seconds)}."


def wait(error: TooOften) -> dict[str, str]:
    return {"Retry-After": str(error.seconds)}
