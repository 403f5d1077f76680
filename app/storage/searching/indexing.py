"""The index of words that `search` asks: whether it is what the tables say, and that migrations leave it kept."""

import re
from collections.abc import Callable, Iterator

from sqlalchemy import Connection, inspect, text
from sqlmodel import Session

INDEXES = ("search_article", "search_passage", "search_note", "search_reader")

TRIGGERS = (
    *("search_article_made", "search_article_named", "search_article_revised", "search_article_gone"),
    *("search_paragraph_made", "search_paragraph_changed", "search_paragraph_gone"),
    *("search_annotation_made", "search_annotation_changed", "search_annotation_gone"),
    *("search_reader_made", "search_reader_named", "search_reader_gone"),
)

# What should be in each index: its rowids, and the words of each.
_SHOULD = {
    "search_article": "SELECT id, postil_title_words(title, author) FROM article",
    "search_passage": (
        "SELECT p.article_id * 1073741824 + p.number * 256 + piece.key, piece.value FROM article a"
        " JOIN paragraph p ON p.article_id = a.id AND p.revision = a.revision,"
        " {pieces} AS piece"
    ),
    "search_note": (
        "SELECT id, postil_note_words(note, tags, article_id, reader_id, visibility, group_id, hidden_at IS NOT NULL)"
        " FROM annotation WHERE deleted_at IS NULL"
    ),
    "search_reader": "SELECT id, postil_words(name) FROM reader",
}


def is_index(table: str) -> bool:
    """Whether a table belongs to the index: it is made of the others, and kept by the database."""
    return table.startswith(INDEXES)


def check(session: Session) -> Iterator[str]:
    """What is wrong with the index, in words: nothing, unless somebody has meddled with the database.

    Reads all of the library once.
    """
    sqlite = _is_sqlite(session)
    missing = set(TRIGGERS) - _triggers(session.connection(), sqlite)
    if missing:
        yield f"the index of words is no longer kept: {', '.join(sorted(missing))}"
    for index in INDEXES:
        if sqlite and (damage := _damage(session, index)):
            yield f"{index}: {damage}"
            continue
        should = f"WITH should (id, words) AS ({_should(index, sqlite)})"
        # Each in time that grows with the library alone: the words of a row are made where it is met, and once.
        wrong = {
            "not indexed": f"FROM should LEFT JOIN {index} ON rowid = id WHERE rowid IS NULL",
            "indexed with other words": (
                f"FROM should CROSS JOIN {index} WHERE rowid = id AND {index}.words <> should.words"
            ),
            "indexed, and not there": f"FROM (SELECT rowid FROM {index} EXCEPT SELECT id FROM should) AS astray",  # noqa: S608
        }
        if not sqlite:
            wrong["indexed by other words"] = f"FROM {index} WHERE terms <> postil_terms(words)"
        for what, rows in wrong.items():
            number = session.connection().execute(text(f"{should} SELECT count(*) {rows}")).scalar_one()
            if number:
                yield f"{index}: {number:,} {what}"


def rebuild(session: Session) -> None:
    """Make the index anew of what the tables say."""
    sqlite = _is_sqlite(session)
    for index in INDEXES:
        session.connection().execute(text(f"DELETE FROM {index}"))  # noqa: S608
        session.connection().execute(text(f"INSERT INTO {index} (rowid, words) {_should(index, sqlite)}"))


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _should(index: str, sqlite: bool) -> str:
    pieces = "postil_passage_words(p.text, p.article_id)"
    return _SHOULD[index].format(pieces=f"json_each({pieces})" if sqlite else pieces)


def _triggers(connection: Connection, sqlite: bool) -> set[str]:
    asked = "SELECT name FROM sqlite_master WHERE type = 'trigger'" if sqlite else "SELECT tgname FROM pg_trigger"
    return set(connection.execute(text(asked)).scalars())


def _damage(session: Session, index: str) -> str:
    """What SQLite finds wrong with an index: whether the words that it has are those of its rows.

    Not by FTS5's own `integrity-check`, which would keep everybody else from writing until all has been looked at.
    """
    found = session.connection().execute(text(f"PRAGMA integrity_check({index})")).scalars().all()
    return "; ".join(said for said in found if said != "ok")


# ── migrations


def keeping_triggers(connection: Connection) -> Callable[..., None]:
    """What to call after each migration: brings back the triggers of a table that SQLite has rebuilt.

    To rebuild a table it drops the old one, and with it its triggers.
    """
    known: dict[str, tuple[str, str]] = {}

    def bring_back(**_said: object) -> None:
        if connection.dialect.name != "sqlite":
            return
        asked = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
        there = {name: (table, sql) for name, table, sql in connection.execute(text(asked))}
        tables = set(inspect(connection).get_table_names())
        for name in known.keys() - there.keys():
            table, sql = known[name]
            if table in tables and tables.issuperset(re.findall(r"\bsearch_(?:article|passage|note|reader)\b", sql)):
                connection.exec_driver_sql(sql)
        known.update(there)

    bring_back()
    return bring_back
