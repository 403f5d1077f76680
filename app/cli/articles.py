"""`postil import`."""

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from app.cli.library import Refused, ready
from app.formats import html, markdown, plain
from app.settings import Settings
from app.storage import articles
from app.text.drafts import Draft

READERS = {".md": markdown.read, ".markdown": markdown.read}
"""Who reads a text, by how the name of its file ends; plain text is what others are, but for pages."""

LARGEST = 20_000_000
"""How many bytes a file may have."""

PAGES = (".html", ".htm", ".xhtml")


def publish(
    sources: Annotated[
        list[str],
        typer.Argument(help="Markdown (.md), HTML, or plain text, one paragraph a line; - is plain text piped in."),
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
    if source != "-" and Path(source).stat().st_size > LARGEST:
        raise Refused(f"{source}: more than {LARGEST:,} bytes are no article.")
    try:
        ending = Path(source).suffix.lower()
        if ending in PAGES:
            return _sourced(html.read(Path(source).read_bytes(), title, language), source)
        text = sys.stdin.read() if source == "-" else Path(source).read_text("utf-8-sig")
        draft = READERS.get(ending, plain.read)(text, title, language)
    except ValueError as error:
        raise Refused(
            f"{source}: {error}. Plain text and Markdown in UTF-8, and HTML, are what can be read."
        ) from error
    return _sourced(draft, source)


def _sourced(draft: Draft, source: str) -> Draft:
    """A draft that says where it is from, if only the name of its file."""
    if source == "-" or draft.source:
        return draft
    return replace(draft, source=Path(source).name.encode("utf-8", "replace").decode())
