"""Checking that a library is whole: one function a subject, each giving its faults by ids, never by people's words."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import NamedTuple

from sqlmodel import Session

from app.storage import pictures
from app.storage.database import BROKEN
from app.storage.keeping.checks import collections, links, notes, tables, texts
from app.storage.keeping.copying import Told, quiet
from app.storage.searching import indexing

Check = Callable[[Session], Iterable[str]]

FIRST: tuple[tuple[str, Check], ...] = (
    ("database", tables.sound),
    ("schema", tables.up_to_date),
)
"""Where one of these finds a fault, the others cannot ask."""

SUBJECTS: tuple[tuple[str, Check], ...] = (
    ("keys", tables.keys),
    ("days", tables.days),
    ("texts", texts.check),
    ("notes", notes.check),
    ("threads", notes.threads),
    ("audiences", notes.audiences),
    ("links", links.check),
    ("collections", collections.check),
    ("pictures", pictures.check),
    ("search", indexing.check),
)

SHOWN = 5
"""How many faults of a subject are named."""


class Verdict(NamedTuple):
    """What has been found of a subject: how many faults, and the first of them."""

    subject: str
    number: int = 0
    faults: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        if not self.number:
            return f"{self.subject}: ok"
        lines = [f"{self.subject}: {self.number:,} fault{'' if self.number == 1 else 's'}"]
        lines += [f"  {fault}" for fault in self.faults]
        lines += [f"  and {self.number - SHOWN:,} more"] if self.number > SHOWN else []
        return "\n".join(lines)


def check(session: Session, told: Told = quiet) -> list[Verdict]:
    """What there is to say of each subject, in a session that sees one state of the library (`Database.snapshot`)."""
    all_of_them = (*FIRST, *SUBJECTS)
    found: list[Verdict] = []
    for number, (subject, faults) in enumerate(all_of_them):
        if number >= len(FIRST) and any(verdict.number for verdict in found[: len(FIRST)]):
            break
        told(f"Checking {subject}", number, len(all_of_them))
        found.append(_verdict(session, subject, faults))
    return found


def _verdict(session: Session, subject: str, faults: Check) -> Verdict:
    try:
        with session.begin_nested():
            asked = iter(faults(session))
            first = tuple(islice(asked, SHOWN))
            return Verdict(subject, len(first) + sum(1 for _ in asked), first)
    except BROKEN as error:
        # The first line says what, those after it show the statement.
        return Verdict(subject, 1, (f"the database could not tell: {str(error).splitlines()[0]}",))
    except Exception as error:  # whatever is kept, to look at it must not end in a traceback
        return Verdict(subject, 1, (f"something is kept that cannot be read: {type(error).__name__}",))
