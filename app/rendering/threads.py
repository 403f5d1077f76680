"""Threads: what has been replied to a note, in the order in which it is read."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.rendering.dates import date
from app.storage.margins import Reply


@dataclass(slots=True)
class Turn:
    """A reply as it stands in its thread. However deep it is, it is shown no further in than the second step."""

    id: int
    reader: str
    mine: bool
    html: str
    made: datetime
    deleted: bool
    deep: bool
    to: str
    """Whom it answers, where that is not plain from where it stands."""

    @property
    def label(self) -> str:
        if self.deleted:
            return "A deleted reply"
        return f"Reply by {'you' if self.mine else self.reader}" + (f" to {self.to}" if self.to else "")

    @property
    def date(self) -> str:
        return date(self.made)


def threads(replies: Sequence[Reply], reader_id: int | None) -> dict[int, list[Turn]]:
    """The turns of every thread, by the id of the annotation that it began with.

    Each stands after what it answers, before what was said later; a deleted one only where there are answers to it.
    What answers something that the reader may not see stands below the note.
    """
    answers: dict[int, list[Reply]] = defaultdict(list)
    there = {reply.id for reply in replies}
    for reply in replies:
        answers[reply.parent_id if reply.parent_id in there else reply.root_id].append(reply)
    # From the newest on: what is said, and what it was said to, however far up.
    standing: set[int] = set()
    for reply in reversed(replies):
        if reply.deleted_at is None or reply.id in standing:
            standing |= {reply.id, reply.parent_id}
    begun = {reply.root_id for reply in replies}
    return {root: list(_turns(answers, root, reader_id, standing)) for root in begun}


def _turns(answers: dict[int, list[Reply]], root: int, reader_id: int | None, standing: set[int]) -> Iterator[Turn]:
    # By a stack of our own: a thread may be deeper than calls may be.
    waiting = [(reply, 1, "") for reply in reversed(answers[root])]
    while waiting:
        reply, depth, to = waiting.pop()
        mine = reply.reader_id == reader_id
        if reply.id in standing:
            yield Turn(
                id=reply.id,
                reader=reply.reader,
                mine=mine,
                html=reply.note_html,
                made=reply.created_at,
                deleted=reply.deleted_at is not None,
                deep=depth > 1,
                to=to,
            )
        name = "" if reply.deleted_at else "you" if mine else reply.reader
        waiting += [(one, depth + 1, name if depth > 1 else "") for one in reversed(answers[reply.id])]
