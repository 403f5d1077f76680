"""That whatever is asked of annotations asks the one clause, too."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, literal, select

from app.storage.annotations import MAY_SEE
from tests.conftest import ROOT

BESIDE_IT = {
    "annotations.own": "what may be changed, deleted or not, is one's own",
    "annotations.lock": "what a gate has found",
    "annotations.reply": "locks the root of what the gate has found, by the clause's own condition for it",
    "annotations._show_to": "whether others have replied in one's own thread",
    "annotations._settle": "the root of what the gate has found",
    "margins.groups_waiting_for": "whether one has written something oneself",
    "carrying.standing_on": "every note of an article is carried; what a reader is told of it is counted by the clause",
    "visiting._place_of": "where the note of a share stands; whether it may be seen is asked apart",
    "visiting.left_out": "how many of one's own notes a share leaves out",
    "notes.count_written": "how many notes are one's own",
    "notes.own_tags": "one's own tags",
    "library.shelf": "on which articles one has written something oneself",
    "leaving._threads_of": "on what words of others one's own hang; nothing of it is shown but how many",
    "leaving.leave": "in which articles one has resolved something",
    "moderation.by_id": "what a reader has shown the owner by flagging it, or the owner has hidden",
    "moderation.reported": "the same",
    "moderation.waiting": "the same, counted",
}
"""Who asks for annotations without the clause, and why that shows nobody what they may not see."""

_ASKS = re.compile(r"\b(?:from|join) annotation\b")


def plain(statement: str) -> str:
    """A statement without what differs from one place to the next: its parameters, and the numbers of its aliases."""
    said = re.sub(r"%\(\w+\)s(?:::\w+)?|\?", "?", " ".join(statement.split()).lower())
    return re.sub(r"\b(annotation|membership|article|anon)_\d+\b", r"\1_", said)


@lru_cache(4)
def clause(engine: Engine) -> str:
    """The one clause, as it stands in the statements of this database."""
    written = str(select(literal(1)).where(MAY_SEE).compile(engine))
    return plain(written).split(" where ", 1)[1]


def asks_beside(engine: Engine, statement: str) -> bool:
    """Whether a statement reads annotations without asking who may see them."""
    said = plain(statement)
    return said.startswith(("select", "with")) and bool(_ASKS.search(said)) and clause(engine) not in said


def asker() -> str:
    """The function of `app/storage` that has just asked something, as `file.function`."""
    frame: Any = sys._getframe(1)
    storage = ROOT / "app" / "storage"
    while frame:
        path = Path(frame.f_code.co_filename)
        if storage in path.parents and path.stem != "database":
            return f"{path.stem}.{frame.f_code.co_name}"
        frame = frame.f_back
    return "somebody outside storage"


@contextmanager
def guarded(engine: Engine) -> Iterator[list[str]]:
    """Whoever asks for annotations meanwhile and neither asks the clause nor is among those `BESIDE_IT`."""
    found: list[str] = []

    def look(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "annotation" in statement and asks_beside(engine, statement) and asker() not in BESIDE_IT:
            found.append(f"{asker()}: {statement}")

    event.listen(engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", look)
