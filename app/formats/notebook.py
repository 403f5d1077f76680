"""Our own JSON: all that is known of what a reader has written. docs/exports.md says what each field means."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.storage.notes import Written

FORMAT = "postil-notes"
VERSION = 1


def write(notes: Iterable[Written], base_url: str) -> str:
    said = {"format": FORMAT, "version": VERSION, "notes": [note(one, base_url) for one in notes]}
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def note(one: Written, base_url: str) -> dict[str, Any]:
    """One annotation or reply."""
    return {
        "id": one.id,
        "kind": one.kind,
        "url": f"{base_url}/annotations/{one.id}" if one.in_sight else None,
        "in_reply_to": one.parent_id if one.in_sight else None,
        "article": {
            "slug": one.slug,
            "title": one.title,
            "author": one.author,
            "source": one.source,
            "language": one.language,
            "url": f"{base_url}/articles/{one.slug}",
        },
        "quote": {"exact": one.exact, "prefix": one.prefix, "suffix": one.suffix},
        "position": None if one.start is None else {"start": one.start, "end": one.end},
        "note": one.note,
        "colour": one.colour,
        "tags": one.tagged,
        "visibility": one.visibility if one.visibility in ("everyone", "me") else "group",
        "group": one.group,
        "created_at": moment(one.created_at),
        "updated_at": moment(one.updated_at),
        "resolved_at": moment(one.resolved_at),
        "hidden_at": moment(one.hidden_at),
        "deleted_at": moment(one.deleted_at),
    }


def moment(when: datetime | None) -> str | None:
    """A moment in UTC, as RFC 3339 writes it."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ") if when else None
