"""`postil backup`, `restore` and `check`: that a library is never lost, and whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

from app.cli.library import Refused, ready
from app.settings import Settings
from app.storage.database import Database
from app.storage.keeping import backups, checking
from app.storage.keeping.copying import Told

Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")]


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write. It holds passwords' hashes and private notes.")],
    overwrite: Overwrite = False,
) -> None:
    """Put all of the library into one file, while it is served: articles, notes, pictures, accounts."""
    database = Database(Settings().database)
    with told_about() as told, refusing():
        holds = backups.backup(database, file, overwrite=overwrite, told=told)
    typer.echo(f"Backed up {holds.said} to {file} ({size(file)}).")


def restore(
    file: Annotated[Path, typer.Argument(help="What `postil backup` wrote, from either kind of database.")],
    overwrite: Overwrite = False,
) -> None:
    """Make the library what a backup holds. No server may use it meanwhile."""
    settings = Settings()
    database = Database(settings.database)
    if not database.sqlite:
        database = ready(settings)
    with told_about() as told, refusing():
        restored = backups.restore(database, file, settings.data_dir, overwrite=overwrite, told=told)
    typer.echo(f"Restored {restored.holds.said} from {file}.")
    if restored.before:
        typer.echo(f"What was there before is in {restored.before}.")
    _check(database)


def check() -> None:
    """Say whether the library is whole: schema, keys, texts, places and quotes of notes, links, search, pictures."""
    database = Database(Settings().database)
    with refusing():
        if not backups.exists(database):
            raise backups.NotKept("there is no library to check.")
    _check(database)


def _check(database: Database) -> None:
    whole = True
    with told_about() as told, database.snapshot() as session:
        found = checking.check(session, told)
    for verdict in found:
        typer.echo(verdict.said)
        whole = whole and not verdict.number
    if not whole:
        raise Refused("the library is not whole; the lines above say where.")


@contextmanager
def refusing() -> Iterator[None]:
    """What cannot be kept, in one line."""
    try:
        yield
    except backups.NotKept as error:
        raise Refused(str(error)) from error


@contextmanager
def told_about() -> Iterator[Told]:
    """A bar on a terminal that says how far something is; it is gone afterwards, and in a log there is none."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        tasks: dict[str, TaskID] = {}

        def told(what: str, done: int, of: int) -> None:
            if what not in tasks:
                for earlier in tasks.values():
                    progress.update(earlier, visible=False)
                tasks[what] = progress.add_task(what, total=of or None)
            progress.update(tasks[what], completed=done)

        yield told


def size(file: Path) -> str:
    """How large a file is, as one would say it."""
    length = file.stat().st_size
    return f"{length / 1_000_000:,.1f} MB" if length >= 100_000 else f"{length / 1_000:,.0f} kB"
