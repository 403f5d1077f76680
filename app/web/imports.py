"""Importing in the browser: what one brings is read in the background, looked at, corrected, and published."""

from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from sqlmodel import Session

from app.formats.encodings import decoded
from app.importing.bringing import is_address
from app.storage import imports
from app.storage.imports import Import, TooMany
from app.storage.people.readers import Reader
from app.web.entrance.answers import Unfinished, is_htmx, page, see_other
from app.web.entrance.dependencies import (
    KNOWS_WHO_READS,
    Id,
    KnownReader,
    Publisher,
    Transaction,
    current_reader,
    publisher,
    welcomed_reader,
)
from app.web.entrance.forms import FormRoute, UploadRoute
from app.web.entrance.turns import take_turn
from app.web.publishing import LONG_WORK, MOMENT, OwnImport, found, led_on, previewed

uploads = APIRouter(route_class=UploadRoute)
router = APIRouter(route_class=FormRoute)

PASTED = 20_000_000
"""Bytes: four for each letter of the longest article."""

STEPS = {
    "": "It waits its turn.",
    "fetching": "Fetching the page …",
    "reading": "Reading …",
    "fetching pictures": "Fetching its pictures …",
    "cutting": "Finding its sentences …",
}


# ── bringing


@router.get("/articles/new", name="new_article", dependencies=KNOWS_WHO_READS)
def new(request: Request, reader: Publisher, session: Transaction) -> Response:
    """The ways to bring a text in, and what one has brought and not yet published."""
    return page(request, "imports/new.html", **asked(request, session, reader))


def asked(
    request: Request, session: Session, reader: Reader | None, text: str = "", address: str = ""
) -> dict[str, Any]:
    settings = request.app.state.settings
    return {
        "brought": imports.of_reader(session, reader) if reader else [],
        "fetching": settings.fetching,
        "megabytes": settings.import_megabytes,
        "text": text,
        "address": address,
        "fault": "",
        "days": imports.DAYS,
    }


@uploads.post("/articles", name="bring", form_limits={"max_part_size": PASTED, "max_files": 20, "max_fields": 20})
async def bring(
    request: Request,
    text: Annotated[str, Form()] = "",
    address: Annotated[str, Form()] = "",
    file: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """Take what is pasted, chosen or named, and lead to it as soon as it has been read, or after a moment."""
    async with request.app.state.database.writing() as session:
        # One after the other: what many send at once waits on the disk, not in memory.
        files = [(one.filename, await one.read()) for one in file or () if one.filename]
        ids = await run_sync(keep, request, session, text, address.strip(), files)
    for id in ids[:1]:
        await request.app.state.imports.settled(id, MOMENT)
    return see_other(request, f"/imports/{ids[0]}" if len(ids) == 1 else "/articles/new")


def keep(request: Request, session: Session, text: str, address: str, files: list[tuple[str, bytes]]) -> list[int]:
    """Keep all of it as imports of this reader; gives their ids. Raises Unfinished."""
    known = current_reader(request, session)
    publisher(request, known)
    fault = ""
    if address and not request.app.state.settings.fetching:
        fault = "This server does not fetch pages: that is switched off."
    elif address and not is_address(address):
        fault = "That is no address of a page: it begins with http:// or https:// and the name of a site."
    elif not (address or files or text.strip()):
        fault = "There is nothing in it yet: paste a text, choose a file, or give an address."
    if fault:
        raise Unfinished("imports/new.html", **asked(request, session, known, text, address) | {"fault": fault})
    reader = welcomed_reader(request, session, known)
    try:
        brought = [imports.bring(session, reader, content, said(name)) for name, content in files]
        if address:
            brought.append(imports.bring(session, reader, address=said(address)))
        if text.strip():
            brought.append(imports.bring(session, reader, text.encode("utf-8", "replace")))
    except TooMany as error:
        shown = asked(request, session, reader, text, address) | {"fault": str(error)}
        raise Unfinished("imports/new.html", **shown) from error
    return [one.id for one in brought]


def said(name: str) -> str:
    """A name as it can be kept: one line of what is text."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())[:2000]


# ── one import


@router.get("/imports/{id}", name="import", dependencies=KNOWS_WHO_READS)
def show(
    request: Request,
    one: OwnImport,
    reader: KnownReader,
    session: Transaction,
    part: Annotated[int, Query(ge=1, lt=10**6)] = 1,
    whole: bool = False,
) -> Response:
    """How far it is; or why it could not be read; or the text as it will be read, to be published."""
    if one.state == "ready":
        if is_htmx(request):
            return Response(status_code=204, headers={"HX-Refresh": "true"})
        take_turn(request, imports.size_of(session, one.id, "work") > LONG_WORK)
        return page(request, "imports/preview.html", **previewed(session, reader, one, part, whole=whole))
    if one.state == "waiting":
        request.app.state.imports.begin()
    if is_htmx(request) and (one.state not in ("waiting", "reading") or one.interrupted):
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    template = "imports/_progress.html" if is_htmx(request) else "imports/show.html"
    return page(request, template, one=one, step=STEPS.get(one.step, one.step), text=pasted(session, one))


def pasted(session: Session, one: Import) -> str:
    """The words that were pasted, where nothing could be made of them."""
    if one.state != "refused" or one.name or one.address:
        return ""
    return decoded(imports.content_of(session, one.id, "source"))


@router.post("/imports/{id}/stop", name="stop_import", dependencies=KNOWS_WHO_READS)
def stop(request: Request, one: OwnImport, session: Transaction) -> Response:
    imports.stop(session, one)
    return see_other(request, f"/imports/{one.id}")


@router.post("/imports/{id}/delete", name="discard_import", dependencies=KNOWS_WHO_READS)
def discard(request: Request, one: OwnImport, session: Transaction) -> Response:
    imports.discard(session, one)
    return see_other(request, "/articles/new")


@router.post("/imports/{id}/again", name="begin_import_again")
async def begin_again(request: Request, id: Id) -> Response:
    """Read it once more: where it was stopped or interrupted, or could not be read."""

    def waits(session: Session) -> None:
        one = found(request, session, id)[1]
        if one.state != "waiting":
            imports.begin_again(session, one)

    async with request.app.state.database.writing() as session:
        await run_sync(waits, session)
    return await led_on(request, id)


router.include_router(uploads)
