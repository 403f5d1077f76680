"""`postil reader …`: who has an account, and what the owner decides about them."""

import sys
from typing import Annotated

import typer
from sqlmodel import Session

from app.cli.library import Refused, address, ready
from app.settings import Settings
from app.storage import accounts
from app.storage.accounts import NameTaken, Role, TheOwner
from app.storage.people import account_links, readers
from app.storage.people.account_links import HOURS
from app.storage.people.passwords import Passwords
from app.storage.people.readers import NAME_LENGTH, Reader
from app.text import names, passwords

app = typer.Typer(help="Readers: their accounts, and what they may do.", no_args_is_help=True)

Who = Annotated[str, typer.Argument(metavar="READER", help="The name of an account, or a reader's number: #12.")]
Reason = Annotated[str, typer.Option(help="For the log.")]
PAGE = 500


def found(session: Session, who: str) -> Reader:
    """Who is meant. Raises Refused."""
    number = who.removeprefix("#")
    if who.startswith("#") and number.isdecimal() and len(number) < 19:
        reader = accounts.by_id(session, int(number))
    else:
        reader = accounts.by_name(session, who)
    if reader is None:
        raise Refused(f"there is no {who!r}; `postil reader list` names all readers, guests by their number.")
    return reader


def fit(name: str) -> str:
    """A name for an account, on one line. Raises Refused."""
    if len(name) > NAME_LENGTH:
        raise Refused(f"at most {NAME_LENGTH} characters fit into a name.")
    if fault := names.fault_of(name):
        raise Refused(fault)
    return names.tidy(name)


def password_for(name: str) -> str:
    """A password, asked for twice or piped in; never an argument, which others can see. Raises Refused."""
    if sys.stdin.isatty():
        password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if fault := passwords.fault_of(password, name):
        raise Refused(fault)
    return password


@app.command(name="list")
def list_() -> None:
    """Every reader: number, name, what they are."""
    database = ready(Settings())
    with database.transaction() as session:
        after, more = 0, True
        while more:
            some, more = accounts.every(session, after=after, at_most=PAGE)
            after += PAGE
            for one in some:
                what = (
                    one.role if one.has_account and one.role != "reader" else "account" if one.has_account else "guest"
                )
                typer.echo(f"#{one.id}\t{one.name}\t{what}{', banned' if one.banned_at else ''}")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What the account is called.")],
    role: Annotated[Role, typer.Option(help="What they may do.")] = "reader",
) -> None:
    """Make an account; asks for its password, or takes a line that is piped in."""
    settings = Settings()
    database, name = ready(settings), fit(name)
    with database.transaction() as session:
        if accounts.by_name(session, name):
            raise Refused(str(NameTaken()))
    hash = Passwords(settings.password_memory).hashed(password_for(name))
    with database.transaction() as session:
        reader, token = readers.welcome(session)
        readers.end_session(session, token)
        try:
            accounts.sign_up(session, reader, name, hash, role)
        except NameTaken as error:
            raise Refused(str(error)) from error
        typer.echo(f"#{reader.id}\t{reader.name}")


@app.command()
def link(
    who: Annotated[
        str, typer.Argument(metavar="[READER]", help="Who has forgotten their password; else a new one.")
    ] = "",
    owner: Annotated[bool, typer.Option("--owner", help="A link that makes the owner's account.")] = False,
) -> None:
    """A link that sets an account's password anew, or that makes an account. It is good once."""
    settings = Settings()
    database = ready(settings)
    with database.transaction() as session:
        if owner and accounts.has_owner(session):
            raise Refused(
                "this library has an owner already; `postil reader link NAME` sets a forgotten password anew."
            )
        reader = found(session, who) if who else None
        if reader and not reader.has_account:
            raise Refused(f"{reader.name} is a guest and has no password.")
        token = account_links.make(session, "owner" if owner else "reset" if reader else "join", reader)
    kind, hours = ("reset", HOURS["reset"]) if who else ("join", HOURS["join"])
    typer.echo(address(settings, f"/account/{kind}/{token}"))
    typer.echo(f"Good once, for {hours} hours.", err=True)


@app.command()
def role(who: Who, role: Annotated[Role, typer.Argument(help="What they may do.")], reason: Reason = "") -> None:
    """Say what an account may do: a publisher may publish articles."""
    with ready(Settings()).transaction() as session:
        reader = found(session, who)
        if not reader.has_account:
            raise Refused(f"{reader.name} is a guest: only an account has a role.")
        try:
            accounts.appoint(session, reader, role, None, reason)
        except TheOwner as error:
            raise Refused(str(error)) from error


@app.command()
def ban(who: Who, reason: Reason = "") -> None:
    """Let a reader write no more; what they have written stays."""
    with ready(Settings()).transaction() as session:
        try:
            accounts.ban(session, found(session, who), None, reason)
        except TheOwner as error:
            raise Refused(str(error)) from error


@app.command()
def unban(who: Who, reason: Reason = "") -> None:
    """Let a reader write again."""
    with ready(Settings()).transaction() as session:
        accounts.unban(session, found(session, who), None, reason)


@app.command()
def rename(who: Who, name: Annotated[str, typer.Argument(help="What they are to be called.")]) -> None:
    """Call a reader otherwise, beside all that they have written."""
    with ready(Settings()).transaction() as session:
        try:
            accounts.rename(session, found(session, who), fit(name))
        except NameTaken as error:
            raise Refused(str(error)) from error
