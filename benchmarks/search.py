"""Search in a large library against the same asked in plain SQL, by turns in one process.

`python -m benchmarks.search FOLDER` makes a library of 100,000 articles and a million notes in a folder (some minutes,
about two gigabytes, kept to be asked again) and prints, for each kind of query, how long Postil takes for what its page
shows, how long SQLite for the same written by hand, and the ratio. It may be 2. `python -m benchmarks.search URL` does
so in an empty PostgreSQL database.

By hand is: of each kind the six rows that the database's own order (FTS5's `rank`, `ts_rank`) puts first, with all that
the page shows of them, and the same clause for what the reader may see; where there are six, a second statement counts
them, up to 1,001 as the page does. Tags and readers are asked of the index by its keys. What SQL cannot do it is let
off: `highlight`, `snippet` and `ts_headline` mark the folded words, where Postil marks the words as they stand in the
text. SQLite's time is that of the processor; PostgreSQL answers from a process of its own, so there it is the clock's.
"""

import argparse
import itertools
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from sqlmodel import Session, select

from app.storage.database import Database, now
from app.storage.people.readers import Reader
from app.storage.searching import search
from app.storage.searching.hits import KINDS
from app.storage.searching.indexing import INDEXES, rebuild
from app.text import titles
from app.text.searching.indexed import tag_key
from app.text.searching.queries import query_of
from benchmarks.by_hand import SHOWN, Plain, PlainInPostgres

ARTICLES, PARAGRAPHS, NOTES, READERS = 100_000, 4, 1_000_000, 1_000
WORDS_A_PARAGRAPH, WORDS_A_NOTE = 60, 20
ROUNDS = 9
RARE = "quixotry"
TAG, BY = "ornithology", "Reader 77"
LETTERS = "etaoinshrdlucmfwypvbgkjqxz"


