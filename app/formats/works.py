"""A work as one part of Postil hands it to another: a line of JSON, and the pictures after it."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.text import structures
from app.text.drafts import Draft, DraftParagraph, DraftPicture, Work
from app.text.spans import Span


def write(work: Work) -> bytes:
    """A work with its sentences and with the pictures that its drafts show, as bytes."""
    pictures = {name: picture for draft in work.drafts for name, picture in draft.pictures.items()}
    said = {
        "title": work.title,
        "author": work.author,
        "drafts": [_written(draft) for draft in work.drafts],
        "pictures": [[name, one.media_type, one.width, one.height, len(one.content)] for name, one in pictures.items()],
    }
    head = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join((head, b"\n", *(one.content for one in pictures.values())))


def read(written: bytes) -> Work:
    """What `write` has written. Raises ValueError for anything else."""
    head, _, rest = written.partition(b"\n")
    said = json.loads(head)
    pictures = _pictures(said["pictures"], rest)
    return Work(said["title"], tuple(_draft(one, pictures) for one in said["drafts"]), said["author"])


def _pictures(said: Iterable[tuple[str, str, int, int, int]], rest: bytes) -> dict[str, DraftPicture]:
    found, at = {}, 0
    for name, media_type, width, height, length in said:
        found[name] = DraftPicture(rest[at : at + length], media_type, width, height)
        at += length
    return found


def _written(draft: Draft) -> dict[str, Any]:
    return {
        "title": draft.title,
        "author": draft.author,
        "source": draft.source,
        "slug": draft.slug,
        "language": draft.language,
        "published_on": draft.published_on.isoformat() if draft.published_on else None,
        "paragraphs": [[one.text, one.kind, structures.written(one.structure)] for one in draft.paragraphs],
        "cut": [[at for span in found for at in (span.start, span.end)] for found in draft.sentences],
        "pictures": list(draft.pictures),
    }


def _draft(said: dict[str, Any], pictures: Mapping[str, DraftPicture]) -> Draft:
    paragraphs = (
        DraftParagraph(text, kind, structures.read(structure) or structures.PLAIN)
        for text, kind, structure in said.pop("paragraphs")
    )
    cut = tuple(tuple(map(Span, found[::2], found[1::2])) for found in said.pop("cut"))
    day = said.pop("published_on")
    return Draft(
        paragraphs=tuple(paragraphs),
        cut=cut,
        published_on=date.fromisoformat(day) if day else None,
        pictures={name: pictures[name] for name in said.pop("pictures")},
        **said,
    )
