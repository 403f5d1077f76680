"""`postil revise`."""

import sys
from dataclasses import replace
from typing import Annotated

import typer

from app.cli.articles import progress, read
from app.cli.library import Refused, ready
from app.importing.reading import Progress
from app.settings import Settings
from app.storage import articles, revisions
from app.storage.articles import Article
from app.storage.revisions import Counts, NothingToUndo, RevisedMeanwhile
from app.text import languages
from app.text.drafts import Draft, Work

SAID = {
    "ok": "stay",
    "changed": "changed",
    "moved": "moved",
    "orphan": "orphaned",
    "found": "found again",
    "missing": "still orphaned",
}


def revise(
    slug: Annotated[str, typer.Argument(help="The article, as its address names it.")],
    source: Annotated[
        str, typer.Argument(metavar="FILE", help="Its new text: a file, an address, or - for what is piped in.")
    ] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Bring back what it was revised from; again: further.")] = False,
    restore: Annotated[
        int | None, typer.Option(metavar="NUMBER", min=1, max=10**9, help="Bring back this revision.")
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would become of its notes.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first, at a terminal.")] = False,
    title: Annotated[str, typer.Option(help="Else what the file says of itself, or its first line.")] = "",
    language: Annotated[str, typer.Option(help="As BCP 47 says it; else as before.")] = "",
) -> None:
    """Give an article a new text: its notes go where their words went. Prints how many stay, changed, moved, went."""
    if [bool(source), undo, bool(restore)].count(True) != 1:
        raise Refused("say what to revise it by: a file, --undo, or --restore with the number of a revision.")
    if language != languages.tag(language):
        raise Refused(f"{language!r} is no language as BCP 47 says it: en, uk, zh-Hans …")
    settings = Settings()
    database = ready(settings)
    with database.transaction() as session:
        article = _named(articles.by_slug(session, slug), slug)
        said = {name: getattr(article, name) for name in ("title", "author", "source", "language")}
        based_on = article.revision
        before = revisions.before(session, article)
    if undo and before is None:
        raise Refused(f"{slug} has never been revised, or all of it is undone already.")
    with progress() as tell:
        told = tell(source or slug)
        what: Draft | int = restore or before or 0
        if source:
            work = read(source, settings, title, language or said["language"], told)
            draft = _chapter(work, said["title"], source)
            what = replace(draft, author=draft.author or said["author"], source=said["source"] or draft.source)
        told(Progress("comparing"))
        with database.snapshot() as session:
            article = _named(articles.by_slug(session, slug), slug)
            try:
                prepared = revisions.prepare(session, article, what)
            except revisions.NoSuchRevision as error:
                raise Refused(
                    f"{slug} has {article.revision} revisions; there is none with the number {what}."
                ) from error
    if not prepared.differs:
        typer.echo("Nothing has changed.")
        return
    typer.echo(counted(prepared.counts))
    if not prepared.way.complete:
        typer.echo(
            "The texts are too long and too unlike to be compared throughout: some are orphaned for that.", err=True
        )
    if preview or not (yes or not sys.stdin.isatty() or typer.confirm("Revise it?")):
        return
    with database.transaction() as session:
        article = _named(articles.by_slug(session, slug), slug)
        try:
            if isinstance(what, Draft):
                revisions.revise(session, article, what, None, based_on=based_on, prepared=prepared)
            elif undo:
                revisions.undo(session, article, None, based_on=based_on, prepared=prepared)
            else:
                revisions.restore(session, article, what, None, based_on=based_on, prepared=prepared)
        except RevisedMeanwhile as error:
            raise Refused(f"somebody has just made revision {error.now} of {slug}. Look at that first.") from error
        except NothingToUndo as error:
            raise Refused(str(error)) from error
        number = article.revision
    typer.echo(f"Revision {number} of {slug}")


def _chapter(work: Work, title: str, source: str) -> Draft:
    """What a source has for an article of this title: all of it, or the one chapter of a book. Raises Refused."""
    if len(work.drafts) == 1:
        return work.drafts[0]
    alike = [draft for draft in work.drafts if draft.title == title]
    if len(alike) != 1:
        raise Refused(
            f"{source}: {len(work.drafts)} articles are in it, and {len(alike) or 'none'} of them "
            f"{'are' if alike else 'is'} called “{title}”: an article is revised by one."
        )
    return alike[0]


def counted(counts: Counts) -> str:
    """What becomes of the notes, in words."""
    found = [f"{number} {SAID[fate]}" for fate, number in counts._asdict().items() if number]
    return f"Notes: {', '.join(found)}" if found else "No notes on it"


def _named(article: Article | None, slug: str) -> Article:
    if article is None:
        raise Refused(f"there is no article {slug}: its address, after /articles/, says what it is called.")
    return article
