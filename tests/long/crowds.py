"""Readers who write all at once, and what the library must look like after them."""

import json
import os
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import httpx2
from sqlmodel import func, select, text

from app.storage import articles
from app.storage.annotations import Annotation, Placement
from app.storage.articles import Article, Paragraph
from app.storage.database import Database
from app.storage.people.readers import Reader, ReaderSession
from tests.conftest import ARTICLE, SLUG

SHORT = bool(os.environ.get("POSTIL_SHORT"))
"""Whether there are only minutes for all of these tests."""

PATIENCE = 60
"""Seconds that a reader waits for an answer: that it comes is what matters here, not when."""

NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""A client loads the system's otherwise, which takes longer than what it is here to do."""


@dataclass
class Note:
    """What its writer has been told is kept."""

    words: str
    deleted: bool = False


@dataclass
class Guest:
    """A reader at a browser, with script every other time, who believes what an answer says."""

    url: str
    name: str
    passages: list[dict[str, object]]
    notes: dict[int, Note] = field(default_factory=dict)
    writes: int = 0

    def __post_init__(self) -> None:
        self.client = httpx2.Client(base_url=self.url, timeout=PATIENCE, verify=NO_CERTIFICATES)
        self._passage = cycle(self.passages)
        self._said = 0

    def save(self) -> int:
        said = self._words()
        id = self._write(f"{ARTICLE}/annotations", next(self._passage) | {"note": said})
        self.notes[id] = Note(said)
        return id

    def reword(self, id: int) -> None:
        said = self._words()
        self._write(f"/annotations/{id}", {"note": said})
        self.notes[id].words = said

    def delete(self, id: int) -> None:
        self._write(f"/annotations/{id}/delete", {}, at=None)
        self.notes[id].deleted = True

    def restore(self, id: int) -> None:
        self._write(f"/annotations/{id}/restore", {})
        self.notes[id].deleted = False

    def rename(self) -> None:
        answer = self.client.post("/session/name", data={"name": self._words()})
        assert answer.status_code == 303, answer.text
        self.writes += 1

    def read(self) -> str:
        answer = self.client.get(ARTICLE)
        assert answer.status_code == 200, answer.text
        return answer.text

    def everything(self) -> None:
        """A round of all that can be written."""
        first, second = self.save(), self.save()
        self.reword(first)
        self.delete(second)
        self.restore(second)
        self.rename()
        self.reword(first)
        self.delete(self.save())

    def _words(self) -> str:
        self._said += 1
        return f"{self.name}-{self._said}"

    def _write(self, path: str, form: dict[str, object], at: str | None = "a") -> int:
        """Send a form, and give the id of the annotation that the answer is about."""
        with_script = self._said % 2 == 0
        data = {key: str(value) for key, value in form.items()}
        answer = self.client.post(path, data=data, headers={"HX-Request": "true"} if with_script else {})
        if with_script:
            assert answer.status_code == 200, f"{answer.status_code} {answer.text}"
            ((_, told),) = json.loads(answer.headers["HX-Trigger"]).items()
            id = int(told["id"])
        else:
            assert answer.status_code == 303, f"{answer.status_code} {answer.text}"
            id = int(answer.headers["Location"].rpartition("#a")[2]) if at else 0
        self.writes += 1
        return id


def passages(url: str) -> list[dict[str, object]]:
    """Every sentence of the article, as a form says it."""
    database = Database(url)
    with database.transaction() as session:
        article = articles.by_slug(session, SLUG)
        assert article
        found: list[dict[str, object]] = [
            {"start": span.start, "end": span.end, "exact": span.shifted(-block.start).of(block.text)}
            for block in articles.paragraphs_of(session, article)
            for span in block.sentence_spans
        ]
    database.close()
    return found


@contextmanager
def guests(url: str, library: str, number: int) -> Iterator[list[Guest]]:
    """That many readers, each beginning at another sentence; they go home when the block ends."""
    there = passages(library)
    crowd = [Guest(url, f"w{n}", there[n % len(there) :] + there[: n % len(there)]) for n in range(number)]
    try:
        yield crowd
    finally:
        for guest in crowd:
            guest.client.close()


def all_at_once(crowd: list[Guest], act: Callable[[Guest], Any]) -> None:
    """Let every guest do something, in a thread each. Raises what the first of them ran into."""
    with ThreadPoolExecutor(len(crowd)) as pool:
        running = [pool.submit(act, guest) for guest in crowd]
    for one in running:
        one.result()


@dataclass
class State:
    """What a library holds."""

    version: int
    notes: dict[int, Note]
    writers: dict[int, int]
    """The reader of each annotation."""
    placements: list[int]
    paragraphs: int
    readers: int
    sessions: int


def state(url: str) -> State:
    """What a library holds, once its server is gone; sound down to the last page of the file."""
    database = Database(url)
    with database.transaction() as session:
        if database.sqlite:
            assert session.exec(text("PRAGMA integrity_check")).scalars().all() == ["ok"]  # type: ignore[call-overload]
            assert session.exec(text("PRAGMA foreign_key_check")).all() == []  # type: ignore[call-overload]
        (version,) = session.exec(select(Article.version)).all()
        annotations = session.exec(select(Annotation)).all()
        found = State(
            version=version,
            notes={one.id: Note(one.note, one.deleted_at is not None) for one in annotations},
            writers={one.id: one.reader_id for one in annotations},
            placements=sorted(session.exec(select(Placement.annotation_id)).all()),
            paragraphs=session.exec(select(func.count()).select_from(Paragraph)).one(),
            readers=session.exec(select(func.count()).select_from(Reader)).one(),
            sessions=session.exec(select(func.count()).select_from(ReaderSession)).one(),
        )
    database.close()
    assert found.placements == sorted(found.notes), "a note without its place, or a place without its note"
    assert found.readers == found.sessions, "a reader whom nothing knows again, or a session of nobody"
    return found


def acknowledged(crowd: list[Guest]) -> Iterator[tuple[Guest, int, Note]]:
    for guest in crowd:
        for id, note in guest.notes.items():
            yield guest, id, note


def assert_kept(crowd: list[Guest], found: State) -> None:
    """Every word that was acknowledged is there, as it was last acknowledged, and is its writer's."""
    for guest, id, note in acknowledged(crowd):
        assert found.notes.get(id) == note, f"{guest.name} was told {note}"
    for guest in crowd:
        assert len({found.writers[id] for id in guest.notes}) <= 1, f"{guest.name} was taken for somebody new"
