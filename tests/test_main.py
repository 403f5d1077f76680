"""The house put together: what it does by itself while it serves."""

from datetime import timedelta

import pytest
from sqlmodel import update
from starlette.testclient import TestClient

from app import main
from app.main import create_app
from app.storage.annotations import Annotation
from app.storage.database import Database, now
from tests.conftest import BASE_URL, settings, start_server, wait_until
from tests.library import everything


def delete_all(database: Database) -> None:
    """As if everything had been deleted a month and more ago."""
    with database.engine.begin() as connection:
        connection.execute(update(Annotation).values(deleted_at=now() - timedelta(days=40)))


def test_once_a_day_what_was_deleted_long_ago_is_purged(
    url: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete_all(database)
    monkeypatch.setattr(main, "A_DAY", 0.1)
    with TestClient(create_app(settings(url)), base_url=BASE_URL) as client:
        wait_until(lambda: not everything(database)["annotation"], "nothing has been purged")
        assert client.get("/healthz").status_code == 200


def test_serving_begins_with_purging(url: str, database: Database, tmp_path_factory: pytest.TempPathFactory) -> None:
    delete_all(database)
    for days, left in (("60", True), ("30", False)):
        folder = tmp_path_factory.mktemp("served")
        server = start_server(folder, POSTIL_DATABASE_URL=url, POSTIL_PURGE_DAYS=days)
        server.process.terminate()
        server.process.wait(20)
        assert bool(everything(database)["annotation"]) == left
