"""What the margin is to show: what the address says, else what the reader chose last; and what that gives."""

from collections.abc import Sequence
from typing import Annotated, Literal, NamedTuple
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from pydantic import Field
from sqlmodel import Session

from app.rendering import filters
from app.rendering.crowds import MOST, Crowd, in_sight, popular
from app.rendering.filters import Choices, Filter, choices
from app.rendering.notes import Note
from app.rendering.orphans import Lost, lost
from app.rendering.reading import is_dense, reading
from app.rendering.rows import Row
from app.rendering.threads import threads
from app.storage import articles
from app.storage.articles import Article, Block
from app.storage.margins import Tally, annotations_seen_by, places_seen_by, replies_seen_by, tally
from app.storage.orphans import orphans_seen_by
from app.storage.people.readers import Reader
from app.text.drafts import JOINT
from app.text.spans import Span

FILTER_COOKIE = "postil_filter"

AT_A_TIME = 100
"""How many notes the list of all of them shows."""

VAST = 1_000
"""From how many boxes in the margin up each stands in its row, not level with its line."""

LONG = 400
"""From how many paragraphs up those far away are not drawn yet."""

Opened = Annotated[str, Field(pattern=r"^[0-9]{1,9}-[0-9]{1,4}$")]
"""A sentence whose crowd is open (by its start, in code points), and how many of it stand in the page."""


RevisionNumber = Annotated[int, Field(ge=1, lt=2**31)]


class View(Filter):
    """How the address says that an article is to be shown. What it does not say is as the reader chose it last."""

    notes: Literal["all", "mine", "none"] | None = None
    revision: RevisionNumber | None = None
    """The revision that is shown, or that the page of a write shows: a page of the first does not say so."""
    note: Annotated[int | None, Field(ge=1, lt=2**63)] = None
    """An annotation that is shown whatever else is chosen: the one that a link leads to."""
    undo: Annotated[int | None, Field(ge=1, lt=2**63)] = None
    attach: Annotated[int | None, Field(ge=1, lt=2**63)] = None
    """An orphan for which one is about to mark a passage."""
    print: Literal["endnotes"] | None = None
    open: list[Opened] = []

    @property
    def opened(self) -> dict[int, int]:
        # The first that is said of a sentence counts: to a link's own the page adds all that is open already.
        return {int(start): int(number) for start, number in (one.split("-") for one in reversed(self.open))}


class ListView(Filter):
    """How the address says that all notes in order are to be shown."""

    after: Annotated[int, Field(ge=0, lt=10**9)] = 0


class Margin(NamedTuple):
    """Paragraphs with what stands beside them, and what is known of all the rest."""

    rows: list[Row]
    tally: Tally
    shown: int
    """How many annotations the filter lets through."""
    choices: Choices
    query: str
    """What a link says to show the same choice again, ready for more to follow."""

    @property
    def look(self) -> str:
        """The class of the article where there is so much of it that what is far away is not drawn yet.

        `vast`: more stands in the margin than can be placed line by line in no time. `long`: only the text is long.
        """
        beside = sum(len(row.notes) + sum(bool(one.crowd) for one in row.sentences) for row in self.rows)
        return "vast" if beside > VAST else "long" if len(self.rows) > LONG else ""


def filter_of(request: Request, view: Filter) -> Filter:
    """What the address chooses; where it chooses nothing, what the reader chose last for this article."""
    return view if view.written else filters.read(request.cookies.get(FILTER_COOKIE, ""))


async def view_before(request: Request) -> View:
    """How the page is shown that a write comes from: what it has chosen, and the crowds that it has opened."""
    form = await request.form()
    try:
        said: dict[str, object] = dict(parse_qsl(str(form.get("filter", ""))))
        said["open"] = [str(one) for one in form.getlist("open")]
        said["revision"] = str(form.get("revision", "1"))
        return View.model_validate(said)
    except ValueError:
        return View()


ViewBefore = Annotated[View, Depends(view_before)]


