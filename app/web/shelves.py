"""What a shelf needs to be shown: the articles of one page of it, each with what this reader may know."""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlmodel import Session

from app.rendering.shelves import Row, rows
from app.storage import collections, library
from app.storage.collections import Collection
from app.storage.library import Listed, Order, Place
from app.storage.margins import tallies
from app.storage.people.readers import Reader

LARGEST = 2**63

_UNKEPT = re.compile(r"[\x00\ud800-\udfff]")
"""What stands in no text of a database."""


def filled(
    session: Session,
    reader: Reader | None,
    listed: Sequence[Listed],
    several_languages: bool,
    within: Collection | None = None,
) -> list[Row]:
    """The rows of a shelf, or of what is `within` a collection: in as many queries however many there are."""
    ids = [one.id for one in listed]
    gathered = {
        id: [one for one in some if within is None or one.slug != within.slug]
        for id, some in collections.of_articles(session, ids).items()
    }
    return rows(
        listed,
        tallies(session, reader, ids),
        library.reached(session, reader, ids),
        gathered,
        several_languages,
    )


def key_of(place: Place) -> str:
    """A place in an order as an address says it; nobody need read it."""
    said = [one.isoformat() if isinstance(one, datetime) else one for one in place]
    return base64.urlsafe_b64encode(json.dumps(said, separators=(",", ":")).encode()).decode().rstrip("=")


def place_in(order: Order, key: str) -> Place:
    """The place that a key names. Raises ValueError where it names none in this order."""
    try:
        said = json.loads(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
    except (binascii.Error, UnicodeError, json.JSONDecodeError, RecursionError) as error:
        raise ValueError("this is no place in the library") from error
    match order, said:
        case _, list() if any(isinstance(one, bool) for one in said):
            pass  # Python takes it for a number, and PostgreSQL does not
        case "newest", [int(id)] if 0 < id < LARGEST:
            return (id,)
        case "title", [str(title), int(id)] if 0 < id < LARGEST and not _UNKEPT.search(title):
            return title, id
        case "longest" | "shortest", [int(words), int(id)] if 0 < id < LARGEST and 0 <= words < 2**31:
            return words, id
        case "read", [str(read_at), int(id)] if 0 < id < LARGEST:
            return _time_in(read_at), id
    raise ValueError("this is no place in the library")


def _time_in(said: str) -> datetime:
    """A time that a database knows. Raises ValueError for one that says no zone, or is before all years or after."""
    time = datetime.fromisoformat(said)
    if time.tzinfo is None:
        raise ValueError("this time says no zone")
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("there is no such time") from error
