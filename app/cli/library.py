"""What every command stands on: the library, brought up to date, and how a command refuses."""

import typer
from sqlmodel import Session

from app.formats import seeds
from app.settings import Settings, shipped
from app.storage import articles
from app.storage.annotations import annotate
from app.storage.database import Database
from app.storage.keeping import backups
from app.storage.people.readers import welcome
from app.text.drafts import Seed
from app.text.selectors import Quote, anchor


class Refused(Exception):
    """What the person who typed the command can mend."""


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
    """The database with its schema up to date; what is in it is backed up before that is changed."""
    database = Database(settings.database)
    try:
        kept = backups.bring_up_to_date(database, settings.data_dir / "backups")
    except backups.NotKept as error:
        raise Refused(str(error)) from error
    if kept:
        typer.echo(f"The library has been migrated. As it was before, it is in {kept}.", err=True)
    return database


def address(settings: Settings, path: str) -> str:
    """A whole link; where it is not known at which address the library is served, that is said."""
    if "base_url" not in settings.model_fields_set:
        typer.echo(f"This begins with {settings.base_url}; POSTIL_BASE_URL says where it is served.", err=True)
    return f"{settings.base_url}{path}"
