"""All that is one reader's own, as JSON. docs/exports.md says what each field means."""

import json
from typing import Any

from app.formats.notebook import moment, note
from app.storage.keeping.leaving import Belongings

FORMAT = "postil-account"
VERSION = 1


def write(own: Belongings, base_url: str) -> str:
    reader = own.reader
    said: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "profile": {
            "id": reader.id,
            "name": reader.name,
            "account": reader.has_account,
            "role": reader.role,
            "visibility": reader.visibility,
            "created_at": moment(reader.created_at),
        },
        "sessions": len(own.sessions),
        "groups": [{"id": one.id, "name": one.name, "role": one.role} for one in own.groups],
        "notes": [note(one, base_url) for one in own.notes],
        "shares": [
            {
                "url": f"{base_url}/s/{share.token}",
                "article": {"slug": article.slug, "title": article.title},
                "annotation": share.annotation_id,
                "scope": share.scope,
                "group": share.group_id,
                "exact": share.exact,
                "created_at": moment(share.created_at),
                "expires_at": moment(share.expires_at),
                "revoked_at": moment(share.revoked_at),
                "opened": share.opened,
            }
            for share, article in own.shares
        ],
        "flags": [
            {
                "annotation": flag.annotation_id,
                "reason": flag.reason,
                "created_at": moment(flag.created_at),
                "settled_at": moment(flag.settled_at),
            }
            for flag in own.flags
        ],
        "readings": [
            {
                "article": {"slug": article.slug, "title": article.title},
                "start": reading.start,
                "read_at": moment(reading.read_at),
                "finished_at": moment(reading.finished_at),
                "archived_at": moment(reading.archived_at),
            }
            for reading, article in own.readings
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"
