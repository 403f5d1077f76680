"""`postil group …`: readers who write for each other."""

from typing import Annotated

import typer
from sqlmodel import Session

from app.cli.library import Refused, address, ready
from app.cli.readers import Who, found
from app.settings import Settings
from app.storage.people import groups
from app.storage.people.groups import INVITATION_DAYS, NAME_LENGTH, Group, LastOwner, Role

app = typer.Typer(help="Groups: readers who write for each other.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(metavar="GROUP", min=1, help="A group's number: `postil group list`.")]


def numbered(session: Session, number: int) -> Group:
    """The group that is meant. Raises Refused."""
    if group := groups.numbered(session, number):
        return group
    raise Refused(f"there is no group {number}; `postil group list` lists all.")


@app.command(name="list")
def list_() -> None:
    """Every group: number, name, how many readers."""
    with ready(Settings()).transaction() as session:
        for group, readers in groups.every(session):
            typer.echo(f"{group.id}\t{group.name}\t{readers}{', hides' if group.hides else ''}")


@app.command()
def members(number: Number) -> None:
    """Who is in a group."""
    with ready(Settings()).transaction() as session:
        for member in groups.members_of(session, numbered(session, number)):
            typer.echo(f"#{member.id}\t{member.name}\t{member.role}")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What the group is called.")],
    owner: Annotated[str, typer.Option(help="The account that owns it.")],
    hides: Annotated[
        bool, typer.Option("--hides", help="Show a member the others' notes once they have written one.")
    ] = False,
) -> None:
    """Make a group; prints its number."""
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_LENGTH:
        raise Refused(f"a group's name has between 1 and {NAME_LENGTH} characters.")
    with ready(Settings()).transaction() as session:
        reader = found(session, owner)
        if not reader.has_account:
            raise Refused(f"{reader.name} is a guest: a group is owned by an account.")
        typer.echo(groups.make(session, reader, name, hides).id)


@app.command()
def join(number: Number, who: Who, role: Annotated[Role, typer.Option(help="What they are in it.")] = "member") -> None:
    """Put a reader into a group, or say what they are in it."""
    with ready(Settings()).transaction() as session:
        group, reader = numbered(session, number), found(session, who)
        groups.join(session, group.id, reader)
        try:
            groups.appoint(session, group, reader.id, role)
        except LastOwner as error:
            raise Refused(str(error)) from error


@app.command()
def remove(number: Number, who: Who) -> None:
    """Send a reader out of a group, and end its invitations. What they wrote for it stays there, and theirs."""
    with ready(Settings()).transaction() as session:
        group, reader = numbered(session, number), found(session, who)
        if not groups.membership(session, group, reader.id):
            raise Refused(f"{reader.name} is not in that group.")
        groups.remove(session, group.id, reader.id)


@app.command()
def invite(
    number: Number,
    days: Annotated[int, typer.Option(min=1, max=365, help="For how many days it is good.")] = INVITATION_DAYS,
) -> None:
    """A link by which readers come into a group."""
    settings = Settings()
    with ready(settings).transaction() as session:
        token = groups.invite(session, numbered(session, number), None, days).token
    typer.echo(address(settings, f"/join/{token}"))
