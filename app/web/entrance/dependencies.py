"""The gates: what comes out of one exists, and this reader may see it."""

from collections.abc import AsyncIterator
from typing import Annotated, NamedTuple

from anyio.to_thread import run_sync
from fastapi import Depends, HTTPException, Path, Request
from sqlmodel import Session

from app.settings import Settings
from app.storage import annotations, articles, moderation, shares
from app.storage.accounts import may_publish
from app.storage.annotations import Annotation
from app.storage.articles import Article
from app.storage.people import readers
from app.storage.people.readers import Reader
from app.storage.shares import Share

COOKIE = "postil_session"

GONE = "You have left meanwhile, or signed in, from another page. Nothing has been saved; your words are below."


def cookie_name(settings: Settings) -> str:
    """What the cookie of a session is called: over https so that no other host can set one. RFC 6265bis, 4.1.3.2."""
    return f"__Host-{COOKIE}" if settings.secure else COOKIE


def token_of(request: Request) -> str:
    """By what this browser says that it is known."""
    return request.cookies.get(cookie_name(request.app.state.settings), "")


async def fields_said(request: Request) -> set[str]:
    """The names of the fields that were sent, were they empty or not."""
    return set(await request.form())


Said = Annotated[set[str], Depends(fields_said)]


async def open_transaction(request: Request) -> AsyncIterator[Session]:
    """A transaction for the length of the route: one that writes for POST, else one that reads."""
    database = request.app.state.database
    async with database.writing() if request.method == "POST" else database.reading() as session:
        yield session


# Of scope "function", so that it is committed before the answer leaves: who reads "saved" can rely on it.
Transaction = Annotated[Session, Depends(open_transaction, scope="function")]


class AccountNeeded(Exception):
    """Only who has an account can do this."""


class Who(NamedTuple):
    """Who is reading, as pages say it: also after a transaction that failed, which takes its objects along."""

    id: int
    name: str
    has_account: bool = False
    is_owner: bool = False
    is_publisher: bool = False
    flags: int = 0
    """How many notes wait for the owner, flagged."""


def who(reader: Reader | None, flags: int = 0) -> Who | None:
    if reader is None:
        return None
    is_publisher = reader.role in ("owner", "publisher")
    return Who(reader.id, reader.name, reader.has_account, reader.is_owner, is_publisher, flags)


def current_reader(request: Request, session: Transaction) -> Reader | None:
    """Who is reading; one who is banned reads as somebody who is signed out."""
    token = token_of(request)
    reader = readers.by_token(session, token) if token else None
    request.state.banned = bool(reader and reader.banned_at)
    reader = None if request.state.banned else reader
    request.state.reader = who(reader, moderation.waiting(session) if reader and reader.is_owner else 0)
    return reader


CurrentReader = Annotated[Reader | None, Depends(current_reader)]


async def look_who_reads(request: Request) -> Reader | None:
    """Who is asking, banned or not, where there is no route; in a transaction that is over when this is."""
    reader = None
    if token := token_of(request):
        async with request.app.state.database.reading() as session:
            reader = await run_sync(readers.by_token, session, token)
    request.state.reader = None if reader and reader.banned_at else who(reader)
    return reader


KNOWS_WHO_READS = [Depends(current_reader)]
"""For routes of pages: every page says who is reading."""


def known_reader(reader: CurrentReader) -> Reader:
    """A reader who has been here before: for what only one's own things can undergo."""
    if reader is None:
        raise HTTPException(404)
    return reader


KnownReader = Annotated[Reader, Depends(known_reader)]


def owner(reader: KnownReader) -> Reader:
    """The owner of the library: for everybody else there is nothing here."""
    if not reader.is_owner:
        raise HTTPException(404)
    return reader


Owner = Annotated[Reader, Depends(owner)]

FOR_THE_OWNER = [Depends(owner)]
"""For routes that show what only the owner may see."""


def welcomed_reader(request: Request, session: Transaction, reader: CurrentReader) -> Reader:
    """The reader, made a guest if this is their first mark, where guests may write: `doors` sees to that."""
    if request.state.banned:
        raise HTTPException(403)
    if request.app.state.settings.access != "open" and not (reader and reader.has_account):
        raise AccountNeeded
    if reader is None:
        reader, request.state.token = readers.welcome(session)
        request.state.reader = who(reader)
    elif not readers.is_here(session, reader):
        raise HTTPException(403, GONE)
    return reader


WelcomedReader = Annotated[Reader, Depends(welcomed_reader)]


def account(reader: CurrentReader) -> Reader:
    """A reader who has signed in, for what only accounts have."""
    if reader is None or not reader.has_account:
        raise AccountNeeded
    return reader


Account = Annotated[Reader, Depends(account)]


def publishes(request: Request, reader: Reader | None) -> bool:
    """Whether this reader may import, revise and delete articles."""
    return may_publish(reader, request.app.state.settings) and not request.state.banned


def publisher(request: Request, reader: CurrentReader) -> Reader | None:
    """Who may import, revise and delete articles: with a setting guests too, known or not."""
    if not publishes(request, reader):
        raise HTTPException(404)
    return reader


Publisher = Annotated[Reader | None, Depends(publisher)]


# A character that PostgreSQL cannot look for is in no address.
Name = Annotated[str, Path(pattern="^[^\\x00]+$")]


def find_article(slug: Name, session: Transaction) -> Article:
    """An article that is there. To all who come here it was to be read, so they are told when it is gone (410)."""
    if article := articles.by_slug(session, slug):
        return article
    if articles.was_deleted(session, slug):
        raise HTTPException(410, "This article has been deleted.")
    raise HTTPException(404)


NamedArticle = Annotated[Article, Depends(find_article)]

Id = Annotated[int, Path(ge=1, lt=2**63)]


def find_annotation(id: Id, session: Transaction, reader: CurrentReader) -> Annotation:
    if annotation := annotations.by_id(session, reader, id):
        return annotation
    raise HTTPException(404)


SeenAnnotation = Annotated[Annotation, Depends(find_annotation)]


def find_own_annotation(request: Request, id: Id, session: Transaction, reader: KnownReader) -> Annotation:
    if request.method == "POST" and not readers.is_here(session, reader):
        raise HTTPException(403, GONE)
    if annotation := annotations.own(session, reader, id):
        return annotation
    raise HTTPException(404)


OwnAnnotation = Annotated[Annotation, Depends(find_own_annotation)]


def find_share(token: Name, session: Transaction) -> Share:
    """A share that is alive. One who holds the token could have read it, so they are told when it is gone (410)."""
    share = shares.by_token(session, token)
    if not share:
        raise HTTPException(404)
    if not shares.is_alive(session, share):
        # Why, is nobody's business but the sharer's.
        raise HTTPException(
            410,
            "This link shows nothing any more: it has expired, or who shared it has withdrawn it, or its note.",
        )
    return share


LiveShare = Annotated[Share, Depends(find_share)]


def find_own_share(token: Name, session: Transaction, reader: KnownReader) -> Share:
    """A share that this reader made, also while its note is deleted or private: it can be withdrawn for good."""
    share = shares.by_token(session, token)
    if not share or share.reader_id != reader.id:
        raise HTTPException(404)
    if share.revoked_at:
        raise HTTPException(410, "You have withdrawn this link.")
    if articles.get(session, share.article_id).deleted_at:
        raise HTTPException(410, "The article that this link leads to has been deleted.")
    return share


OwnShare = Annotated[Share, Depends(find_own_share)]
