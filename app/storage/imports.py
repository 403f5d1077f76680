"""Imports: what readers have brought in, until they publish it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, LargeBinary, func
from sqlalchemy import select as columns
from sqlmodel import Field, Session, Text, col, delete, select, update

from app.storage.database import Id, Table, now
from app.storage.people.readers import Reader

State = Literal["waiting", "reading", "ready", "refused", "stopped", "published"]

SILENCE = timedelta(seconds=20)
"""After so long without a word from who reads it, nobody does any more."""

DAYS = 7
"""After so many it goes, published or not."""

AT_MOST = 20
"""How many one reader may have at a time."""


class TooMany(ValueError):
    """A reader has brought more than they have published or discarded."""


class Import(Table, table=True):
    """What one reader has brought, and how far it is. Its bytes stand in `Brought`."""

    __table_args__ = {"sqlite_autoincrement": True}

    id: int = Field(default=None, sa_type=Id, primary_key=True)
    reader_id: int = Field(sa_type=Id, foreign_key="reader.id", index=True)
    state: str = "waiting"
    attempt: int = 0
    """How often its reading has begun: who began it before has no say any more."""
    name: str = ""
    """Of the file, if it was one."""
    media_type: str = ""
    address: str = Field(default="", sa_type=Text)
    """Where it is to be fetched, then where it was."""
    title: str = ""
    language: str = ""
    said: str = Field(default="", sa_type=Text)
    """JSON: what its reader has said of it that is otherwise than it says itself."""
    sha256: str = ""
    """Of what was brought, in hexadecimal digits; empty until that is there."""
    step: str = ""
    done: int = 0
    of: int = 0
    fault: str = Field(default="", sa_type=Text)
    """Why it could not be read."""
    leads_to: str | None = Field(default=None, sa_type=Text)
    """The path of what it was published as; it is kept for a while to lead there who sends its form once more."""
    created_at: datetime = Field(default_factory=now)
    heard_at: datetime = Field(default_factory=now)
    """When who reads it was last heard of."""

    @property
    def interrupted(self) -> bool:
        """Whether nobody reads it any more though nobody has said so: a process has died."""
        return self.state == "reading" and now() - self.heard_at > SILENCE

    @property
    def called(self) -> str:
        """What to call it as long as it has no title."""
        return self.title or self.name or self.address or "Pasted text"


class Brought(Table, table=True):
    """The bytes of an import: the source as it came, and the work that was read from it."""

    import_id: int = Field(sa_type=Id, primary_key=True, foreign_key="import.id", ondelete="CASCADE")
    part: str = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


def bring(session: Session, reader: Reader, content: bytes | None = None, name: str = "", address: str = "") -> Import:
    """Keep what a reader has brought, to be read: a file or pasted text, or an address to fetch. Raises TooMany."""
    count = columns(func.count(col(Import.id))).where(*_unpublished(reader))
    if session.connection().execute(count).scalar_one() >= AT_MOST:
        raise TooMany(f"You have brought {AT_MOST} texts that are not published yet: publish some, or discard them.")
    made = Import(reader_id=reader.id, name=name, address=address)
    session.add(made)
    session.flush()
    if content is not None:
        _keep(session, made.id, "source", content)
        made.sha256 = hashlib.sha256(content).hexdigest()
        session.add(made)
        session.flush()
    return made


def own(session: Session, reader: Reader, id: int) -> Import | None:
    """One's own import; nobody else's exists."""
    found = session.get(Import, id)
    return found if found and found.reader_id == reader.id else None


def of_reader(session: Session, reader: Reader) -> Sequence[Import]:
    """What a reader has brought and not published, the newest first."""
    return session.exec(select(Import).where(*_unpublished(reader)).order_by(col(Import.id).desc())).all()


def _unpublished(reader: Reader) -> tuple[ColumnElement[bool], ...]:
    return col(Import.reader_id) == reader.id, col(Import.state) != "published"


def content_of(session: Session, id: int, part: Literal["source", "work"]) -> bytes:
    """The bytes of an import; none where there are none."""
    wanted = columns(col(Brought.content)).where(col(Brought.import_id) == id, col(Brought.part) == part)
    return session.connection().execute(wanted).scalar() or b""


def size_of(session: Session, id: int, part: Literal["source", "work"]) -> int:
    """How many bytes those are."""
    wanted = columns(func.length(col(Brought.content))).where(col(Brought.import_id) == id, col(Brought.part) == part)
    return session.connection().execute(wanted).scalar() or 0


# ── who reads it


def claim(session: Session) -> Import | None:
    """The oldest that waits, now for who asks to read."""
    waiting = select(Import).where(Import.state == "waiting").order_by(col(Import.id)).limit(1)
    found = session.exec(waiting.with_for_update(skip_locked=True)).first()
    if found:
        found.state, found.attempt, found.heard_at = "reading", found.attempt + 1, now()
        found.step, found.done, found.of, found.fault = "", 0, 0, ""
        session.add(found)
        session.flush()
    return found


def tell(session: Session, id: int, attempt: int, step: str, done: int, of: int) -> bool:
    """Say how far it is; gives whether it is still wanted from who says so."""
    return _change(session, id, attempt, step=step, done=done, of=of, heard_at=now())


def came(session: Session, id: int, attempt: int, content: bytes, media_type: str, address: str) -> bool:
    """Keep what was fetched."""
    digest = hashlib.sha256(content).hexdigest()
    wanted = _change(session, id, attempt, media_type=media_type[:200], address=address, sha256=digest, heard_at=now())
    if wanted:
        _keep(session, id, "source", content)
    return wanted


def finish(session: Session, id: int, attempt: int, work: bytes, title: str) -> bool:
    """Keep what was read."""
    wanted = _change(session, id, attempt, state="ready", title=title, heard_at=now())
    if wanted:
        _keep(session, id, "work", work)
    return wanted


def refuse(session: Session, id: int, attempt: int, fault: str) -> bool:
    """Say why it could not be read."""
    return _change(session, id, attempt, state="refused", fault=fault, heard_at=now())


def give_back(session: Session, id: int, attempt: int) -> bool:
    """Let another read it: who has begun will not end it."""
    return _change(session, id, attempt, state="waiting", step="")


def _change(session: Session, id: int, attempt: int, **values: object) -> bool:
    mine = (col(Import.id) == id, col(Import.attempt) == attempt, col(Import.state) == "reading")
    return bool(session.exec(update(Import).where(*mine).values(**values)).rowcount)


def _keep(session: Session, id: int, part: str, content: bytes) -> None:
    session.exec(delete(Brought).where(col(Brought.import_id) == id, col(Brought.part) == part))
    session.add(Brought(import_id=id, part=part, content=content))
    session.flush()


# ── who has brought it


def stop(session: Session, one: Import) -> None:
    """Have it read no further."""
    if one.state in ("waiting", "reading"):
        one.state = "stopped"
        session.add(one)
        session.flush()


def begin_again(session: Session, one: Import, language: str | None = None, said: str | None = None) -> None:
    """Have it read anew: in another language, perhaps, and with what its reader has said of it meanwhile."""
    one.state, one.fault, one.step, one.heard_at = "waiting", "", "", now()
    one.language = one.language if language is None else language
    one.said = one.said if said is None else said
    session.exec(delete(Brought).where(col(Brought.import_id) == one.id, col(Brought.part) == "work"))
    session.add(one)
    session.flush()


def publish(session: Session, one: Import, path: str) -> None:
    """Say what it was published as, and let its bytes go."""
    one.state, one.leads_to = "published", path
    session.exec(delete(Brought).where(col(Brought.import_id) == one.id))
    session.add(one)
    session.flush()


def discard(session: Session, one: Import) -> None:
    session.exec(delete(Brought).where(col(Brought.import_id) == one.id))
    session.exec(delete(Import).where(col(Import.id) == one.id))


def purge(session: Session, before: datetime | None = None) -> None:
    """Let go what was brought long ago, and what was left behind by those who have gone."""
    old = columns(col(Import.id)).where(col(Import.created_at) < (before or now() - timedelta(days=DAYS)))
    session.exec(delete(Brought).where(col(Brought.import_id).in_(old)))
    session.exec(delete(Import).where(col(Import.id).in_(old)))


def any_waiting(session: Session) -> bool:
    """Whether somebody should come and read."""
    return session.exec(select(Import.id).where(Import.state == "waiting").limit(1)).first() is not None