def make(database: Database) -> None:
    """Fill a library past the app: words in the usual proportions, every twentieth article in Chinese characters."""
    chance = random.Random(2026)
    words = sorted({"".join(chance.choices(LETTERS, k=chance.randint(2, 10))) for _ in range(40_000)}, key=len)
    weights = list(itertools.accumulate(1 / (place + 2) for place in range(len(words))))
    signs = [chr(0x4E00 + place) for place in range(3_000)]
    sign_weights = list(itertools.accumulate(1 / (place + 10) for place in range(len(signs))))
    lines = [
        chance.choices(words, cum_weights=weights, k=WORDS_A_PARAGRAPH) for _ in range(60_000)
    ]  # of which halves are put together anew
    in_signs = ["".join(chance.choices(signs, cum_weights=sign_weights, k=120)) for _ in range(20_000)]
    at = now().isoformat(sep=" ")

    def line(length: int) -> str:
        one, other = chance.choice(lines), chance.choice(lines)
        return " ".join([*one[: length // 2], *other[: length - length // 2]])

    def articles() -> Iterator[dict[str, Any]]:
        for id in range(1, ARTICLES + 1):
            title = f"{line(6)} {id}"
            yield {"id": id, "slug": f"a-{id}", "title": title, "key": titles.key(title), "at": at}

    def paragraphs() -> Iterator[dict[str, Any]]:
        for id in range(1, ARTICLES + 1):
            for number in range(1, PARAGRAPHS + 1):
                said = chance.choice(in_signs) if id % 20 == 0 else line(WORDS_A_PARAGRAPH)
                said += f" {RARE}" if (id + number) % 40_000 == 0 else ""
                yield {
                    "id": id,
                    "number": number,
                    "start": number * 1000,
                    "end": number * 1000 + len(said),
                    "text": said,
                }

    def notes() -> Iterator[dict[str, Any]]:
        for id in range(1, NOTES + 1):
            said = line(WORDS_A_NOTE) + (f" {RARE}" if id % 80_000 == 1 else "")
            tags = f"{TAG}, kept" if id % 2_000 == 1 else ""
            visibility = "me" if id % 5 == 0 else "everyone"
            yield {
                "id": id,
                "article": id % ARTICLES + 1,
                "reader": id % READERS + 1,
                "note": said,
                "tags": tags,
                "visibility": visibility,
                "at": at,
            }

    with database.transaction() as session:
        connection = session.connection()
        aside, back = set_aside(database, connection)
        for statement in aside:
            connection.exec_driver_sql(statement)
        for number in range(1, READERS + 1):
            session.add(Reader(id=number, name=f"Reader {number}"))
        session.flush()
        for statement, rows in (
            (
                (
                    "INSERT INTO article (id, slug, title, title_key, author, source, language, words, revision,"
                    " version, created_at) VALUES (:id, :slug, :title, :key, 'Somebody', '', 'en', 240, 1, 1, :at)"
                ),
                articles(),
            ),
            (
                (
                    'INSERT INTO paragraph (article_id, revision, number, start, "end", kind, text, sentences,'
                    " structure) VALUES (:id, 1, :number, :start, :end, 'p', :text, '[]', '')"
                ),
                paragraphs(),
            ),
            (
                (
                    "INSERT INTO annotation (id, article_id, revision, reader_id, exact, prefix, suffix, note,"
                    " note_html, colour, tags, visibility, created_at, updated_at)"
                    " VALUES (:id, :article, 1, :reader, 'x', '', '', :note, '', 'yellow', :tags,"
                    " :visibility, :at, :at)"
                ),
                notes(),
            ),
        ):
            if "paragraph" in statement:
                connection.exec_driver_sql(
                    "INSERT INTO revision (article_id, number, segmenter, created_at, title, author, source, language,"
                    " words)"
                    f" SELECT id, 1, 'none', '{at}', title, '', '', 'en', 240 FROM article"
                )
            while some := list(itertools.islice(rows, 20_000)):
                connection.execute(text(statement), some)
            print(f"{time.process_time():6.0f} s: {statement.split()[2]}", flush=True)
        rebuild(session)
        for statement in back:
            connection.exec_driver_sql(statement)
    if not database.sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    print(f"{time.process_time():6.0f} s: indexed", flush=True)


def set_aside(database: Database, connection: Connection) -> tuple[list[str], list[str]]:
    """What puts aside that the index is kept row by row, and what brings it back."""
    if database.sqlite:
        made = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        return [f"DROP TRIGGER {name}" for name, _ in made], [sql for _, sql in made]
    tables = ("article", "paragraph", "annotation", "reader")
    return (
        [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
        + [f"DROP INDEX ix_{index}_terms" for index in INDEXES],
        [f"CREATE INDEX ix_{index}_terms ON {index} USING gin (terms)" for index in INDEXES]
        + [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables],
    )


def kinds(session: Session) -> dict[str, tuple[str, str, str]]:
    """What is typed, what is the same to FTS5, and the reader by whom notes shall be; by kind."""
    common, second, third, *_ = sorted({*_some_words(session)}, key=lambda word: -_often(session, word))[:40]
    middling = next(word for word in _some_words(session) if 500 < _often(session, word) < 5_000)
    signs = (
        session.connection().execute(text("SELECT text FROM paragraph WHERE article_id = 20")).scalars().first() or ""
    )
    tag, name = f'"{tag_key(TAG)}"', '"reader 77"'
    return {
        "a rare word": (f"{RARE} ", f'"{RARE}"', ""),
        "a common word": (f"{common} ", f'"{common}"', ""),
        "a middling word": (f"{middling} ", f'"{middling}"', ""),
        "two common words": (f"{second} {third} ", f'"{second}" AND "{third}"', ""),
        "a common and a rare one": (f"{common} {RARE} ", f'"{common}" AND "{RARE}"', ""),
        "a phrase": (f'"{common} {second}"', f'"{common} {second}"', ""),
        "a beginning, 2 letters": (RARE[:2], f'"{RARE[:2]}"*', ""),
        "a beginning, 5 letters": (RARE[:5], f'"{RARE[:5]}"*', ""),
        "without a word": (f"{middling} -{common} ", f'"{middling}" NOT "{common}"', ""),
        "two Chinese characters": (signs[:2], f'"{signs[0]} {signs[1]}"', ""),
        "a tag": (f"tag:{TAG} ", tag, ""),
        "a tag and a common word": (f"tag:{TAG} {common} ", f'"{common}" AND {tag}', ""),
        "by somebody, a common word": (f'by:"{BY}" {common} ', f'"{common}" AND {{by}}', name),
    }


def _some_words(session: Session) -> list[str]:
    said = session.connection().execute(text("SELECT text FROM paragraph WHERE article_id BETWEEN 1 AND 12")).scalars()
    return list(dict.fromkeys(word for one in said for word in one.split() if word.isascii() and len(word) > 1))


def _often(session: Session, word: str) -> int:
    sqlite = session.get_bind().dialect.name == "sqlite"
    has = "search_note MATCH :asked" if sqlite else "terms @@ CAST(:asked AS tsquery)"
    asked = text(f"SELECT count(*) FROM (SELECT 1 FROM search_note WHERE {has} LIMIT 200000) AS found")
    return int(session.connection().execute(asked, {"asked": f'"{word}"' if sqlite else f"'{word}'"}).scalar_one())


def least(acts: list[Callable[[], object]], clock: Callable[[], float]) -> list[float]:
    """The shortest of several times of each, in seconds, taken by turns."""
    times = [[_timed(act, clock) for act in acts] for _ in range(ROUNDS)]
    return [min(one) for one in zip(*times, strict=True)]


def _timed(act: Callable[[], object], clock: Callable[[], float]) -> float:
    begun = clock()
    act()
    return clock() - begun


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("where", help="a folder, or the address of an empty PostgreSQL database")
    where = parser.parse_args().where
    database = Database(where if "://" in where else f"sqlite:///{Path(where) / 'postil.db'}")
    clock, by_hand = (time.process_time, Plain) if database.sqlite else (time.perf_counter, PlainInPostgres)
    database.migrate()
    with Session(database.engine) as session:
        there = session.exec(select(Reader).where(Reader.id == READERS)).first()
    if not there:
        make(database)
    with Session(database.engine) as session:
        reader = session.get_one(Reader, 7)
        driver: Any = session.connection().connection.driver_connection
        for kind, (typed, asked, name) in kinds(session).items():
            query = query_of(typed)

            def postil(query: Any = query) -> Any:
                return search.find(session, reader, query, limit=SHOWN)

            plain = by_hand(driver, 7, KINDS[2:] if query.about_notes else KINDS, asked, name)
            found = postil()
            ours, theirs = least([postil, plain], clock)
            number = ", ".join(
                f"{'>' if hits.more else ''}{hits.count:,} {of}" for of, hits in found.items() if hits.count
            )
            print(
                f"{ours / theirs:6.2f}  {ours * 1000:8.2f} ms : {theirs * 1000:9.2f} ms  {kind}: {typed!r} ({number})"
            )
    database.close()


if __name__ == "__main__":
    main()
