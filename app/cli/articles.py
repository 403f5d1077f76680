"""`postil import`."""

import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from sqlmodel import Session

from app.cli.library import Refused, ready
from app.fetching import NotFetched
from app.importing import bringing, reading
from app.importing.reading import NotRead, Source
from app.settings import Settings
from app.storage import articles, collections, origins
from app.text import languages
from app.text.drafts import Work
from app.text.slugs import is_slug

Told = Callable[[reading.Progress], bool]


def publish(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Files (plain text, Markdown, HTML, EPUB), addresses (http://…, https://…); - is text piped in."
        ),
    ],
    title: Annotated[str, typer.Option(help="Else what it says of itself, or its first line, if that is short.")] = "",
    slug: Annotated[str, typer.Option(help="The article's address; else made from the title.")] = "",
    language: Annotated[str, typer.Option(help="As BCP 47 says it: en, uk, zh-Hans …")] = "",
    twin: Annotated[bool, typer.Option("--twin", help="Publish it even if the same is here already.")] = False,
) -> None:
    """Publish texts as articles, a book as a collection of its chapters, all or none; prints the articles' slugs."""
    if slug and not is_slug(slug):
        raise Refused(f"{slug!r} cannot be a slug: small letters, digits and single hyphens can, up to 80 of them.")
    if language != languages.tag(language):
        raise Refused(f"{language!r} is no language as BCP 47 says it: en, uk, zh-Hans …")
    settings = Settings()
    database = ready(settings)
    with progress() as told:
        read_in = [(source, *_read(source, settings, title, language, told(source))) for source in sources]
    with database.transaction() as session:
        slugs = [one for given, brought, work in read_in for one in _publish(session, given, brought, work, slug, twin)]
    for published in slugs:
        typer.echo(published)


def _publish(session: Session, source: str, brought: Source, work: Work, slug: str, twin: bool) -> list[str]:
    """Publish what one source gave; gives the slugs. Raises Refused where the same is here already."""
    digest = hashlib.sha256(brought.content).hexdigest()
    pages = origins.pages_of(brought.address, work)
    found = origins.of_same(session, pages, digest, brought.name, work.title)
    if found and not twin:
        where = ", ".join(article.slug for article in found[:-4:-1]) + (" and others" if len(found) > 3 else "")
        named, text = (found[-1].slug, "this text") if len(work.drafts) == 1 else ("SLUG", "its chapter")
        raise Refused(
            f"{source}: it is here already, as {where}. `postil revise {named} {source}` gives that article {text}; "
            "--twin publishes it once more."
        )
    made = articles.publish_together(session, [replace(draft, slug=slug) for draft in work.drafts])
    for part, article in enumerate(made, start=1):
        origins.remember(session, article, pages, digest, part)
    if len(made) > 1:
        collections.gather(session, work.title, made, author=work.author, source=made[0].source)
    return [article.slug for article in made]


def read(source: str, settings: Settings, title: str, language: str, told: Told) -> Work:
    """What stands in a file, at an address, or what is piped in. Raises Refused for what is no text."""
    return _read(source, settings, title, language, told)[1]


def _read(source: str, settings: Settings, title: str, language: str, told: Told) -> tuple[Source, Work]:
    try:
        brought = replace(_brought(source, settings, told), title=title, language=language)
        is_file = source != "-" and not bringing.is_address(source)
        return brought, bringing.read(brought, settings, told, beside=Path(source).parent if is_file else None)
    except (NotFetched, NotRead) as error:
        raise Refused(f"{source}: {str(error).removesuffix('.')}.") from error


def _brought(source: str, settings: Settings, told: Told) -> Source:
    if bringing.is_address(source):
        return bringing.fetched(source, settings, told)
    most = settings.import_megabytes * 1_000_000
    if source == "-":
        content = sys.stdin.buffer.read(most + 1)
        name = ""
    else:
        with Path(source).open("rb") as file:
            content = file.read(most + 1)
        name = Path(source).name.encode("utf-8", "replace").decode()
    if len(content) > most:
        raise Refused(f"{source}: more than {settings.import_megabytes} MB are no article (POSTIL_IMPORT_MEGABYTES).")
    return Source(content, name)


@contextmanager
def progress() -> Iterator[Callable[[str], Told]]:
    """Gives who tells how far a source is: a bar, where somebody sits before it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.fields[source]}", markup=False), TextColumn("{task.description}"), BarColumn())
    with Progress(
        *columns, TimeElapsedColumn(), console=console, transient=True, disable=not console.is_terminal
    ) as bar:

        def about(source: str) -> Told:
            task = bar.add_task("", total=None, source=source if len(source) <= 40 else f"…{source[-39:]}")

            def told(now: reading.Progress) -> bool:
                bar.update(task, description=now.step, completed=now.done, total=now.of or None)
                return True

            return told

        yield about
