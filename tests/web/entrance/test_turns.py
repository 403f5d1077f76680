"""Turns: whoever asks for what takes long holds up nobody else."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

import pytest
from anyio import CapacityLimiter
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from app.storage import articles, revisions
from app.storage.database import AT_ONCE, Database
from app.text.drafts import Draft, DraftParagraph
from app.web.entrance.turns import LONG
from tests.conftest import ARTICLE
from tests.library import publish
from tests.web.conftest import own, saved, send, shared

MANY = AT_ONCE + 2
"""More than there may be transactions that read."""

WORDS = "a " * 6_000

FORM = {"title": "Long", "language": "en", "text": "One.\n\nTwo.", "based_on": "2", "deed": "preview"}


@pytest.fixture
def long(client: TestClient, database: Database) -> str:
    """Where an article stands that takes long to be shown, and has been revised once; the client owns the library."""
    own(client)
    slug = publish(database, "One two.", *[WORDS] * 9, title="Long")
    with database.transaction() as session:
        article = articles.by_slug(session, slug)
        assert article
        assert article.words > LONG
        then = Draft("Long", tuple(map(DraftParagraph, ["One two.", *[WORDS] * 9, "b" * (LONG + 1)])), language="en")
        revisions.revise(session, article, then, None, based_on=1)
    return f"/articles/{slug}"


@contextmanager
def taken(client: TestClient, app: FastAPI) -> Iterator[None]:
    """Meanwhile all turns are somebody else's."""
    turns: CapacityLimiter = app.state.turns
    assert client.portal
    others = [object() for _ in range(int(turns.total_tokens))]
    for one in others:
        client.portal.call(turns.acquire_on_behalf_of, one)
    try:
        yield
    finally:
        for one in others:
            client.portal.call(turns.release_on_behalf_of, one)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "path",
    [
        "",
        "?revision=1",
        "/compare",
        "/compare?from=2&to=1",
        "/edit",
        "/annotations/new?paragraph=11",
        "/revisions/1/restore",
        "share",
        "POST",
        "POST /revisions/1/restore",
    ],
)
def test_who_waits_for_what_is_long_holds_up_nobody(client: TestClient, app: FastAPI, long: str, path: str) -> None:
    if path == "share":
        id = saved(client, long, 0, 8, exact="One two.", revision=2)
        path = shared(client, id, "article").partition("#")[0]
    elif not path.startswith("POST"):
        path = f"{long}{path}"

    def ask(number: int) -> Response:
        if path == "POST":
            text = f"{number}. {'b ' * 9_000}"
            return client.post(long, files={name: (None, said) for name, said in (FORM | {"text": text}).items()})
        if path.startswith("POST"):
            return send(client, f"{long}/revisions/1/restore", based_on=2)
        return client.get(f"{path}{'&' if '?' in path else '?'}x={number}")

    with ThreadPoolExecutor(MANY) as pool:
        with taken(client, app):
            asked: list[Future[Response]] = [pool.submit(ask, number) for number in range(MANY)]
            for _ in range(3):
                assert client.get("/").status_code == client.get(ARTICLE).status_code == 200
            assert saved(client, ARTICLE, 0, 8)
            assert not wait(asked, timeout=0.5).done
        assert {one.result().status_code for one in asked} <= {200, 303, 409}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_whose_turn_does_not_come_is_told_so_and_has_their_words_back(
    client: TestClient, app: FastAPI, long: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.entrance.turns.PATIENCE", 0.2)
    with taken(client, app):
        looked = client.get(long)
        text = f"My words. {'b ' * 9_000}"
        brought = client.post(long, files={name: (None, said) for name, said in (FORM | {"text": text}).items()})
    for answer in (looked, brought):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "30"
        assert "Others have long texts read" in answer.text
    assert "My words." in brought.text
    assert client.get(long).status_code == 200


def test_what_is_short_waits_for_nobody(client: TestClient, app: FastAPI, long: str) -> None:
    with taken(client, app):
        for path in (ARTICLE, f"{ARTICLE}/edit", f"{long}/annotations/new?paragraph=1", f"{long}/revisions"):
            assert client.get(path).status_code == 200


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_long_import_is_looked_at_in_its_turn(client: TestClient, app: FastAPI, long: str) -> None:
    text = f"# Long\n\n{'Bees hum. ' * 60_000}"
    brought = client.post("/articles", files={"file": ("bees.md", text.encode())}, follow_redirects=False)
    path = brought.headers["Location"]
    for _ in range(600):
        if "being read" not in (page := client.get(path).text) and 'id="progress"' not in page:
            break
    assert "Look at it before you publish" in page
    with ThreadPoolExecutor(1) as pool:
        with taken(client, app):
            asked = pool.submit(client.get, path)
            assert client.get("/").status_code == 200
            assert not wait([asked], timeout=3).done
        assert asked.result().status_code == 200
