"""Carrying: where every annotation and every bare share of an article stands on its next revision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import Literal, NamedTuple

from sqlalchemy import bindparam, insert, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, update

from app.storage.annotations import Annotation, Placement
from app.storage.articles import Article, as_it_was, text_of
from app.storage.database import now
from app.storage.shares import Share
from app.text.comparing.differences import difference
from app.text.comparing.revisions import ORPHAN, Carrier, Placed, against
from app.text.spans import Span

LOOKED_BACK = 20
"""On how many former revisions (the latest of them) orphans are looked for whose words may have come back."""

Fate = Literal["ok", "changed", "moved", "orphan", "found", "missing"]
"""What becomes of it: as it stood, changed, moved, gone; come back after it was gone, or still gone."""


class Standing(NamedTuple):
    """Where an annotation or a share stands, or stood last: the places are of the text of the revision `stood`."""

    id: int
    start: int
    end: int
    stood: int
    exact: str
    quoted: int
    """The revision that `exact` was taken from."""
    deleted: bool = False


class Next(NamedTuple):
    """Where it stands on the next revision, the number of which an orphan does not have in `stood`."""

    id: int
    start: int
    end: int
    status: str
    stood: int | None
    fate: Fate


class Place(NamedTuple):
    """Where an annotation stood on a revision."""

    annotation_id: int
    start: int
    end: int
    status: str
    stood: int


@dataclass(frozen=True)
class Way:
    """The way from an article's current revision, and from those where orphans stood last, to a text."""

    based_on: int
    restores: int | None
    """The revision whose text this is, where one is brought back."""
    text: str
    complete: bool
    """Not where texts are too long and too unlike to be compared throughout: some orphans may be without need."""
    _carriers: Mapping[int, Carrier] = field(repr=False)

    def carry(self, standing: Iterable[Standing], places: Mapping[int, Place]) -> list[Next]:
        """Where everything stands next: at its place on the revision that is brought back, else where it is carried.

        What was quoted after that revision was made is carried, and stands where it stood then only if its words
        are not there.
        """
        found: list[Next] = []
        carried: dict[int, list[Standing]] = {}
        for one in standing:
            there = places.get(one.id)
            if there and self.restores and one.quoted <= self.restores:
                found.append(self._at(one, there))
            else:
                carried.setdefault(one.stood, []).append(one)
        for stood, some in carried.items():
            carrier = self._carriers.get(stood)
            spans = (Span(one.start, one.end) for one in some)
            placed = carrier.carry(spans) if carrier else [ORPHAN] * len(some)
            found += (self._next(one, where, places.get(one.id)) for one, where in zip(some, placed, strict=True))
        return found

    def _at(self, one: Standing, there: Place) -> Next:
        fate: Fate = there.status  # type: ignore[assignment]
        if one.stood != self.based_on:
            fate = "missing" if there.status == "orphan" else "found"
        return Next(one.id, there.start, there.end, there.status, _stood(there), fate)

    def _next(self, one: Standing, carried: Placed, there: Place | None) -> Next:
        span, status = placed = against(one.exact, carried, self.text)
        if span is None and there and there.status != "orphan":
            return self._at(one, there._replace(status="changed"))
        stands = one.stood == self.based_on
        if span is None:
            return Next(one.id, one.start, one.end, "orphan", one.stood, "orphan" if stands else "missing")
        # What was changed before and stands on as it was is changed against its quote, but nothing becomes of it now.
        fate = carried.status if status == "changed" else placed.status
        return Next(one.id, span.start, span.end, status, None, fate if stands else "found")


def _stood(place: Place) -> int | None:
    return place.stood if place.status == "orphan" else None


def way(
    session: Session,
    article: Article,
    text: str,
    standing: Iterable[Standing],
    restores: int | None = None,
    places: Mapping[int, Place] = MappingProxyType({}),
) -> Way:
    """Compare an article's text, and those on which orphans stood last, with its next one. This takes a while.

    `restores` is the revision whose text that is, where one is brought back, and `places` are those on it.
    """
    current = article.revision
    carried = (one for one in standing if not (restores and one.quoted <= restores and one.id in places))
    needed = {one.stood for one in chain(carried, shared_on(session, article))}
    earlier = sorted(needed - {current}, reverse=True)[:LOOKED_BACK]
    carriers: dict[int, Carrier] = {}
    complete = True
    for number in [current, *earlier]:
        then = as_it_was(session, article, number)
        if then:
            over = difference(text_of(session, then), text)
            carriers[number] = Carrier(over)
            complete = complete and over.complete
    return Way(current, restores, text, complete, carriers)


# ── what is kept

_STANDING = columns(
    col(Annotation.id),
    col(Placement.start),
    col(Placement.end),
    col(Placement.stood),
    col(Annotation.exact),
    col(Annotation.revision),
    col(Annotation.deleted_at).is_not(None),
).join(Annotation, col(Annotation.id) == col(Placement.annotation_id))
_SHARED = columns(
    col(Share.id), col(Share.start), col(Share.end), col(Share.revision), col(Share.exact), col(Share.revision)
).where(col(Share.annotation_id).is_(None), col(Share.revoked_at).is_(None))
_PLACES = columns(
    col(Placement.annotation_id), col(Placement.start), col(Placement.end), col(Placement.status), col(Placement.stood)
)
_PLACE_SHARE = (
    update(Share)
    .where(col(Share.id) == bindparam("which"))
    .values(revision=bindparam("number"), start=bindparam("from"), end=bindparam("to"))
)


def standing_on(session: Session, article: Article) -> list[Standing]:
    """Every annotation that a thread began with: deleted or not, hidden or not, whoever may see it."""
    here = col(Placement.article_id) == article.id, col(Placement.revision) == article.revision
    return [Standing(*row) for row in session.connection().execute(_STANDING.where(*here)).all()]


def shared_on(session: Session, article: Article) -> list[Standing]:
    """Every bare passage to which a link leads that has not ended."""
    going_on = or_(col(Share.expires_at).is_(None), col(Share.expires_at) > now())
    found = _SHARED.where(col(Share.article_id) == article.id, going_on)
    return [Standing(*row) for row in session.connection().execute(found).all()]


def placements(session: Session, article: Article, number: int | None) -> dict[int, Place]:
    """Where annotations stood on a revision that is brought back, by their ids."""
    if number is None:
        return {}
    there = col(Placement.article_id) == article.id, col(Placement.revision) == number
    return {row[0]: Place(*row) for row in session.connection().execute(_PLACES.where(*there)).all()}


def place(session: Session, article: Article, number: int, along: Way) -> None:
    """Write down where everything stands on a revision that is there, and to which this way leads."""
    standing, there = standing_on(session, article), placements(session, article, along.restores)
    rows = [
        {
            "annotation_id": one.id,
            "revision": number,
            "article_id": article.id,
            "start": one.start,
            "end": one.end,
            "status": one.status,
            "stood": one.stood or number,
        }
        for one in along.carry(standing, there)
    ]
    if rows:
        session.connection().execute(insert(Placement), rows)
    stands = [
        {"which": one.id, "number": number, "from": one.start, "to": one.end}
        for one in along.carry(shared_on(session, article), {})
        if one.status != "orphan"
    ]
    if stands:
        session.connection().execute(_PLACE_SHARE, stands)
