"""`postil share …`: the links that are out there, and how to end one."""

from typing import Annotated

import typer

from app.cli.library import Refused, ready
from app.cli.readers import Reason, found
from app.settings import Settings
from app.storage import accounts, links, moderation, shares

app = typer.Typer(help="Shares: the links that readers have made.", no_args_is_help=True)

QUOTE = 60


@app.command(name="list")
def list_(
    reader: Annotated[str, typer.Option(help="Only those of an account, or of a reader by number: #12.")] = "",
    with_links: Annotated[bool, typer.Option("--links", help="With the links themselves, which open them.")] = False,
) -> None:
    """Every link that has not ended: number, whose, what it shows, when it ends, how often opened, article, quote."""
    settings = Settings()
    with ready(settings).transaction() as session:
        whose = found(session, reader) if reader else None
        for one in links.every(session, whose):
            share = one.share
            scope = f"group {one.group}" if share.scope == "group" else share.scope
            ends = f"ends {share.expires_at:%Y-%m-%d}" if share.expires_at else "no end"
            quote = " ".join(share.exact.split())
            said = [
                f"#{share.id}",
                one.sharer,
                scope if one.alive else f"{scope}, opens nothing just now",
                ends,
                f"opened {share.opened}",
                one.slug,
                quote if len(quote) <= QUOTE else f"{quote[: QUOTE - 1]}…",
            ]
            typer.echo("\t".join(said + ([f"{settings.base_url}{one.path}"] if with_links else [])))


@app.command()
def revoke(
    which: Annotated[
        str, typer.Argument(metavar="SHARE", help="A share's number (#12), its token, or the whole link.")
    ],
    reason: Reason = "",
) -> None:
    """End a link: whoever opens it is told that it is gone."""
    with ready(Settings()).transaction() as session:
        number = which.removeprefix("#")
        if which.startswith("#") and number.isdecimal() and len(number) < 19:
            share = shares.by_id(session, int(number))
        else:
            share = shares.by_token(session, which.partition("#")[0].rpartition("/")[2])
        if share is None:
            raise Refused("there is no such link; `postil share list` names all of them by their numbers.")
        if share.revoked_at is None:
            shares.revoke(session, share)
            moderation.record(
                session, None, "withdrew", subject=accounts.by_id(session, share.reader_id), reason=reason
            )
