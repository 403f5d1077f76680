"""Collections: who puts them together, and what one reads of them."""

import pytest
from starlette.testclient import TestClient

from app.storage import articles
from app.storage.database import Database
from tests.library import publish, statements
from tests.web.conftest import own, saved, seen, send, sign_up


@pytest.fixture
def book(client: TestClient, database: Database) -> str:
    """Where a collection of three stands, made by the library's owner."""
    own(client)
    for title in ("The well", "The road", "The gate"):
        publish(database, "One two three. Four five.", "Six seven eight.", title=title)
    made = send(client, "/collections", title="Three places", author="N. Ames").headers["Location"]
    path = made.removesuffix("/edit")
    lines = "/articles/the-well\n http://127.0.0.1:8000/articles/the-road?notes=mine#p0\r\nTHE GATE"
    assert send(client, path, title="Three places", author="N. Ames", add=lines).headers["Location"] == path
    return path


def contents(client: TestClient, path: str) -> list[str]:
    return [one.text for one in seen(client, path).one("ol", cls="contents").all("h2")]


def test_articles_are_found_by_address_and_by_title(client: TestClient, other: TestClient, book: str) -> None:
    assert contents(other, book) == ["The well", "The road", "The gate"]
    page = seen(other, book)
    assert "N. Ames" in page.text
    assert "3 articles · 3 min" in page.text
    assert "Three places" in seen(other, "/collections").text
    assert "Three places" in seen(other, "/").text


def test_what_names_no_article_comes_back_to_be_mended(client: TestClient, book: str) -> None:
    answer = send(client, book, title="Three places, or four", add="The road\nThe hill")
    assert answer.status_code == 422
    assert "There is no article The hill" in answer.text
    assert "Three places, or four" in answer.text
    assert contents(client, book) == ["The well", "The road", "The gate"]
    assert seen(client, book).one("h1").text == "Three places"


def test_the_order_is_changed_and_articles_taken_out(client: TestClient, book: str, database: Database) -> None:
    form = seen(client, f"{book}/edit")
    ids = [field["value"] for field in form.all("input") if field.attributes.get("name") == "article"]
    send(client, book, title="Places", article=ids, position=["1", "2", "1"], out=[ids[1]])
    assert contents(client, book) == ["The gate", "The well"]
    assert seen(client, book).one("h1").text == "Places"
    with database.transaction() as session:
        assert articles.by_slug(session, "the-road")


def test_what_is_deleted_comes_back_to_where_it_stood(client: TestClient, book: str) -> None:
    send(client, "/articles/the-road/delete")
    form = seen(client, f"{book}/edit")
    ids, places = (
        [field["value"] for field in form.all("input") if field.attributes.get("name") == name]
        for name in ("article", "position")
    )
    send(client, book, title="Places", article=ids, position=places)
    send(client, "/articles/the-road/restore")
    assert contents(client, book) == ["The well", "The road", "The gate"]


def test_an_article_leads_to_the_next(client: TestClient, other: TestClient, book: str) -> None:
    links = {link.attributes.get("rel"): link for link in seen(other, "/articles/the-road").all("a")}
    assert links["prev"]["href"] == "/articles/the-well"
    assert links["next"]["href"] == "/articles/the-gate"
    send(client, "/articles/the-gate/delete")
    page = seen(other, "/articles/the-road")
    assert not [link for link in page.all("a") if link.attributes.get("rel") == "next"]
    assert contents(other, book) == ["The well", "The road"]
    send(client, "/articles/the-gate/restore")
    assert contents(other, book) == ["The well", "The road", "The gate"]


def test_it_leads_on_to_where_one_is(client: TestClient, other: TestClient, book: str) -> None:
    sign_up(other, "Ada")
    send(other, "/articles/the-well/read", read="true")
    send(other, "/articles/the-road/place", start=27)
    page = seen(other, book)
    assert "2 left" in page.text
    (on,) = page.all("a", cls="button")
    assert on["href"] == "/articles/the-road#p27"
    assert "left" not in seen(client, book).text


def test_a_collection_goes_and_its_articles_stay(client: TestClient, book: str) -> None:
    saved(client, "/articles/the-well", 0, 9, note="Stays")
    assert send(client, f"{book}/delete").headers["Location"] == "/collections"
    assert client.get(book).status_code == 404
    assert "Stays" in client.get("/articles/the-well").text
    assert "Three places" not in client.get("/articles/the-well").text


def test_who_may_not_publish_only_reads(client: TestClient, other: TestClient, book: str) -> None:
    sign_up(other, "Ada")
    assert send(other, "/collections", title="Mine").status_code == 404
    assert send(other, book, title="Mine").status_code == 404
    assert send(other, f"{book}/delete").status_code == 404
    assert other.get(f"{book}/edit").status_code == 404
    assert not seen(other, "/collections").all("form", cls="card")
    assert not [link for link in seen(other, book).all("a") if link["href"].endswith("/edit")]
    assert contents(other, book) == ["The well", "The road", "The gate"]


def test_an_article_in_no_collection_asks_for_none(client: TestClient, book: str, database: Database) -> None:
    slug = publish(database, "Alone.")
    with statements(client.app.state.database.engine) as sent:  # type: ignore[attr-defined]
        client.get(f"/articles/{slug}")
    assert not [one for one in sent if "collection" in one]


def test_the_page_asks_as_often_for_many_as_for_few(client: TestClient, book: str, database: Database) -> None:
    counts = []
    for more in (0, 20):
        for number in range(more):
            publish(database, "One.", title=f"Another {number}")
        send(client, book, title="Three places", add="\n".join(f"Another {number}" for number in range(more)))
        with statements(client.app.state.database.engine) as sent:  # type: ignore[attr-defined]
            client.get(book)
        counts.append(len(sent))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("said", [{"title": " "}, {"title": "x" * 301}, {}, {"title": "a\x00b"}])
def test_a_collection_has_a_title(client: TestClient, said: dict[str, str]) -> None:
    own(client)
    assert send(client, "/collections", **said).status_code == 422
