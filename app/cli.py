"""The second door to the same house: `postil …`."""

import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from alembic.util import CommandError
from pydantic import ValidationError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.formats import plain, seeds
from app.settings import LOOPBACK, Settings, shipped
from app.storage import articles
from app.storage.annotations import annotate
from app.storage.database import Database
from app.storage.readers import welcome
from app.text.drafts import Draft, Seed
from app.text.selectors import Quote, anchor
from app.web.logs import logging_config

app = typer.Typer(help="Postil: an annotated reader, the note beside the words.", no_args_is_help=True)


def load_seeds(session: Session) -> None:
    """Put the articles that Postil ships with, and their first notes, into an empty library."""
    if articles.is_empty(session):
        for seed in seeds.read(shipped("seeds")):
            plant(session, seed)


def plant(session: Session, seed: Seed) -> None:
    article = articles.publish(session, seed.draft)
    reader, _ = welcome(session, seed.reader)
    for sample in seed.notes:
        passage = anchor(seed.draft.text, Quote(sample.exact, sample.prefix, sample.suffix))
        if passage is None:
            raise ValueError(f"a sample note is about words that are not in {article.slug}: {sample.exact}")
        annotate(session, article, reader, passage, note=sample.note, colour=sample.colour)


def ready(settings: Settings) -> Database:
    """The database with its schema up to date."""
    database = Database(settings.database)
    database.migrate()
    return database


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="How many processes answer.")] = 1,
    open_to_network: Annotated[
        bool, typer.Option("--open-to-network", help="Let everyone who can reach this machine read and annotate.")
    ] = False,
) -> None:
    """Bring the schema up to date, load the seed article into an empty library, and serve."""
    loopback = host in (*LOOPBACK, "::1")
    if not loopback and not open_to_network:
        raise Refused(
            f"On {host} everyone who can reach this machine could read and annotate without an account. "
            "Say --open-to-network if that is what you want."
        )
    if loopback:
        # Links must lead back here; the processes that serve read it from the environment.
        os.environ.setdefault("POSTIL_BASE_URL", f"http://{f'[{host}]' if ':' in host else host}:{port}")
    settings = Settings()
    if not loopback and not settings.model_fields_set & {"base_url", "hosts"}:
        raise Refused(
            "Set POSTIL_BASE_URL to the address that readers will type, such as http://192.0.2.7:8000; "
            "no other host is answered."
        )
    database = ready(settings)
    with database.transaction(alone=True) as session:
        load_seeds(session)
    database.close()
    shown = make_url(settings.database).render_as_string(hide_password=True)
    typer.echo(f"Postil serves {settings.base_url} from {shown}; anyone who can open it reads and annotates.")
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=logging_config(),
        server_header=False,
        timeout_graceful_shutdown=10,
    )


@app.command(name="import")
def import_(
    sources: Annotated[
        list[str], typer.Argument(help="Plain text files, one paragraph a line; - is what is piped in.")
    ],
    title: Annotated[str, typer.Option(help="Else the first line, if it is short, or the file's name.")] = "",
    slug: Annotated[str, typer.Option(help="The article's address; else made from the title.")] = "",
    language: Annotated[str, typer.Option(help="As BCP 47 says it: en, uk, zh-Hans …")] = "",
) -> None:
    """Publish texts as articles, all or none; prints their slugs."""
    if slug and not articles.is_slug(slug):
        raise Refused(f"{slug!r} cannot be a slug: small letters, digits and single hyphens can, up to 80 of them.")
    if not re.fullmatch("[A-Za-z0-9-]{0,35}", language):
        raise Refused(f"{language!r} is no language as BCP 47 says it: en, uk, zh-Hans …")
    database = ready(Settings())
    drafts = [replace(read(source, title, language), slug=slug) for source in sources]
    for draft in drafts:
        _ = draft.sentences  # cut before the transaction begins, so that nobody has to wait for it
    with database.transaction() as session:
        slugs = [articles.publish(session, draft).slug for draft in drafts]
    for published in slugs:
        typer.echo(published)


def read(source: str, title: str, language: str) -> Draft:
    """The draft that a file holds, or what is piped in. Raises Refused for what is no text."""
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text("utf-8-sig")
        draft = plain.read(text, title, language)
    except ValueError as error:
        raise Refused(f"{source}: {error}. Plain text in UTF-8 is what can be read.") from error
    return draft if source == "-" else replace(draft, source=Path(source).name.encode("utf-8", "replace").decode())


class Refused(Exception):
    """What the person who typed the command can mend."""


def main() -> None:
    """Run a command. What fails is said in one line, with a status that is not zero."""
    try:
        app()
    except Refused as error:
        sys.exit(f"postil: {error}")
    except ValidationError as error:
        faults = "; ".join(
            f"POSTIL_{str(fault['loc'][0]).upper()}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        )
        sys.exit(f"postil: a setting is wrong: {faults}")
    except CommandError as error:
        sys.exit(f"postil: the database was made by another version of Postil: {error}")
    except SQLAlchemyError as error:
        sys.exit(f"postil: the database could not be used: {str(error).splitlines()[0]}")
    except OSError as error:
        sys.exit(f"postil: {error.strerror or error}: {error.filename or ''}".rstrip(": "))


if __name__ == "__main__":
    main()
