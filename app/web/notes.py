"""My notes: everything that a reader has written, found again and taken along."""

import re
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator, BaseModel, Field

from app.formats import markdown, notebook, readwise
from app.rendering.filters import Nothing
from app.storage import notes
from app.storage.notes import Order, Wanted
from app.text.notes import Colour
from app.text.tags import TAG_LENGTH
from app.web.entrance.answers import PERSONAL, page
from app.web.entrance.dependencies import KNOWS_WHO_READS, CurrentReader, KnownReader, Transaction

router = APIRouter(dependencies=KNOWS_WHO_READS)

AT_A_TIME = 50

_UNSEARCHABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def searchable(words: str) -> str:
    """Words that a database can look for."""
    return " ".join(_UNSEARCHABLE.sub(" ", words).split())


Sought = Annotated[str, Field(max_length=200), AfterValidator(searchable)]
Place = Annotated[str, Field(pattern=r"^[0-9]{1,18}(-[0-9]{1,10}-[0-9]{1,18})?$")]


class Search(BaseModel):
    """Which notes: those with all these words, with a tag, of a colour."""

    q: Sought = ""
    tag: Annotated[Annotated[str, Field(max_length=TAG_LENGTH), AfterValidator(searchable)] | None, Nothing] = None
    colour: Annotated[Colour | None, Nothing] = None
    order: Order = "newest"

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.q, self.tag or "", self.colour or "")

    @property
    def narrows(self) -> bool:
        return bool(self.q or self.tag or self.colour)

    @property
    def written(self) -> str:
        """As an address says it."""
        return urlencode(
            [
                (name, value)
                for name, value in self.model_dump(exclude_defaults=True, exclude={"after"}).items()
                if value
            ]
        )


class PagedSearch(Search):
    """The same, from a place in their order on."""

    after: Annotated[Place | None, Nothing] = None

    @property
    def place(self) -> tuple[int, ...]:
        return tuple(map(int, self.after.split("-"))) if self.after else ()


@router.get("/notes", name="notes")
def index(
    request: Request, reader: CurrentReader, session: Transaction, search: Annotated[PagedSearch, Query()]
) -> Response:
    if reader is None:
        return page(request, "notes/nobody.html")
    found = notes.written_by(session, reader, search.wanted, search.order, search.place, AT_A_TIME + 1)
    last = "-".join(map(str, notes.place_of(found[AT_A_TIME - 1]))) if len(found) > AT_A_TIME else ""
    return page(
        request,
        "notes/index.html",
        written=found[:AT_A_TIME],
        count=notes.count_written(session, reader, search.wanted),
        tags=notes.own_tags(session, reader),
        search=search,
        chosen=search.written,
        last=last,
    )


MEDIA_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
}


@router.get("/notes.{kind}", name="notes_export")
def export(
    request: Request,
    kind: Literal["md", "csv", "json"],
    reader: KnownReader,
    session: Transaction,
    search: Annotated[Search, Query()],
) -> Response:
    """The same as a file: of what the search finds, all."""
    # One after the other in each article: what is read elsewhere is read so.
    order: Order = "article" if kind == "md" else search.order
    found = notes.written_by(session, reader, search.wanted, order)
    write = {"md": markdown.write, "csv": readwise.write, "json": notebook.write}[kind]
    return download(write(found, request.app.state.settings.base_url), f"postil-notes.{kind}")


def download(body: str, name: str) -> Response:
    """A file to be kept, of what is one's own."""
    headers = PERSONAL | {"Content-Disposition": f'attachment; filename="{name}"', "X-Robots-Tag": "noindex"}
    return Response(body.encode(), media_type=MEDIA_TYPES[name.rpartition(".")[2]], headers=headers)
