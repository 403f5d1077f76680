"""The guard that every test of the app stands under: it sees who asks for annotations past the one clause."""

import pytest
from fastapi import FastAPI
from sqlalchemy import Executable
from sqlalchemy import text as sql
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from app.storage import annotations
from app.storage.annotations import SEEN, Annotation, Placement
from app.storage.database import Database
from app.storage.people.readers import Reader
from tests.clause import BESIDE_IT, guarded
from tests.conftest import ARTICLE, ROOT


def test_what_asks_the_clause_is_let_through(database: Database) -> None:
    with guarded(database.engine) as beside, Session(database.engine) as session:
        assert annotations.by_id(session, None, 1)
        session.exec(select(Annotation.id).where(SEEN).limit(1), params={"reader": 7}).all()
        session.exec(select(Placement.start, Annotation.id).join(Annotation).where(SEEN), params={"reader": None}).all()
    assert beside == []


@pytest.mark.parametrize(
    "statement",
    [
        select(Annotation),
        select(Annotation.id).where(Annotation.visibility == "everyone"),
        select(Annotation).where(Annotation.reader_id == 1),
        select(Placement.start).join(Annotation).where(Annotation.id == 1),
        select(Reader.name).where(col(Reader.id).in_(select(Annotation.reader_id))),
        sql("SELECT note\n FROM\n annotation"),
        sql("WITH all_of_them AS (SELECT note FROM annotation) SELECT * FROM all_of_them"),
    ],
    ids=str,
)
def test_what_does_not_is_seen(database: Database, statement: Executable) -> None:
    with guarded(database.engine) as beside, Session(database.engine) as session:
        session.execute(statement).all()
    assert len(beside) == 1


def test_to_fetch_one_by_its_id_is_seen_too(database: Database) -> None:
    with guarded(database.engine) as beside, Session(database.engine) as session:
        session.get(Annotation, 1)
    assert len(beside) == 1


def test_the_app_is_watched(app: FastAPI, client: TestClient) -> None:
    with guarded(app.state.database.engine) as beside:
        assert client.get(ARTICLE).status_code == 200
    assert beside == []


@pytest.mark.parametrize("name", BESIDE_IT)
def test_who_may_ask_beside_it_is_there(name: str) -> None:
    file, function = name.split(".")
    found = (ROOT / "app" / "storage").rglob(f"{file}.py")
    assert any(f"\ndef {function}(" in path.read_text("utf-8") for path in found)
