"""A deleted article: it is there for nobody, nor is anything that is about it, until it is brought back."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.storage import collections, library
from app.storage.annotations import Annotation, annotate
from app.storage.articles import Article, NotesClosed
from app.storage.database import Database, now
from app.storage.keeping import purging
from app.storage.moderation import Flag
from app.storage.people import readers
from app.text.spans import Span
from tests.library import everything, mark, publish, welcome
from tests.web.conftest import browser, own, saved, seen, send, shared
from tests.web.roles import ROLES, STATES, World, made, word
from tests.web.test_crawl import addresses, found_in


@pytest.fixture
def world(client: TestClient, database: Database) -> World:
    return made(client, database)


@pytest.fixture
def secrets(world: World, database: Database) -> set[str]:
    """Every word that stands on the article, and words of its own for its title and its text."""
    title, text = word(), word()
    with database.transaction() as session:
        article = session.exec(select(Article).where(Article.slug == world.text.rpartition("/")[2])).one()
        article.title = f"A matrix {title}"
        article.source = text
        session.add(article)
        other = session.exec(select(Article).where(Article.id != article.id)).first()
        assert other
        collections.gather(session, "A book", [article, other])
    send(world.clients["reader"], f"/annotations/{world.ids['everyone']}/flags", reason="Rude")
    return {title, text} | {world.words[state] for state in STATES} | {world.tags[state] for state in STATES}


def delete(world: World) -> None:
    answer = send(world.clients["owner"], f"{world.text}/delete")
    assert answer.status_code == 303, answer.text


OWNERS = ("/?undo=", "/?show=deleted", "/moderation/log")
"""Where who keeps the library sees the title of what is deleted: to bring it back, and what was done."""


# The clause itself is asked on both kinds of database by the test below; here it is the routes that are asked.
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", [*ROLES, "author"])
def test_nothing_of_a_deleted_article_comes_out_anywhere(
    app: FastAPI, world: World, secrets: set[str], role: str
) -> None:
    delete(world)
    client = world.author if role == "author" else world.clients[role]
    lists = [
        "/",
        "/?show=archived",
        "/?show=mine",
        "/notes",
        "/notes.json",
        "/account/export",
        "/shares",
        "/collections/a-book",
    ]
    shelves = [f"/?q={secret}" for secret in secrets] + [f"/notes?q={secret}" for secret in secrets]
    for path in [*addresses(app, world), *lists, *shelves]:
        if role == "owner" and path.startswith(OWNERS):
            continue
        answer = client.get(path, follow_redirects=False)
        assert answer.status_code < 500, path
        assert found_in(answer, secrets - {path.rpartition("=")[2]}) == set(), path
    for path in list(addresses(app, world)):
        if path.startswith(("/session", "/account", "/join")) or path.endswith("/restore"):
            continue
        answer = send(client, path, note="Words", reason="Words", scope="article", name="A name", title="A title")
        assert answer.status_code < 500, path
        assert found_in(answer, secrets) == set(), path


def test_its_pages_say_that_it_is_gone_and_its_notes_are_not_there(world: World, secrets: set[str]) -> None:
    delete(world)
    for client in (world.author, *world.clients.values()):
        assert client.get(world.text).status_code == 410
        assert client.get(f"{world.text}/annotations").status_code == 410
        assert client.get(f"{world.text}/paragraphs/1").status_code == 410
        for path in [*world.shares.values(), world.of_article, world.of_group]:
            assert client.get(path.partition("#")[0]).status_code == 410
            assert client.get(path.partition("#")[0] + "/card.png").status_code == 410
        for state in STATES:
            for what in ("", "/edit", "/replies/new", "/shares/new", "/flags/new"):
                assert client.get(f"/annotations/{world.ids[state]}{what}").status_code == 404
    for state in STATES:
        for what in ("", "/delete", "/restore", "/replies", "/resolve", "/flags", "/shares"):
            assert send(world.author, f"/annotations/{world.ids[state]}{what}", note="Anew").status_code == 404
    assert send(world.author, f"{world.text}/annotations", start=0, end=3, note="Mine").status_code == 410
    assert "flag" not in seen(world.clients["owner"], "/").by_id("me").text
    assert seen(world.clients["owner"], "/moderation").all("article", cls="reported") == []


def test_it_comes_back_as_it_was(world: World, secrets: set[str], database: Database) -> None:
    def without_versions() -> dict[str, object]:
        rows = everything(database)
        left_out = {"log", "article", "share", "session"}
        return {name: some for name, some in rows.items() if name not in left_out}

    before, page = without_versions(), seen(world.author, world.text).text
    delete(world)
    undo = seen(world.clients["owner"], f"/?undo={world.text.rpartition('/')[2]}").by_id("status").one("form")
    assert send(world.clients["owner"], undo["action"]).headers["Location"] == world.text
    assert without_versions() == before
    assert seen(world.author, world.text).text == page
    assert world.author.get(world.shares["everyone"].partition("#")[0]).status_code == 200


@pytest.mark.parametrize("role", [role for role in ROLES if role != "owner"])
def test_who_may_not_publish_deletes_nothing_and_brings_nothing_back(world: World, role: str) -> None:
    client = world.clients[role]
    refused = 403 if role == "banned" else 404
    assert send(client, f"{world.text}/delete").status_code == refused
    assert world.author.get(world.text).status_code == 200
    delete(world)
    assert send(client, f"{world.text}/restore").status_code == refused
    assert world.author.get(world.text).status_code == 410
    assert "Undo" not in client.get(f"/?undo={world.text.rpartition('/')[2]}").text


def test_its_address_is_kept_for_it(client: TestClient, text: str, database: Database) -> None:
    own(client)
    send(client, f"{text}/delete")
    assert publish(database, "Words.") == "a-text-2"
    assert client.get("/articles/nowhere").status_code == 404
    send(client, f"{text}/restore")
    assert client.get(text).status_code == 200


def test_a_note_that_is_written_while_it_is_deleted_is_refused(session: Session, article: Article) -> None:
    ada, _ = readers.welcome(session, "Ada")
    library.delete(session, article, None)
    with pytest.raises(NotesClosed, match="deleted"):
        annotate(session, article, ada, Span(0, 3), note="Late")


def test_after_a_while_it_goes_for_good(client: TestClient, text: str, other: TestClient, database: Database) -> None:
    own(client)
    slug = text.rpartition("/")[2]
    note = saved(other, text, note="Of it")
    shared(other, note)
    send(client, f"/annotations/{note}/replies", note="An answer")
    send(client, f"/annotations/{note}/flags", reason="Rude")
    kept = mark(database, publish(database, "Other words."), 0, 5, welcome(database, "Cyd")[1], note="Stays")
    send(client, f"{text}/delete")
    purging.purge(database, 30)
    assert client.get(text).status_code == 410
    with database.transaction() as session:
        gone = session.exec(select(Article).where(Article.slug == slug)).one()
        gone.deleted_at = now() - timedelta(days=31)
        session.add(gone)
        id = gone.id
    purging.purge(database, 30)
    assert client.get(text).status_code == 404
    assert send(client, f"{text}/restore").status_code == 404
    rows = everything(database)
    for name in ("annotation", "paragraph", "revision", "share", "placement", "part", "reading"):
        assert all(getattr(row, "article_id", None) != id for row in rows[name]), name
    with database.transaction() as session:
        assert session.get(Annotation, kept)
        assert session.exec(select(Flag)).all() == []
    assert browser(client).get("/").status_code == 200
