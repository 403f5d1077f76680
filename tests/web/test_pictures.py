"""Pictures as they are sent: for whom their address has been told, once, and as nothing else."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.main import create_app
from app.storage import articles, library
from app.storage.database import Database
from tests.conftest import BASE_URL, settings
from tests.html import Element
from tests.library import statements
from tests.pictures import illustrated, picture, pictured
from tests.web.conftest import browser, saved, seen, shared

BEE = picture(300, 200)


@pytest.fixture
def slug(database: Database) -> str:
    with database.transaction() as session:
        return articles.publish(session, illustrated(pictured(), pictured("Nowhere", "gone.png"), bee=BEE)).slug


def image(client: TestClient, path: str) -> Element:
    return seen(client, path).one("img")


def test_an_article_shows_its_picture_with_its_size_and_its_words(client: TestClient, slug: str) -> None:
    page = seen(client, f"/articles/{slug}")
    (shown,) = page.all("img")
    assert (shown["width"], shown["height"], shown["alt"]) == ("300", "200", "A bee on a flower")
    assert (shown["loading"], shown["decoding"]) == ("lazy", "async")
    assert [one.text for one in page.all("p", cls="picture")] == ["A bee on a flower", "Nowhere"]


def test_a_picture_is_sent_as_what_it_is_and_may_be_kept_for_good(client: TestClient, slug: str) -> None:
    address = image(client, f"/articles/{slug}")["src"]
    answer = browser(client).get(address)
    assert (answer.status_code, answer.content) == (200, BEE.content)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Content-Encoding" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_one_query_sends_it(client: TestClient, app: FastAPI, slug: str) -> None:
    address = image(client, f"/articles/{slug}")["src"]
    with statements(app.state.database.engine) as said:
        client.get(address)
    assert len([one for one in said if one.lower().startswith("select")]) == 1


@pytest.mark.parametrize("token", ["nothing", "A" * 22, "A" * 21 + "é", "%00"])
def test_an_address_that_leads_to_no_picture_is_absent(client: TestClient, slug: str, token: str) -> None:
    assert client.get(f"/pictures/{token}").status_code in (404, 422)


def test_the_pictures_of_a_deleted_article_are_absent(client: TestClient, database: Database, slug: str) -> None:
    address = image(client, f"/articles/{slug}")["src"]
    with database.transaction() as session:
        article = articles.by_slug(session, slug)
        assert article
        library.delete(session, article, None)
    assert client.get(address).status_code == 404


def test_where_access_is_closed_a_share_shows_its_pictures(url: str, slug: str) -> None:
    with TestClient(create_app(settings(url)), base_url=BASE_URL) as reader:
        link = shared(reader, saved(reader, f"/articles/{slug}", 0, 5))
    with TestClient(create_app(settings(url, access="closed")), base_url=BASE_URL) as visitor:
        assert visitor.get(f"/articles/{slug}", follow_redirects=False).status_code == 303
        answer = visitor.get(image(visitor, link)["src"])
        assert (answer.status_code, answer.content) == (200, BEE.content)
