"""The library that is measured: the seed article with twenty notes of several readers, one of them a known guest."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cli import load_seeds
from app.storage import articles
from app.storage.annotations import annotate
from app.storage.articles import Block
from app.storage.database import Database
from app.storage.margins import annotations_seen_by
from app.storage.people.readers import welcome
from app.text.spans import Span
from app.web.entrance.dependencies import COOKIE

NOTES = 20
READERS = 4


@dataclass
class Passage:
    start: int
    end: int
    exact: str


@dataclass
class Library:
    """What a client must know: the article, the guest's cookie, and a passage of each paragraph."""

    slug: str
    article_id: int
    reader_id: int
    cookie: str
    passages: list[Passage]


def make(path: Path) -> Library:
    database = Database(f"sqlite:///{path}")
    database.migrate()
    with database.transaction() as session:
        load_seeds(session)
        article = articles.every(session)[0]
        guests = [welcome(session) for _ in range(READERS)]
        blocks = articles.paragraphs_of(session, article)
        passages = [_passage(block) for block in blocks]
        for number in range(NOTES - len(annotations_seen_by(session, None, article))):
            reader, _ = guests[number % READERS]
            at = passages[number * len(passages) // NOTES]
            note = f"A remark, the {number}th, with *some* weight and a [link](https://example.org/{number})."
            annotate(session, article, reader, Span(at.start, at.end), note=note)
        reader, token = guests[0]
        made = Library(article.slug, article.id, reader.id, f"{COOKIE}={token}", passages)
    database.close()
    # All of it into the one file, which can then be copied.
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return made


def without_index(path: Path) -> None:
    """Have a library keep no index of words, as one that cannot be searched."""
    with sqlite3.connect(path) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
    connection.close()


def _passage(block: Block) -> Passage:
    """A paragraph's first sentence."""
    span = block.sentence_spans[0]
    return Passage(span.start, span.end, span.shifted(-block.start).of(block.text))


class Hand:
    """Writes to a library behind its server's back: durably enough, and without costing the server a request."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._kept = self._connection.execute("SELECT id, note_html FROM annotation").fetchall()
        self._changes = 0

    def change_every_note(self) -> None:
        """Make every page of the article, and every row of it with a note, another one."""
        self._changes += 1
        self._write(
            ("UPDATE annotation SET note_html = ? WHERE id = ?", (f"{html}<!-- {self._changes:06} -->", id))
            for id, html in self._kept
        )

    def put_back(self) -> None:
        """Take away every note that was saved, and every change to those that were there."""
        self._write(
            [
                ("DELETE FROM annotation WHERE id > ?", (max(id for id, _ in self._kept),)),
                *(("UPDATE annotation SET note_html = ? WHERE id = ?", (html, id)) for id, html in self._kept),
            ]
        )

    def _write(self, statements: Any) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for statement, values in statements:
            self._connection.execute(statement, values)
        self._connection.execute("UPDATE article SET version = version + 1")
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()
