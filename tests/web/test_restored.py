"""What has been restored from a backup gives every reader the answers that they had before, on either database."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.main import create_app
from app.storage.database import Database
from app.storage.keeping.backups import backup, restore
from tests.conftest import BASE_URL, settings
from tests.web.roles import World, made
from tests.web.test_crawl import addresses

ELSEWHERE = {"sqlite": "postgresql", "postgresql": "sqlite"}


@pytest.fixture
def world(client: TestClient, database: Database) -> World:
    return made(client, database)


@pytest.fixture(params=["the same", "the other"])
def other_url(request: pytest.FixtureRequest, backend: str, tmp_path: Path) -> Iterator[str]:
    """Another library with nothing in it, on the same kind of database or on the other."""
    kind = backend if request.param == "the same" else ELSEWHERE[backend]
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'other.db'}"
        return
    cluster = request.getfixturevalue("cluster")
    cluster.run("CREATE DATABASE restored")
    Database(cluster.url("restored")).migrate()
    yield cluster.url("restored")
    cluster.run("DROP DATABASE restored WITH (FORCE)")


def answers(app: FastAPI, world: World) -> dict[tuple[str, str], tuple[int, str]]:
    """What some readers are answered at each address."""
    found = {}
    paths = sorted({path for path in addresses(app, world) if "/static/" not in path and "card" not in path})
    for role in ("member", "owner", "signed out"):
        with TestClient(app, base_url=BASE_URL, cookies=dict(world.clients[role].cookies)) as client:
            for path in paths:
                answer = client.get(path, follow_redirects=False)
                found[role, path] = (answer.status_code, f"{answer.headers.get('Location')} {answer.text}")
    return found


def test_readers_are_answered_as_before(
    app: FastAPI, world: World, database: Database, other_url: str, tmp_path: Path
) -> None:
    backup(database, tmp_path / "kept.db")
    before = answers(app, world)  # which counts who opens shares
    assert sum(status == 200 for status, _ in before.values()) > 60
    other = Database(other_url)
    restore(other, tmp_path / "kept.db", tmp_path)
    other.close()
    after = answers(create_app(settings(other_url)), world)
    assert {key for key in before if before[key] != after[key]} == set()
    assert re.search(world.words["everyone"], str(after))