def margin(
    session: Session,
    article: Article,
    reader: Reader | None,
    view: View,
    chosen: Filter,
    within: Span | None = None,
) -> Margin:
    """Gather what a reader sees of an article; `within` (code points) only the paragraphs that it touches."""
    counts = tally(session, reader, article)
    blocks = articles.paragraphs_of(session, article, within)
    stretch = Span(blocks[0].start, blocks[-1].end) if within and blocks else None
    crowded = counts.annotations > MOST
    gather = places_seen_by if crowded else annotations_seen_by
    found = gather(session, reader, article, stretch)
    replied = replied_to(session, article, reader, chosen)
    kept = [one for one in found if chosen.keeps(one, replied) or one.id == view.note]
    reader_id = reader.id if reader else None
    seen, crowds = kept, list[Crowd]()
    if crowded:
        ids, crowds = in_sight(blocks, kept, counts.annotations, reader_id, view.opened, view.note)
        seen = annotations_seen_by(session, reader, article, ids=ids)
    replies = replies_seen_by(session, reader, article, [one.id for one in seen]) if counts.replies else []
    paragraphs = articles.count_paragraphs(session, article) if within else len(blocks)
    rows = reading(
        blocks,
        seen,
        reader,
        dense=is_dense(counts.annotations, paragraphs),
        language=article.language,
        threads=threads(replies, reader_id),
        crowds=crowds,
        popular=popular(blocks, kept) if chosen.popular else {},
    )
    query = f"{chosen.written}&" if chosen.written else ""
    return Margin(rows, counts, len(kept), choices(found), query)


def replied_to(session: Session, article: Article, reader: Reader | None, chosen: Filter) -> set[int]:
    """The ids of the annotations to which there are replies, if the filter asks for that."""
    replies = replies_seen_by(session, reader, article) if chosen.replies else []
    return {reply.root_id for reply in replies if not reply.deleted_at}


class InOrder(NamedTuple):
    """A page of all that stands beside an article, in the order of the text; each with the words that it is about."""

    notes: list[tuple[str, Note]]
    orphans: list[Lost]
    """What stands nowhere in the text: it comes last."""
    after: int
    """How many come before these."""
    shown: int
    tally: Tally
    choices: Choices
    chosen: Filter


def all_in_order(session: Session, article: Article, reader: Reader | None, chosen: Filter, after: int) -> InOrder:
    """Gather what the filter lets through, from the place `after` on."""
    places, gone = places_seen_by(session, reader, article), orphans_seen_by(session, reader, article)
    replied = replied_to(session, article, reader, chosen)
    kept = [one for one in places if chosen.keeps(one, replied)]
    kept_gone = [one for one in gone if chosen.keeps(one.annotation, replied)]
    ids = [one.id for one in kept[after : after + AT_A_TIME]]
    last = kept_gone[max(0, after - len(kept)) :][: AT_A_TIME - len(ids)]
    ids_gone = [one.annotation.id for one in last]
    seen = annotations_seen_by(session, reader, article, ids=ids)
    stretch = Span(seen[0].start, max(one.end for one in seen)) if seen else Span(0, 0)
    blocks = articles.paragraphs_of(session, article, stretch)
    found = threads(replies_seen_by(session, reader, article, ids + ids_gone), reader.id if reader else None)
    notes = [
        note for row in reading(blocks, seen, reader, threads=found, language=article.language) for note in row.notes
    ]
    quoted = [(words_of(blocks, note.span), note) for note in notes]
    return InOrder(
        quoted,
        lost(last, reader, found),
        after,
        len(kept) + len(kept_gone),
        tally(session, reader, article),
        choices([*places, *(one.annotation for one in gone)]),
        chosen,
    )


def words_of(blocks: Sequence[Block], passage: Span) -> str:
    """What stands at a passage (code points) that begins in these paragraphs."""
    text = JOINT.join(block.text for block in blocks)
    return passage.shifted(-blocks[0].start).of(text)
