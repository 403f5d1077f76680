"""Search in a large library against the same asked in plain SQL, by turns in one process.

`python -m benchmarks.search FOLDER` makes a library of 100,000 articles and a million notes in a folder (some minutes,
about two gigabytes, kept to be asked again) and prints, for each kind of query, how long Postil takes for what its page
shows, how long SQLite for the same rows ranked by its own `rank`, and the ratio. It may be 2.
"""

import argparse
import itertools
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, select

from app.storage import search
from app.storage.database import Database, now
from app.storage.indexing import rebuild
from app.storage.readers import Reader
from app.text import titles
from app.text.queries import query_of

ARTICLES, PARAGRAPHS, NOTES, READERS = 100_000, 4, 1_000_000, 1_000
WORDS_A_PARAGRAPH, WORDS_A_NOTE = 60, 20
SHOWN = 6
ROUNDS = 9
RARE = "quixotry"
TAG, BY = "ornithology", "Reader 77"
LETTERS = "etaoinshrdlucmfwypvbgkjqxz"

SAME = {
    "articles": """
        SELECT a.slug, a.title, a.author, highlight(search_article, 0, '[', ']')
        FROM search_article s JOIN article a ON a.id = s.rowid
        WHERE search_article MATCH :asked AND a.deleted_at IS NULL ORDER BY rank LIMIT 6""",
    "passages": """
        SELECT a.slug, a.title, p.start, p.text, snippet(search_passage, 0, '[', ']', '…', 40)
        FROM search_passage s JOIN article a ON a.id = s.rowid / 1073741824
        JOIN paragraph p ON p.article_id = a.id AND p.revision = a.revision AND p.number = s.rowid / 256 % 4194304
        WHERE search_passage MATCH :asked AND a.deleted_at IS NULL ORDER BY rank LIMIT 6""",
    "notes": """
        SELECT n.id, a.slug, a.title, r.name, n.note, n.tags, n.created_at, snippet(search_note, 0, '[', ']', '…', 40)
        FROM search_note s JOIN annotation n ON n.id = s.rowid JOIN article a ON a.id = n.article_id
        JOIN reader r ON r.id = n.reader_id
        WHERE search_note MATCH :asked AND n.deleted_at IS NULL AND a.deleted_at IS NULL
        AND (n.reader_id = :reader OR n.visibility = 'everyone' AND n.hidden_at IS NULL) {more}
        ORDER BY rank LIMIT 6""",
}
"""What one would write by hand, for a reader who is in no group."""


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
        made = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        triggers = connection.execute(text(made)).all()
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
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
        for _, trigger in triggers:
            connection.exec_driver_sql(trigger)
    print(f"{time.process_time():6.0f} s: indexed", flush=True)


def kinds(session: Session) -> dict[str, tuple[str, str, str]]:
    """What is typed, what is the same to FTS5, and what more SQL narrows notes down by; by kind."""
    common, second, third, *_ = sorted({*_some_words(session)}, key=lambda word: -_often(session, word))[:40]
    middling = next(word for word in _some_words(session) if 500 < _often(session, word) < 5_000)
    signs = (
        session.connection().execute(text("SELECT text FROM paragraph WHERE article_id = 20")).scalars().first() or ""
    )
    tagged = "AND ', ' || n.tags || ', ' LIKE '%, ornithology, %'"
    by = "AND n.reader_id IN (SELECT id FROM reader WHERE name = 'Reader 77')"
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
        "a tag": (f"tag:{TAG} ", "", tagged),
        "a tag and a common word": (f"tag:{TAG} {common} ", f'"{common}"', tagged),
        "by somebody, a common word": (f'by:"{BY}" {common} ', f'"{common}"', by),
    }


def _some_words(session: Session) -> list[str]:
    said = session.connection().execute(text("SELECT text FROM paragraph WHERE article_id BETWEEN 1 AND 12")).scalars()
    return list(dict.fromkeys(word for one in said for word in one.split() if word.isascii() and len(word) > 1))


def _often(session: Session, word: str) -> int:
    asked = text("SELECT count(*) FROM (SELECT 1 FROM search_note WHERE search_note MATCH :asked LIMIT 200000)")
    return int(session.connection().execute(asked, {"asked": f'"{word}"'}).scalar_one())


def least(acts: list[Callable[[], object]]) -> list[float]:
    """The shortest of several times of each, in seconds of this process, taken by turns."""
    times = [[_timed(act) for act in acts] for _ in range(ROUNDS)]
    return [min(one) for one in zip(*times, strict=True)]


def _timed(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("folder", type=Path)
    path = parser.parse_args().folder / "postil.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    with Session(database.engine) as session:
        there = session.exec(select(Reader).where(Reader.id == READERS)).first()
    if not there:
        make(database)
    with Session(database.engine) as session:
        reader = session.get_one(Reader, 7)
        driver: Any = session.connection().connection.driver_connection
        for kind, (typed, asked, more) in kinds(session).items():
            query = query_of(typed)

            def postil(query: Any = query) -> Any:
                return search.find(session, reader, query, limit=SHOWN)

            def plain(asked: str = asked, more: str = more) -> None:
                for of, statement in SAME.items():
                    if more and of != "notes":
                        continue
                    said = statement.format(more=more) if of == "notes" else statement
                    if not asked:
                        said = said.replace("search_note MATCH :asked AND", "").replace("rank", "n.id DESC")
                        said = said.replace("snippet(search_note, 0, '[', ']', '…', 40)", "''")
                    driver.execute(said, {"asked": asked, "reader": 7}).fetchall()

            found = postil()
            ours, theirs = least([postil, plain])
            number = ", ".join(
                f"{'>' if hits.more else ''}{hits.count:,} {of}" for of, hits in found.items() if hits.count
            )
            print(
                f"{ours / theirs:6.2f}  {ours * 1000:8.2f} ms : {theirs * 1000:9.2f} ms  {kind}: {typed!r} ({number})"
            )
    database.close()


if __name__ == "__main__":
    main()
