"""Annotations whose words an article has lost, as they stand at its end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.rendering.notes import Note, note_of
from app.rendering.threads import Turn
from app.storage.orphans import Orphan
from app.storage.people.readers import Reader


@dataclass(slots=True)
class Lost:
    """An orphan as it is shown: with what was around it where it stood last."""

    note: Note
    revision: int
    """The last one that had its words."""
    before: str
    words: str
    after: str
    attachable: bool
    """Whether its reader may attach it to other words: its author may, and the owner of the library."""


def lost(orphans: Iterable[Orphan], reader: Reader | None, threads: Mapping[int, list[Turn]]) -> list[Lost]:
    """Orphans as this reader sees them; `threads` are the replies by the id of their note."""
    moderation = "" if reader is None else "hide" if reader.is_owner else "flag"
    reader_id = reader.id if reader else None
    made = []
    for one in orphans:
        note = note_of(one.annotation, "orphans", reader_id, threads.get(one.annotation.id, []), moderation)
        attachable = not note.deleted and reader is not None and (note.mine or reader.is_owner)
        made.append(Lost(note, one.revision, one.before, one.words, one.after, attachable))
    return made
