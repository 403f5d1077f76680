"""Searches as one would write them by hand, for the databases themselves: see `benchmarks/search.py`."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import literal, make_url
from sqlalchemy.dialects import sqlite
from sqlmodel import select

from app.storage.annotations import SEEN

SHOWN = 6

SHOWN_OF = {
    "articles": """
        SELECT a.slug, a.language, a.title, a.author, a.words, highlight(search_article, 0, '[', ']')
        FROM search_article s JOIN article a ON a.id = s.rowid""",
    "passages": """
        SELECT a.slug, a.language, a.title, p.start, p.text, snippet(search_passage, 0, '[', ']', '…', 40)
        FROM search_passage s JOIN article a ON a.id = s.rowid / 1073741824
        JOIN paragraph p ON p.article_id = a.id AND p.revision = a.revision AND p.number = s.rowid / 256 % 4194304""",
    "notes": """
        SELECT annotation.id, a.slug, a.language, a.title, r.name, annotation.colour, annotation.root_id IS NOT NULL,
        annotation.note, coalesce(root.exact, annotation.exact), annotation.tags, annotation.created_at,
        snippet(search_note, 0, '[', ']', '…', 40)
        FROM search_note s JOIN annotation ON annotation.id = s.rowid JOIN article a ON a.id = annotation.article_id
        JOIN reader r ON r.id = annotation.reader_id LEFT JOIN annotation root ON root.id = annotation.root_id""",
}
COUNTED_OF = {
    "articles": "s.rowid FROM search_article s JOIN article a ON a.id = s.rowid",
    "passages": "s.rowid / 256 FROM search_passage s JOIN article a ON a.id = s.rowid / 1073741824",
    "notes": "s.rowid FROM search_note s JOIN annotation ON annotation.id = s.rowid",
}
BY_NAME = "SELECT rowid FROM search_reader WHERE search_reader MATCH :name"
_CLAUSE = select(literal(1)).where(SEEN).compile(dialect=sqlite.dialect(paramstyle="named"))
CLAUSE = str(_CLAUSE).split("WHERE", 1)[1]
_PG_CLAUSE = select(literal(1)).where(SEEN).compile(dialect=make_url("postgresql+psycopg://").get_dialect()())
PG_CLAUSE = str(_PG_CLAUSE).split("WHERE", 1)[1]


class Plain:
    """What one would write by hand: `asked` is what FTS5 is told, in which `{by}` stands for who is called `name`."""

    def __init__(self, driver: Any, reader: int, kinds: Sequence[str], asked: str, name: str = "") -> None:
        self.driver, self.kinds, self.asked, self.name = driver, kinds, asked, name
        self.known = {**_CLAUSE.params, "reader": reader}

    def __call__(self) -> None:
        asked = self.asked
        if self.name:
            by = " OR ".join(f'"_r{id}"' for (id,) in self.driver.execute(BY_NAME, {"name": self.name}))
            asked = asked.replace("{by}", f"({by})")
        known = self.known | {"asked": asked}
        for kind in self.kinds:
            where = f"search_{kind[:-1]} MATCH :asked AND {CLAUSE if kind == 'notes' else 'a.deleted_at IS NULL'}"
            order = "rank" if asked.strip('"')[:2] != "_t" else "s.rowid DESC"
            shown = self.driver.execute(f"{SHOWN_OF[kind]} WHERE {where} ORDER BY {order} LIMIT {SHOWN}", known)
            if len(shown.fetchall()) == SHOWN:
                counted = f"SELECT count(*) FROM (SELECT DISTINCT {COUNTED_OF[kind]} WHERE {where} LIMIT 1001)"
                self.driver.execute(counted, known).fetchall()


class PlainInPostgres(Plain):
    """The same by hand in PostgreSQL; what FTS5 is told is told in the words of a `tsquery`."""

    def __init__(self, driver: Any, reader: int, kinds: Sequence[str], asked: str, name: str = "") -> None:
        super().__init__(driver, reader, kinds, asked, name)
        self.known = {**_PG_CLAUSE.params, "reader": reader}

    def __call__(self) -> None:
        asked = self.asked
        if self.name:
            named = "SELECT rowid FROM search_reader WHERE terms @@ CAST(%(name)s AS tsquery)"
            found = self.driver.execute(named, {"name": in_tsquery(self.name)}).fetchall()
            asked = asked.replace("{by}", "(" + " OR ".join(f'"_r{id}"' for (id,) in found) + ")")
        known = self.known | {"asked": in_tsquery(asked)}
        for kind in self.kinds:
            seen = PG_CLAUSE if kind == "notes" else "a.deleted_at IS NULL"
            where = f", CAST(%(asked)s AS tsquery) AS q WHERE s.terms @@ q AND {seen}"
            order = "ts_rank(s.terms, q) DESC" if asked.strip('"')[:2] != "_t" else "s.rowid DESC"
            shown = re.sub(r"(highlight|snippet)\([^)]*\)", "ts_headline('simple', s.words, q)", SHOWN_OF[kind])
            shown = shown.replace("%", "%%")
            found = self.driver.execute(f"{shown}{where} ORDER BY {order} LIMIT {SHOWN}", known).fetchall()
            if len(found) == SHOWN:
                counted = f"SELECT DISTINCT {COUNTED_OF[kind]}{where} LIMIT 1001"
                self.driver.execute(f"SELECT count(*) FROM ({counted}) AS counted", known).fetchall()


def in_tsquery(asked: str) -> str:
    """An expression of FTS5's in PostgreSQL's words."""
    asked = re.sub(r'"([^"]*)"', lambda said: "(" + " <-> ".join(f"'{word}'" for word in said[1].split()) + ")", asked)
    asked = re.sub(r"\('([^']*)'\)\*", r"'\1':*", asked)
    return asked.replace(" AND ", " & ").replace(" NOT ", " & !").replace(" OR ", " | ")
