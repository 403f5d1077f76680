"""The library page with ten articles and with very many, the same reader's: CPU a request, one against the other.

`python -m benchmarks.shelf` prints each ratio and its bar.
"""

import argparse
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from app.storage import articles, collections, readings
from app.storage.annotations import annotate
from app.storage.articles import Article, Paragraph, Revision
from app.storage.database import Database, now
from app.storage.people.readers import welcome
from app.text import titles
from app.text.spans import Span
from app.web.entrance.dependencies import COOKIE
from benchmarks.measure import Act, Served, Times, free_port, interleaved, serving

FEW = 10
MANY = 100_000
AT_MOST = 1.5

LANGUAGES = ("en", "de", "uk", "ja")
READ = 8
"""How many articles the reader has begun, of whatever number there is; every other one they have finished."""

QUERIES = (
    "",
    "order=title",
    "order=longest",
    "order=shortest",
    "order=read",
    "show=unread",
    "show=reading",
    "show=finished",
    "show=mine",
    "show=archived",
    "language=uk",
    "language=uk&order=title",
    "show=unread&order=longest&language=de",
)


def make(path: Path, number: int) -> str:
    """A library of so many articles, of a paragraph each; gives the cookie of who has read some of them."""
    database = Database(f"sqlite:///{path}")
    database.migrate()
    with database.transaction() as session:
        _fill(session, number)
        reader, token = welcome(session, "Ada")
        for at in range(1, READ + 1):
            article = articles.get(session, at * (number // FEW))
            readings.keep_place(session, reader, article, 0, finished=at % 2 == 0)
            annotate(session, article, reader, Span(0, 8), note="A note, as short as most are.")
        collections.gather(session, "A collection", [articles.get(session, 1), articles.get(session, 2)])
        readings.archive(session, reader, articles.get(session, 1))
    database.close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return f"{COOKIE}={token}"


def _fill(session: Session, number: int) -> None:
    connection, ids = session.connection(), range(1, number + 1)
    named = {id: f"The {id * 7919 % number}th of them" for id in ids}
    of_all: dict[type[Any], list[dict[str, Any]]] = {Article: [], Revision: [], Paragraph: []}
    for id in ids:
        said = {"title": named[id], "language": LANGUAGES[id % 4], "words": id * 31 % 5000, "author": "N. Ames"}
        of_all[Article].append({"id": id, "slug": f"a-{id}", "title_key": titles.key(named[id]), **said} | _GIVEN)
        of_all[Revision].append({"article_id": id, "number": 1, "segmenter": "1", "created_at": now(), **said})
        of_all[Paragraph].append({"article_id": id, "number": 1} | _WORDS)
    for table, rows in of_all.items():
        connection.execute(insert(table), rows)


_GIVEN: dict[str, Any] = {"source": "", "revision": 1, "version": 1, "created_at": now(), "gathered": False}
_WORDS: dict[str, Any] = {
    "revision": 1,
    "start": 0,
    "end": 8,
    "kind": "paragraph",
    "text": "One two.",
    "sentences": "[0,8]",
    "structure": "",
}


def measured(many: int = MANY, rounds: int = 7, requests: int = 20) -> Times:
    with tempfile.TemporaryDirectory(prefix="postil-shelf-") as folder, _both(Path(folder), many) as acts:
        return interleaved(acts, rounds, requests)


@contextmanager
def _both(folder: Path, many: int) -> Iterator[dict[str, Act]]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("POSTIL_")}
    with ExitStack() as stack:
        acts: dict[str, Act] = {}
        for name, number in (("few", FEW), ("many", many)):
            home = folder / name
            home.mkdir()
            cookie = make(home / "postil.db", number)
            port = free_port()
            served = stack.enter_context(
                serving(
                    port,
                    folder / f"{name}.log",
                    environment | {"POSTIL_DATA_DIR": str(home), "POSTIL_RATE_LIMITS": "off"},
                    *("app.cli", "serve", "--port", str(port)),
                )
            )
            acts |= {f"{name} {query}": _reading(served, f"/?{query}", cookie) for query in QUERIES}
        yield acts


def _reading(server: Served, path: str, cookie: str) -> Act:
    def send(_number: int) -> None:
        answer = server.get(path, {"Cookie": cookie, "Accept-Encoding": "gzip"})
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {answer.body[:500]!r}")

    return Act(server, send)


def report(times: Times, many: int, show: Callable[[str], None]) -> None:
    for query in QUERIES:
        few, more = f"few {query}", f"many {query}"
        show(
            f"{times.ratio(more, few):5.2f} (at most {AT_MOST}): /?{query}"
            f" {times.microseconds(more):,.0f} µs with {many:,} articles : {times.microseconds(few):,.0f} µs with {FEW}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shelf", description=__doc__)
    parser.add_argument("--articles", type=int, default=MANY)
    chosen = parser.parse_args()
    report(measured(chosen.articles), chosen.articles, print)
